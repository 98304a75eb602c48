"""The numbers of `quality.py` as text."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator

from measure import OURS
from quality import FEW, Result
from renderings import RENDERERS
from scores import Tally

_HEAD = (
    f"{'set':16} {'rendering':11} {'':13} {'pages':>5} {'chrome':>7} {'gone %':>6}"
    f" {'gold':>6} {'lost %':>6} {'words %':>7} {'F1':>6} {'after':>6}"
)


def table(result: Result) -> Iterator[str]:
    """The lines of all tables."""
    yield from _by_set(result)
    yield from _by_language(result)
    yield from _snippets(result)
    yield from _fed(result)
    yield "\nGold lines lost, by rule"
    for way, rules in result.rules.items():
        yield f"{way:11} {_top(rules, 12)}"


def pooled(result: Result, way: str, cleaner: str) -> Tally:
    """All pages of one rendering, whatever their set."""
    total = Tally()
    for (_, found_in, found), tally in result.tallies.items():
        if (found_in, found) == (way, cleaner):
            total.add(tally)
    return total


def _row(labels: tuple[str, str, str], tally: Tally) -> str:
    name, way, which = labels
    return (
        f"{name:16} {way:11} {which:13} {tally.pages:5} {tally.chrome:7} {tally.removed:6.1f}"
        f" {tally.gold:6} {tally.lost:6.2f} {tally.words_lost:7.2f}"
        f" {tally.f1_before:6.3f} {tally.f1:6.3f}"
    )


def _by_set(result: Result) -> Iterator[str]:
    yield "Chrome lines removed, gold lines and their words lost; mean word F1 before and after"
    yield _HEAD
    for (name, way, cleaner), tally in result.tallies.items():
        yield _row((name, way, cleaner), tally)
    for (way, cleaner), tallies in _by_cleaner(result).items():
        if len(tallies) == 1:
            continue
        yield _row(("all pages", way, cleaner), pooled(result, way, cleaner))
        removed, lost, gone, before, after = _means(tallies)
        yield (
            f"{'mean of sets':16} {way:11} {cleaner:13} {'':5} {'':7} {removed:6.1f}"
            f" {'':6} {lost:6.2f} {gone:7.2f} {before:6.3f} {after:6.3f}"
        )


def _by_cleaner(result: Result) -> dict[tuple[str, str], list[Tally]]:
    groups: dict[tuple[str, str], list[Tally]] = defaultdict(list)
    for (_, way, cleaner), tally in result.tallies.items():
        groups[way, cleaner].append(tally)
    return groups


def _means(tallies: list[Tally]) -> list[float]:
    keys = ("removed", "lost", "words_lost", "f1_before", "f1")
    return [sum(getattr(tally, key) for tally in tallies) / len(tallies) for key in keys]


def _by_language(result: Result) -> Iterator[str]:
    yield (
        f"\nOurs by language (those of fewer than {FEW} pages together),"
        " and the F1 of C4's and RefinedWeb's rules"
    )
    yield f"{_HEAD} {'C4':>6} {'RefW':>6}"
    for (name, way, language, cleaner), tally in sorted(result.languages.items()):
        if cleaner == OURS:
            peers = (
                result.languages[name, way, language, peer].f1 for peer in ("c4", "refinedweb")
            )
            f1 = " ".join(f"{value:6.3f}" for value in peers)
            yield f"{_row((name, way, language), tally)} {f1}"


def _snippets(result: Result) -> Iterator[str]:
    if result.snippets:
        yield "\nSnippets found before cleaning: those of the main text kept, the others removed"
    for (name, way, cleaner), one in result.snippets.items():
        kept = f"{one.kept_share:6.2f} %" if one.kept else f"{'-':>8}"
        removed = f"{one.removed:6.2f} %" if one.gone else f"{'-':>8}"
        yield (
            f"{name:16} {way:11} {cleaner:13} {one.kept:5} kept {kept}  {one.gone:5} removed"
            f" {removed}"
        )


def _fed(result: Result) -> Iterator[str]:
    if result.fed:
        yield "\nGold text fed in as plain text: words lost (of which another copy is left), headlines"
    for name, fed in result.fed.items():
        stages: Counter[str] = Counter()
        for rule, count in fed.rules.items():
            stages[rule.partition("/")[0]] += count
        yield (
            f"{name:16} {fed.words:8} words {fed.words_lost:6.3f} % lost"
            f" (copies {fed.copies_lost:5.3f} %), {len(fed.headlines_lost)} of {fed.headlines}"
            f" headlines  {_top(stages, 4)} | {_top(fed.rules, 6)}"
        )


def _top(counts: Counter[str], most: int) -> str:
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return ", ".join(f"{name or '-'} {count}" for name, count in ranked[:most])


def lost_lines(result: Result) -> Iterator[str]:
    """For whoever writes rules: gold lines lost, with set, rendering, page and rule."""
    for row in sorted(result.lost, key=lambda row: (row[3], row)):
        yield "\t".join((*row[:4], _one_line(row[4])))


def left_lines(result: Result, most: int = 5_000) -> Iterator[str]:
    """For whoever writes rules: chrome lines left that most sites have, with their languages.

    Rendering, sites, pages, languages, line; at most `most` of each rendering.
    """
    ranked = sorted(result.left.items(), key=lambda item: (-len(item[1][0]), item[0]))
    for way in RENDERERS:
        chosen = [entry for (found_in, _), entry in ranked if found_in == way]
        for sites, languages, line in chosen[:most]:
            counts = f"{len(sites)}\t{languages.total()}\t{_top(languages, 4)}"
            yield f"{way}\t{counts}\t{_one_line(line)}"


def _one_line(text: str) -> str:
    return " ".join(text.split())


def markdown(result: Result) -> Iterator[str]:
    """The tables of docs/benchmarks.md."""
    yield "| rendering | | chrome gone % | gold lines lost % | their words % | F1 before | after |"
    yield "|---|---|---:|---:|---:|---:|---:|"
    for (way, cleaner), tallies in _by_cleaner(result).items():
        removed, lost, gone, before, after = _means(tallies)
        numbers = f"{removed:.1f} | {lost:.2f} | {gone:.2f} | {before:.3f} | {after:.3f}"
        yield f"| {way} | {cleaner} | {numbers} |"
    for way in RENDERERS:
        cleaners = [cleaner for found_in, cleaner in _by_cleaner(result) if found_in == way]
        yield f"\n| `{way}`, F1 | pages | before | {' | '.join(cleaners)} |"
        yield f"|---|---:|---:|{'---:|' * len(cleaners)}"
        for name in result.digests:
            tallies = [result.tallies.get((name, way, cleaner), Tally()) for cleaner in cleaners]
            if tallies and tallies[0].pages:
                first = f"{tallies[0].pages} | {tallies[0].f1_before:.3f}"
                yield f"| {name} | {first} | {' | '.join(f'{tally.f1:.3f}' for tally in tallies)} |"
    yield "\n| gold text fed in | words | lost % | of which copies | headlines | lost |"
    yield "|---|---:|---:|---:|---:|---:|"
    for name, fed in result.fed.items():
        share = f"{fed.words_lost:.3f} | {fed.copies_lost:.3f}"
        headlines = f"{fed.headlines} | {len(fed.headlines_lost)}"
        yield f"| {name} | {fed.words} | {share} | {headlines} |"
