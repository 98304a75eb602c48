"""Output folders that work against a run: full, read-only, somebody else's."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from clean_ingest.config.model import Config
from clean_ingest.core.errors import OutputError
from clean_ingest.engine.local import run

CONFIG = Config("test", ())

# A process may not write files longer than this: what a full disk does, without root.
SHORT_FILES = """
import resource, sys
from clean_ingest.config.model import Config, Shards
from clean_ingest.core.errors import OutputError
from clean_ingest.engine.local import run

if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_FSIZE, (6_000, 6_000))
    config = Config("test", (), shards=Shards(rows=2))
    try:
        run([sys.argv[1]], sys.argv[2], config, workers=int(sys.argv[3]))
    except OutputError as error:
        print(error.code)
"""


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    """Return a folder with pages of text that does not compress."""
    (tmp_path / "in").mkdir()
    for number in range(6):
        (tmp_path / f"in/{number}.txt").write_text(os.urandom(20_000).hex())
    return tmp_path / "in"


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """Return a file system of 64 KB, where that can be had."""
    yield from mounted(tmp_path / "disk", "size=64k")


@pytest.fixture
def read_only(tmp_path: Path) -> Iterator[Path]:
    """Return a folder that cannot be written to, for root neither where that can be had."""
    (tmp_path / "fixed").mkdir(mode=0o555)
    if os.access(tmp_path / "fixed", os.W_OK):
        yield from mounted(tmp_path / "fixed", "ro")
    else:
        yield tmp_path / "fixed"


def mounted(path: Path, options: str) -> Iterator[Path]:
    """Mount a file system in memory at `path`, or skip."""
    path.mkdir(exist_ok=True)
    command = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(path)]
    try:
        done = subprocess.run(command, check=False, capture_output=True)
    except FileNotFoundError:
        pytest.skip("there is no mount")
    if done.returncode:
        pytest.skip("needs the right to mount a file system")
    try:
        yield path
    finally:
        subprocess.run(["umount", str(path)], check=True)


def parts(out: Path) -> list[str]:
    """Return all files but the lock, relative to the run."""
    files = [path for path in out.rglob("*") if path.is_file() and not path.name.startswith(".")]
    return sorted(str(path.relative_to(out)) for path in files)


@pytest.mark.parametrize("workers", ["1", "2"])
def test_files_that_cannot_grow_leave_nothing_half_written(
    tmp_path: Path, pages: Path, workers: str
) -> None:
    """No part under its name, no manifest, no temporary file; the error says that it is full."""
    program = tmp_path / "program.py"
    program.write_text(SHORT_FILES)
    command = [sys.executable, str(program), str(pages), str(tmp_path / "out"), workers]

    # A coverage tool that follows into the process could not write its own file either.
    environment = {key: value for key, value in os.environ.items() if not key.startswith("COV")}

    done = subprocess.run(command, check=False, capture_output=True, text=True, env=environment)

    assert ("output/full\n", "") == (done.stdout, done.stderr)
    assert [] == [name for name in parts(tmp_path / "out") if "documents" in name]
    assert not (tmp_path / "out/manifest.json").exists()


@pytest.mark.disk
def test_a_full_disk_is_said_and_the_run_can_be_done_again(small_disk: Path, pages: Path) -> None:
    """What was written is whole; with room, the same folder gets its run."""
    with pytest.raises(OutputError) as caught:
        run([pages], small_disk / "out", CONFIG)
    left = parts(small_disk / "out")
    for page in sorted(pages.iterdir())[1:]:
        page.unlink()
    again = run([pages], small_disk / "out", CONFIG)

    assert "output/full" == caught.value.code
    assert [] == left
    assert 1 == again.kept


def test_a_read_only_folder_is_said(read_only: Path, pages: Path) -> None:
    """Both where it is the output itself, and where the output would be made in it."""
    for out in (read_only, read_only / "out"):
        with pytest.raises(OutputError) as caught:
            run([pages], out, CONFIG)
        assert "output/read-only" == caught.value.code
    assert [] == list(read_only.iterdir())


def test_a_folder_that_holds_something_else_is_not_touched(tmp_path: Path, pages: Path) -> None:
    """Its files are all there, and no others."""
    (tmp_path / "thesis").mkdir()
    (tmp_path / "thesis/documents").mkdir()
    (tmp_path / "thesis/documents/part-00000.parquet").write_text("three years of work")

    for fresh in (False, True):
        with pytest.raises(OutputError, match="something else"):
            run([pages], tmp_path / "thesis", CONFIG, fresh=fresh)
    assert ["documents/part-00000.parquet"] == parts(tmp_path / "thesis")
    assert "three years of work" == ((tmp_path / "thesis/documents/part-00000.parquet").read_text())


def test_the_output_may_not_be_a_device(pages: Path) -> None:
    """Nor any other thing that is no folder."""
    with pytest.raises(OutputError, match="not a folder"):
        run([pages], "/dev/null", CONFIG)
