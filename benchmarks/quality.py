"""Quality of the default pipeline over pages rendered to text, beside the line rules of others.

Every page of a set is rendered in three ways, each cleaner runs over every rendering, and
each gold text is fed in as plain text. All sums are in the order of pages, so that the
number of processes changes nothing.
"""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from measure import Fed, Scored, Snippets, feed, score
from pages import NO_TRAINING, Page, PageSet, read
from renderings import RENDERERS, rendered
from scores import Tally, words

FEW = 10
"""Languages with fewer pages in a set are grouped."""
OTHERS = "others"


@dataclass(slots=True)
class Result:
    """All numbers of a run; keys are in the order of measuring."""

    digests: dict[str, str] = field(default_factory=dict)
    tallies: dict[tuple[str, str, str], Tally] = field(default_factory=dict)
    """By set, rendering and cleaner."""
    languages: dict[tuple[str, str, str, str], Tally] = field(default_factory=dict)
    """By set, rendering, language and cleaner."""
    snippets: dict[tuple[str, str, str], Snippets] = field(default_factory=dict)
    rules: dict[str, Counter[str]] = field(default_factory=dict)
    """Gold lines lost by rule, for each rendering."""
    fed: dict[str, Fed] = field(default_factory=dict)
    lost: list[tuple[str, str, str, str, str]] = field(default_factory=list)
    """Set, rendering, page, rule and gold line."""
    left: dict[tuple[str, str], tuple[set[str], Counter[str], str]] = field(default_factory=dict)
    """By rendering and words of a chrome line: its sites, its pages by language, one form of it."""


def measure(sets: list[str], folder: Path, limit: int, workers: int, detail: bool) -> Result:
    """Measure `limit` pages (0: all) of each set; `detail` collects lines lost and left."""
    result = Result()
    with ProcessPoolExecutor(workers) as pool:
        for name in sets:
            pages = read(name, folder, limit)
            result.digests[name] = pages.digest
            grouped = _grouped(pages)
            for way in RENDERERS:
                texts = rendered(pages, way, pool)
                count = len(texts)
                scored = pool.map(
                    score, pages.pages, [name] * count, texts, [detail] * count, chunksize=8
                )
                for page, one in zip(pages.pages, scored, strict=True):
                    _add(result, (name, way), page, grouped[page.language], one)
            if any(page.gold for page in pages.pages):
                fed = result.fed[name] = Fed()
                for text in pool.map(feed, pages.pages, chunksize=8):
                    fed.add(text)
                if detail and name not in NO_TRAINING:
                    result.lost += [(name, "gold", "", *row) for row in fed.lines]
                    result.lost += [(name, "headline", "", *row) for row in fed.headlines_lost]
    return result


def _grouped(pages: PageSet) -> dict[str, str]:
    counts = Counter(page.language for page in pages.pages)
    return {code: code if count >= FEW else OTHERS for code, count in counts.items()}


def _add(result: Result, place: tuple[str, str], page: Page, language: str, one: Scored) -> None:
    way = place[1]
    for cleaner, tally in one.tallies.items():
        result.tallies.setdefault((*place, cleaner), Tally()).add(tally)
        result.languages.setdefault((*place, language, cleaner), Tally()).add(tally)
    for cleaner, snippets in one.snippets.items():
        result.snippets.setdefault((*place, cleaner), Snippets()).add(snippets)
    result.rules.setdefault(way, Counter()).update(one.rules)
    result.lost += [(*place, page.id, rule, line) for rule, line in one.lost]
    for line in one.left:
        key = way, " ".join(words(line))
        sites, languages, _ = result.left.setdefault(key, (set(), Counter(), line.strip()))
        sites.add(page.site)
        languages[page.language] += 1
