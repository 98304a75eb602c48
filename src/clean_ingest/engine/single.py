"""One document, without files: what `clean_ingest.clean` and `explain` call."""

from __future__ import annotations

import hashlib
import html
from bisect import bisect_right
from dataclasses import dataclass
from functools import lru_cache

from clean_ingest.config import presets
from clean_ingest.config.load import load
from clean_ingest.config.model import Config
from clean_ingest.core.document import Document, RawDocument, Source, split_lines
from clean_ingest.core.errors import Unreadable
from clean_ingest.core.ledger import Cause, Ledger, Row
from clean_ingest.core.pipeline import Outcome, Pipeline
from clean_ingest.intake.take_in import take_in
from clean_ingest.readers.sniff import CONTAINERS, HEAD_BYTES, TAKEN_IN, media_type
from clean_ingest.rules.model import Rulebook


@dataclass(frozen=True, slots=True)
class Cleaned:
    """One document after the pipeline; `str()` is its clean text.

    A dropped or quarantined document has a text too, as far as it got: look at
    `outcome.outcome` before using it.
    """

    outcome: Outcome

    def __str__(self) -> str:
        return self.text

    @property
    def text(self) -> str:
        """The clean text."""
        return self.outcome.document.text

    @property
    def document(self) -> Document:
        """The document with its language, metadata and flags."""
        return self.outcome.document

    @property
    def ledger(self) -> Ledger:
        """What became of every character of the source text."""
        return self.outcome.ledger

    @property
    def removed(self) -> list[Row]:
        """Every span that was removed; rewritten ones are in `ledger.rows()` only."""
        return [row for row in self.ledger.rows() if not row.after]

    def why(self, offset: int) -> tuple[Cause, ...]:
        """What changed the character at `offset` of the source text (code points), in order.

        Raises:
            LedgerError: there is no such character.

        """
        return self.ledger.why(offset)

    def _repr_html_(self) -> str:
        """The source text with every change marked, for notebooks."""
        parts = []
        for piece in self.ledger.pieces:
            before = html.escape(self.ledger.source[piece.start : piece.end])
            if piece.after is None:
                parts.append(before)
                continue
            cause = piece.causes[-1]
            title = html.escape(f"{cause.rule}: {cause.evidence}")
            parts.append(f'<del title="{title}">{before}</del>' if before else "")
            if piece.after:
                parts.append(f'<ins title="{title}">{html.escape(piece.after)}</ins>')
        style = "white-space:pre-wrap;unicode-bidi:plaintext"
        return f'<pre style="{style}">{"".join(parts)}</pre>'


@dataclass(frozen=True, slots=True)
class Explanation:
    """One change for a reader: `row` with its source line (from 1) and why its rule exists."""

    line: int
    row: Row
    why: str


def clean(data: str | bytes, config: Config | str = "default", *, name: str = "text") -> Cleaned:
    """Clean one document; `name` stands for a file name in its provenance.

    Raises:
        ConfigError: there is no such preset or config file, or it has mistakes.
        Unreadable: `data` is no text: binary, or a format that has no reader.

    """
    raw = _raw(data, name)
    return Cleaned(_pipeline(config).run(take_in(raw)))


def explain(
    data: str | bytes, config: Config | str = "default", *, name: str = "text"
) -> list[Explanation]:
    """Clean one document and say of every change what, where, and why.

    Raises:
        ConfigError: as for `clean`.
        Unreadable: as for `clean`.

    """
    config = load(config) if isinstance(config, str) else config
    return explanations(clean(data, config, name=name).ledger, config.rulebook())


def explanations(ledger: Ledger, book: Rulebook) -> list[Explanation]:
    """Say of every change of a ledger on which line of the source it is, and why it was made."""
    rules = book.rules
    starts = [line.start for line in split_lines(ledger.source)]
    return [
        Explanation(
            max(1, bisect_right(starts, row.start)),
            row,
            rules[row.rule].why if row.rule in rules else "",  # of a plugin's stage
        )
        for row in ledger.rows()
    ]


def _raw(data: str | bytes, name: str) -> RawDocument:
    if not isinstance(data, str | bytes):
        raise TypeError(f"a document is str or bytes, not {type(data).__name__}")
    raw_bytes = data.encode("utf-8", "surrogatepass") if isinstance(data, str) else data
    kind = media_type(raw_bytes[:HEAD_BYTES], name)
    if kind not in TAKEN_IN:
        what, hint = f"there is no reader for {kind}", ""
        if kind in CONTAINERS:
            what = f"this is no one document but {kind}"
            hint = "`clean-ingest run` reads what is in it"
        raise Unreadable("unsupported", what, where=name, hint=hint)
    digest = hashlib.sha256(raw_bytes).hexdigest()
    return RawDocument(Source(name, "", kind, len(raw_bytes), digest), data)


def _pipeline(config: Config | str) -> Pipeline:
    if isinstance(config, Config):
        return config.pipeline()
    # A preset cannot change while we run; a file can.
    return _preset_pipeline(config) if config in presets.names() else load(config).pipeline()


@lru_cache(maxsize=8)
def _preset_pipeline(config: str) -> Pipeline:
    return load(config).pipeline()
