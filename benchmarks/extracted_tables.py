"""The numbers of `extracted.py` as Markdown."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from statistics import fmean, median

from extracted import YARDSTICK, Extracted, Result, summed
from extractors import EXTRACTORS, LEADING, OURS
from pages import NO_TRAINING


def table(result: Result, *, by_kind: bool, behind: int) -> Iterator[str]:
    """The Markdown lines of all tables; of pages where we are `behind`, so many."""
    yield from _gold_table(result)
    if by_kind:
        yield from _kinds_table(result)
    if behind:
        yield from _behind_table(result, behind)
    yield from _snippets_table(result)
    yield from _costs_table(result)


def _gold_table(result: Result) -> Iterator[str]:
    sets = result.gold_sets
    if not sets:
        return
    yield "| set | pages | extractor | precision | recall | F1 | median | bag F1 | empty |"
    yield "|---|---:|---|---:|---:|---:|---|---:|---:|"
    means: dict[str, list[list[float]]] = defaultdict(list)
    for name in sets:
        for extractor in EXTRACTORS:
            scores = result.scores(name, extractor)
            columns = [*zip(*scores, strict=True)]
            means[extractor].append([fmean(column) for column in columns])
            middle = " ".join(f"{median(column):.3f}" for column in columns[:3])
            empty = sum(page.is_empty for page in result.pages[name, extractor])
            first = f"{name} | {len(scores)} | {extractor}"
            yield _row(first, means[extractor][-1], f"{middle} | {{}} | {empty}")
    for extractor, rows in means.items() if len(sets) > 1 else ():
        mean = [fmean(column) for column in zip(*rows, strict=True)]
        yield _row(f"mean of sets | | {extractor}", mean, "| {} |")


def _row(first: str, means: Sequence[float], rest: str) -> str:
    precision, recall, f1, bag = (f"{mean:.3f}" for mean in means)
    return f"| {first} | {precision} | {recall} | {f1} | {rest.format(bag)} |"


def _kinds_table(result: Result) -> Iterator[str]:
    groups: dict[tuple[str, str], dict[str, list[float]]] = {}
    for (name, extractor), pages in result.pages.items():
        for (_, kind), page in zip(result.kinds[name], pages, strict=True):
            if page.score:
                group = groups.setdefault((name, kind), {})
                group.setdefault(extractor, []).append(page.score.bag)
    yield f"\n| set | kind of page, bag F1 | pages | {' | '.join(EXTRACTORS)} |"
    yield f"|---|---|---:|{'---:|' * len(EXTRACTORS)}"
    for (name, kind), group in sorted(groups.items()):
        numbers = " | ".join(f"{fmean(group[extractor]):.3f}" for extractor in EXTRACTORS)
        yield f"| {name} | {kind} | {len(group[OURS])} | {numbers} |"


def _behind_table(result: Result, most: int) -> Iterator[str]:
    rows = []
    for name in result.gold_sets:
        if name in NO_TRAINING:
            continue
        both = zip(result.pages[name, OURS], result.pages[name, LEADING], strict=True)
        for (page, kind), pair in zip(result.kinds[name], both, strict=True):
            ours, leading = (each.score.bag if each.score else 0.0 for each in pair)
            rows.append((ours - leading, name, page, kind, ours, leading))
    yield f"\n| set | page | kind | {OURS} | {LEADING} |"
    yield "|---|---|---|---:|---:|"
    for _, name, page, kind, ours, leading in sorted(rows)[:most]:
        yield f"| {name} | {page} | {kind} | {ours:.3f} | {leading:.3f} |"


def _snippets_table(result: Result) -> Iterator[str]:
    sets = [name for name in result.digests if any(p.snippets for p in result.pages[name, OURS])]
    if not sets:
        return
    yield "\n| set | extractor | snippets of the main text | found | others | absent | empty |"
    yield "|---|---|---:|---:|---:|---:|---:|"
    for name in sets:
        for extractor in EXTRACTORS:
            pages = result.pages[name, extractor]
            one = summed(pages)
            empty = sum(page.is_empty for page in pages)
            yield (
                f"| {name} | {extractor} | {one.kept} | {one.kept_share:.1f} % |"
                f" {one.gone} | {one.removed:.1f} % | {empty} |"
            )


def _costs_table(result: Result) -> Iterator[str]:
    base = result.cost(YARDSTICK)
    yield f"\n| extractor | CPU ms a page | beside {YARDSTICK} | errors |"
    yield "|---|---:|---:|---|"
    for extractor in (*EXTRACTORS, YARDSTICK):
        cost = result.cost(extractor)
        yield f"| {extractor} | {1000 * cost:.1f} | {cost / base:.2f} | {_errors(result.pages, extractor)} |"


def _errors(pages: Mapping[tuple[str, str], Sequence[Extracted]], extractor: str) -> str:
    kinds = Counter(
        page.error.partition(":")[0]
        for (_, who), measured in pages.items()
        if who == extractor
        for page in measured
        if page.error
    )
    return ", ".join(f"{kind} {count}" for kind, count in sorted(kinds.items()))
