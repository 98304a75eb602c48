"""The ledger: what became of every character of the source text, and who did it.

The pieces of a ledger tile the source text: each source character lies in exactly one
piece, kept, rewritten or removed. That is a stronger form of a diff: it can be read in
both directions, and each changed span names its causes.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import accumulate, pairwise
from typing import NamedTuple

from clean_ingest.core.errors import LedgerError
from clean_ingest.core.pieces import Cause, Piece, Walk, unite
from clean_ingest.core.stage import Edit

__all__ = ["Cause", "Ledger", "Piece", "Row", "check_tiling"]


class Row(NamedTuple):
    """A changed piece as it is stored: one row of `edits/*.parquet`.

    `start` and `end` count code points of the source text, `output_offset` of the clean
    text. `before` is the source text of the span. `earlier` are the causes before the
    deciding one, in order.
    """

    seq: int
    start: int
    end: int
    output_offset: int
    before: str
    after: str
    stage: str
    rule: str
    evidence: str
    earlier: tuple[Cause, ...] = ()


@dataclass(frozen=True, slots=True)
class Ledger:
    """A source text, the clean text, and the pieces that lead from one to the other.

    Frozen: `apply` returns a new ledger. Pieces are in canonical form, so that two
    ledgers with the same content are equal: neighbours of one kind and cause are one
    piece, what was changed back counts as kept, and an insertion stands before the
    removals that it touches.
    """

    source: str
    text: str
    pieces: tuple[Piece, ...]
    _offsets: tuple[int, ...] = field(repr=False, compare=False)
    """Where each piece begins in `text`, and at the end the length of `text`."""

    @classmethod
    def of(cls, source: str) -> Ledger:
        """Return the ledger of a text to which nothing has been done yet."""
        pieces = (Piece(0, len(source)),) if source else ()
        return _build(source, source, pieces)

    def apply(self, edits: Iterable[Edit], stage: str) -> Ledger:
        """Return the ledger after `edits` of `text`, charged to `stage`.

        One merge from left to right: linear in edits plus pieces, apart from the sort.
        Overlapping removals become one removal of their union, decided by the first.
        Where an edit spans several pieces, its replacement stands at the first of them.
        Disjoint edits give the same ledger in one call or two, in any order, but for this:
        the causes of a piece that was rewritten before stand in the order of the calls.

        Raises:
            LedgerError: an edit lies outside the text, names no rule, has evidence that is
                not one short line, or a rewrite overlaps another edit.

        """
        changes = unite(edits, self.text, stage)
        if not changes:
            return self
        walk = Walk(self.source, self.pieces, self._offsets)
        parts: list[str] = []
        done = 0
        for change in changes:
            walk.copy_to(change.start)
            walk.change(change)
            parts += self.text[done : change.start], change.replacement
            done = change.end
        walk.copy_rest()
        parts.append(self.text[done:])
        return _build(self.source, "".join(parts), tuple(walk.out))

    def why(self, offset: int) -> tuple[Cause, ...]:
        """Return what changed the source character at `offset`, in order; empty where kept.

        Raises:
            LedgerError: there is no such character.

        """
        if not 0 <= offset < len(self.source):
            raise LedgerError("offset", f"offset {offset} is outside the source text")
        # Of the pieces that begin at one place the last has the characters.
        at = bisect_right(self.pieces, offset, key=lambda piece: piece.start) - 1
        return self.pieces[at].causes

    def source_span(self, start: int, end: int) -> tuple[int, int]:
        """Return the span of the source text that `text[start:end]` came from.

        Exact in kept text; a rewritten piece counts as a whole.

        Raises:
            LedgerError: the span lies outside the clean text.

        """
        if not 0 <= start <= end <= len(self.text):
            raise LedgerError("offset", f"span {start}:{end} is outside the clean text")
        if not self.pieces:
            return 0, 0
        first = self._locate(start)
        if start == end:
            at = self._to_source(first, start)
            return at, at
        last = self._locate(end - 1)
        piece = self.pieces[last]
        stop = piece.end if piece.after is not None else self._to_source(last, end - 1) + 1
        return self._to_source(first, start), stop

    def rows(self) -> list[Row]:
        """Return one row for each changed piece, in order."""
        rows: list[Row] = []
        for piece, offset in zip(self.pieces, self._offsets, strict=False):
            if piece.after is None:
                continue
            cause = piece.causes[-1]
            before = self.source[piece.start : piece.end]
            rows.append(
                Row(
                    len(rows),
                    piece.start,
                    piece.end,
                    offset,
                    before,
                    piece.after,
                    cause.stage,
                    cause.rule,
                    cause.evidence,
                    piece.causes[:-1],
                )
            )
        return rows

    def restore(self) -> str:
        """Return the source text, rebuilt from clean text and rows alone."""
        return Ledger.from_rows(self.text, self.rows()).source

    @classmethod
    def from_rows(cls, text: str, rows: Sequence[Row]) -> Ledger:
        """Rebuild a ledger from the clean text and the rows, in the order of `seq`.

        Raises:
            LedgerError: the rows do not fit the text or each other.

        """
        pieces: list[Piece] = []
        parts: list[str] = []
        at = offset = 0
        for seq, row in enumerate(rows):
            kept = row.start - at
            fits = (
                row.seq == seq
                and kept >= 0
                and row.output_offset == offset + kept
                and row.end - row.start == len(row.before)
                and text[row.output_offset : row.output_offset + len(row.after)] == row.after
            )
            if not fits:
                raise LedgerError("rows", "the edits do not fit the clean text", where=f"row {seq}")
            if kept:
                pieces.append(Piece(at, row.start))
                parts.append(text[offset : row.output_offset])
            causes = (*row.earlier, Cause(row.stage, row.rule, row.evidence))
            pieces.append(Piece(row.start, row.end, row.after, causes))
            parts.append(row.before)
            at, offset = row.end, row.output_offset + len(row.after)
        if offset < len(text):
            pieces.append(Piece(at, at + len(text) - offset))
            parts.append(text[offset:])
        return _build("".join(parts), text, tuple(pieces))

    def _locate(self, offset: int) -> int:
        """Return the index of the piece that has the clean character at `offset`."""
        return min(bisect_right(self._offsets, offset) - 1, len(self.pieces) - 1)

    def _to_source(self, index: int, offset: int) -> int:
        piece = self.pieces[index]
        if piece.after is None:
            return piece.start + offset - self._offsets[index]
        return piece.end if offset >= self._offsets[index + 1] else piece.start


def _build(source: str, text: str, pieces: tuple[Piece, ...]) -> Ledger:
    widths = [
        end - start if after is None else len(after)  # Piece.width, without a call for each
        for start, end, after, _ in pieces
    ]
    offsets = tuple(accumulate(widths, initial=0))
    return Ledger(source, text, pieces, offsets)


def check_tiling(ledger: Ledger) -> None:
    """Raise unless the pieces tile the source text and give the clean text.

    Raises:
        LedgerError: they do not; this would be a defect of the ledger itself.

    """
    pieces = ledger.pieces
    ends = [0, *(piece.end for piece in pieces)]
    starts = [*(piece.start for piece in pieces), len(ledger.source)]
    ordered = all(a.start <= a.end == b.start for a, b in pairwise(pieces))
    text = "".join(
        ledger.source[piece.start : piece.end] if piece.after is None else piece.after
        for piece in pieces
    )
    if ends != starts or not ordered or text != ledger.text:
        raise LedgerError("tiling", "the pieces do not tile the source text")
