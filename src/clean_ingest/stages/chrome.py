"""Removes web chrome: menus, share bars, promos, counters, icon names, credits, imprints.

What chrome looks like is data, in `rulebook/chrome/`; how lines are matched and which hits
count is in `rules`. A line that goes takes its line ending with it; a prefix or a suffix
goes without touching the rest of its line.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from clean_ingest.core.document import Document
from clean_ingest.core.stage import EVIDENCE_LIMIT, Edit, Tag, option
from clean_ingest.rules import detect, outside, place
from clean_ingest.rules.compile import matcher_for
from clean_ingest.rules.load import load, rulebook
from clean_ingest.rules.match import Matcher
from clean_ingest.rules.model import Rulebook
from clean_ingest.rules.page import Page, read_page

GUARD_FLAG = "chrome-guard"
"""The flag of a document in which the guard withheld a weak rule."""


@dataclass(frozen=True, slots=True)
class Chrome:
    """Removes lines, prefixes and suffixes that the rulebook knows as chrome."""

    name: ClassVar[str] = "chrome"

    guard: float = option(
        0.2,
        "Share of the lines that look like prose which rules may take; above it the weak "
        "rules take none, and the document is flagged chrome-guard.",
        minimum=0.0,
        maximum=1.0,
    )
    max_short: int = option(
        60,
        "Columns up to which a line counts as short, so that a foreign script makes it a label.",
        minimum=20,
        maximum=200,
    )
    rule_files: tuple[str, ...] = option((), "Paths of further rule files, in TOML.")

    def propose(self, document: Document) -> Iterator[Edit | Tag]:
        """Removals of whole lines with their endings, of prefixes and of suffixes."""
        return propose(document, _book(self.rule_files), self.guard, self.max_short)


@functools.lru_cache(maxsize=8)
def _book(rule_files: tuple[str, ...]) -> Rulebook:
    return load([Path(name) for name in rule_files]) if rule_files else rulebook()


def propose(
    document: Document, book: Rulebook, guard: float = 0.2, max_short: int = 60
) -> Iterator[Edit | Tag]:
    """What the rules of `book` remove from `document`; the options are those of `Chrome`."""
    matcher = matcher_for(book)
    title = matcher.folding.key(document.metadata.title or "")
    page = read_page(document, matcher, max_short, title)
    _look_around(page, matcher, document.text)
    if not page.hits:
        return
    page.find_text()
    verdicts = place.judge_hits(page)
    place.judge_sections(page, verdicts)
    if place.BETWEEN in matcher.built_in:
        place.judge_between(page, verdicts, matcher.built_in[place.BETWEEN])
    if outside.OUTSIDE in matcher.built_in:
        outside.judge_outside(page, verdicts, matcher.built_in[outside.OUTSIDE])
    if place.withhold(page, verdicts, guard):
        yield Tag("flag", GUARD_FLAG)
    yield from _edits(document.text, page, sorted(verdicts.by_row.values()))


def _look_around(page: Page, matcher: Matcher, text: str) -> None:
    """Let what only the document shows overrule what the lines alone said."""
    for index in list(detect.confirm_labels(page)):
        row = page.rows[index]
        other = matcher.unclaimed(row.text, row.folded, row.width)
        if other is None:
            del page.hits[index]
        else:
            page.hits[index] = other
    for find in (
        detect.find_joined,
        detect.find_imprint,
        detect.find_site_suffixes,
        detect.find_glued_credits,
        detect.find_script_islands,
    ):
        page.hits.update(list(find(page, matcher, text)))


def _edits(text: str, page: Page, verdicts: Sequence[place.Verdict]) -> Iterator[Edit]:
    """One removal for each verdict, and for neighbours of one rule and evidence one for all."""
    start = end = -1
    by = said = ""
    for row, first, stop, rule, evidence, _ in verdicts:
        at = page.starts[row]
        begin, stop_at = at + first, at + stop
        if not first and stop == len(page.rows[row].text):
            stop_at += _ending_length(text, stop_at)
        if begin == end and rule == by and evidence == said:
            end = stop_at
            continue
        if by:
            yield Edit(start, end, by, "", said[:EVIDENCE_LIMIT])
        start, end, by, said = begin, stop_at, rule, evidence
    if by:
        yield Edit(start, end, by, "", said[:EVIDENCE_LIMIT])


def _ending_length(text: str, end: int) -> int:
    """How many code points end the line that stops before `end`: 2 for CR LF, else 1 or 0."""
    return 2 if text.startswith("\r\n", end) else int(end < len(text))
