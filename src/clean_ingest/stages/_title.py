"""Which line of a scraped text is its title, while all the chrome still stands around it.

A title is told by what follows: the words of a headline come again in the prose below it,
all through it, and those of a menu, a banner or a caption hardly do. How much that and a
line's place count was fitted (multinomial logistic regression over the lines of a page and
"none of them") on two thirds of 1,415 development pages, each rendered whole, as its main
text alone, and as main text under its title; `benchmarks/metadata.py` measures it.
"""

from __future__ import annotations

import functools
import math
import re
import unicodedata
from collections.abc import Callable, Sequence
from typing import NamedTuple

from clean_ingest.core.document import Line
from clean_ingest.rules.page import PROSE_CHARS, shape_of, width_of

_MOST_LINES = 150
# A title may stand below a banner or two that look like prose, not below a page of it.
_PROSE_ABOVE = 2
_PROSE_BELOW = 4
_PROSE_LOOKED_AT = 400
_FARTHEST = 12

_NARROWEST, _WIDEST = 12, 200
_LEAST_WORDS = 3
_LEAST_LETTERS = 0.6
MAX_SHORT = 80

# What no title ends with; a question or exclamation mark is welcome.
_NOT_LAST = frozenset(".｡。।॥۔։…:：;；,，、،|/–—-")
_NOT_FIRST = frozenset("-–—•·*©®@#|/\\<>»›→←↑↓▶►+&=_~([{☰✕×…")
_NOT_INSIDE = re.compile(
    r"©|https?:|www\.|\S@\S|\{|\}"  # credits, addresses, code
    r"|\s[>»›→/|•·]\s.*\s[>»›→/|•·]\s|\s[>»›→]\s"  # breadcrumbs and rows of links
    r"|^\d{1,2}[.)]\s"  # an item of a list
)
# Vowel signs of Indic scripts are no letters to `re`, and would cut their words.
_WORD = re.compile(
    r"(?:[^\W\d_]|[\u0900-\u0963\u0970-\u0dff]){4,}|[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u9fff\uac00-\ud7a3]{2,}"
)
_NO_SPACES = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u9fff\uac00-\ud7a3]")

_BIAS = -4.0
_FIRST, _REST, _SPREAD, _UNSAID = 1.9, 3.3, 1.4, 0.5
_ABOVE, _ONE_PROSE, _TWO_PROSE = -1.7, -0.5, -0.8
_DOUBLED = 2.0
_WIDTH, _VERY_WIDE, _VERY_WIDE_FROM = 1.06, -3.0, 150
_APART, _OPENS, _AFTER_SHORT, _AFTER_OTHER = 1.7, 1.6, 0.75, -0.75
_USUAL_WIDTH, _SHORT_LINE, _JUST_ABOVE = 40, 30, 2
_ENOUGH_WORDS = 5
_MOST_TOLD = _FIRST + _REST + _SPREAD + _UNSAID * (_PROSE_BELOW - 1)
_DOUBLED_WITHIN = 3


class _Head(NamedTuple):
    """Lines that are not blank, whether a blank one is above each, and which are prose."""

    texts: list[str]
    numbers: list[int]
    gaps: list[bool]
    prose: list[int]


def find_title(
    lines: Sequence[Line], is_chrome: Callable[[str], bool], *, prior: float = 0.0
) -> int | None:
    """Which of the `lines` is the title, as an index; None where none surely is.

    `is_chrome` says whether the rulebook takes a line as a whole; it is asked about few of
    them. A text that begins with prose has no title. `prior` is added to every score, in
    nats: how much likelier than among all chrome a line of this text is a title.
    """
    head = _head(lines, is_chrome)
    prose = head.prose
    if not prose or prose[0] == 0:
        return None
    # Where no blank lines are used, none can set a title apart.
    spaced = any(head.gaps[1 : prose[0] + 1])
    folded = [head.texts[at][:_PROSE_LOOKED_AT].casefold() for at in prose]
    stands = functools.cache(lambda at: _stands(head, at, is_chrome))
    best, best_score = -1, 0.0
    seen: set[int] = set()
    for above, row in enumerate(prose[: _PROSE_ABOVE + 1]):
        start = max(prose[above - 1] + 1 if above else 0, row - _FARTHEST)
        for at in range(start, row):
            text = head.texts[at]
            if at == best + 1 and text == head.texts[best]:
                continue
            seen.add(at)
            # Cheap questions first: the rulebook is asked about lines that would win.
            score = prior + _placed(head, at, spaced) + _ONE_PROSE * (above > 0)
            score += _TWO_PROSE * (above > 1)
            if score + _MOST_TOLD <= best_score or not _may_be_title(text):
                continue
            score += _told(text, folded[:above], folded[above : above + _PROSE_BELOW])
            if score > best_score and stands(at):
                near = seen.intersection(range(at - _JUST_ABOVE, at))
                score += _AFTER_OTHER * any(map(stands, near))
                if score > best_score:
                    best, best_score = at, score
    return head.numbers[best] if best >= 0 else None


def _stands(head: _Head, at: int, is_chrome: Callable[[str], bool]) -> bool:
    """Whether a line could be a title and no rule takes it."""
    return _may_be_title(head.texts[at]) and not is_chrome(head.texts[at])


def _head(lines: Sequence[Line], is_chrome: Callable[[str], bool]) -> _Head:
    """The lines down to as many of prose as anything is measured against."""
    head = _Head([], [], [], [])
    gap = True
    for number, line in enumerate(lines):
        text = line.text.strip()
        if not text:
            gap = True
            continue
        # Whether a rule knows the prose matters only where it might be a banner above all.
        may_be_prose = len(text) >= PROSE_CHARS
        if (
            may_be_prose
            and shape_of(text, width_of(text), MAX_SHORT) == "prose"
            and (head.prose or not is_chrome(text))
        ):
            head.prose.append(len(head.texts))
        head.texts.append(text)
        head.numbers.append(number)
        head.gaps.append(gap)
        gap = False
        if len(head.prose) == _PROSE_ABOVE + _PROSE_BELOW or len(head.texts) == _MOST_LINES:
            break
    return head


def _may_be_title(text: str) -> bool:
    width = width_of(text)
    if not _NARROWEST <= width <= _WIDEST or text[-1] in _NOT_LAST or text[0] in _NOT_FIRST:
        return False
    spaces = text.count(" ")
    if spaces + 1 < _LEAST_WORDS and not _NO_SPACES.search(text):
        return False
    if text.endswith("..") or _NOT_INSIDE.search(text):
        return False
    letters = sum(map(str.isalpha, text))
    if not text.isascii():
        letters += sum(unicodedata.category(char)[0] == "M" for char in text)
    return letters >= _LEAST_LETTERS * (len(text) - spaces)


def _told(title: str, above: Sequence[str], below: Sequence[str]) -> float:
    """How far the folded prose speaks of what the title says."""
    words = _words(title)
    if not words:
        return 0.0
    first, *rest = ({word for word in words if word in prose} for prose in below)
    spoken_of = set().union(*rest)
    # A line of two words is spoken of by chance.
    sure = min(len(words), _ENOUGH_WORDS) / _ENOUGH_WORDS
    score = _FIRST * len(first) / len(words) + _REST * sure * len(spoken_of) / len(words)
    score += _SPREAD * sum(map(bool, rest)) / (_PROSE_BELOW - 1)
    # In a short text, what could have been said later is not held against the title.
    score += _UNSAID * (_PROSE_BELOW - len(below))
    if above:
        known = sum(any(word in prose for prose in above) for word in words)
        score += _ABOVE * known / len(words)
    return score


def _words(text: str) -> list[str]:
    """Longer words without their endings; pairs of signs where words are not set apart."""
    words: list[str] = []
    for word in _WORD.findall(text.casefold()):
        if _NO_SPACES.match(word):
            words += (word[at : at + 2] for at in range(len(word) - 1))
        else:
            words.append(word[: max(5, len(word) - 2)])
    return list(dict.fromkeys(words))


def _placed(head: _Head, at: int, spaced: bool) -> float:
    """How far the shape of a line and what stands around it are those of a title."""
    texts, _, gaps, _ = head
    text = texts[at]
    width = width_of(text)
    score = _BIAS + _WIDTH * math.log(width / _USUAL_WIDTH) + _OPENS * (at == 0)
    score += _VERY_WIDE * (width > _VERY_WIDE_FROM)
    score += _APART * (not spaced or (gaps[at] and gaps[at + 1]))
    score += _AFTER_SHORT * (at > 0 and len(texts[at - 1]) < _SHORT_LINE)
    return score + _DOUBLED * (text in texts[at + 1 : at + 1 + _DOUBLED_WITHIN])
