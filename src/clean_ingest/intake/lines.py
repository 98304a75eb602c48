"""Lines of text from pieces of text: white space, line ends, rows of tables.

The pieces of a line are gathered until it ends, and white space is collapsed then, once, so
that borders of inline elements need no care (CSS Text 4.1.1 collapses across them as well).
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import NamedTuple

WHITE = " \t\n\r\f"
"""White space in HTML. No-break and other spaces are characters like any other."""

_RUN = re.compile(f"[{WHITE}]+")
# CSS Text 4.1.3: a line end between characters of East Asian writing is no space. It is one in
# Hangul, which puts spaces between words.
_WIDE = (
    "\u2e80-\u312f\u3190-\ua4cf\uf900-\ufaff\ufe30-\ufe4f\uff01-\uff60\uffe0-\uffe6"
    "\U00020000-\U0003ffff"
)
_WIDE_BREAK = re.compile(f"(?<=[{_WIDE}])[ \t\r\f]*+\n[{WHITE}]*+(?=[{_WIDE}])")
_LONGEST_CELL = 200
"""Code points; a longer cell is running text, and its row no row of data."""
_LINES_A_CELL = 2


class Record(NamedTuple):
    """A rendered line; `linked` counts its code points in links, `block` is one for a block."""

    text: str
    path: str
    depth: int
    block: int
    linked: int = 0
    words: tuple[str, ...] = ()
    hidden: bool = False
    origin: str = "text"


class Line:
    """The line at hand: what was gathered for it, and what is known of the lines before.

    `sink` takes the lines that are done, `after` those that must wait for this one.
    """

    __slots__ = ("after", "any", "blanks", "block", "depth", "kept", "linked", "parts", "sink")

    def __init__(self, sink: list[Record], block: int) -> None:
        self.sink = sink
        self.after: list[Record] = []
        self.parts: list[str] = []
        self.kept: set[int] = set()  # numbers of the parts whose white space stays
        self.linked = 0
        self.depth = 0
        self.block = block
        self.any = False  # whether the block has a line already
        self.blanks = 0  # empty lines since

    def text(self) -> str:
        """Take what was gathered, white space collapsed as CSS says."""
        parts, kept = self.parts, self.kept
        self.parts = []
        if kept:
            self.kept = set()
            return _partly_kept(parts, kept)
        text = parts[0] if len(parts) == 1 else "".join(parts)
        if text.isascii():
            return " ".join(text.split())
        if "\n" in text:
            text = _WIDE_BREAK.sub("", text)
        if "\n" in text or "  " in text or "\t" in text or "\r" in text or "\f" in text:
            text = _RUN.sub(" ", text)
        return text.strip(WHITE)


def _partly_kept(parts: list[str], kept: set[int]) -> str:
    text = "".join(
        part if number in kept else _RUN.sub(" ", part) for number, part in enumerate(parts)
    )
    text = text if 0 in kept else text.lstrip(WHITE)
    return text if len(parts) - 1 in kept else text.rstrip(WHITE)


class Row:
    """A row of a table: where its cells begin among the lines of `sink`."""

    __slots__ = ("cells", "sink")

    def __init__(self, sink: list[Record]) -> None:
        self.sink = sink
        self.cells: list[int] = []

    def join(self, path: str, words: tuple[str, ...]) -> None:
        """Make one line of the row, cells apart by tabs, where each cell is one short line.

        Others lay out a page, and their lines stay as they are. Lines that were put aside
        (hidden ones, options) come behind.
        """
        sink, cells = self.sink, self.cells
        if len(cells) < 2 or len(sink) - cells[0] > _LINES_A_CELL * len(cells):
            return
        shown, aside = [], []
        for start, end in pairwise([*cells, len(sink)]):
            lines = sink[start:end]
            texts = [line for line in lines if line.origin == "text" and not line.hidden]
            if len(texts) > 1 or (texts and len(texts[0].text) > _LONGEST_CELL):
                return
            shown.append(texts[0] if texts else None)
            aside += [line for line in lines if line not in texts]
        filled = [line for line in shown if line]
        if len(filled) < 2:
            return
        text = "\t".join(line.text if line else "" for line in shown).strip("\t")
        linked = sum(line.linked for line in filled)
        first = filled[0]
        depth = min(line.depth for line in filled)
        sink[cells[0] :] = [Record(text, path, depth, first.block, linked, words), *aside]
