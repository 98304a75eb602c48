"""Floors under measured numbers: pinned with a digest of the data, lowered only knowingly.

One file holds those of all benchmarks; the name of a floor begins with that of its set.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from renderings import versions

PINNED = Path(__file__).parent / "floors.json"


class DifferentError(Exception):
    """The data or the libraries are not those that the floors were pinned with."""


def down(value: float, digits: int) -> float:
    """Round to the lenient side where more is better."""
    # Rounded first: 0.3 must not become 0.2 for being 0.29999999999999998.
    step: float = 10.0**digits
    return math.floor(round(value * step, 6)) / step


def up(value: float, digits: int) -> float:
    """Round to the lenient side where less is better."""
    step: float = 10.0**digits
    return math.ceil(round(value * step, 6)) / step


def worse(floors: Mapping[str, float], pinned: Mapping[str, float]) -> list[str]:
    """Which of the numbers are on the wrong side of what was pinned.

    A name ends in `lost` where the number is a ceiling.
    """
    lines = []
    for name, floor in pinned.items():
        if name in floors:
            sign = -1 if name.endswith("lost") else 1
            if sign * floors[name] < sign * floor:
                lines.append(f"{name}: {floors[name]:g}, pinned {floor:g}")
    return lines


def broken(
    digests: Mapping[str, str], floors: Mapping[str, float], path: Path = PINNED
) -> list[str]:
    """Floors that do not hold, of the sets that were measured.

    Raises:
        DifferentError: other data or libraries than were pinned, or nothing was.

    """
    if not path.exists():
        raise DifferentError(f"no floors are pinned in {path.name}: run with --pin")
    pinned = json.loads(path.read_text("utf-8"))
    _compare(pinned["libraries"], versions(), "libraries differ from those that were pinned")
    known = {name: pinned["data"].get(name, "nothing") for name in digests}
    _compare(known, digests, "data differs from what was pinned")
    return worse(floors, pinned["floors"])


def is_whole(digests: Mapping[str, str], path: Path = PINNED) -> bool:
    """Whether these are all the sets that floors are pinned for."""
    return path.exists() and set(json.loads(path.read_text("utf-8"))["data"]) == set(digests)


def _compare(pinned: Mapping[str, str], found: Mapping[str, str], what: str) -> None:
    differing = [
        f"{name} {found.get(name, 'missing')}, pinned {value}"
        for name, value in pinned.items()
        if found.get(name) != value
    ]
    if differing:
        raise DifferentError(f"{what}: {'; '.join(differing)}")


def pin(
    digests: Mapping[str, str], floors: Mapping[str, float], lower: bool, path: Path = PINNED
) -> list[str]:
    """Write the floors; return those that would be lowered, which `lower` has to allow."""
    content: dict[str, Any] = {"data": {}, "floors": {}}
    if path.exists():
        content = json.loads(path.read_text("utf-8"))
    same = {name for name, digest in digests.items() if content["data"].get(name) == digest}
    old = {key: value for key, value in content["floors"].items() if key.split("/")[0] in same}
    lowered = worse(floors, old)
    if lowered and not lower:
        return lowered
    content["data"] |= digests
    content["floors"] |= floors
    content["libraries"] = versions()
    path.write_text(json.dumps(content, indent=1, sort_keys=True) + "\n", "utf-8")
    return lowered
