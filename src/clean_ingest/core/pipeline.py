"""The pipeline: shows each stage the text as it stands, and applies what it proposes."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Literal

from clean_ingest.core.document import Document, Metadata
from clean_ingest.core.errors import CleanIngestError, LedgerError, describe
from clean_ingest.core.ledger import Ledger
from clean_ingest.core.stage import Drop, Edit, Proposal, Stage, Tag

_METADATA = frozenset(f.name for f in fields(Metadata))
_LISTS = frozenset({"categories", "tags"})
_CONFIDENCE = "language_confidence"
_DOCUMENT = frozenset({"language", _CONFIDENCE})

KEPT: Literal["kept"] = "kept"
DROPPED: Literal["dropped"] = "dropped"
QUARANTINED: Literal["quarantined"] = "quarantined"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one document.

    `document` is as far as it got; `ledger` leads from its source text to its text.
    `stage` and `reason` (a stable code) say who left it out and why, `detail` says it in
    words; all three are empty for a kept document. `seconds` of wall time by stage are a
    measurement and take no part in comparisons; the clock of the CPU is a call into the
    kernel, which costs more than some stages do.
    """

    outcome: Literal["kept", "dropped", "quarantined"]
    document: Document
    ledger: Ledger
    stage: str = ""
    reason: str = ""
    detail: str = ""
    seconds: dict[str, float] = field(default_factory=dict, compare=False)


@dataclass(frozen=True, slots=True)
class Pipeline:
    """Stages in order. Picklable where its stages are; holds no state between documents."""

    stages: tuple[Stage, ...]

    def __init__(self, stages: Sequence[Stage]) -> None:
        object.__setattr__(self, "stages", tuple(stages))

    def run(self, document: Document) -> Outcome:
        """Run all stages over `document`, which holds the source text.

        Never raises for what a stage does: a stage that fails, or proposes what cannot
        be applied, quarantines the document and costs nothing else.
        """
        ledger = Ledger.of(document.text)
        seconds: dict[str, float] = {}
        for stage in self.stages:
            began = time.perf_counter()
            try:
                proposals = list(stage.propose(document))
                ledger, document, drop = _apply(proposals, stage.name, ledger, document)
            except Exception as error:
                reason = _reason(error)
                return Outcome(
                    QUARANTINED, document, ledger, stage.name, reason, describe(error), seconds
                )
            spent = seconds.get(stage.name, 0.0)
            seconds[stage.name] = spent + time.perf_counter() - began
            if drop:
                return Outcome(
                    DROPPED, document, ledger, stage.name, drop.reason, drop.detail, seconds
                )
        if not document.text or document.text.isspace():
            detail = "nothing was left" if ledger.source.strip() else "the source has no text"
            return Outcome(DROPPED, document, ledger, "pipeline", "empty", detail, seconds)
        return Outcome(KEPT, document, ledger, seconds=seconds)


def _apply(
    proposals: list[Proposal], stage: str, ledger: Ledger, document: Document
) -> tuple[Ledger, Document, Drop | None]:
    """Apply one stage's proposals; a drop comes after its edits and tags."""
    if not proposals:
        return ledger, document, None
    edits = [p for p in proposals if isinstance(p, Edit)]
    tags = [p for p in proposals if isinstance(p, Tag)]
    drops = [p for p in proposals if isinstance(p, Drop)]
    if len(edits) + len(tags) + len(drops) != len(proposals):
        raise LedgerError("proposal", "a stage may propose edits, tags and drops only")
    if not all(drop.reason for drop in drops):
        raise LedgerError("drop", "a drop needs a reason")
    if tags:
        document = _tagged(document, tags)
    if edits:
        ledger = ledger.apply(edits, stage)
        if ledger.text != document.text:
            document = replace(document, text=ledger.text)
    return ledger, document, drops[0] if drops else None


def _tagged(document: Document, tags: list[Tag]) -> Document:
    metadata: dict[str, object] = {}
    own: dict[str, object] = {}
    flags: list[object] = list(document.flags)
    for tag in tags:
        _check(tag)
        if tag.field == "flag":
            flags.append(tag.value)
        elif tag.field in _METADATA:
            metadata[tag.field] = tag.value
        elif tag.field in _DOCUMENT:
            own[tag.field] = tag.value
        else:
            raise LedgerError("tag", f"there is no field {tag.field!r} to tag")
    if metadata:
        own["metadata"] = replace(document.metadata, **metadata)  # type: ignore[arg-type]  # checked against the fields above
    return document.tagged(flags=tuple(dict.fromkeys(flags)), **own)


def _check(tag: Tag) -> None:
    """Raise unless the value is of the kind that the column of the field holds."""
    value = tag.value
    if tag.field in _LISTS:
        fits = isinstance(value, tuple) and all(isinstance(item, str) for item in value)
    elif tag.field == _CONFIDENCE:
        fits = isinstance(value, int | float) and 0 <= value <= 1
    else:
        fits = isinstance(value, str) and bool(value)
    if not fits:
        raise LedgerError("tag", f"{tag.field} cannot be {value!r}")


def _reason(error: Exception) -> str:
    if isinstance(error, MemoryError):
        return "memory"
    return error.code if isinstance(error, CleanIngestError) else "stage-error"
