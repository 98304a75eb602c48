"""Runs one stage alone, for the proofs of rules (`rules.check`)."""

from __future__ import annotations

from collections.abc import Iterable
from importlib.metadata import entry_points

from clean_ingest.core.document import Document
from clean_ingest.core.errors import RulebookError
from clean_ingest.core.stage import Proposal, Stage
from clean_ingest.rules.model import Rulebook
from clean_ingest.stages import chrome


def propose(stage: str, document: Document, book: Rulebook) -> Iterable[Proposal]:
    """What the stage called `stage` proposes, with its default options.

    `chrome` takes its rules from `book`; the other stages are algorithms, whose rulebook
    entries describe them. What rendering marks (`render`) is for `extract` to take.

    Raises `RulebookError` for a stage that no installed package offers.
    """
    if stage == chrome.Chrome.name:
        return chrome.propose(document, book)
    name = "extract" if stage == "render" else stage
    for entry in entry_points(group="clean_ingest.stages", name=name):
        made: Stage = entry.load()()
        return made.propose(document)
    raise RulebookError("rule/no-stage", f"there is no stage {stage!r} to apply such rules")
