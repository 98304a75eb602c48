"""Lines that say beforehand, or once more, what the text says elsewhere; helper of `repeats`.

Both kinds are made by templates: a contents list from the headings, a pull quote from a
sentence of a paragraph. Both look like what an author writes, too: a list of points that are
then taken one by one, a sentence that is quoted to be discussed. So each has to stand where
templates put it, and nobody may lead to it with a colon.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator

from clean_ingest.core.document import Line
from clean_ingest.stages import _likeness as likeness
from clean_ingest.stages._items import COLONS, Page

_ENTRIES = 3
"""Fewest entries of a contents list, and fewest that head a paragraph."""
_LONGEST_ENTRY = 120.0
_TOP_PARAGRAPHS = 6
"""How many paragraphs may stand above a contents list."""
_TOP = 120
"""Among how many lines of the top it is looked for."""
_LONGEST_LABEL = 40.0
_LABEL_WORDS = 3
"""A line of so many words may end with a colon and be no more than "On this page:"."""
_BULLETS = frozenset("-*+•·▪‣◦○●■–")
_NUMBER = re.compile(r"\(?\d{1,3}(?:\.\d{1,3})*[.):、．]?(?=[\s、．])\s*")
_MARKS = _BULLETS | frozenset("(0123456789")
_NUMBERED = re.compile(r"\W*(?:\w+\W+)?\d|[ivxlc]{1,5}[.)]\s|第[一二三四五六七八九十百零]+")

_QUOTE_DISTANCE = 5
"""How many lines apart a pull quote and its paragraph may stand."""
_LONGEST_QUOTE = 240
_MEETING = 24
"""Code points at the beginning by which a quote is looked for."""
_QUOTES_A_PAGE = 4
"""More sentences than this that come again alone are the way in which a text is written."""
_ENDS = tuple(likeness.ENDS)
_SPOKEN = ('"', "「", "『")
_SPOKEN_ENDS = (*_ENDS, '"', ',"', "」", "』")
_OPENING = "\"'-( 「『（\u3000"


def contents(page: Page) -> Iterator[tuple[int, int]]:
    """Entries of a contents list at the top, each with its heading below, and its label.

    The entries stand together, and come again in the same order, once each, at the head of
    paragraphs. A list whose headings are numbered too is the author's own: articles of a law,
    chapters of a thesis, which are cited by these numbers.
    """
    for run in _runs(page):
        if _is_contents(page, run):
            first, of = run[0]
            # Of a label the list leaves nothing but the colon.
            if first and page.line(first - 1).rstrip().endswith(COLONS):
                yield first - 1, of
            yield from run


def _runs(page: Page) -> Iterator[list[tuple[int, int]]]:
    """Lines next to each other whose headings stand in the same order."""
    heading = _headings(page)
    if len(heading) < _ENTRIES:
        return
    run: list[tuple[int, int]] = []
    for item in sorted(heading):
        if run and not (item == run[-1][0] + 1 and heading[item] > run[-1][1]):
            yield run
            run = []
        run.append((item, heading[item]))
    yield run


def _headings(page: Page) -> dict[int, int]:
    """Lines of the top that may be entries, each with the one line below that says the same."""
    keys = page.keys[:_TOP]
    found: dict[int, int] = {}
    if len(page.exact) >= _ENTRIES:
        counts = page.counts
        found = {of: i for i, of in page.exact.items() if of < _TOP and counts[keys[of]] == 2}
    marked = [
        item for item, key in enumerate(keys) if key[0] in _MARKS and len(key) <= _LONGEST_ENTRY
    ]
    if len(marked) >= _ENTRIES:
        found |= _marked(page, marked)
    return found


def _marked(page: Page, marked: list[int]) -> dict[int, int]:
    """Entries behind a mark or number that the heading has not."""
    entries: dict[str, int] = {}
    for item in marked:
        key = page.keys[item]
        if key[0] in _BULLETS:
            entries.setdefault(key[1:].lstrip(), item)
        elif mark := _NUMBER.match(key):
            entries.setdefault(key[mark.end() :], item)
    lengths = set(map(len, entries))
    found: dict[int, int] = {}
    twice = set()
    for item, key in enumerate(page.keys):
        if len(key) in lengths and key in entries:
            of = entries[key]
            if of in found or item < of:
                twice.add(of)
            found[of] = item
    return {item: of for item, of in found.items() if item not in twice}


def _is_contents(page: Page, run: list[tuple[int, int]]) -> bool:
    if len(run) < _ENTRIES or run[-1][0] >= run[0][1]:
        return False
    above = page.line(run[0][0] - 1).rstrip() if run[0][0] else ""
    if above.endswith(COLONS) and (
        len(above.split()) > _LABEL_WORDS or likeness.weight(above, wide=page.wide) > _LONGEST_LABEL
    ):
        return False
    if sum(page.weighs(item, page.prose) for item in range(run[0][0])) > _TOP_PARAGRAPHS:
        return False
    if not all(_is_heading(page, of) for _, of in run):
        return False
    numbered = sum(_NUMBERED.match(page.keys[of]) is not None for _, of in run)
    last = len(page.keys)
    opened = sum(
        any(page.weighs(i, page.prose) for i in range(of + 1, min(of + 3, last))) for _, of in run
    )
    return 2 * numbered < len(run) and opened >= max(_ENTRIES, len(run) // 2 + 1)


def _is_heading(page: Page, item: int) -> bool:
    ends = page.line(item).rstrip()[-1] in likeness.FULL_STOPS
    return not ends and page.weight(item) <= _LONGEST_ENTRY and page.is_text(item)


def pull_quotes(page: Page, least: int) -> Iterator[tuple[int, int]]:
    """Sentences of at least `least` letters that stand alone near the paragraph they are from.

    A pull quote stands between two paragraphs that have nothing to do with it. It is none of
    the first sentences, unless it is spoken: one who answers quotes the first sentence. Of a
    text that takes two sentences of one paragraph, or many, nothing is taken: it discusses
    them.
    """
    shortest = likeness.shortest(least, wide=page.wide)
    prose = likeness.shortest(page.prose, wide=page.wide)
    keys = page.keys
    lengths = list(map(len, keys))
    around = enumerate(zip(lengths, lengths[1:], lengths[2:], strict=False), 1)
    alone = [
        item
        for item, (above, length, below) in around
        if shortest <= length <= _LONGEST_QUOTE and above >= prose <= below
    ]
    found = []
    for item in alone:
        of = _paragraph_of(page, item)
        if of is not None and _is_pull_quote(page, item, of, least):
            found.append((item, of))
    if len({of for _, of in found}) == len(found) <= _QUOTES_A_PAGE:
        yield from found


def _paragraph_of(page: Page, item: int) -> int | None:
    """The near line that has an item as one of its later sentences."""
    text, lines, at = page.text, page.lines, page.at
    line = lines[at[item]]
    words = text[line.start : line.end].strip(_OPENING)
    beginning = words[:_MEETING]
    below = item + _QUOTE_DISTANCE
    first = lines[at[item - _QUOTE_DISTANCE]].start if item > _QUOTE_DISTANCE else 0
    last = lines[at[below]].end if below < len(at) else len(text)
    if text.count(beginning, first, last) < 2:
        return None
    found = text.find(words, first, line.start)
    if found < 0:
        found = text.find(words, line.end, last)
    if found < 0:
        return None
    of = bisect_right(at, bisect_right(lines, found, key=_start) - 1) - 1
    head = text[lines[at[of]].start : found].rstrip(_OPENING)
    begins = head.endswith(_ENDS) or text.startswith(_SPOKEN, max(0, found - 1))
    ends = words.endswith(_ENDS) or text.startswith(_SPOKEN_ENDS, found + len(words))
    return of if begins and ends else None


def _start(line: Line) -> int:
    return line.start


def _is_pull_quote(page: Page, item: int, of: int, least: int) -> bool:
    announced = page.line(item - 1).rstrip().endswith(COLONS)
    if announced or page.weight(item) < least:
        return False
    return page.is_text(item) and all(
        page.weighs(i, page.prose) and page.is_text(i) for i in (item - 1, item + 1, of)
    )
