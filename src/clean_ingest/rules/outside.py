"""The block of a page that holds its text, and the short lines on either side of it.

A scraped page is one block of paragraphs between two fields of labels: menus above, links
and footers below. The block is the run of lines with the greatest sum, where a line of prose
counts its width and any other line counts against it (maximum subsequence segmentation:
Pasternack and Roth, "Extracting article text from the web with maximum subsequence
segmentation", 2009). Where a block is so strong that the page has one text, the labels of a
side go with the chrome that rules have found on that side.

The numbers were chosen on the pages of four public sets, each rendered as its full text, and
read off two others: of a hundred lines that go, fewer than one is marked as main text.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from clean_ingest.rules.model import Rule
from clean_ingest.rules.page import SUPPORT, Page, Row, Shape
from clean_ingest.rules.place import Verdicts

OUTSIDE = "chrome/any/outside-text"
"""The built-in rule for short lines above or below the text of a page."""

_LABEL, _SENTENCE, _WIDEST = -40, 20, 600
"""What a line counts, in columns, that is no prose; and the most that one line counts."""


class _Tier(NamedTuple):
    """What makes a block surely the text.

    Fewest columns and lines of its prose, and its least share of all prose of the page; how
    much the chrome outside must say, and whether a title must stand above.
    """

    columns: int
    lines: int
    share: float
    said: int
    titled: bool


_TIERS = (
    _Tier(1500, 5, 0.7, 0, titled=False),
    _Tier(300, 2, 0.6, 0, titled=True),
    _Tier(300, 2, 0.4, 40, titled=False),
    _Tier(150, 1, 0.4, 30, titled=True),
)
_TITLE_ABOVE = 10
"""Most lines between a title and the block below it."""
_ENOUGH, _DUMP = SUPPORT["strong"], 4 * SUPPORT["strong"]
"""How much chrome must say on a side, and on both sides together: with less the text was
extracted by somebody, and its lists are its own."""
_CLUSTER = 12
"""A word or two alone below the text, as "programmes" in a list of works, begins no footer."""
_ABOVE, _HEADLINE_WIDTH = 12, 25
"""Without a title, the first line so wide among so many above the prose may be the headline."""
_DATED, _DOUBTED = 2, 4
"""The date of a text may stand on so many lines right above its title, and on so many may stand
the title itself, where a caption was taken for it."""
_REACH: dict[Shape, int] = {"prose": 15, "sentence": 8}
"""Lines so near below the block that no rule takes are text that goes on behind a box or a list."""
_FARTHEST = max(_REACH.values())
_NEAR, _SUMMARY = 2, 60
"""Prose of so many columns outside goes where so many lines on each side of it go."""


class Block(NamedTuple):
    """The rows from `start` to before `end`, the row of the title or -1, known chrome outside."""

    start: int
    end: int
    title: int
    borders: Sequence[int]


def judge_outside(page: Page, verdicts: Verdicts, rule: Rule) -> None:
    """The labels above and below the text, on a side where enough other chrome stands."""
    if sum(page.support.values()) < _DUMP:
        return
    block = find_block(page, verdicts)
    if block is None:
        return
    head = range(_head_end(page, verdicts, block))
    tail = range(_tail_start(page, verdicts, block), len(page.rows))
    sides = ((head, "above"), (tail, "below"))
    told = {where: [i for i in block.borders if i in side] for side, where in sides}
    if _said(page, [*told["above"], *told["below"]]) < _DUMP:
        return
    for side, where in sides:
        if _said(page, told[where]) < _ENOUGH:
            continue
        evidence = f"{where} the text; {len(told[where])} of {len(side)} lines are known chrome"
        for index in side:
            if _is_label(page, index):
                verdicts.whole(index, rule.id, evidence)
        for index in [i for i in side if _is_framed(page, verdicts, i, side)]:
            verdicts.whole(index, rule.id, evidence)


def _said(page: Page, rows: Iterable[int]) -> int:
    """How much rows speak for what is beside them being chrome; what comes again says no more."""
    return sum({_what(page.rows[index]): page.support[index] for index in rows}.values())


def _what(row: Row) -> str:
    """What a row says; prose has no key."""
    return row.key or row.text


def find_block(page: Page, verdicts: Verdicts) -> Block | None:
    """The block that has the text of the page; None where no block surely has."""
    scores = [_score(page, verdicts, index) for index in range(len(page.rows))]
    start, end = _greatest(scores)
    prose = [score for score in scores[start:end] if score > _SENTENCE]
    every = sum(score for score in scores if score > _SENTENCE)
    title = max((i for i in range(end) if page.is_title(i)), default=-1)
    # What stands inside the text as well, such as "edit" or "add to cart", is no border of it.
    within = {_what(page.rows[i]) for i in range(start, end) if i in page.support}
    known = (i for i, said in sorted(page.support.items()) if said and not start <= i < end)
    # Links to other texts ("Read also: ...") stand inside of texts too.
    known = (i for i in known if page.hits[i].rule.kind != "lead-in")
    borders = [i for i in known if _what(page.rows[i]) not in within]
    said, has_title = _said(page, borders), title >= 0 and start - title <= _TITLE_ABOVE
    for tier in _TIERS:
        enough = sum(prose) >= max(tier.columns, tier.share * every) and len(prose) >= tier.lines
        if enough and said >= tier.said and (has_title or not tier.titled):
            return Block(start, end, title if title <= start else -1, borders)
    return None


def _score(page: Page, verdicts: Verdicts, index: int) -> int:
    row = page.rows[index]
    if row.shape in {"short", "long"} or verdicts.goes(index):
        return _LABEL
    return min(row.width, _WIDEST) if row.shape == "prose" else _SENTENCE


def _greatest(scores: Iterable[int]) -> tuple[int, int]:
    """The run of scores with the greatest sum, the first of several (Kadane's algorithm)."""
    best, best_start, best_end = 0, 0, 0
    total = start = 0
    for index, score in enumerate(scores):
        if total <= 0:
            total, start = 0, index
        total += score
        if total > best:
            best, best_start, best_end = total, start, index + 1
    return best_start, best_end


def _head_end(page: Page, verdicts: Verdicts, block: Block) -> int:
    """The row of the title, or of what may be one: nothing from there on is above the text."""
    if block.title >= 0:
        above = range(max(0, block.title - _DOUBTED), block.title)
        return next((i for i in above if _may_belong(page, block, i)), block.title)
    # Prose above the block may be the beginning of the text.
    first = next((i for i in page.prose() if not verdicts.goes(i)), block.start)
    end = min(first, block.start)
    for index in range(max(0, end - _ABOVE), end):
        if index not in page.support and page.rows[index].width >= _HEADLINE_WIDTH:
            return index
    return end


def _tail_start(page: Page, verdicts: Verdicts, block: Block) -> int:
    """The first line below the text that is chrome and has some beside it."""
    end = block.end
    for index in range(block.end, len(page.rows)):
        reach = _REACH.get(page.rows[index].shape, 0)
        if index < end + reach and not verdicts.goes(index):
            end = index + 1
        elif index > end + _FARTHEST:
            break
    borders = set(block.borders)
    for index in block.borders:
        near = range(index, index + _CLUSTER)
        if index >= end and _said(page, (i for i in near if i in borders)) >= _ENOUGH:
            return index
    return len(page.rows)


def _may_belong(page: Page, block: Block, index: int) -> bool:
    """Whether a line above the title may be its date (any digits), or the title in its place."""
    if index in page.support:
        return False
    row = page.rows[index]
    is_date = "#" in row.key and block.title - index <= _DATED
    return is_date or row.width >= _HEADLINE_WIDTH


def _is_label(page: Page, index: int) -> bool:
    row = page.rows[index]
    # Cells of a table stand apart by tabs.
    return (
        row.shape in {"short", "long"} and "\t" not in row.text.strip() and not page.is_title(index)
    )


def _is_framed(page: Page, verdicts: Verdicts, index: int, side: range) -> bool:
    """Whether prose is the summary under a link: all lines around it go."""
    row = page.rows[index]
    is_label = row.shape in {"short", "long"}
    if is_label or row.width < _SUMMARY or page.is_title(index):
        return False
    around = range(max(side.start, index - _NEAR), min(side.stop, index + _NEAR + 1))
    return all(verdicts.goes(i) for i in around if i != index)
