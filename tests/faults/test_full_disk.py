"""A disk that is really full: `make disk` runs this alone, and says where it cannot."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from soak import hashes

pytestmark = pytest.mark.disk


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """Return a file system in memory of 100 KB."""
    disk = tmp_path / "disk"
    disk.mkdir()
    try:
        _mount(disk, "size=100k")
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("needs the right to mount a file system")
    try:
        yield disk
    finally:
        subprocess.run(["umount", str(disk)], check=True)


def _mount(disk: Path, options: str) -> None:
    command = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(disk)]
    subprocess.run(command, check=True, capture_output=True)


def _run(pages: Path, out: Path, workers: int) -> subprocess.CompletedProcess[str]:
    program = [sys.executable, "-m", "clean_ingest", "run", str(pages), "-o", str(out)]
    options = ["--set", 'stages=["whitespace"]', "--set", "shards.rows=2"]
    return subprocess.run(
        [*program, *options, "--workers", str(workers)], capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize("workers", [1, 2])
def test_with_more_room_the_same_command_goes_on(disk: Path, tmp_path: Path, workers: int) -> None:
    """Again and again, until there is room for all: what is finished stays, and is whole."""
    pages = tmp_path / "in"
    pages.mkdir()
    for number in range(8):
        (pages / f"{number}.txt").write_text(f"{os.urandom(15_000).hex()} \n")
    assert 0 == _run(pages, tmp_path / "calm", 0).returncode
    expected = dict(hashes(tmp_path / "calm"))

    out, failed = disk / "out", 0
    while (done := _run(pages, out, workers)).returncode:
        failed += 1
        assert 2 == done.returncode
        assert done.stderr.startswith("error[output/full]: there is no room left to write\n  at ")
        assert "the same command goes on from here" in done.stderr
        assert dict(hashes(out)).items() <= expected.items()
        assert [] == list(out.glob("*/*.tmp"))
        _mount(disk, f"remount,size={100 + 60 * failed}k")
    assert failed > 1
    assert expected == dict(hashes(out))
