"""The benchmark of text, over the pages of this repository."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from measure import feed
from pages import SAMPLES, Page, language_of, read

ROOT = Path(__file__).resolve().parents[2]


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "benchmarks/text.py", *arguments, "--bench", str(SAMPLES)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What a run in one process prints, and writes for those who write rules."""
    folder = tmp_path_factory.mktemp("dumps")
    dumps = ["--losses", str(folder / "losses"), "--left", str(folder / "left")]
    done = run("quality", "--workers", "1", *dumps)
    assert (0, "") == (done.returncode, done.stderr)
    assert "\n" == (folder / "losses").read_text()
    assert {5} == {row.count("\t") + 1 for row in (folder / "left").read_text().splitlines()}
    return done.stdout


def row(printed: str, *labels: str) -> list[str]:
    line, *_ = (line for line in printed.split("\n") if line.split()[:3] == list(labels))
    return line.split()[3:]


def test_quality_over_the_samples(printed: str) -> None:
    """Nothing real is lost in any rendering, and more than half of the chrome goes."""
    for way in ("full", "resiliparse", "trafilatura"):
        pages, _, removed, gold, lost, words_lost, before, after = row(
            printed, "pages", way, "clean_ingest"
        )
        assert ("5", "0.00", "0.00") == (pages, lost, words_lost)
        assert int(gold) > 15
        assert float(removed) >= 30
        assert float(after) > float(before)
    assert float(row(printed, "pages", "full", "clean_ingest")[2]) > 60
    assert "0.000 % lost (copies 0.000 %), 0 of 5 headlines" in printed


def test_the_number_of_processes_changes_nothing(printed: str) -> None:
    """Byte for byte."""
    assert printed == run("quality", "--workers", "2").stdout


def test_exits(printed: str) -> None:
    """2 where no such set is there, and where the data is not what was pinned."""
    assert printed
    assert 2 == run("quality", "--set", "nowhere").returncode
    done = run("quality", "--check")
    assert 2 == done.returncode
    assert "pin" in done.stderr


def test_speed_over_the_samples() -> None:
    """It prints a line for the seeds at least; the numbers are for a quiet machine."""
    done = run("speed", "--limit", "2", "--repeat", "1")
    assert (0, "") == (done.returncode, done.stderr)
    assert "\nseeds " in done.stdout


def page(**changes: str) -> Page:
    """A page of which only its gold text and its title matter."""
    values = {"gold": "", "title": "", "kind": "article"} | changes
    return Page("id", "site", "", language="en", titles=(), kept=(), gone=(), **values)


def test_a_lost_headline_is_seen() -> None:
    """Put above a text, as a line that rules take; the text itself loses nothing."""
    text = "The ferry was late again on Monday, and nobody on the quay was surprised by that."
    fed = feed(page(gold=f"{text}\nShare this post", title="Share this post"))
    assert (1, 1, 3) == (fed.headlines, len(fed.headlines_lost), fed.rules.total())
    assert [(next(iter(fed.rules)), "Share this post")] == fed.headlines_lost
    kept = feed(page(gold=text, title="Ferry late again"))
    assert (1, [], 0) == (kept.headlines, kept.headlines_lost, kept.rules.total())


def test_samples_are_pages_of_many_languages() -> None:
    """Each is in the language that it says, and one has snippets instead of gold text."""
    pages = read("pages", SAMPLES).pages
    assert ["en", "de", "fr", "ru", "zh", "fa"] == [page.language for page in pages]
    found = [language_of(page.gold).partition("-")[0] for page in pages if page.gold]
    assert [page.language for page in pages if page.gold] == found
    assert 2 == len(pages[-1].kept)
    assert 3 == len(read("pages", SAMPLES, limit=3).pages)
