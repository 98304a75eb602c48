"""Pieces: spans of a source text, what became of each, and how edits change them.

Causes, pieces and changes are named tuples: as frozen dataclasses they made up half the
cost of `Ledger.apply` (benchmarks/ledger.py).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from clean_ingest.core.errors import LedgerError
from clean_ingest.core.stage import EVIDENCE_LIMIT, Edit


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
    """Sort, check and unite the edits of one stage into changes that do not overlap.

    Raises:
        LedgerError: an edit lies outside the text, names no rule, has evidence that is not
            one short line, or a rewrite overlaps another edit.

    """
    changes: list[Change] = []
    last = Change(-1, -1, "", ())
    others: dict[Cause, None] = {}  # that asked for parts of the last change
    previous = None
    # Sorted, so that the order of proposals is irrelevant; exact doubles count once.
    for edit in sorted(edits):
        start, end, rule, replacement, evidence = edit
        if not 0 <= start <= end <= len(text):
            raise LedgerError("edit", f"edit {start}:{end} is outside the text", where=rule)
        if not rule or len(evidence) > EVIDENCE_LIMIT or "\n" in evidence or "\r" in evidence:
            message = f"edit {start}:{end} needs a rule, and evidence of one short line"
            raise LedgerError("edit", message, where=rule)
        if edit == previous or text[start:end] == replacement:
            continue
        previous = edit
        cause = Cause(stage, rule, evidence)
        if start >= last.end and not start == end == last.start:
            if others:
                _decide(changes, others)
            last = Change(start, end, replacement, (cause,))
            changes.append(last)
        elif last.replacement or replacement:
            raise LedgerError("overlap", f"a rewrite overlaps another edit at {start}", where=rule)
        else:
            if cause != last.causes[0]:
                others[cause] = None
            last = changes[-1] = last._replace(end=max(last.end, end))
    if others:
        _decide(changes, others)
    return changes


def _decide(changes: list[Change], others: dict[Cause, None]) -> None:
    """Put the causes that do not decide before the one that does; `others` is empty then."""
    changes[-1] = changes[-1]._replace(causes=(*others, *changes[-1].causes))
    others.clear()


class Walk:
    """The left-to-right merge of changes into pieces; `out` collects the new pieces.

    The removals at its end are held back until something follows that stays, because an
    insertion stands before the removals that it touches.
    """

    def __init__(self, source: str, pieces: Sequence[Piece], offsets: Sequence[int]) -> None:
        self.out: list[Piece] = []
        self._source = source
        self._pieces = pieces
        self._offsets = offsets  # of the pieces in the clean text, and its length
        self._at = 0  # index of the piece at hand
        self._used = 0  # its clean code points that are dealt with
        self._rewritten: list[str] = []  # of a rewritten piece: what those have become
        self._causes: list[Cause] = []  # of a rewritten piece: who changed it here
        self._held: list[Piece] = []  # the removals at the end
        self._earlier: dict[Cause, None] = {}  # of the last of these, while others join it

    def copy_to(self, offset: int) -> None:
        """Carry all that stands before `offset` of the clean text over unchanged."""
        target = bisect_right(self._offsets, offset, self._at) - 1
        if target > self._at:
            self._finish()
            self._copy_whole(target)
        if target < len(self._pieces):
            used = offset - self._offsets[target]
            if used > self._used:
                self._keep(used)

    def change(self, change: Change) -> None:
        """Replace the clean text of `change`, which begins where the walk stands."""
        replacement = change.replacement
        if change.start == change.end:
            self._insert(replacement, change.causes)
            return
        offsets = self._offsets
        left = change.end - change.start
        piece = self._pieces[self._at]
        # What nearly all changes are, without a detour: a removal from one kept piece.
        room = offsets[self._at + 1] - offsets[self._at] - self._used
        if not replacement and piece.after is None and left <= room:
            start = piece.start + self._used
            self._hold(Piece(start, start + left, "", change.causes))
            self._used += left
            return
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
        self._let_go()

    def _copy_whole(self, target: int) -> None:
        """Carry the pieces before index `target` over, nearly all at the speed of a slice.

        Those before the first that stays may have to unite with new pieces, and the
        removals at the end with what comes next.
        """
        at = self._at
        while at < target:
            piece = self._pieces[at]
            self._push(piece)
            at += 1
            if piece.after != "" and piece.start != piece.end:
                break
        stop = target
        while stop > at and self._pieces[stop - 1].after == "":
            stop -= 1
        if stop > at:
            self.out += self._pieces[at:stop]
        for piece in self._pieces[stop:target]:
            self._push(piece)
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
        if piece.after is None:
            self._push_kept(piece.start + self._used, piece.start + used)
        else:
            self._rewritten.append(piece.after[self._used : used])
        self._used = used

    def _finish(self) -> None:
        """Carry the rest of the piece at hand over and go to the next."""
        piece = self._pieces[self._at]
        if piece.after is None:
            if self._used < piece.width:
                self._keep(piece.width)
        else:
            self._rewritten.append(piece.after[self._used :])
            after = "".join(self._rewritten)
            self._push(Piece(piece.start, piece.end, after, (*piece.causes, *self._causes)))
            self._rewritten = []
            self._causes = []
        self._at += 1
        self._used = 0

    def _push(self, piece: Piece) -> None:
        """Append `piece`, keeping `out` in canonical form."""
        start, end, after, causes = piece
        if after is not None and len(after) == end - start and after == self._source[start:end]:
            if start < end:  # else inserted and taken out again
                self._push_kept(start, end)
        elif after is None:
            self._push_kept(start, end)
        elif after == "":
            self._hold(piece)
        elif start == end:
            start = self._held[0].start if self._held else start
            self.out.append(Piece(start, start, after, causes))
        else:
            self._let_go()
            self.out.append(piece)

    def _push_kept(self, start: int, end: int) -> None:
        """Append a kept piece, or prolong the one before."""
        out = self.out
        if self._held:
            self._let_go()
        elif out and out[-1].after is None:
            start = out.pop().start
        out.append(Piece(start, end))

    def _hold(self, removal: Piece) -> None:
        """Hold a removal back; with the one before it, it is one if one cause decided both."""
        if not self._held:
            self._held.append(removal)
            return
        last = self._held[-1]
        if last.causes[-1] != removal.causes[-1]:
            self._charge()
            self._held.append(removal)
            return
        self._earlier.update(dict.fromkeys((*last.causes[:-1], *removal.causes[:-1])))
        self._held[-1] = Piece(last.start, removal.end, "", removal.causes[-1:])

    def _charge(self) -> None:
        """Give the last held removal the earlier causes of all that were united in it."""
        if self._earlier:
            last = self._held[-1]
            earlier = (cause for cause in self._earlier if cause != last.causes[-1])
            self._held[-1] = last._replace(causes=(*earlier, last.causes[-1]))
            self._earlier = {}

    def _let_go(self) -> None:
        if self._held:
            self._charge()
            self.out += self._held
            self._held = []
