"""Which hits count: where a line stands, and what stands beside it.

A strong hit goes wherever its rule allows. A weak one, a word such as "Home" or "Email",
goes only beside other chrome. What matches nothing goes only at the head or the tail,
between two lines of chrome, or below a line that opens a list of links or an imprint.
"""

from __future__ import annotations

import itertools
from collections import Counter
from dataclasses import dataclass
from typing import NamedTuple

from clean_ingest.rules.match import Hit
from clean_ingest.rules.model import Rule
from clean_ingest.rules.page import SUPPORT, Page

BETWEEN = "chrome/any/between-chrome"
"""The built-in rule for short lines that stand between two lines of chrome."""

_WINDOW = 3
_ENOUGH = SUPPORT["strong"]
_RUN_OF_WEAK = 6
_GAP = 3
_GAP_WORDS = 3
_GAP_WIDTH = 30
_HEADLINE_WIDTH = 20
_LINKS = 40
_END = 4
_NAMED = 40
_LABEL_SPACES = 2
_LEAST_LABEL = 2
_OPENING = 60
_MARKS = " \t.,:;!?…·•|/→←»«›‹-–—()[]"
_LIST = 12
_SENTENCE_WIDTH = 25
_LINK_WIDTH = 160
_LINKS_SHARE = 1.0


class Verdict(NamedTuple):
    """One removal: offsets in the text of row `row`, and who asks for it."""

    row: int
    start: int
    end: int
    rule: str
    evidence: str
    is_strong: bool


@dataclass(slots=True)
class Verdicts:
    """What goes, by row; the first verdict on a row stands."""

    page: Page
    by_row: dict[int, Verdict]

    def whole(self, index: int, rule: str, evidence: str, *, is_strong: bool = False) -> None:
        """Row `index` goes as a whole, unless something was said of it before."""
        length = len(self.page.rows[index].text)
        self.by_row.setdefault(index, Verdict(index, 0, length, rule, evidence, is_strong))

    def goes(self, index: int) -> bool:
        """Whether the whole row goes."""
        verdict = self.by_row.get(index)
        if verdict is None:
            return False
        return verdict.start == 0 and verdict.end == len(self.page.rows[index].text)


def judge_hits(page: Page) -> Verdicts:
    """The hits that count, by position and company."""
    verdicts = Verdicts(page, {})
    times = _times_of_buttons(page)
    above = _run_starts(page)
    run = _Run(0, 0, counts=False)
    for index, hit in sorted(page.hits.items()):
        rule = hit.rule
        where = page.place(index)
        if not _fits(rule, where) or _is_content(page, index, hit, above.get(index - 1, index)):
            continue
        if not rule.is_strong:
            in_body = where == "body"
            run = _run_at(page, index) if in_body and index >= run.end else run
            told = run.counts if in_body else _has_company(page, index, rule)
            often = times[page.rows[index].key] >= rule.repeats > 0
            if page.is_title(index) or not (often or told):
                continue
        evidence = hit.evidence if rule.is_strong else hit.evidence + _beside(page, index)
        verdicts.by_row[index] = Verdict(
            index, hit.start, hit.end, rule.id, evidence, rule.is_strong
        )
    return verdicts


def _run_starts(page: Page) -> dict[int, int]:
    """For each row that a rule asks for as a whole: where the unbroken run of such rows begins."""
    starts: dict[int, int] = {}
    for index in sorted(page.support):
        starts[index] = starts.get(index - 1, index)
    return starts


def _times_of_buttons(page: Page) -> Counter[str]:
    return Counter(page.rows[index].key for index, hit in page.hits.items() if hit.rule.repeats)


def _is_content(page: Page, index: int, hit: Hit, start: int) -> bool:
    """Whether a label is a heading, or an item of a list, that the text itself speaks of.

    `start` is where the run of labels begins that the row stands in or below.
    """
    row = page.rows[index]
    if row.text.count(" ") > _LABEL_SPACES or hit.rule.kind not in {"phrase", "words"}:
        return False
    return _heads_text(page, index) or (index - start < _LIST and _is_list(page, start))


def _heads_text(page: Page, index: int) -> bool:
    """Whether the text right below begins by speaking of what the label says."""
    if index + 1 >= len(page.rows) or index + 1 in page.support:
        return False
    below = page.rows[index + 1]
    if below.shape == "short":
        return False
    label = page.rows[index].text.strip(_MARKS).casefold()
    return len(label) >= _LEAST_LABEL and label in below.text[:_OPENING].casefold()


def _is_list(page: Page, start: int) -> bool:
    """Whether a sentence that ends in a colon stands above a run of labels."""
    if not start:
        return False
    above = page.rows[start - 1]
    return above.width >= _SENTENCE_WIDTH and above.text.rstrip().endswith((":", "："))


def _fits(rule: Rule, where: str) -> bool:
    return rule.where in {"any", where} or (rule.where in {"edge", "end"} and where != "body")


def _has_company(page: Page, index: int, rule: Rule) -> bool:
    """Whether enough chrome stands beside a row of the head or the tail."""
    # A heading has text below it; at the tail there is none, so that a button is a button.
    if page.place(index) == "tail" and (rule.repeats or _is_at_end(page, index, rule)):
        return True
    # Not across prose: what stands below the first paragraph says nothing of the head.
    is_head = page.place(index) == "head"
    start, end = (0, page.first) if is_head else (page.last + 1, len(page.rows))
    near = range(max(start, index - _WINDOW), min(end, index + 1 + _WINDOW))
    return page.support_near(index, near) >= (1 if rule.repeats else _ENOUGH)


def _is_at_end(page: Page, index: int, rule: Rule) -> bool:
    return rule.where == "end" and len(page.rows) - index <= _END


def _beside(page: Page, index: int) -> str:
    """The nearest chrome beside a row, as its evidence names it; empty where none is near."""
    for distance in range(1, _WINDOW + 1):
        for near in (index - distance, index + distance):
            if page.support.get(near):
                return f"; beside: {page.rows[near].text.strip()[:_NAMED]}"
    return ""


class _Run(NamedTuple):
    """Rows from `start` to before `end` that rules ask for without a break."""

    start: int
    end: int
    counts: bool


def _run_at(page: Page, index: int) -> _Run:
    """Inside the text only an unbroken run of hits counts: a long one, or with a strong one."""
    start, end = index, index + 1
    while start - 1 in page.support:
        start -= 1
    while end in page.support:
        end += 1
    run = [page.support.get(i, 0) for i in range(start, end)]
    # Six menu words without a break are a menu wherever they stand.
    menu = len(run) - run.count(SUPPORT["faint"]) >= _RUN_OF_WEAK
    return _Run(start, end, counts=menu or SUPPORT["strong"] in run)


def judge_sections(page: Page, verdicts: Verdicts) -> None:
    """The list of links below a line of the tail that opens one."""
    opening = sorted(
        index
        for index, hit in page.hits.items()
        if hit.rule.then == "links" and len(page.rows) - index <= _LINKS + 1
        if page.place(index) == "tail"
    )
    if not opening:
        return
    above = [0, *itertools.accumulate(row.width for row in page.rows)]
    for index in opening:
        rest = range(index + 1, len(page.rows))
        # One sentence below the line, and it may be text that goes on after a box.
        if not verdicts.goes(index) or any(_speaks(page, verdicts, i) for i in rest):
            continue
        # A page that is a list has its list as its text.
        if sum(page.rows[i].width for i in rest) > _LINKS_SHARE * above[index]:
            continue
        for i in rest:
            # A colon announces something: what follows is no list of links any more.
            if page.rows[i].text.rstrip().endswith((":", "：")):
                break
            if not page.is_title(i):
                by = page.hits[index].rule.id
                verdicts.whole(i, by, f"below: {page.rows[index].text.strip()}")


def _speaks(page: Page, verdicts: Verdicts, index: int) -> bool:
    row = page.rows[index]
    asks = row.shape == "sentence" and row.text.rstrip()[-1] in "?？؟"
    speaks = row.shape in {"sentence", "prose"} and not asks
    speaks = speaks or row.width > _LINK_WIDTH
    return speaks and not verdicts.goes(index)


def judge_between(page: Page, verdicts: Verdicts, rule: Rule) -> None:
    """Lines of a word or three between two lines of chrome: above the headline, or at the tail.

    The headline is the widest line of the head that stays; below it stand names and dates.
    """
    rows = page.rows
    gone = sorted(filter(verdicts.goes, verdicts.by_row))
    headline = -2
    for before, after in itertools.pairwise([*gone, len(rows)] if gone else []):
        gap = range(before + 1, after)
        if not 0 < len(gap) <= _GAP or page.place(before) == "body":
            continue
        if page.place(before) == "head":
            headline = _headline(page, set(gone)) if headline < -1 else headline
            if after > headline:
                continue
        if _has_company(page, gap[0], rule) and all(_is_label(page, i) for i in gap):
            for index in gap:
                verdicts.whole(index, rule.id, f"below: {rows[before].text.strip()}")


def _headline(page: Page, gone: set[int]) -> int:
    """The widest row of the head that stays, or -1 where none is wide."""
    stays = (index for index in range(page.first) if index not in gone)
    headline = max(stays, key=lambda index: (page.rows[index].width, -index), default=-1)
    wide = headline >= 0 and page.rows[headline].width >= _HEADLINE_WIDTH
    return headline if wide else -1


def _is_label(page: Page, index: int) -> bool:
    row = page.rows[index]
    text = row.text.strip()
    few = text.count(" ") < _GAP_WORDS and row.width <= _GAP_WIDTH
    return row.shape == "short" and few and any(map(str.isalpha, text)) and not page.is_title(index)


def withhold(page: Page, verdicts: Verdicts, guard: float) -> bool:
    """Take back what weak rules want of lines of prose, where that is too much.

    Too much is more than one line and more than `guard`, a share from 0 to 1, of the lines
    that look like prose. Says whether it took anything back.
    """
    rows = page.rows
    taken = [i for i in verdicts.by_row if rows[i].shape == "prose" and verdicts.goes(i)]
    if len(taken) <= 1 or len(taken) <= guard * sum(row.shape == "prose" for row in rows):
        return False
    weak = [index for index in taken if not verdicts.by_row[index].is_strong]
    for index in weak:
        del verdicts.by_row[index]
    return bool(weak)
