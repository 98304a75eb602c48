"""The output folder: ours or not, one writer at a time, and emptied with care."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from clean_ingest.core.errors import OutputError
from clean_ingest.writers import folder, manifest
from clean_ingest.writers.folder import LOCK, claim


def refused(out: Path, *, fresh: bool = False) -> OutputError:
    """Return the error with which a folder cannot be claimed."""
    with pytest.raises(OutputError) as caught, claim(out, fresh=fresh):
        pass
    return caught.value


def finish(out: Path) -> None:
    """Make a finished run with a part."""
    with claim(out):
        (out / "documents/part-00000.parquet").write_bytes(b"old")
        manifest.write(out, {})


def test_a_new_folder_is_made_with_all_above_it(tmp_path: Path) -> None:
    """And holds the tables while it is claimed, but no lock afterwards."""
    out = tmp_path / "a/b/run"
    with claim(out):
        inside = sorted(path.name for path in out.iterdir())

    assert [LOCK, "documents", "edits", "excluded"] == inside
    assert ["documents", "edits", "excluded"] == sorted(path.name for path in out.iterdir())


@pytest.mark.parametrize("name", ["notes.txt", "manifest.json", "documents", LOCK + "x"])
def test_a_folder_of_something_else_is_not_touched(tmp_path: Path, name: str) -> None:
    """Not a file is added, changed or removed, with or without `fresh`."""
    if name == "documents":
        (tmp_path / name).mkdir()
    else:
        (tmp_path / name).write_text("{}")
    before = sorted(path.name for path in tmp_path.iterdir())

    assert "output/foreign" == refused(tmp_path).code == refused(tmp_path, fresh=True).code
    assert before == sorted(path.name for path in tmp_path.iterdir())


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    """Nor can one be made below it."""
    (tmp_path / "file").write_text("x")

    assert "output/no-folder" == refused(tmp_path / "file").code
    assert 2 == refused(tmp_path / "file/below").exit_code


def test_a_finished_run_is_replaced_only_when_asked(tmp_path: Path) -> None:
    """Its parts go, with the manifest; what others put beside them stays."""
    finish(tmp_path / "run")
    (tmp_path / "run/README.md").write_text("mine")

    error = refused(tmp_path / "run")
    with claim(tmp_path / "run", fresh=True):
        left = sorted(path.name for path in (tmp_path / "run").rglob("*") if path.is_file())

    assert ("output/finished", True) == (error.code, "--fresh" in error.hint)
    assert [LOCK, "README.md"] == left


def test_an_unfinished_run_is_done_again_by_itself(tmp_path: Path) -> None:
    """Its lock, without a living holder, is its mark."""
    with pytest.raises(ZeroDivisionError), claim(tmp_path / "run"):
        (tmp_path / "run/documents/part-00000.parquet.tmp").write_bytes(b"half")
        raise ZeroDivisionError

    assert (tmp_path / "run" / LOCK).exists()
    with claim(tmp_path / "run"):
        assert [] == list((tmp_path / "run/documents").iterdir())


def test_a_second_writer_is_kept_out_and_told_by_whom(tmp_path: Path) -> None:
    """The first is not disturbed."""
    with claim(tmp_path / "run"):
        error = refused(tmp_path / "run")
        manifest.write(tmp_path / "run", {})

    assert "output/locked" == error.code
    assert str(os.getpid()) in error.message
    assert (tmp_path / "run/manifest.json").exists()


def test_the_lock_of_a_killed_process_is_taken_over(tmp_path: Path) -> None:
    """Whatever number it wrote into the file, even that of a living process."""
    code = (
        "import os, pathlib, signal\n"
        "from clean_ingest.writers.folder import claim\n"
        f"with claim(pathlib.Path({str(tmp_path / 'run')!r})):\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    killed = subprocess.run([sys.executable, "-c", code], check=False)
    (tmp_path / "run" / LOCK).write_text(f"{os.getpid()}\n")

    assert -9 == killed.returncode
    with claim(tmp_path / "run"):
        assert f"{os.getpid()}\n" == (tmp_path / "run" / LOCK).read_text()


def test_a_run_that_broke_off_at_its_very_end_is_unfinished(tmp_path: Path) -> None:
    """Its manifest was written, and the lock with its number not yet taken away."""
    finish(tmp_path)
    (tmp_path / LOCK).write_text("1\n")
    with claim(tmp_path):
        inside = {path.name for path in tmp_path.iterdir()}
        manifest.write(tmp_path, {})

    assert manifest.NAME not in inside
    assert "output/finished" == refused(tmp_path).code


def test_who_comes_late_leaves_a_finished_run_as_it_is(tmp_path: Path) -> None:
    """Where another run finished between the first look and the lock, no lock is left."""
    look = folder._look

    def finish_meanwhile(out: Path, may_change: bool) -> None:
        look(out, may_change)
        if manifest.NAME not in {path.name for path in out.iterdir()}:
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(folder, "_look", look)
                finish(out)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(folder, "_look", finish_meanwhile)
        code = refused(tmp_path).code

    assert "output/finished" == code == refused(tmp_path).code
    assert not (tmp_path / LOCK).exists()
