"""Floors are pinned with the digest of the data, and do not sink unasked."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from floors import check, floors_of, missed
from measure import OURS, Fed, Snippets
from pinned import DifferentError
from pinned import pin as pin_floors
from quality import Result
from scores import Tally


def tally(removed: int, lost: int, f1: float) -> Tally:
    """A set of one page, with 100 chrome lines and 1,000 gold lines."""
    return Tally(1, 100, removed, 1_000, lost, 10_000, 0, 0.5, f1)


def result(removed: int = 30, lost: int = 2, f1: float = 0.8, c4: float = 0.7) -> Result:
    """What a run over one set might give."""
    return Result(
        digests={"set": "abc"},
        tallies={
            ("set", "full", OURS): tally(removed, lost, f1),
            ("set", "full", "c4"): tally(90, 400, c4),
            ("set", "trafilatura", OURS): tally(removed, lost, f1),
        },
        snippets={("cuts", "full", OURS): Snippets(10, 9, 10, 5)},
        fed={"set": Fed(words=1_000, rules=Counter({"chrome/x": 3}), headlines=1)},
    )


def pin(result: Result, lower: bool, path: Path) -> list[str]:
    return pin_floors(result.digests, floors_of(result), lower, path)


def test_floors_are_rounded_to_the_lenient_side() -> None:
    """Down where more is better, up where it is worse."""
    found = floors_of(result(removed=33, lost=2, f1=0.81249))
    assert (33.0, 0.2, 0.812) == tuple(
        found[f"set/full/{key}"] for key in ("removed", "lost", "f1")
    )
    assert (0.3, 0.0) == (found["set/gold/words-lost"], found["set/gold/headlines-lost"])


def test_what_was_pinned_holds_and_less_does_not(tmp_path: Path) -> None:
    """A floor and a ceiling are broken by one step."""
    path = tmp_path / "floors.json"
    assert [] == pin(result(), lower=False, path=path)
    assert [] == check(result(), path)
    assert [] == check(result(removed=40, lost=1, f1=0.9), path)
    broken = check(result(removed=29, lost=3), path)
    assert "set/full/removed: 29, pinned 30" in broken
    assert "set/full/lost: 0.3, pinned 0.2" in broken
    assert {
        "set/trafilatura/removed: 29, pinned 30",
        "set/trafilatura/lost: 0.3, pinned 0.2",
    } < set(broken)


def test_a_floor_sinks_only_where_that_is_said(tmp_path: Path) -> None:
    """Pinning less leaves the file alone until it is told to lower."""
    path = tmp_path / "floors.json"
    pin(result(), lower=False, path=path)
    before = path.read_text()
    assert pin(result(removed=29), lower=False, path=path)
    assert before == path.read_text()
    assert pin(result(removed=29), lower=True, path=path)
    assert [] == check(result(removed=29), path)


def test_other_data_is_no_broken_floor(tmp_path: Path) -> None:
    """It is said, and so is a file that is not there."""
    path = tmp_path / "floors.json"
    with pytest.raises(DifferentError, match="--pin"):
        check(result(), path)
    pin(result(), lower=False, path=path)
    other = result()
    other.digests["set"] = "xyz"
    with pytest.raises(DifferentError, match="set xyz, pinned abc"):
        check(other, path)


def test_requirements() -> None:
    """Each is said with what was reached."""
    assert [] == list(missed(result()))
    assert ["set: F1 0.800 on whole pages, not above c4's 0.900"] == list(missed(result(c4=0.9)))
    assert ["trafilatura: 24.0 % of chrome lines removed, not 25.0"] == list(
        missed(result(removed=24))
    )
    assert [] == list(missed(result(removed=24, lost=4), whole=False))
    assert ["trafilatura: 0.40 % of gold lines lost, not 0.3"] == list(missed(result(lost=4)))
    worse = result()
    worse.fed["set"].rules["chrome/x"] = 4
    worse.fed["set"].headlines_lost.append(("chrome/x", "Title"))
    assert [
        "set: 0.400 % of the words of gold texts lost, not 0.3",
        "set: 1 of 1 headlines lost, not 0",
    ] == list(missed(worse))
