"""The short form of the soak: `make soak` does the same some hundred times."""

from __future__ import annotations

import random
import subprocess
import sys
from pathlib import Path

import pytest
import soak
from soak import Reader, Scene, disturb, hashes


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    """Return inputs, and what a run over them must come to."""
    return Scene.set_up(tmp_path_factory.mktemp("soak"))


@pytest.mark.parametrize(
    ("way", "workers"),
    [
        ("SIGKILL", 1),
        ("SIGKILL", 2),
        ("SIGKILL", 8),
        ("SIGKILL of a worker", 2),
        ("SIGTERM", 2),
        ("SIGINT", 1),
        ("SIGINT twice", 2),
    ],
)
def test_a_disturbed_run_comes_to_the_same_bytes(scene: Scene, way: str, workers: int) -> None:
    """It ends as it should, the same command goes on, and readers see only what is whole."""
    found = disturb(scene, workers, way, random.Random(f"{way} {workers}"))  # noqa: S311 - a moment, from a seed
    assert () == found.wrong
    assert found.seen


def test_of_fifty_starts_one_runs(tmp_path: Path) -> None:
    """The others are told who does, or that it has been done."""
    options = ["--kills", "0", "--worker-kills", "0", "--stops", "0", "--starts", "50"]
    done = subprocess.run(
        [sys.executable, soak.__file__, *options], capture_output=True, text=True, check=False
    )
    assert (0, "") == (done.returncode, done.stderr)
    assert "50 starts at once" in done.stdout


def test_what_is_wrong_is_noticed(scene: Scene, tmp_path: Path) -> None:
    """A part with another byte is seen by the reader, and by the comparison at the end."""
    calm = scene.folder / "calm"
    reader = Reader(calm, scene.expected | {"documents/part-00000.parquet": "another"})
    with reader.reading():
        while not reader.wrong:
            pass
    assert {"documents/part-00000.parquet"} == reader.wrong
    assert scene.expected == dict(hashes(calm))
    assert {"manifest.json", "inputs.parquet"} < set(scene.expected)
