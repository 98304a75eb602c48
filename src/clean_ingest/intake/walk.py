"""The walk through the tree of a page: which text makes which line, and where it stands."""

from __future__ import annotations

import re
from itertools import chain
from typing import Any

from clean_ingest.core.errors import Unreadable
from clean_ingest.intake import layout
from clean_ingest.intake.html import parse
from clean_ingest.intake.lines import WHITE, Line, Record, Row
from clean_ingest.intake.spots import MOST_WORDS, Spot

_ENDING = re.compile("\r\n?|\n")
_NARROW_BEFORE = "\u2e80"  # scripts from here on put no spaces between words, or few

_SCRIPTS = frozenset({"sub", "sup"})
_BUTTONS = frozenset({"submit", "button", "reset"})
_ORIGINS = {layout.OPTION: "option", layout.TITLE: "svg-title"}


class Walk:
    """A walk through a page; `records` and `scripts` (JSON-LD) are what it brings home."""

    def __init__(self, *, inner: bool = False) -> None:
        self._inner = inner
        self.records: list[Record] = []
        self.scripts: list[str] = []
        # The open elements, below the root nothing, with their kinds and, as far as a line needed
        # them, their spots; and which of them are blocks.
        self._elements: list[Any] = [None]
        self._kinds = [layout.INLINE]
        self._blocks = [0]
        self._spots: list[Spot | None] = [Spot("", ())]
        self._saved: list[tuple[Line | None, bool, bool, bool, str]] = []
        self._rows: list[Row] = []
        self._line = Line(self.records, 0)
        self._count = 0  # of blocks
        # What the open elements say of the text at hand.
        self._links = 0
        self._link_end = -1  # parts of the line when a link ended
        self._hidden = False
        self._keeps = False
        self._drawing = False
        self._origin = "text"

    def page(self, tree: Any) -> None:  # noqa: C901 - a third of the time is calls: one loop
        """Walk the tree element by element: pages are nested deeper than Python's stack."""
        elements, kinds = self._elements, self._kinds
        blocks, spots = self._blocks, self._spots
        add, end_block, enter, leave = self._add, self._end_block, self._enter, self._leave
        known, special = layout.KINDS, layout.styled(tree)
        ended = False  # an element, with nothing behind it so far
        for element in chain(tree.iter(), (None,)):
            above = None if element is None else element.getparent()
            while elements[-1] is not above:
                kind = kinds.pop()
                if kind == layout.BLOCK:
                    end_block()
                    blocks.pop()
                elif kind:
                    leave(kind)
                spots.pop()
                tail = elements.pop().tail
                ended = not tail
                if tail:
                    add(tail)
            if element is None:
                return
            kind = known.get(element.tag, 0)
            if element in special:
                kind = special[element]
            elements.append(element)
            kinds.append(kind)
            spots.append(None)
            if kind == layout.BLOCK:
                end_block()
                blocks.append(len(elements) - 1)
            elif kind and not enter(element, kind):
                continue
            text = element.text
            if text:
                if ended:
                    self._separate(text)
                    ended = False
                add(text)

    # Text and lines

    def _add(self, text: str) -> None:
        if self._keeps:
            self._add_kept(text)
            return
        line = self._line
        if not line.parts:
            if not text.strip(WHITE):
                return  # white space at the start of a line collapses to nothing
            line.depth = len(self._elements) - 1
        line.parts.append(text)
        if self._links:
            line.linked += len(" ".join(text.split()))

    def _separate(self, text: str) -> None:
        """Put a space before `text`, which begins an element, where another ended before it.

        Nothing is between them in the page; on the screen margins are. Such a border may be
        within a word too, but hardly where a capital follows a small letter, or a figure a
        letter. Of 549 borders whose place in the main text we know, 478 have a space there:
        links and this find 384 of them, and are wrong in 6.
        """
        parts = self._line.parts
        if not parts or self._keeps or self._elements[-1].tag in _SCRIPTS:
            return
        before, after = parts[-1], text[0]
        last = before[-1]
        if len(before) < 2 or last >= _NARROW_BEFORE or not (last.isalnum() and after.isalnum()):
            return
        if (last.islower() and after.isupper()) or last.isdigit() != after.isdigit():
            parts.append(" ")

    def _add_kept(self, text: str) -> None:
        """Add text whose lines and spaces stay."""
        for number, part in enumerate(_ENDING.split(text)):
            if number:
                self._break()
            if not part:
                continue
            line = self._line
            if not line.parts:
                line.depth = len(self._elements) - 1
            line.kept.add(len(line.parts))
            line.parts.append(part)
            if self._links:
                line.linked += len(part)

    def _break(self) -> None:
        """End the line; an empty one is a blank line, should more of the block follow."""
        line = self._line
        if line.parts:
            self._end_line()
        elif line.any:
            line.blanks += 1

    def _end_line(self) -> None:
        line = self._line
        self._link_end = -1
        if line.parts:
            text = line.text()
            if text and not text.isspace():
                spot = self._spot()
                record = Record(
                    text,
                    spot.path,
                    line.depth,
                    line.block,
                    line.linked,
                    spot.words,
                    self._hidden,
                    self._origin,
                )
                if line.blanks:
                    blank = record._replace(text="", linked=0)
                    line.sink += [blank] * (line.blanks if self._keeps else 1)
                    line.blanks = 0
                line.sink.append(record)
                line.any = True
            elif line.any:
                line.blanks += 1
            line.linked = 0
        if line.after:
            line.sink += line.after
            line.after = []

    def _end_block(self) -> None:
        line = self._line
        if line.parts or line.after:
            self._end_line()
        self._count += 1
        line.block = self._count
        line.any = False
        line.blanks = 0

    def _spot(self) -> Spot:
        """The spot of the innermost block; those of the elements around it are kept as well."""
        spots = self._spots
        last = first = self._blocks[-1]
        while spots[first] is None:
            first -= 1
        spot = spots[first]
        assert spot is not None  # noqa: S101 - the lowest one is given; this tells mypy
        for number in range(first + 1, last + 1):
            spot = spots[number] = spot.inside(self._elements[number])
        return spot

    # Elements that are more than part of a line

    def _enter(self, element: Any, kind: int) -> bool:
        """Take note of the start of an element; False where its text stays outside."""
        if kind == layout.LINK:
            self._enter_link(element)
        elif kind == layout.BREAK:
            self._break()
        elif kind == layout.CODE:
            if element.tag == "script" and "ld+json" in (element.get("type") or "").lower():
                self.scripts.append(element.text or "")
            return False
        else:
            return self._enter_special(element, kind)
        return True

    def _leave(self, kind: int) -> None:
        if kind == layout.LINK:
            self._links -= 1
            self._link_end = len(self._line.parts)
        elif kind not in {layout.BREAK, layout.CODE}:
            self._leave_special(kind)

    def _enter_link(self, element: Any) -> None:
        if element.get("href") is None:
            self._kinds[-1] = layout.INLINE
            return
        self._links += 1
        parts = self._line.parts
        # Nothing at all between two links: on the screen margins keep them apart.
        if parts and self._link_end == len(parts) and not self._keeps:
            last = parts[-1][-1:]
            if last.isalnum() and last < _NARROW_BEFORE:
                parts.append(" ")

    def _enter_special(self, element: Any, kind: int) -> bool:
        base = kind & ~layout.HIDES
        if base in {layout.CODE, layout.BREAK}:  # hidden or not, there is nothing to see
            self._kinds[-1] = base
            return base == layout.BREAK or self._enter(element, base)
        if base == layout.TITLE and not self._drawing:
            self._kinds[-1] = layout.CODE
            return False
        hides = kind != base or base in layout.UNSEEN or _is_closed(base, element)
        line = None
        if hides or base not in layout.IN_LINE:
            line = self._put_aside() if hides or base in layout.ASIDE else None
            self._end_block()
            self._blocks.append(len(self._elements) - 1)
        self._saved.append((line, self._hidden, self._keeps, self._drawing, self._origin))
        self._hidden = self._hidden or hides
        if base == layout.RAW and not self._inner:
            self._walk_inner(element.text or "")
            return False
        if base == layout.ROW:
            self._rows.append(Row(self._line.sink))
        elif base == layout.CELL:
            if self._rows and self._rows[-1].sink is self._line.sink:
                self._rows[-1].cells.append(len(self._line.sink))
        elif base == layout.LINK:
            self._links += 1
        else:
            self._keeps = self._keeps or base in layout.KEEPING
            self._drawing = self._drawing or base == layout.DRAWING
            self._origin = _ORIGINS.get(base, self._origin)
            self._add_own(element, base)
        return True

    def _put_aside(self) -> Line | None:
        """Leave the line at hand open, if anything stands on it, and begin one to come behind it.

        Only one line is left open so: inside of what is put aside all blocks are alike.
        """
        line = self._line
        if not line.parts or line.sink is not self.records:
            return None
        self._line = Line([], self._count)
        return line

    def _walk_inner(self, text: str) -> None:
        """Add the lines of a page that stands as text inside of this one; none inside of that."""
        try:
            tree = parse(text).tree
        except Unreadable:  # a part that nobody sees is no reason to lose the page
            self._add(text)
            return
        if tree is None:
            return
        walk = Walk(inner=True)
        walk.page(tree)
        spot = self._spot()
        depth = len(self._elements) - 1
        for record in walk.records:
            self._count += 1
            self._line.sink.append(
                Record(
                    record.text,
                    f"{spot.path}/{record.path}",
                    depth + record.depth,
                    self._count,
                    record.linked,
                    (*spot.words, *record.words)[-MOST_WORDS:],
                    hidden=True,
                    origin=record.origin,
                )
            )

    def _add_own(self, element: Any, kind: int) -> None:
        """Add what an element shows besides the text inside of it."""
        get = element.get
        if kind == layout.OPTION:
            label = get("label")
            if label and (element.tag == "optgroup" or not (element.text or "").strip()):
                self._add(label)
                self._end_line()
        elif kind == layout.BUTTON:
            if (get("type") or "").lower() in _BUTTONS:
                self._add(get("value") or "")
        elif kind == layout.RUBY and not _is_beside(element.getprevious()):
            self._add("(")

    def _leave_special(self, kind: int) -> None:
        base = kind & ~layout.HIDES
        if base == layout.RUBY and not _is_beside(self._elements[-1].getnext()):
            self._add(")")
        elif base == layout.LINK:
            self._links -= 1
        line, hidden, keeps, drawing, origin = self._saved.pop()
        if self._blocks[-1] == len(self._elements) - 1:
            self._end_block()
            if base == layout.ROW:
                spot = self._spot()
                self._rows.pop().join(spot.path, spot.words)
            self._blocks.pop()
        if line:
            line.after += self._line.sink
            self._line = line
        self._hidden, self._keeps, self._drawing, self._origin = hidden, keeps, drawing, origin


def _is_closed(kind: int, element: Any) -> bool:
    return kind == layout.DIALOG and element.get("open") is None


def _is_beside(element: Any) -> bool:
    """Whether a neighbour of ruby text brings the parentheses."""
    return element is not None and element.tag == "rp"
