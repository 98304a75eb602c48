"""What must hold of the quality of text, and which of the other numbers have floors."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from measure import OURS
from pinned import PINNED, broken, down, is_whole, up
from quality import Result
from tables import pooled

WORDS_LOST = 0.3
"""Per cent of the words of a set's gold texts that may be lost when they are fed back in."""
CHROME_REMOVED, GOLD_LOST = 25.0, 0.3
"""Per cent, over all pages as trafilatura renders them."""
RIVALS = ("c4", "refinedweb")
"""Whose mean F1 on whole pages ours must beat, in every set."""


def missed(result: Result, whole: bool = True) -> Iterator[str]:
    """Say of each requirement that does not hold by how much; these are not to be pinned.

    What is required over all pages is left out where these are not the `whole`.
    """
    for name, fed in result.fed.items():
        if fed.words_lost > WORDS_LOST:
            yield f"{name}: {fed.words_lost:.3f} % of the words of gold texts lost, not {WORDS_LOST}"
        if fed.headlines_lost:
            yield f"{name}: {len(fed.headlines_lost)} of {fed.headlines} headlines lost, not 0"
    pages = pooled(result, "trafilatura", OURS)
    if whole and pages.chrome and pages.removed < CHROME_REMOVED:
        yield f"trafilatura: {pages.removed:.1f} % of chrome lines removed, not {CHROME_REMOVED}"
    if whole and pages.lost > GOLD_LOST:
        yield f"trafilatura: {pages.lost:.2f} % of gold lines lost, not {GOLD_LOST}"
    for (name, way, cleaner), tally in result.tallies.items():
        ours = result.tallies[name, way, OURS]
        if way == "full" and cleaner in RIVALS and ours.f1 <= tally.f1:
            yield f"{name}: F1 {ours.f1:.3f} on whole pages, not above {cleaner}'s {tally.f1:.3f}"


def floors_of(result: Result) -> dict[str, float]:
    """What the floors would be now, rounded to the lenient side.

    A name ends in `lost` where the number is a ceiling.
    """
    floors: dict[str, float] = {}
    for (name, way, cleaner), tally in result.tallies.items():
        if cleaner == OURS:
            floors[f"{name}/{way}/removed"] = down(tally.removed, 1)
            floors[f"{name}/{way}/lost"] = up(tally.lost, 2)
            floors[f"{name}/{way}/f1"] = down(tally.f1, 3)
    for (name, way, cleaner), snippets in result.snippets.items():
        if cleaner == OURS:
            floors[f"{name}/{way}/kept"] = down(snippets.kept_share, 1)
            floors[f"{name}/{way}/removed"] = down(snippets.removed, 1)
    for name, fed in result.fed.items():
        floors[f"{name}/gold/words-lost"] = up(fed.words_lost, 2)
        floors[f"{name}/gold/headlines-lost"] = len(fed.headlines_lost)
    return floors


def check(result: Result, path: Path = PINNED) -> list[str]:
    """Requirements missed and floors broken, of the sets that were measured.

    Raises:
        DifferentError: other data or libraries than were pinned, or nothing was.

    """
    lines = broken(result.digests, floors_of(result), path)
    return [*missed(result, is_whole(result.digests, path)), *lines]
