"""The pipeline: what it does with proposals, and with stages that fail."""

from __future__ import annotations

import pickle
from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

import pytest

from clean_ingest.core.document import Document
from clean_ingest.core.errors import Unreadable
from clean_ingest.core.pipeline import Pipeline
from clean_ingest.core.stage import Drop, Edit, Proposal, Stage, Tag


@dataclass(frozen=True, slots=True)
class Proposing:
    """A stage that proposes what it was given."""

    name: ClassVar[str] = "proposing"
    proposals: tuple[object, ...]

    def propose(self, document: Document) -> Iterable[Proposal]:
        return self.proposals  # type: ignore[return-value]  # wrong kinds are part of the tests


@dataclass(frozen=True, slots=True)
class Failing:
    """A stage that raises half-way."""

    name: ClassVar[str] = "failing"
    error: Exception

    def propose(self, document: Document) -> Iterable[Proposal]:
        yield Edit(0, 1, "r")
        raise self.error


def test_stages_see_the_text_as_the_ones_before_left_it() -> None:
    """The second cut is relative to what the first one left."""
    cut = Proposing((Edit(0, 1, "r"),))
    outcome = Pipeline([cut, cut]).run(Document.from_text("abc"))
    assert ("kept", "c", "abc") == (
        outcome.outcome,
        outcome.document.text,
        outcome.ledger.restore(),
    )
    assert isinstance(cut, Stage)


def test_tags_reach_their_fields() -> None:
    """Metadata, language and flags; a flag counts once."""
    tags = (Tag("title", "T"), Tag("language", "fa"), Tag("flag", "x"), Tag("flag", "x"))
    document = Pipeline([Proposing(tags)]).run(Document.from_text("a")).document
    assert ("T", "fa", ("x",)) == (document.metadata.title, document.language, document.flags)


def test_a_drop_keeps_the_edits_made_so_far() -> None:
    """The document leaves as far as it got, with stage and reason."""
    proposals = (Drop("language", "fi"), Edit(0, 1, "r"))
    outcome = Pipeline([Proposing(proposals), Failing(ValueError())]).run(Document.from_text("ab"))
    assert ("dropped", "proposing", "language", "fi", "b") == (
        outcome.outcome,
        outcome.stage,
        outcome.reason,
        outcome.detail,
        outcome.document.text,
    )


@pytest.mark.parametrize(
    ("stage", "reason"),
    [
        (Failing(ValueError("bad")), "stage-error"),
        (Failing(RecursionError()), "stage-error"),
        (Failing(MemoryError()), "memory"),
        (Failing(Unreadable("own-code", "x")), "own-code"),
        (Proposing((Edit(0, 9, "r"),)), "edit"),
        (Proposing((Edit(0, 2, "r", "x"), Edit(1, 2, "r"))), "overlap"),
        (Proposing((Tag("nonsense", "x"),)), "tag"),
        (Proposing((Tag("language_confidence", "high"),)), "tag"),
        (Proposing((Tag("language_confidence", float("nan")),)), "tag"),
        (Proposing((Tag("categories", "abc"),)), "tag"),
        (Proposing((Tag("title", ""),)), "tag"),
        (Proposing((Drop(""),)), "drop"),
        (Proposing((Edit(0, 1, ""),)), "edit"),
        (Proposing(("not a proposal",)), "proposal"),
    ],
)
def test_a_failing_stage_quarantines_the_document(stage: Stage, reason: str) -> None:
    """Its edits are not applied by halves, and the source text is whole."""
    outcome = Pipeline([Proposing((Edit(0, 1, "r"),)), stage]).run(Document.from_text("abc"))
    assert ("quarantined", stage.name, reason) == (outcome.outcome, outcome.stage, outcome.reason)
    assert ("bc", "abc") == (outcome.document.text, outcome.ledger.restore())


def test_the_detail_of_a_failure_is_the_same_in_every_run() -> None:
    """One line, bounded, without addresses."""
    error = ValueError(f"{object()!r}\nsecond line" + "x" * 500)
    detail = Pipeline([Failing(error)]).run(Document.from_text("a")).detail
    assert "ValueError: <object object at 0x…>" == detail


@pytest.mark.parametrize(("text", "detail"), [("", "the source"), (" \n\u3000", "the source")])
def test_a_document_without_text_is_dropped_as_empty(text: str, detail: str) -> None:
    """Whether it came empty or was emptied is said."""
    outcome = Pipeline([]).run(Document.from_text(text))
    assert ("dropped", "empty") == (outcome.outcome, outcome.reason)
    assert outcome.detail.startswith(detail)
    emptied = Pipeline([Proposing((Edit(0, 1, "r"),))]).run(Document.from_text("a"))
    assert ("empty", "nothing was left") == (emptied.reason, emptied.detail)


def test_a_pipeline_can_be_pickled() -> None:
    """Workers get it that way."""
    pipeline = Pipeline([Proposing((Edit(0, 1, "r"),))])
    assert pipeline == pickle.loads(pickle.dumps(pipeline))  # noqa: S301 - our own bytes
