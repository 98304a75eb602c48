"""Whichever call to the system fails, nothing half written has a name, and the run goes on later."""

from __future__ import annotations

import errno
import json
import os
import shutil
from pathlib import Path

import pytest
from failing import Failing

from clean_ingest.config.model import Config, Shards
from clean_ingest.core.errors import OutputError
from clean_ingest.engine.local import run
from clean_ingest.engine.verify import verify
from clean_ingest.stages.whitespace import Whitespace
from clean_ingest.writers.files import TEMPORARY
from clean_ingest.writers.folder import JOURNAL, LOCK, TIMINGS

CONFIG = Config("test", (Whitespace(),), shards=Shards(rows=2, mask_bits=32))
LONG_AGO = 1_600_000_000
CODES = {
    errno.ENOSPC: "output/full",
    errno.EIO: "output/failed",
    errno.EACCES: "output/read-only",
}


@pytest.fixture(autouse=True)
def known(monkeypatch: pytest.MonkeyPatch) -> None:
    """Work the fingerprint out once, which takes longer than the runs of these tests."""
    fingerprint, versions = CONFIG.fingerprint(), CONFIG.versions()
    monkeypatch.setattr(Config, "fingerprint", lambda _: fingerprint)
    monkeypatch.setattr(Config, "versions", lambda _: versions)


def write(folder: Path, name: str, text: str) -> None:
    """Write an input that is old enough for its time stamp to be believed."""
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(text, "utf-8")
    os.utime(folder / name, (LONG_AGO, LONG_AGO))


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    """Return inputs for two shards; one does not fit the buffer of a file."""
    texts = ["The harbour  \n\n\n\nis open.", "بندر باز است.  ", "", os.urandom(9_000).hex()]
    for number, text in enumerate(texts):
        write(tmp_path / "in", f"{number}.txt", text)
    return tmp_path / "in"


def hashed(out: Path) -> dict[str, bytes]:
    """Return what is hashed of a run, by name."""
    found = {}
    for path in out.rglob("*"):
        if path.is_file() and path.name not in {TIMINGS, LOCK} and JOURNAL not in path.parts:
            found[str(path.relative_to(out))] = path.read_bytes()
    return found


def see_that_all_is_whole(out: Path, calm: list[dict[str, bytes]], where: str) -> None:
    """Every file under a final name is one of a run that nothing disturbed; no other is there."""
    for name, data in hashed(out).items():
        assert not name.endswith(TEMPORARY), (where, name)
        # While parts are moved one has the name that its entry in the journal leads to.
        if not Path(name).name.startswith("moved-"):
            assert any(run.get(name) == data for run in calm), (where, name)
    for path in (*(out / JOURNAL).glob("*"), *out.glob(TIMINGS)):
        json.loads(path.read_bytes())


def spoil(failing: Failing, pages: Path, *, update: bool) -> bool:
    """Run with a call that fails; whether there was such a call."""
    try:
        with failing.on():
            run([pages], failing.folder, CONFIG, workers=0, update=update)
    except OutputError as error:
        assert failing.what
        assert CODES[failing.code] == error.code, failing
        assert error.message
        assert error.hint
        assert str(failing.folder) in error.where
        return True
    assert not failing.what, failing
    return False


# What clears up may fail as well, and is then left for the next run to clear up.
@pytest.mark.parametrize("kind", ["write", "fsync", "rename", "open", "mkdir"])
@pytest.mark.parametrize("code", CODES, ids=errno.errorcode.__getitem__)
def test_a_new_run(tmp_path: Path, pages: Path, kind: str, code: int) -> None:
    """The n-th call fails, for every n: the error is clear, and the same command goes on."""
    calm = tmp_path / "calm"
    run([pages], calm, CONFIG, workers=0)
    expected = hashed(calm)
    at = 1
    while True:
        out = tmp_path / f"out{at}"
        failing = Failing(out, kind, at, code, lasts=code == errno.ENOSPC)
        if not spoil(failing, pages, update=False):
            break
        see_that_all_is_whole(out, [expected], str(failing))
        run([pages], out, CONFIG, workers=0)
        assert expected == hashed(out), failing
        assert not (out / LOCK).exists()
        shutil.rmtree(out)
        at += 1
    assert at > (4 if kind == "mkdir" else 10)


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        ("write", errno.ENOSPC),
        ("fsync", errno.EIO),
        ("rename", errno.EIO),
        ("open", errno.EACCES),
        ("unlink", errno.EACCES),
    ],
)
def test_an_update(tmp_path: Path, pages: Path, kind: str, code: int) -> None:
    """The same while a finished run is brought up to date, its parts being moved."""
    (tmp_path / "in/0.txt").rename(tmp_path / "later.txt")
    old = tmp_path / "old"
    run([pages], old, CONFIG, workers=0)
    (tmp_path / "later.txt").rename(tmp_path / "in/0.txt")
    write(pages, "3.txt", "Something else. ")
    run([pages], tmp_path / "calm", CONFIG, workers=0)
    expected = hashed(tmp_path / "calm")
    at = 1
    while True:
        out = tmp_path / f"out{at}"
        shutil.copytree(old, out)
        failing = Failing(out, kind, at, code, lasts=code == errno.ENOSPC)
        if not spoil(failing, pages, update=True):
            break
        see_that_all_is_whole(out, [hashed(old), expected], str(failing))
        run([pages], out, CONFIG, workers=0, update=True)
        assert expected == hashed(out), failing
        shutil.rmtree(out)
        at += 1
    assert [] == verify(tmp_path / "calm")
    assert at > 4
