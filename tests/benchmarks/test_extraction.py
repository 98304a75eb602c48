"""The benchmark of extraction, over the pages of this repository."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

import extracted
from extracted import Extracted, Result, Score, extract, floors_of, missed, score
from extractors import EXTRACTORS, LEADING, OURS
from measure import Snippets
from pages import SAMPLES, read
from scores import longest_common, words

ROOT = Path(__file__).resolve().parents[2]


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "benchmarks/extraction.py", *arguments, "--bench", str(SAMPLES)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def printed() -> str:
    """What a run in one process prints."""
    done = run("--workers", "1", "--by-kind", "--behind", "1")
    assert (0, "") == (done.returncode, done.stderr)
    return done.stdout


def cells(printed: str, *first: str) -> list[str]:
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in printed.split("\n")]
    return next(row for row in rows if tuple(row[: len(first)]) == first)[len(first) :]


def test_the_tables(printed: str) -> None:
    """A row for each extractor, with what it reached, and the CPU of all beside the yardstick."""
    precision, recall, f1, _, bag, empty = cells(printed, "pages", "5", "trafilatura")
    assert ("1.000", "0") == (recall, empty)
    assert 0.8 < float(precision) < float(f1) <= float(bag) < 1
    assert {"clean_ingest", "trafilatura", "readability", "resiliparse", "justext"} == set(
        EXTRACTORS
    )
    for name in EXTRACTORS:
        assert 0 <= float(cells(printed, "pages", "5", name)[0]) <= 1
        assert cells(printed, name)
    assert "1.00" == cells(printed, "trafilatura with metadata")[1]
    assert "2" == cells(printed, "pages", "resiliparse")[0]
    assert "100.0 %" == cells(printed, "pages", "resiliparse")[1]
    assert "5" == cells(printed, "pages", "article")[0]
    assert 1 == printed.count("| article | 0.")


def test_the_number_of_processes_changes_no_score(printed: str) -> None:
    """All but the CPU, byte for byte."""
    assert (
        printed.split("\n| extractor | CPU", maxsplit=1)[0]
        in run("--workers", "2", "--by-kind", "--behind", "1").stdout
    )


def test_exits() -> None:
    """2 where no such set is there, and where the data is not what was pinned."""
    done = run("--only", "nowhere")
    assert (2, "no such set") == (done.returncode, done.stderr[:11])
    assert 2 == run("--sample", "1", "--pin").returncode
    done = run("--check", "--only", "pages")
    assert 2 == done.returncode
    assert "pin" in done.stderr


def test_scores_of_a_text() -> None:
    """Order counts for the subsequence, and does not for the bag."""
    assert Score(1.0, 1.0, 1.0, 1.0) == score(words("a b c"), words("A, b! C"))
    assert Score(0.5, 0.4, 4 / 9, 8 / 9) == score(words("c d a b"), words("a b c d e"))
    assert Score(0.0, 0.0, 0.0, 0.0) == score((), words("a b"))
    assert Score(0.0, 1.0, 0.0, 0.0) == score(words("a"), ())


def test_words_of_scripts_without_spaces() -> None:
    """Each of their characters is a word; order is that of both texts."""
    assert 5 == longest_common(words("港口大桥关闭"), words("港口的桥关闭了"))
    assert 2 == longest_common(words("αυτή είναι γέφυρα"), words("αυτή ήταν γέφυρα"))


def test_snippets_are_whole_words() -> None:
    """`ferry` does not stand in `ferryman`."""
    page = read("pages", SAMPLES).pages[0]
    html = "<html><body><article>" + "<p>The ferryman waited for the last guests.</p>" * 9
    page = replace(page, html=html, gold="", kept=("last guests",), gone=("ferry", "The ferryman"))
    assert Snippets(1, 1, 2, 1) == extract(page, 0)[LEADING].snippets


def test_an_extractor_that_fails_costs_its_page_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is an empty text, and its kind of error is named."""

    def fail(html: str, language: str) -> str:
        raise ValueError(language)

    monkeypatch.setitem(EXTRACTORS, OURS, fail)
    page = read("pages", SAMPLES).pages[0]
    done = extract(page, 3)
    assert ("ValueError: en", True) == (done[OURS].error, done[OURS].is_empty)
    assert [*EXTRACTORS, extracted.YARDSTICK] == [*done]
    found = done[LEADING].score
    assert found is not None
    assert 0.9 < found.f1


def result(ours: float, leading: float = 0.8, seconds: float = 1.0) -> Result:
    """What a run over two sets might give."""

    def pages(f1: float, seconds: float) -> list[Extracted]:
        return [Extracted(seconds, False, score=Score(f1, f1, f1, f1))]

    found = Result(digests={"waddle": "abc", "other": "def", "cuts": "ghi"})
    for name in ("waddle", "other"):
        found.pages[name, OURS] = pages(ours, seconds)
        found.pages[name, LEADING] = pages(leading, 1.0)
        found.pages[name, extracted.YARDSTICK] = pages(0.0, 1.0)
    found.pages["cuts", OURS] = [Extracted(seconds, False, snippets=Snippets(3, 2, 3, 1))]
    found.pages["cuts", extracted.YARDSTICK] = [Extracted(1.0, False)]
    return found


def test_requirements() -> None:
    """Each is said with what was reached."""
    assert [] == list(missed(result(0.831)))
    assert ["waddle: F1 +0.0200 beside trafilatura, not +0.03"] == list(missed(result(0.82)))
    assert [
        "waddle: F1 -0.0100 beside trafilatura, not +0.03",
        "other: F1 -0.0100 beside trafilatura, not -0.003",
        "mean of sets: F1 -0.0100 beside trafilatura, not +0.01",
    ] == list(missed(result(0.79)))
    assert ["1.40 times the CPU of trafilatura with metadata, not 1.35"] == list(
        missed(result(0.831, seconds=1.4))
    )


def test_floors() -> None:
    """Of our scores and of snippets, rounded down."""
    assert {
        "waddle/extraction/bag": 0.834,
        "waddle/extraction/f1": 0.834,
        "other/extraction/bag": 0.834,
        "other/extraction/f1": 0.834,
        "cuts/extraction/kept": 66.6,
        "cuts/extraction/removed": 66.6,
    } == floors_of(result(0.83456))
