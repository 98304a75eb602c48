"""Pieces: spans of a source text, what became of each, and how edits change them.

Causes, pieces and changes are named tuples: as frozen dataclasses they made up half the
cost of `Ledger.apply` (benchmarks/ledger.py).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
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


class Change(NamedTuple):
    """Edits of one stage after overlapping removals became one; spans do not overlap."""

    start: int
    end: int
    replacement: str
    causes: tuple[Cause, ...]


def unite(edits: Iterable[Edit], text: str, stage: str) -> list[Change]:
    """Sort, check and unite the edits of one stage into changes that do not overlap."""
    changes: list[Change] = []
    last = Change(-1, -1, "", ())
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
            last = Change(start, end, replacement, (cause,))
            changes.append(last)
        elif last.replacement or replacement:
            raise LedgerError("overlap", f"a rewrite overlaps another edit at {start}", where=rule)
        else:
            *others, first = last.causes
            causes = last.causes if cause in last.causes else (*others, cause, first)
            last = changes[-1] = Change(last.start, max(last.end, end), "", causes)
    return changes


class Walk:
    """The left-to-right merge of changes into pieces; `out` collects the new pieces."""

    def __init__(self, source: str, pieces: Sequence[Piece], offsets: Sequence[int]) -> None:
        self.out: list[Piece] = []
        self._source = source
        self._pieces = pieces
        self._offsets = (
            offsets  # where each piece begins in the clean text, and where the last ends
        )
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

    def change(self, change: Change) -> None:
        """Replace the clean text of `change`, which begins where the walk stands."""
        replacement = change.replacement
        if change.start == change.end:
            self._insert(replacement, change.causes)
            return
        offsets = self._offsets
        left = change.end - change.start
        while left:
            piece = self._pieces[self._at]
            step = min(left, offsets[self._at + 1] - offsets[self._at] - self._used)
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
        start, end, after, causes = piece
        if after is not None and len(after) == end - start and after == self._source[start:end]:
            if start == end:
                return  # inserted and taken out again
            piece, after = Piece(start, end), None
        out = self.out
        last = out[-1] if out else None
        if last is None or last.after:
            out.append(piece)
        elif after is None:
            if last.after is None:
                out[-1] = Piece(last.start, end)
            else:
                out.append(piece)
        elif last.after is None:
            out.append(piece)
        elif after == "" and last.causes[-1] == causes[-1]:
            earlier = dict.fromkeys((*last.causes[:-1], *causes[:-1]))
            out[-1] = Piece(last.start, end, "", (*earlier, causes[-1]))
        elif start == end:
            self._insert_before_removals(piece)
        else:
            out.append(piece)

    def _insert_before_removals(self, piece: Piece) -> None:
        at = len(self.out)
        while at and self.out[at - 1].after == "":
            at -= 1
        start = self.out[at].start
        self.out.insert(at, piece._replace(start=start, end=start))
