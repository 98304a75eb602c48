"""What must hold of the quality, and floors under the rest, pinned with a digest of the data."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from measure import OURS
from quality import Result
from renderings import versions
from tables import pooled

PINNED = Path(__file__).parent / "floors.json"

WORDS_LOST = 0.3
"""Per cent of the words of a set's gold texts that may be lost when they are fed back in."""
CHROME_REMOVED, GOLD_LOST = 25.0, 0.3
"""Per cent, over all pages as trafilatura renders them."""
RIVALS = ("c4", "refinedweb")
"""Whose mean F1 on whole pages ours must beat, in every set."""


class DifferentError(Exception):
    """The data or the libraries are not those that the floors were pinned with."""


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
            floors[f"{name}/{way}/removed"] = _down(tally.removed, 1)
            floors[f"{name}/{way}/lost"] = _up(tally.lost, 2)
            floors[f"{name}/{way}/f1"] = _down(tally.f1, 3)
    for (name, way, cleaner), snippets in result.snippets.items():
        if cleaner == OURS:
            floors[f"{name}/{way}/kept"] = _down(snippets.kept_share, 1)
            floors[f"{name}/{way}/removed"] = _down(snippets.removed, 1)
    for name, fed in result.fed.items():
        floors[f"{name}/gold/words-lost"] = _up(fed.words_lost, 2)
        floors[f"{name}/gold/headlines-lost"] = len(fed.headlines_lost)
    return floors


def _down(value: float, digits: int) -> float:
    # Rounded first: 0.3 must not become 0.2 for being 0.29999999999999998.
    step: float = 10.0**digits
    return math.floor(round(value * step, 6)) / step


def _up(value: float, digits: int) -> float:
    step: float = 10.0**digits
    return math.ceil(round(value * step, 6)) / step


def worse(floors: dict[str, float], pinned: dict[str, float]) -> list[str]:
    """Which of the numbers are on the wrong side of what was pinned."""
    lines = []
    for name, floor in pinned.items():
        if name in floors:
            sign = -1 if name.endswith("lost") else 1
            if sign * floors[name] < sign * floor:
                lines.append(f"{name}: {floors[name]:g}, pinned {floor:g}")
    return lines


def check(result: Result, path: Path = PINNED) -> list[str]:
    """Requirements missed and floors broken, of the sets that were measured.

    Raises:
        DifferentError: other data or libraries than were pinned, or nothing was.

    """
    if not path.exists():
        raise DifferentError(f"no floors are pinned in {path.name}: run with --pin")
    pinned = json.loads(path.read_text("utf-8"))
    _compare(pinned["libraries"], versions(), "libraries differ from those that were pinned")
    known = {name: pinned["data"].get(name, "nothing") for name in result.digests}
    _compare(known, result.digests, "data differs from what was pinned")
    whole = set(pinned["data"]) == set(result.digests)
    return [*missed(result, whole), *worse(floors_of(result), pinned["floors"])]


def _compare(pinned: dict[str, str], found: dict[str, str], what: str) -> None:
    differing = [
        f"{name} {found.get(name, 'missing')}, pinned {value}"
        for name, value in pinned.items()
        if found.get(name) != value
    ]
    if differing:
        raise DifferentError(f"{what}: {'; '.join(differing)}")


def pin(result: Result, lower: bool, path: Path = PINNED) -> list[str]:
    """Write the floors; return those that would be lowered, which `lower` has to allow."""
    content: dict[str, Any] = {"data": {}, "floors": {}}
    if path.exists():
        content = json.loads(path.read_text("utf-8"))
    floors = floors_of(result)
    same = {name for name, digest in result.digests.items() if content["data"].get(name) == digest}
    old = {key: value for key, value in content["floors"].items() if key.split("/")[0] in same}
    lowered = worse(floors, old)
    if lowered and not lower:
        return lowered
    content["data"] |= result.digests
    content["floors"] |= floors
    content["libraries"] = versions()
    path.write_text(json.dumps(content, indent=1, sort_keys=True) + "\n", "utf-8")
    return lowered
