"""The benchmark of the engine runs, and memory stays flat in a small pair of runs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from engine import CHEAP, overhead, peak, write_files

if TYPE_CHECKING:
    import pytest


def test_memory_does_not_grow_with_the_number_of_documents(tmp_path: Path) -> None:
    """Ten times as many need at most a fifth more."""
    peaks = []
    for count in (400, 4_000):
        write_files(tmp_path / str(count), count, lines=3)
        options = [*CHEAP, "--set", "shards.rows=100"]
        peaks.append(peak(tmp_path / str(count), tmp_path / "out", 2, options))
    few, many = peaks
    assert many < 1.2 * few
    assert few > 100_000_000  # four processes, each with Arrow in it


def test_overhead_is_printed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With what it was measured on."""
    overhead(tmp_path, count=3, repeat=1)
    assert "3 documents, " in capsys.readouterr().out
