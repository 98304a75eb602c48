"""Pages through every extractor: scores, CPU, and what must hold of them.

All sums are in the order of pages, so that the number of processes changes no score.
"""

from __future__ import annotations

import gc
import logging
import time
import warnings
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from statistics import fmean
from typing import NamedTuple

from extractors import EXTRACTORS, LEADING, OURS, Extractor, yardstick
from measure import Snippets
from pages import Page, read
from pinned import down
from scores import Words, bag_f1, longest_common, words

YARDSTICK = "trafilatura with metadata"
MOST_COST = 1.35
"""Times the CPU of the yardstick."""
AHEAD, AHEAD_ON, BEHIND = 0.01, {"waddle": 0.03}, 0.003
"""How far our mean F1 of bags of words must be above that of `LEADING` over all sets, and on
single ones; and how far below it may be on any."""

_WARM_UP = "<html><title>Ferries</title><body><article>{}</article></body></html>".format(
    "<p>The ferry leaves in the morning, and comes back in the evening, if it comes.</p>" * 9
)


class Score(NamedTuple):
    """One page: shares from 0 to 1. The first three count the longest common subsequence."""

    precision: float
    recall: float
    f1: float
    bag: float


@dataclass(frozen=True, slots=True)
class Extracted:
    """What one extractor made of one page; `score` where there is a gold text, else `snippets`."""

    seconds: float
    is_empty: bool
    error: str = ""
    score: Score | None = None
    snippets: Snippets | None = None


@dataclass(slots=True)
class Result:
    """All numbers of a run; keys are in the order of measuring."""

    digests: dict[str, str] = field(default_factory=dict)
    kinds: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    """Id and kind of each page of a set."""
    pages: dict[tuple[str, str], list[Extracted]] = field(default_factory=dict)
    """By set and extractor, in the order of pages."""

    def scores(self, name: str, extractor: str) -> list[Score]:
        """Of the pages of a set that have a gold text."""
        return [page.score for page in self.pages.get((name, extractor), []) if page.score]

    @property
    def gold_sets(self) -> list[str]:
        """The sets with gold texts."""
        return [name for name in self.digests if self.scores(name, OURS)]

    def bag(self, name: str, extractor: str) -> float:
        """Mean F1 of bags of words."""
        return fmean(score.bag for score in self.scores(name, extractor))

    def cost(self, extractor: str) -> float:
        """CPU seconds a page over all sets."""
        return fmean(
            page.seconds
            for (_, who), pages in self.pages.items()
            if who == extractor
            for page in pages
        )


def measure(sets: Sequence[str], folder: Path, limit: int, workers: int) -> Result:
    """Measure `limit` pages (0: all) of each set."""
    result = Result()
    with ProcessPoolExecutor(workers, initializer=_be_quiet) as pool:
        for name in sets:
            pages = read(name, folder, limit)
            result.digests[name] = pages.digest
            result.kinds[name] = [(page.id, page.kind) for page in pages.pages]
            turns = range(len(pages.pages))
            for measured in pool.map(extract, pages.pages, turns, chunksize=4):
                for extractor, one in measured.items():
                    result.pages.setdefault((name, extractor), []).append(one)
    return result


def extract(page: Page, turn: int) -> dict[str, Extracted]:
    """Run every extractor over a page; `turn` says which goes first."""
    _warm_up()
    everyone = {**EXTRACTORS, YARDSTICK: yardstick}
    order = [*everyone]
    # What one extractor leaves in the caches, of the machine and of libraries, serves the next.
    first = turn % len(order)
    html = page.html.encode("utf-8", "replace").decode("utf-8")
    done = {}
    for name in order[first:] + order[:first]:
        done[name] = _timed(everyone[name], html, page.language)
    return {name: _judged(page, *done[name]) for name in order}


def _be_quiet() -> None:
    """Let libraries keep to themselves what they have to say of pages; a failure is counted."""
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")


@cache
def _warm_up() -> None:
    for extractor in (*EXTRACTORS.values(), yardstick):
        _timed(extractor, _WARM_UP, "en")
    gc.freeze()  # what is loaded now stays, and need not be looked through for every page


def _timed(extractor: Extractor, html: str, language: str) -> tuple[str, float, str]:
    gc.collect()  # or one pays for the litter of another
    text, error = "", ""
    start = time.process_time()
    try:
        text = extractor(html, language)
    except Exception as failure:
        # A page that an extractor fails on is part of what is measured: an empty text.
        error = f"{type(failure).__name__}: {failure}"
    return text, time.process_time() - start, error


def _judged(page: Page, text: str, seconds: float, error: str) -> Extracted:
    found = words(text)
    if not page.gold:
        return Extracted(seconds, not found, error, snippets=_snippets(page, found))
    return Extracted(seconds, not found, error, score=score(found, words(page.gold)))


def score(found: Words, gold: Words) -> Score:
    """Compare the words of a text with those of the gold text; of none all are right."""
    common = longest_common(found, gold)
    return Score(
        common / len(found) if found else 1.0 - bool(gold),
        common / len(gold) if gold else 1.0,
        2 * common / (len(found) + len(gold)) if found or gold else 1.0,
        bag_f1(Counter(found), Counter(gold)),
    )


def _snippets(page: Page, found: Words) -> Snippets:
    text = " ".join(["", *found, ""])
    needles = [[" ".join(["", *words(each), ""]) for each in row] for row in (page.kept, page.gone)]
    left = [sum(needle in text for needle in row) for row in needles]
    return Snippets(len(page.kept), left[0], len(page.gone), left[1])


def missed(result: Result) -> Iterator[str]:
    """Say of each requirement that does not hold by how much."""
    sets = result.gold_sets
    gains = {name: result.bag(name, OURS) - result.bag(name, LEADING) for name in sets}
    for name, gain in gains.items():
        least = AHEAD_ON.get(name, -BEHIND)
        if gain < least:
            yield f"{name}: F1 {gain:+.4f} beside {LEADING}, not {least:+}"
    if len(sets) > 1 and fmean(gains.values()) < AHEAD:
        yield f"mean of sets: F1 {fmean(gains.values()):+.4f} beside {LEADING}, not {AHEAD:+}"
    cost = result.cost(OURS) / result.cost(YARDSTICK)
    if cost > MOST_COST:
        yield f"{cost:.2f} times the CPU of {YARDSTICK}, not {MOST_COST}"


def floors_of(result: Result) -> dict[str, float]:
    """What the floors would be now, rounded to the lenient side."""
    floors: dict[str, float] = {}
    for name in result.digests:
        if scores := result.scores(name, OURS):
            floors[f"{name}/extraction/bag"] = down(fmean(each.bag for each in scores), 3)
            floors[f"{name}/extraction/f1"] = down(fmean(each.f1 for each in scores), 3)
        else:
            snippets = summed(result.pages[name, OURS])
            floors[f"{name}/extraction/kept"] = down(snippets.kept_share, 1)
            floors[f"{name}/extraction/removed"] = down(snippets.removed, 1)
    return floors


def summed(pages: Sequence[Extracted]) -> Snippets:
    """The snippets of all pages together."""
    total = Snippets()
    for page in pages:
        if page.snippets:
            total.add(page.snippets)
    return total
