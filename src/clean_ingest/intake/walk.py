"""The walk through the tree of a page: which text makes which line, and where it stands."""

from __future__ import annotations

import re
from typing import Any

from clean_ingest.intake import layout
from clean_ingest.intake.lines import WHITE, Line, Record, Row

_ENDING = re.compile("\r\n?|\n")
_NARROW_BEFORE = "\u2e80"  # scripts from here on put no spaces between words, or few

_MOST_WORDS = 24  # class and id words of a place: the nearest
_LONGEST_WORD = 64
_LONGEST_ATTRIBUTE = 2_000
_LONGEST_TAG = 40
_BUTTONS = frozenset({"submit", "button", "reset"})
_ORIGINS = {layout.OPTION: "option", layout.TITLE: "svg-title"}


class _Frame:
    """An open element. `path` and `words` are worked out when a line needs them.

    `saved` is what its end restores.
    """

    __slots__ = ("element", "kind", "line", "path", "saved", "words")

    def __init__(self, element: Any, kind: int) -> None:
        self.element = element
        self.kind = kind
        self.path: str | None = None
        self.words: tuple[str, ...] = ()
        self.line: Line | None = None
        self.saved: Any = None


class Walk:
    """A walk through a page; `records` and `scripts` (JSON-LD) are what it brings home."""

    def __init__(self) -> None:
        self.records: list[Record] = []
        self.scripts: list[str] = []
        self._frames: list[_Frame] = []
        self._blocks: list[int] = []  # where in _frames blocks are
        self._paths: dict[tuple[str, str], str] = {}
        self._rows: list[Row] = []
        self._line = Line(self.records, 0)
        self._count = 0  # of blocks
        # What the elements above say of the text at hand.
        self._links = 0
        self._hidden = False
        self._keeps = False
        self._drawing = False
        self._origin = "text"
        self._link_end = -1  # parts of the line when a link ended

    def page(self, tree: Any) -> None:
        """Walk the tree element by element: pages are nested deeper than Python's stack."""
        frames = self._frames
        kinds = layout.KINDS
        special = layout.styled(tree)
        for element in tree.iter():
            parent = element.getparent()
            while frames and frames[-1].element is not parent:
                self._close()
            kind = kinds.get(element.tag, 0)
            if element in special:
                kind = special[element]
            frame = _Frame(element, kind)
            frames.append(frame)
            if kind and not self._enter(frame, kind):
                continue
            text = element.text
            if text:
                self._add(text)
        while frames:
            self._close()

    def _close(self) -> None:
        frame = self._frames[-1]
        if frame.kind:
            self._leave(frame, frame.kind)
        self._frames.pop()
        tail = frame.element.tail
        if tail:
            self._add(tail)

    # Text and lines

    def _add(self, text: str) -> None:
        if self._keeps:
            self._add_kept(text)
            return
        line = self._line
        if not line.parts:
            if not text.strip(WHITE):
                return  # white space at the start of a line collapses to nothing
            line.depth = len(self._frames)
        line.parts.append(text)
        if self._links:
            line.linked += len(" ".join(text.split()))

    def _add_kept(self, text: str) -> None:
        """Add text whose lines and spaces stay."""
        for number, part in enumerate(_ENDING.split(text)):
            if number:
                self._break()
            if not part:
                continue
            line = self._line
            if not line.parts:
                line.depth = len(self._frames)
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
        if line.parts:
            text = line.text()
            if text and not text.isspace():
                frame = self._place()
                path, words = frame.path or "", frame.words
                depth, block, hidden, origin = line.depth, line.block, self._hidden, self._origin
                if line.blanks:
                    blank = Record("", path, depth, block, 0, words, hidden, origin)
                    line.sink += [blank] * (line.blanks if self._keeps else 1)
                    line.blanks = 0
                line.sink.append(
                    Record(text, path, depth, block, line.linked, words, hidden, origin)
                )
                line.any = True
            elif line.any:
                line.blanks += 1
            line.linked = 0
        if line.after:
            line.sink += line.after
            line.after = []

    def _end_block(self) -> None:
        self._end_line()
        line = self._line
        self._count += 1
        line.block = self._count
        line.any = False
        line.blanks = 0

    # Where a line stands

    def _place(self) -> _Frame:
        """The innermost block, with its path and words."""
        frames = self._frames
        at = self._blocks[-1] if self._blocks else 0
        frame = frames[at]
        if frame.path is None:
            first = at
            while first and frames[first - 1].path is None:
                first -= 1
            for number in range(first, at + 1):
                self._locate(frames[number], frames[number - 1] if number else None)
        return frame

    def _locate(self, frame: _Frame, above: _Frame | None) -> None:
        """Set path and words; elements of one path share one string."""
        path = (above.path or "") if above else ""
        key = path, frame.element.tag[:_LONGEST_TAG]
        frame.path = self._paths.get(key)
        if frame.path is None:
            frame.path = self._paths[key] = f"{path}/{key[1]}" if path else key[1]
        frame.words = above.words if above else ()
        get = frame.element.get
        names = (
            f"{(get('class') or '')[:_LONGEST_ATTRIBUTE]} {(get('id') or '')[:_LONGEST_ATTRIBUTE]}"
        )
        if own := [word[:_LONGEST_WORD] for word in names.split()]:
            frame.words = (*frame.words, *own)[-_MOST_WORDS:]

    # Elements that are more than part of a line

    def _enter(self, frame: _Frame, kind: int) -> bool:
        """Take note of the start of an element; False where its text stays outside."""
        if kind == layout.BLOCK:
            self._end_block()
            self._blocks.append(len(self._frames) - 1)
            return True
        if kind == layout.LINK:
            self._enter_link(frame)
            return True
        if kind == layout.BREAK:
            self._break()
            return True
        if kind == layout.CODE:
            element = frame.element
            if element.tag == "script" and "ld+json" in (element.get("type") or "").lower():
                self.scripts.append(element.text or "")
            return False
        return self._enter_special(frame, kind)

    def _leave(self, frame: _Frame, kind: int) -> None:
        if kind == layout.BLOCK:
            self._end_block()
            self._blocks.pop()
        elif kind == layout.LINK:
            if frame.saved:
                self._links -= 1
                self._link_end = len(self._line.parts)
        elif kind not in {layout.BREAK, layout.CODE}:
            self._leave_special(frame, kind)

    def _enter_link(self, frame: _Frame) -> None:
        if frame.element.get("href") is None:
            return
        frame.saved = True
        self._links += 1
        parts = self._line.parts
        # Nothing at all between two links: on the screen margins keep them apart.
        if parts and self._link_end == len(parts) and not self._keeps:
            last = parts[-1][-1:]
            if last.isalnum() and last < _NARROW_BEFORE:
                parts.append(" ")

    def _enter_special(self, frame: _Frame, kind: int) -> bool:
        element = frame.element
        base = kind & ~layout.HIDES
        frame.saved = self._hidden, self._keeps, self._drawing, self._origin
        if base == layout.TITLE and not self._drawing:
            return False
        hides = kind != base or base in layout.UNSEEN or _is_closed(base, element)
        if base not in layout.IN_LINE or hides:
            self._open_block(frame, aside=hides or base in layout.ASIDE)
        self._hidden = self._hidden or hides
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
            self._add_own(base, element)
        return base not in {layout.CODE, layout.BREAK}

    def _add_own(self, kind: int, element: Any) -> None:
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

    def _leave_special(self, frame: _Frame, kind: int) -> None:
        base = kind & ~layout.HIDES
        if base == layout.TITLE and not self._drawing:
            return
        if base == layout.RUBY and not _is_beside(frame.element.getnext()):
            self._add(")")
        if base == layout.LINK:
            self._links -= 1
        if self._blocks and self._blocks[-1] == len(self._frames) - 1:
            self._end_block()
            if base == layout.ROW:
                place = self._place()
                self._rows.pop().join(place.path or "", place.words)
            self._blocks.pop()
            if frame.line:
                frame.line.after += self._line.sink
                self._line = frame.line
        self._hidden, self._keeps, self._drawing, self._origin = frame.saved

    def _open_block(self, frame: _Frame, *, aside: bool) -> None:
        """Begin a block; amid a line, what is put aside begins a line of its own behind it.

        Only one line is left open so: what is put aside inside of that is a block like others.
        """
        if aside and self._line.parts and self._line.sink is self.records:
            frame.line = self._line
            self._line = Line([], self._count)
        self._end_block()
        self._blocks.append(len(self._frames) - 1)


def _is_closed(kind: int, element: Any) -> bool:
    return kind == layout.DIALOG and element.get("open") is None


def _is_beside(element: Any) -> bool:
    """Whether a neighbour of ruby text brings the parentheses."""
    return element is not None and element.tag == "rp"
