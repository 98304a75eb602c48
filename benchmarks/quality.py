"""Quality of the default pipeline over pages rendered to text, beside the line rules of others."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from measure import OURS, Fed, Scored, Snippets, feed, score
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
    languages: dict[tuple[str, str, str], Tally] = field(default_factory=dict)
    """Ours by set, rendering and language."""
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
                    result.lost += [(name, "gold", "", rule, line) for rule, line in fed.lines]
    return result


def _grouped(pages: PageSet) -> dict[str, str]:
    counts = Counter(page.language for page in pages.pages)
    return {code: code if count >= FEW else OTHERS for code, count in counts.items()}


def _add(result: Result, place: tuple[str, str], page: Page, language: str, one: Scored) -> None:
    way = place[1]
    for cleaner, tally in one.tallies.items():
        result.tallies.setdefault((*place, cleaner), Tally()).add(tally)
    if OURS in one.tallies:
        result.languages.setdefault((*place, language), Tally()).add(one.tallies[OURS])
    for cleaner, snippets in one.snippets.items():
        result.snippets.setdefault((*place, cleaner), Snippets()).add(snippets)
    result.rules.setdefault(way, Counter()).update(one.rules)
    result.lost += [(*place, page.id, rule, line) for rule, line in one.lost]
    for line in one.left:
        key = way, " ".join(words(line))
        sites, languages, _ = result.left.setdefault(key, (set(), Counter(), line.strip()))
        sites.add(page.site)
        languages[page.language] += 1


def table(result: Result) -> Iterator[str]:
    """The lines of all tables."""
    yield from _by_set(result)
    yield from _by_language(result)
    yield from _snippets(result)
    yield from _fed(result)
    yield "\ngold lines lost, by rule"
    for way, rules in result.rules.items():
        yield f"{way:12} {_top(rules, 12)}"


def _by_set(result: Result) -> Iterator[str]:
    macro: dict[tuple[str, str], list[Tally]] = defaultdict(list)
    yield (
        "% of chrome lines removed, of gold lines and words lost; word F1 before and after\n"
        f"{'set':16} {'rendering':12} {'cleaner':13} {'pages':>5} {'chrome':>7} {'removed':>7}"
        f" {'gold':>6} {'lost':>6} {'words':>6} {'F1':>6} {'after':>6}"
    )
    for (name, way, cleaner), tally in result.tallies.items():
        macro[way, cleaner].append(tally)
        yield (
            f"{name:16} {way:12} {cleaner:13} {tally.pages:5} {tally.chrome:7} {tally.removed:7.1f}"
            f" {tally.gold:6} {tally.lost:6.2f} {tally.words_lost:6.2f}"
            f" {tally.f1_before:6.3f} {tally.f1:6.3f}"
        )
    for (way, cleaner), tallies in macro.items():
        removed, lost, gone, before, after = (
            sum(getattr(tally, key) for tally in tallies) / len(tallies)
            for key in ("removed", "lost", "words_lost", "f1_before", "f1")
        )
        yield (
            f"{'mean of sets':16} {way:12} {cleaner:13} {'':5} {'':7} {removed:7.1f}"
            f" {'':6} {lost:6.2f} {gone:6.2f} {before:6.3f} {after:6.3f}"
        )


def _by_language(result: Result) -> Iterator[str]:
    yield f"\nours, by language (of fewer than {FEW} pages: {OTHERS})"
    for (name, way, language), tally in sorted(result.languages.items()):
        yield (
            f"{name:16} {way:12} {language:13} {tally.pages:5} {tally.chrome:7}"
            f" {tally.removed:7.1f} {tally.gold:6} {tally.lost:6.2f} {tally.words_lost:6.2f}"
            f" {tally.f1_before:6.3f} {tally.f1:6.3f}"
        )


def _snippets(result: Result) -> Iterator[str]:
    if result.snippets:
        yield "\n% of the snippets found before: of the main text, kept; of the rest, removed"
    for (name, way, cleaner), one in result.snippets.items():
        kept = 100 * one.kept_left / max(1, one.kept)
        removed = 100 * (1 - one.gone_left / max(1, one.gone))
        yield (
            f"{name:16} {way:12} {cleaner:13} {one.kept:5} kept {kept:6.2f}"
            f"  {one.gone:5} removed {removed:6.2f}"
        )


def _fed(result: Result) -> Iterator[str]:
    if result.fed:
        yield "\ngold text fed in as plain text: words lost, headlines lost"
    for name, fed in result.fed.items():
        stages: Counter[str] = Counter()
        for rule, count in fed.rules.items():
            stages[rule.partition("/")[0]] += count
        yield (
            f"{name:16} {fed.words:8} words {fed.words_lost:6.3f} %  {fed.headlines:5} headlines"
            f" {len(fed.headlines_lost):3} lost  {_top(stages, 4)} | {_top(fed.rules, 6)}"
        )


def _top(counts: Counter[str], most: int) -> str:
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return ", ".join(f"{name or '-'} {count}" for name, count in ranked[:most])


def lost_lines(result: Result) -> Iterator[str]:
    """For whoever writes rules: gold lines lost, with set, rendering, page and rule."""
    for row in sorted(result.lost, key=lambda row: (row[3], row)):
        yield "\t".join((*row[:4], row[4].strip()))


def left_lines(result: Result, most: int = 5_000) -> Iterator[str]:
    """For whoever writes rules: chrome lines left that most sites have, with their languages.

    Rendering, sites, pages, languages, line; at most `most` of each rendering.
    """
    ranked = sorted(result.left.items(), key=lambda item: (-len(item[1][0]), item[0]))
    for way in RENDERERS:
        chosen = [entry for (found_in, _), entry in ranked if found_in == way]
        for sites, languages, line in chosen[:most]:
            count = languages.total()
            yield f"{way}\t{len(sites)}\t{count}\t{_top(languages, 4)}\t{line}"
