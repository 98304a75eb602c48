"""The benchmark of metadata, over the samples of this repository."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from metadata import compare

ROOT = Path(__file__).resolve().parents[2]


def test_over_the_samples() -> None:
    """All that the samples say is found, in text and in HTML, and trafilatura stands beside it."""
    command = [sys.executable, "benchmarks/metadata.py", "--bench", "nowhere"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    rows = {tuple(line.split()[:2]): line.split()[2:] for line in done.stdout.split("\n") if line}
    for name, field, count in (
        ("sample", "title", "5"),
        ("HTML", "title", "2"),
        ("HTML", "author", "2"),
    ):
        assert [count, "0", "0", "0"] == [rows[name, field][0], *rows[name, field][3:6]]
        assert ["100.0", "%"] == rows[name, field][-2:]
    assert "2" == rows["trafilatura", "published"][0]


@pytest.mark.parametrize(
    ("verdict", "field", "found", "true"),
    [
        ("same", "title", "Ferries: late", "ferries late"),
        ("overlap", "title", "Ferries are late | Gazette", "Ferries are late"),
        ("wrong", "title", "Ferries", "Ferries are late again"),
        ("overlap", "author", "Ann Example, Tom Sample", "Ann Example"),
        ("same", "published", "2024-05-03T10:15:00", "2024-05-03"),
        ("overlap", "published", "2024-05-04", "2024-05-03"),
        ("wrong", "published", "2024-05-05", "2024-05-03"),
        ("same", "published", "2024-05", "2024-05-03"),
        ("wrong", "published", "2024-04", "2024-05-03"),
        ("none", "published", None, "2024-05-03"),
    ],
)
def test_compare(verdict: str, field: str, found: str | None, true: str) -> None:
    """Letters and digits count, days may be one apart, and a part of the authors is an overlap."""
    assert verdict == compare(field, found, true)
