"""The ledger: what became of every character of the source text, and who did it.

The pieces of a ledger tile the source text: each source character lies in exactly one
piece, kept, rewritten or removed. That is a stronger form of a diff: it can be read in
both directions, and each changed span names its causes.

Causes, pieces and rows are named tuples: as frozen dataclasses they made up half the cost
of `apply` (benchmarks/ledger.py).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import accumulate, pairwise
from operator import attrgetter
from typing import NamedTuple

from clean_ingest.core.errors import LedgerError
from clean_ingest.core.stage import Edit

_SORT_KEY = attrgetter("start", "end", "rule", "replacement", "evidence")


class Cause(NamedTuple):
    """Who changed a span: the stage, the rule, and the evidence in one line of text."""

    stage: str
    rule: str
    evidence: str = ""


class Piece(NamedTuple):
    """A span of the source text, in code points, and what became of it.

    `after` is None where the text was kept, else what stands in its place ("" where it
    was removed). The last of `causes` decided; a kept piece has none. An insertion is a
    piece with `start == end`.
    """

    start: int
    end: int
    after: str | None = None
    causes: tuple[Cause, ...] = ()

    @property
    def width(self) -> int:
        """Code points that the piece has in the clean text."""
        return self.end - self.start if self.after is None else len(self.after)


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


class _Change(NamedTuple):
    """Edits of one stage after overlapping removals became one; spans do not overlap."""

    start: int
    end: int
    replacement: str
    causes: tuple[Cause, ...]


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

        Raises:
            LedgerError: an edit lies outside the text, or a rewrite overlaps another edit.

        """
        changes = _merge_overlaps(edits, self.text, stage)
        if not changes:
            return self
        walk = _Walk(self)
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


def _merge_overlaps(edits: Iterable[Edit], text: str, stage: str) -> list[_Change]:
    """Sort, check and unite the edits of one stage into changes that do not overlap."""
    changes: list[_Change] = []
    last = _Change(-1, -1, "", ())
    previous = None
    # Sorted, so that the order of proposals is irrelevant; exact doubles count once.
    for key in sorted(map(_SORT_KEY, edits)):
        start, end, rule, replacement, evidence = key
        if not 0 <= start <= end <= len(text):
            raise LedgerError("edit", f"edit {start}:{end} is outside the text", where=rule)
        if key == previous or text[start:end] == replacement:
            continue
        previous = key
        cause = Cause(stage, rule, evidence)
        if start >= last.end and not start == end == last.start:
            last = _Change(start, end, replacement, (cause,))
            changes.append(last)
        elif last.replacement or replacement:
            raise LedgerError("overlap", f"a rewrite overlaps another edit at {start}", where=rule)
        else:
            *others, first = last.causes
            causes = last.causes if cause in last.causes else (*others, cause, first)
            last = changes[-1] = _Change(last.start, max(last.end, end), "", causes)
    return changes


class _Walk:
    """The left-to-right merge of changes into pieces; `out` collects the new pieces."""

    def __init__(self, ledger: Ledger) -> None:
        self.out: list[Piece] = []
        self._source = ledger.source
        self._pieces = ledger.pieces
        self._offsets = ledger._offsets
        self._at = 0  # index of the piece at hand
        self._used = 0  # its clean code points that are dealt with
        self._rewritten: list[str] = []  # of a rewritten piece: what those have become
        self._causes: tuple[Cause, ...] = ()  # of a rewritten piece: who changed it here

    def copy_to(self, offset: int) -> None:
        """Carry all that stands before `offset` of the clean text over unchanged."""
        target = bisect_right(self._offsets, offset, lo=self._at) - 1
        if target > self._at:
            self._finish()
            self._copy_whole(target)
        if target < len(self._pieces):
            self._keep(offset - self._offsets[target])

    def change(self, change: _Change) -> None:
        """Replace the clean text of `change`, which begins where the walk stands."""
        replacement = change.replacement
        if change.start == change.end:
            self._insert(replacement, change.causes)
            return
        left = change.end - change.start
        while left:
            piece = self._pieces[self._at]
            step = min(left, piece.width - self._used)
            if not step:
                self._finish()
                continue
            if piece.after is None:
                start = piece.start + self._used
                self._push(Piece(start, start + step, replacement, change.causes))
            else:
                self._rewritten.append(replacement)
                self._causes += change.causes
            self._used += step
            left -= step
            replacement = ""

    def copy_rest(self) -> None:
        """Carry over what is left of the clean text."""
        if self._at < len(self._pieces):
            self._finish()
            self._copy_whole(len(self._pieces))

    def _copy_whole(self, target: int) -> None:
        """Carry the pieces before index `target` over at the speed of a slice.

        Insertions, and the first piece after them, may have to unite with new pieces.
        """
        at = self._at
        while at < target:
            piece = self._pieces[at]
            self._push(piece)
            at += 1
            if piece.start != piece.end:
                break
        self.out += self._pieces[at:target]
        self._at = target

    def _insert(self, text: str, causes: tuple[Cause, ...]) -> None:
        if self._at < len(self._pieces) and self._used:
            piece = self._pieces[self._at]
            if piece.after is not None and self._used < piece.width:
                self._rewritten.append(text)
                self._causes += causes
                return
            if self._used == piece.width:
                self._finish()
        if self._at < len(self._pieces):
            start = self._pieces[self._at].start + self._used
        else:
            start = len(self._source)
        self._push(Piece(start, start, text, causes))

    def _keep(self, used: int) -> None:
        """Carry the piece at hand over up to its clean code point `used`."""
        piece = self._pieces[self._at]
        if used <= self._used:
            return
        if piece.after is None:
            self._push(Piece(piece.start + self._used, piece.start + used))
        else:
            self._rewritten.append(piece.after[self._used : used])
        self._used = used

    def _finish(self) -> None:
        """Carry the rest of the piece at hand over and go to the next."""
        piece = self._pieces[self._at]
        if piece.after is None:
            self._keep(piece.width)
        else:
            self._rewritten.append(piece.after[self._used :])
            after = "".join(self._rewritten)
            self._push(Piece(piece.start, piece.end, after, piece.causes + self._causes))
            self._rewritten = []
            self._causes = ()
        self._at += 1
        self._used = 0

    def _push(self, piece: Piece) -> None:
        """Append `piece`, keeping `out` in canonical form."""
        out = self.out
        if piece.after is not None and piece.after == self._source[piece.start : piece.end]:
            if piece.start == piece.end:
                return  # inserted and taken out again
            piece = Piece(piece.start, piece.end)
        if not out:
            out.append(piece)
            return
        last = out[-1]
        if last.after is None and piece.after is None:
            out[-1] = Piece(last.start, piece.end)
        elif last.after == "" and piece.after == "" and last.causes[-1] == piece.causes[-1]:
            earlier = dict.fromkeys((*last.causes[:-1], *piece.causes[:-1]))
            out[-1] = Piece(last.start, piece.end, "", (*earlier, piece.causes[-1]))
        elif last.after == "" and piece.start == piece.end:
            at = len(out)
            while at and out[at - 1].after == "":
                at -= 1
            start = out[at].start
            out.insert(at, Piece(start, start, piece.after, piece.causes))
        else:
            out.append(piece)


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
