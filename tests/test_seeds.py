"""The five seed documents against their labels: 0 chrome left, 0 real lines lost, 0 repeats left."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import pytest

from clean_ingest.core.document import split_lines
from clean_ingest.engine.single import Cleaned, clean

SEEDS = Path(__file__).parent.parent / "seeds"
NAMES = sorted(path.stem for path in SEEDS.glob("*.txt"))


@cache
def cleaned(name: str) -> Cleaned:
    return clean((SEEDS / f"{name}.txt").read_bytes(), name=f"{name}.txt")


def kept_lines(name: str) -> dict[int, str]:
    """What is left of each source line, by its number from 1."""
    result = cleaned(name)
    left: dict[int, str] = {}
    for number, line in enumerate(split_lines(result.ledger.source), start=1):
        kept = [i for i in range(line.start, line.end) if not result.why(i)]
        left[number] = "".join(result.ledger.source[i] for i in kept).strip()
    return left


def labels(name: str) -> list[dict[str, str | int]]:
    text = (SEEDS / "gold" / f"{name}.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


def test_there_are_five_seeds_with_all_their_labels() -> None:
    """The counts of the README: 59 keep, 34 chrome, 15 repeat, 8 either."""
    counted = [label["label"] for name in NAMES for label in labels(name)]
    counts = [counted.count(kind) for kind in ("keep", "chrome", "repeat", "either")]
    assert (5, [59, 34, 15, 8]) == (len(NAMES), counts)


@pytest.mark.parametrize("name", NAMES)
def test_chrome_and_repeats_go_and_real_lines_stay(name: str) -> None:
    """Every labelled line has the fate that its label asks for."""
    left = kept_lines(name)
    for label in labels(name):
        text = left[int(label["line"])]
        if label["label"] == "keep":
            assert str(label["text"]).strip() == text
        elif label["label"] in {"chrome", "repeat"}:
            assert not text


def test_the_caption_stands_once_without_credit_and_site() -> None:
    """Seed 000: the credit glued in front and the site suffix go, the caption stays at most once."""
    text = cleaned(NAMES[0]).text
    caption = "Russian Foreign Minister Sergei Lavrov at the 76th session of the United Nations"
    assert text.count(caption) <= 1
    assert "Sputnik International, 1920" not in text
    assert "mediabank" not in text


def test_the_headline_inside_a_comment_count_goes_with_its_line() -> None:
    """Seed 002: the headline itself stays once."""
    assert 1 == cleaned(NAMES[2]).text.count("Russia accredits Taliban ambassador in Moscow")


def test_titles_dates_and_languages() -> None:
    """Four of five have a title, one a date, all are English."""
    documents = [cleaned(name).document for name in NAMES]
    assert [
        "Lavrov: US Failed to Consider Repercussions of Leaving Weapons in Afghanistan During Hasty Pull-Out",
        None,
        "Russia accredits Taliban ambassador in Moscow: Lavrov announced",
        "Russia will NOT send military contingent to Afghanistan & has no intention of supporting Taliban terrorist group, says Moscow",
        "Russia Asks Taliban to Enter Meaningful Talks, Reduce Violence",
    ] == [document.metadata.title for document in documents]
    assert "2021-08-23T12:15:00" == documents[3].metadata.published
    assert {"en"} == {document.language for document in documents}


def test_curly_quotes_stay_curly() -> None:
    """Seed 004: as many as the lines to keep have, and no straight one more."""
    kept = "".join(str(label["text"]) for label in labels(NAMES[4]) if label["label"] == "keep")
    counts = [cleaned(NAMES[4]).text.count(quote) for quote in "“”’\"'"]
    assert [kept.count(quote) for quote in "“”’\"'"] == counts
