"""Lines near a headline that open with a label of `rulebook/metadata.toml`, or hold a year."""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from itertools import chain
from typing import NamedTuple

from clean_ingest.core.document import Line
from clean_ingest.rules.load import rulebook

KINDS = ("by", "author", "credit", "published", "date", "updated")

_BELOW, _ABOVE = 14, 20
_FROM_THE_TOP, _FROM_THE_END = 40, 20
_LONGEST = 140
# Longer lines are prose; behind as many of them is the text itself.
_MOST_PROSE = 4
_LONGEST_LABEL = 40

# What may stand before a label: bullets, brackets and pens, no letter and no digit.
_BEFORE = " \t\r\xa0\u3000•·*|–—»›>✍✎✏🖊📝📅🗓🕒([【（［〔◎●■▲◆○□△◇｜/\u200e\u200f\ufeff-"
WORD_START = re.compile(r"(?<!\S)\S")
"""Where else in a line a label may open."""
_WIDE = re.compile(r"\s{2,}|[\t\r\n]+")
_COLON = re.compile(r"\s*[:：՝|｜]\s*|\s?[=＝／]\s*|\s?[–—-]\s+")
_NO_EDGE = re.compile(r"[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff]")
_YEAR = re.compile(r"\d{4}|[\d元]\s?年")
_MARKS = " :：|｜=＝／"


class Opening(NamedTuple):
    """A label at the start of a text: what it may be, and where what it labels begins.

    `marked`: a colon stands behind it, or nothing. `languages` are those that have the label.
    """

    kinds: frozenset[str]
    end: int
    marked: bool
    languages: tuple[str, ...]


class Row(NamedTuple):
    """A line that opens with a label, or may hold a year, without marks before it.

    `at` is its index, `distance` how many lines, not counting blank ones, it is from the
    title, negative above it; without a title from the top (positive) or the end (negative).
    """

    at: int
    distance: int
    text: str
    label: Opening | None
    has_year: bool


class _Label(NamedTuple):
    text: str
    kinds: frozenset[str]
    languages: tuple[str, ...]


def rows(lines: Sequence[Line], title: int | None) -> list[Row]:
    """The lines around the title at that index in which an author or a date may stand.

    Without a title those at the top and at the end. Below before above, the nearest first;
    without a title from the top.
    """
    if title is not None:
        below = _rows(lines, range(title + 1, len(lines)), _BELOW, 1)
        return below + _rows(lines, range(title - 1, -1, -1), _ABOVE, -1)
    top = _rows(lines, range(len(lines)), _FROM_THE_TOP, 1)
    end = _rows(lines, range(len(lines) - 1, -1, -1), _FROM_THE_END, -1)
    last = top[-1].at if top else -1
    return top + [row for row in reversed(end) if row.at > last]


def _rows(lines: Sequence[Line], order: range, count: int, step: int) -> list[Row]:
    table = _table()
    found = []
    distance = 0
    end, prose = count * step, 0
    for at in order:
        text = lines[at].text
        if not text or text.isspace():
            continue
        distance += step
        if not text.isascii() and (found_behind := _behind().match(text)):
            named = Opening(frozenset({"behind"}), 0, True, ())
            found.append(Row(at, distance, found_behind["names"], named, False))
        if len(text) > _LONGEST:
            prose += 1
            if prose == _MOST_PROSE:
                break
            continue
        start = text if text[0].isalnum() else text.lstrip(_BEFORE)
        head = start[:3].lower()
        may_open = head in table or head[:2] in table or _is_glued(start)
        label = opening(bare(start)) if may_open else None
        # Most lines are answered by the first two, in a tenth of the time of the third.
        has_year = "20" in text or "19" in text
        if not has_year and not text.isascii():
            has_year = _YEAR.search(text) is not None
        if label or has_year:
            found.append(Row(at, distance, bare(start), label, has_year))
        if distance == end:
            break
    return found


def bare(text: str) -> str:
    """The text without marks before it; where more than one space stood, two are left."""
    text = text.lstrip(_BEFORE).rstrip()
    return _WIDE.sub("  ", text).replace("\xa0", " ")


def opening(text: str) -> Opening | None:
    """The longest label with which a bare text opens."""
    if _is_glued(text):
        return Opening(frozenset({"by"}), 2, False, ("en",))
    table = _table()
    head = _fold(text[:3])
    longer, shorter = table.get(head, ()), table.get(head[:2], ())
    if not longer and not shorter:
        return None
    head = _fold(text[:_LONGEST_LABEL])
    for label in chain(longer, shorter):
        end = len(label.text)
        if not head.startswith(label.text):
            continue
        if colon := _COLON.match(text, end):
            return Opening(label.kinds, colon.end(), True, label.languages)
        behind = text[end : end + 1]
        if behind.isalpha() and not _NO_EDGE.match(behind):
            continue
        if behind and not (behind in " .,([（「【" or behind.isalnum()):
            continue
        start = len(text) - len(text[end:].lstrip(" ."))
        return Opening(label.kinds, start, start == len(text), label.languages)
    return None


def _is_glued(text: str) -> bool:
    """`ByAnna Example`, where two elements of a page had nothing between them."""
    return text[1:2] == "y" and text[0] in "Bb" and text[2:3].isupper()


def _fold(text: str) -> str:
    """Lower case, as many characters as before: İ is one of the few that grow."""
    lower = text.lower()
    return lower if len(lower) == len(text) else "".join(char.lower()[0] for char in text)


@functools.cache
def _behind() -> re.Pattern[str]:
    """Names with a label behind them: `(서울=보기뉴스) 김철수 기자 =`."""
    labels = {word for entry in rulebook().labels for word in entry.behind}
    korean = r"[\uac00-\ud7a3]{2,4}"
    names = rf"{korean}(?:(?:\s|\s?[,·]\s?){korean}){{0,3}}\s|[\u3400-\u9fff々]{{3,5}}"
    return re.compile(
        rf"\s*(?:[\[(（【][^\])）】]{{0,30}}[\])）】]\s*)?(?P<names>{names})"
        rf"(?:{'|'.join(sorted(labels))})(?:\s외\s?\d+\s?명)?(?:\s*[=|(\[]|\s+\S+@|\s*$)"
    )


@functools.cache
def _table() -> dict[str, tuple[_Label, ...]]:
    """Labels by their first three characters, the longest first.

    Shorter ones, with whatever may stand behind them: of one character by that and a mark.
    """
    kinds: dict[str, set[str]] = {}
    languages: dict[str, dict[str, None]] = {}
    for entry in rulebook().labels:
        for kind in KINDS:
            for label in getattr(entry, kind):
                kinds.setdefault(_fold(label), set()).add(kind)
                languages.setdefault(_fold(label), {})[entry.language] = None
    table: dict[str, list[_Label]] = {}
    for text in sorted(kinds, key=lambda text: (-len(text), text)):
        label = _Label(text, frozenset(kinds[text]), tuple(languages[text]))
        short = [text, *(text + mark for mark in _MARKS)]
        for key in [text[:3]] if len(text) > 2 else short:
            table.setdefault(key, []).append(label)
    return {key: tuple(labels) for key, labels in table.items()}
