"""What a stage is, and the three things that it may propose."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol, runtime_checkable

from clean_ingest.core.document import Document

EVIDENCE_LIMIT = 200
"""Longest evidence, in code points; it is a line for a person, not a copy of the text."""


class Edit(NamedTuple):
    """Replace `text[start:end]` of the text that the stage was shown.

    Offsets are code points. An empty `replacement` removes, `start == end` inserts.
    `rule` is the id of the rule that asks for it; `evidence` is one line of text, at
    most `EVIDENCE_LIMIT` code points, with numbers to 4 digits. Edits sort in the order of
    their fields.
    """

    start: int
    end: int
    rule: str
    replacement: str = ""
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class Tag:
    """Set one field: a field of `Metadata`, `language`, `language_confidence`, or add a `flag`."""

    field: str
    value: str | float | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Drop:
    """Leave the whole document out, for `reason` (a stable code)."""

    reason: str
    detail: str = ""


Proposal = Edit | Tag | Drop


@runtime_checkable
class Stage(Protocol):
    """Looks at a document and proposes; never changes anything itself.

    A stage is a frozen dataclass whose fields are its options (made by `option`), so
    that it is picklable and its config is its value. `propose` is pure and
    deterministic: the same document gives the same proposals, in any process.
    """

    @property
    def name(self) -> str:
        """The stage's one word: its file, config table, entry point and column value."""
        ...

    def propose(self, document: Document) -> Iterable[Proposal]:
        """Yield edits of `document.text`, tags, or a drop."""
        ...


def option(
    default: Any, doc: str, *, minimum: float | None = None, maximum: float | None = None
) -> Any:
    """A field of a stage that a config may set; `doc` and the bounds reach the JSON Schema."""
    return field(default=default, metadata={"doc": doc, "minimum": minimum, "maximum": maximum})
