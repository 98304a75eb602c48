"""Runs a built-in stage alone, for the proofs of rules (`rules.check`)."""

from __future__ import annotations

import importlib
from collections.abc import Iterable

from clean_ingest.core.document import Document
from clean_ingest.core.stage import Proposal
from clean_ingest.rules.model import Rulebook


def propose(stage: str, document: Document, book: Rulebook) -> Iterable[Proposal]:
    """What the stage called `stage` proposes, with its default options.

    `chrome` takes its rules from `book`; the other stages are algorithms, whose rulebook
    entries describe them.
    """
    module = importlib.import_module(f"clean_ingest.stages.{stage}")
    if stage == "chrome":
        proposals: Iterable[Proposal] = module.propose(document, book)
        return proposals
    proposals = getattr(module, stage.capitalize())().propose(document)
    return proposals
