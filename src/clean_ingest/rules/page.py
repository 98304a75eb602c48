"""A document as the rules see it: its lines that are not blank, each with its shape and hit."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from clean_ingest.core.document import Line
from clean_ingest.rules.fold import key_of
from clean_ingest.rules.match import Hit, Matcher

Shape = Literal["short", "sentence", "long", "prose"]
"""prose: long, with the end of a sentence. sentence: short, with one. long: without one."""

_ENDS = frozenset(".!?…。！？।॥۔؟։።፧။៕។༎།᠃۔؛")
_OPENS = frozenset(":：")
_CLOSERS = frozenset("\"'”’»›)]}」』）】〉》*†‡¹²³⁴⁵⁶⁷⁸⁹ ")
_STOPS_INSIDE = (". ", "! ", "? ", "。", "！", "？", "। ", "؟ ", "۔ ")

_PROSE_WIDTH = 60
_STOPPED_WIDTH = 100
_UNSTOPPED_WIDTH = 160
_THAI = ("\u0e00", "\u0eff")
_THAI_WIDTH = 80
_CALLS = frozenset("!?…！？؟")
_CALL_WORDS = 4
_SENTENCE_WORDS = 2


@dataclass(slots=True)
class Row:
    """One line that is not blank. `width` is in columns: a Han or Hangul character is two."""

    line: Line
    width: int
    shape: Shape
    folded: str
    hit: Hit | None

    @property
    def is_whole(self) -> bool:
        """Whether a rule asks for the line as a whole."""
        return self.hit is not None and self.hit.end - self.hit.start == len(self.line.text)

    @property
    def is_strong(self) -> bool:
        """Whether a strong rule asks for the line as a whole."""
        return self.hit is not None and self.hit.rule.is_strong and self.is_whole

    @property
    def is_company(self) -> bool:
        """Whether the row speaks for what stands beside it being chrome."""
        return self.hit is not None and self.hit.rule.strength != "faint" and self.is_whole

    @property
    def key(self) -> str:
        """The line as phrases are looked up."""
        return key_of(self.folded)


@dataclass(frozen=True, slots=True)
class Page:
    """The rows of a document; `first` and `last` are the outermost rows of prose, or -1.

    Rows before `first` are the head, rows after `last` the tail; a page without prose has
    neither, for nothing in it says where the text begins.
    """

    rows: list[Row]
    first: int
    last: int
    title: str

    def is_title(self, row: Row) -> bool:
        """Whether the row is the title that the metadata name."""
        return bool(self.title) and row.key == self.title

    def place(self, index: int) -> Literal["head", "body", "tail"]:
        """Where a row stands."""
        if self.first < 0:
            return "body"
        return "head" if index < self.first else "tail" if index > self.last else "body"


def read_rows(lines: Iterable[Line], matcher: Matcher, max_short: int) -> list[Row]:
    """Shape and hit of each line that is not blank; lines to `max_short` columns are short."""
    rows = []
    fold = matcher.folding.fold
    for line in lines:
        text = line.text
        if not text or text.isspace():
            continue
        width = len(text) if text.isascii() else width_of(text)
        shape: Shape = "prose"
        if width < _PROSE_WIDTH or text[-1] not in _ENDS:
            shape = shape_of(text, width, max_short)
        if shape == "prose":
            rows.append(Row(line, width, shape, "", matcher.prose(text, width)))
        else:
            folded = fold(text)
            rows.append(Row(line, width, shape, folded, matcher.short(text, folded, width)))
    return rows


def page_of(rows: list[Row], title: str) -> Page:
    """The rows with their regions; `title` is folded as a key, or empty."""
    prose = [i for i, row in enumerate(rows) if row.shape == "prose" and not row.is_whole]
    first, last = (prose[0], prose[-1]) if prose else (-1, -1)
    return Page(rows, first, last, title)


def width_of(text: str) -> int:
    """About how many columns `text` fills, by its middle: exact widths cost more than they tell."""
    if text.isascii():
        return len(text)
    middle = text[len(text) >> 1 :][:2]
    return len(text) * 2 if _is_wide(middle[0]) or _is_wide(middle[-1]) else len(text)


def _is_wide(char: str) -> bool:
    return "\u2e80" <= char < "\ua4d0" or "\uac00" <= char < "\ud7a4" or "\uff00" <= char < "\uff61"


def shape_of(text: str, width: int, max_short: int) -> Shape:
    """Whether a line looks like prose, in any script."""
    ended = text[-1] in _ENDS or _ends_sentence(text)
    if width >= _PROSE_WIDTH and (ended or text[-1] in _OPENS):
        return "prose"
    if width >= _STOPPED_WIDTH and any(stop in text for stop in _STOPS_INSIDE):
        return "prose"
    if width >= _UNSTOPPED_WIDTH and any(mark in text for mark in (", ", "، ", "，", "、")):
        return "prose"
    if width >= _THAI_WIDTH and _THAI[0] <= text[len(text) >> 1] <= _THAI[1]:
        return "prose"
    if ended and _is_sentence(text, width):
        return "sentence"
    return "short" if width <= max_short else "long"


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
