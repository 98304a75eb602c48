"""A document as the rules see it: its lines that are not blank, each with its shape and hit."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import repeat
from typing import Literal

from clean_ingest.core.document import Document
from clean_ingest.rules.fold import keys_of
from clean_ingest.rules.glue import find_glued
from clean_ingest.rules.match import Hit, Matcher
from clean_ingest.rules.model import Strength

Shape = Literal["short", "sentence", "long", "prose"]
"""prose: long, with the end of a sentence. sentence: short, with one. long: without one."""

SUPPORT: dict[Strength, int] = {"strong": 2, "weak": 1, "faint": 0}
"""How much a row says of its neighbours, by the strength of the rule that asks for it."""

_ENDS = frozenset(".!?…。！？।॥۔؟։።፧။៕។༎།᠃۔؛")
_OPENS = frozenset(":：")
_CLOSERS = frozenset("\"'”’»›)]}」』）】〉》*†‡¹²³⁴⁵⁶⁷⁸⁹ ")
_STOPS_INSIDE = (". ", "! ", "? ", "。", "！", "？", "। ", "؟ ", "۔ ", "։ ", "። ", "။ ", "។ ")

_MAY_END = _ENDS | _CLOSERS
_COMMAS = (", ", "، ", "，", "、")
_PROSE_WIDTH = 60
PROSE_CHARS = _PROSE_WIDTH // 2
"""Fewest code points of a line that looks like prose: none is wider than two columns."""
_STOPPED_WIDTH = 100
_UNSTOPPED_WIDTH = 160
_THAI = ("\u0e00", "\u0eff")
_THAI_WIDTH = 80
_CALLS = frozenset("!?…！？؟")
_CALL_WORDS = 4
_FIRST_WIDE = "\u3000"
_NARROW_BYTES = bytes(range(0xE3))
"""All bytes that UTF-8 begins a character below `_FIRST_WIDE` with, or goes on with."""
_REMEMBERED = 20_000
"""How many short lines are known from one document to the next, some 10 MB. Of the lines of
whole pages one in two stood on another page of the site."""
_LEAST_PROSE = 3
_CHROME_ABOVE_FOOTER = 3 * SUPPORT["strong"]
_SENTENCE_WORDS = 2


@dataclass(slots=True)
class Row:
    """What the text of a line says by itself; lines of equal text share one row.

    `width` is in columns: a Han or Hangul character is two. `folded` and `key` are empty for
    prose, which nobody looks up. `hit` is what the matcher found, `script` that of the first
    letter, once somebody has asked for it.
    """

    text: str
    width: int
    shape: Shape
    folded: str = ""
    key: str = ""
    hit: Hit | None = None
    script: str = ""


@dataclass(slots=True)
class Page:
    """The lines of a document that are not blank, as rows with the offsets of their starts.

    `hits` are those that still count, by row. `first` and `last` are the outermost rows of
    prose, or -1: rows before `first` are the head, rows after `last` the tail; a page without
    prose has neither, for nothing in it says where the text begins. `support` has the rows that
    a rule asks for as a whole, with how much they speak for what stands beside them being
    chrome. These three are known once `find_text` was called.
    """

    rows: list[Row]
    starts: list[int]
    hits: dict[int, Hit]
    title: str
    first: int = -1
    last: int = -1
    support: dict[int, int] = field(default_factory=dict)
    _keys: set[str] | None = None

    def is_title(self, index: int) -> bool:
        """Whether the row is the title that the metadata name."""
        return bool(self.title) and self.rows[index].key == self.title

    def place(self, index: int) -> Literal["head", "body", "tail"]:
        """Where a row stands."""
        if self.first < 0:
            return "body"
        return "head" if index < self.first else "tail" if index > self.last else "body"

    def support_near(self, index: int, near: range) -> int:
        """How much the other rows of `near` speak for row `index` being chrome."""
        among = sum(map(self.support.get, near, repeat(0)))
        return among - self.support.get(index, 0) * (index in near)

    def all_keys(self) -> set[str]:
        """The keys of all rows but prose, gathered when somebody asks."""
        if self._keys is None:
            self._keys = {row.key for row in self.rows if row.folded}
        return self._keys

    def prose(self) -> Iterator[int]:
        """The rows that look like prose."""
        return (index for index, row in enumerate(self.rows) if row.shape == "prose")

    def find_text(self) -> None:
        """Set `first`, `last` and `support`, now that no more hits will come or go."""
        self.support = {
            index: SUPPORT[hit.rule.strength]
            for index, hit in self.hits.items()
            if hit.end - hit.start == len(self.rows[index].text)
        }
        prose = [index for index in self.prose() if index not in self.support]
        # An imprint that no rule knows looks like prose, but stands alone below chrome.
        while len(prose) > _LEAST_PROSE and self._is_footer(prose[-2], prose[-1]):
            prose.pop()
        self.first, self.last = (prose[0], prose[-1]) if prose else (-1, -1)

    def _is_footer(self, above: int, index: int) -> bool:
        """Whether the rows between two rows of prose are chrome, and much of it."""
        between = range(above + 1, index)
        known = [said for i in between if (said := self.support.get(i, 0))]
        return sum(known) >= _CHROME_ABOVE_FOOTER and 2 * len(known) >= len(between)


def read_page(document: Document, matcher: Matcher, max_short: int, title: str) -> Page:
    """The lines that are not blank, each with its shape and hit; `title` is a key, or empty.

    Lines up to `max_short` columns are short. What a line says by itself is asked once: on
    full pages three lines in ten are the copy of another, and the menus of a site are the
    same on all its pages.
    """
    rows: list[Row] = []
    starts: list[int] = []
    seen = _seen(matcher, max_short)
    if len(seen) > _REMEMBERED:
        seen.clear()
    known: dict[str, Row] = {}
    short: list[Row] = []
    narrow = _is_narrow(document.text)
    for start, _, text in document.lines:
        row = seen.get(text) or known.get(text)
        if row is None:
            if not text or text.isspace():
                continue
            width = len(text) if narrow or text.isascii() else width_of(text)
            last = text[-1]
            shape: Shape = "prose"
            if width < _PROSE_WIDTH and last not in _MAY_END:
                shape = "short" if width <= max_short else "long"
            elif width < _PROSE_WIDTH or last not in _ENDS:
                shape = shape_of(text, width, max_short)
            row = known[text] = Row(text, width, shape)
            if shape == "prose":
                row.hit = matcher.prose(text, width)
            else:
                short.append(row)
        rows.append(row)
        starts.append(start)
    _look_up(short, matcher)
    # Only now, so that no other thread meets a row that is half read.
    seen.update((row.text, row) for row in short if row.width <= max_short)
    hits = {index: row.hit for index, row in enumerate(rows) if row.hit is not None}
    return Page(rows, starts, hits, title)


@functools.lru_cache(maxsize=4)
def _seen(matcher: Matcher, max_short: int) -> dict[str, Row]:  # noqa: ARG001 - a key of the cache
    """The short lines that were read before."""
    return {}


def forget() -> None:
    """Forget the lines of other documents: for measurements, as nothing else depends on them."""
    _seen.cache_clear()


def _look_up(rows: list[Row], matcher: Matcher) -> None:
    """Fold, key and hit of rows that are no prose, all at once."""
    fold = matcher.folding.fold
    texts = [row.text for row in rows]
    folded = [text.lower() if text.isascii() else fold(text) for text in texts]
    keys = keys_of(folded)
    hits = matcher.shorts(texts, folded, keys, [row.width for row in rows])
    for number, glued in find_glued(texts, hits, matcher):
        hits[number] = glued
    for row, fold_, key, hit in zip(rows, folded, keys, hits, strict=True):
        row.folded, row.key, row.hit = fold_, key, hit


def _is_narrow(text: str) -> bool:
    """Whether no character of a whole text fills two columns: three in four texts have none."""
    return text.isascii() or not text.encode("utf-8", "replace").translate(None, _NARROW_BYTES)


def width_of(text: str) -> int:
    """About how many columns `text` fills, by four characters: exact widths cost more."""
    count = len(text)
    if text.isascii():
        return count
    # Four, because names and figures stand in the middle of Chinese sentences too.
    looked_at = text[count >> 2], text[count >> 1], text[-(count >> 2) - 1], text[-1]
    if max(looked_at) < _FIRST_WIDE:
        return count
    return count * 2 if sum(map(_is_wide, looked_at)) > 1 else count


def _is_wide(char: str) -> bool:
    return (
        _FIRST_WIDE <= char < "\ua4d0" or "\uac00" <= char < "\ud7a4" or "\uff00" <= char < "\uff61"
    )


def shape_of(text: str, width: int, max_short: int) -> Shape:
    """Whether a line looks like prose, in any script."""
    last = text[-1]
    ended = last in _MAY_END and (last in _ENDS or _ends_sentence(text))
    if width >= _PROSE_WIDTH and (ended or last in _OPENS or _runs_on(text, width)):
        return "prose"
    if ended and _is_sentence(text, width):
        return "sentence"
    return "short" if width <= max_short else "long"


def _runs_on(text: str, width: int) -> bool:
    """Whether a wide line without the end of a sentence is prose all the same."""
    if width >= _STOPPED_WIDTH and any(stop in text for stop in _STOPS_INSIDE):
        return True
    if width >= _UNSTOPPED_WIDTH and any(mark in text for mark in _COMMAS):
        return True
    return width >= _THAI_WIDTH and _THAI[0] <= text[len(text) >> 1] <= _THAI[1]


def _is_sentence(text: str, width: int) -> bool:
    """Whether a short line with a mark at its end says something: labels may have marks too."""
    words = _words(text, width)
    calls = text[-1] in _CALLS
    return words >= (_CALL_WORDS if calls else _SENTENCE_WORDS)


def _ends_sentence(text: str) -> bool:
    for char in reversed(text[-6:]):
        if char in _ENDS:
            return True
        if char not in _CLOSERS:
            return False
    return False


def _words(text: str, width: int) -> int:
    """Words, or for a wide script, which writes no spaces, half its characters."""
    return text.count(" ") + 1 if width == len(text) else len(text) // 2
