"""Runs that go on, and runs brought up to date: the bytes are those of a fresh run."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from clean_ingest.config.model import Config, Shards
from clean_ingest.core.errors import OutputError
from clean_ingest.engine import journal as journal_of
from clean_ingest.engine.journal import Journal
from clean_ingest.engine.local import Progress, RunSummary, plan_run, run
from clean_ingest.engine.shard import Job
from clean_ingest.engine.verify import verify
from clean_ingest.stages.repeats import Repeats
from clean_ingest.stages.whitespace import Whitespace
from clean_ingest.writers.files import write_whole
from clean_ingest.writers.folder import JOURNAL, claim

CONFIG = Config("test", (Repeats(), Whitespace()), shards=Shards(mask_bits=1))
LONG_AGO = 1_600_000_000


def write(folder: Path, name: str, text: str) -> None:
    """Write an input that is old enough for its time stamp to be believed."""
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(text, "utf-8")
    os.utime(folder / name, (LONG_AGO, LONG_AGO))


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    """Return a folder with twelve inputs, which make four shards and more."""
    for n in range(12):
        write(tmp_path / "in", f"{n:02}.txt", f"Page {n} of the harbour.  \n\n\n\nشماره {n}\n")
    return tmp_path / "in"


def files(out: Path) -> dict[str, bytes]:
    """Return what is hashed of a run."""
    return {
        str(path.relative_to(out)): path.read_bytes()
        for path in sorted(out.rglob("*"))
        if path.is_file() and path.name != "timings.json" and JOURNAL not in path.parts
    }


def fresh(pages: Path, tmp_path: Path, config: Config = CONFIG) -> dict[str, bytes]:
    """Return what a run gives that knows nothing of earlier ones."""
    run([pages], tmp_path / "fresh", config, workers=0, fresh=True)
    return files(tmp_path / "fresh")


def updated(
    pages: Path, tmp_path: Path, config: Config = CONFIG, *, rehash: bool = False
) -> RunSummary:
    """Bring the run up to date and see that it is what a fresh one is, and sound."""
    done = run([pages], tmp_path / "out", config, workers=0, update=True, rehash=rehash)
    assert fresh(pages, tmp_path, config) == files(tmp_path / "out")
    assert [] == verify(tmp_path / "out")
    return done


def _insert(pages: Path) -> None:
    write(pages, "04b.txt", "A page between two others.\n")


def _insert_first(pages: Path) -> None:
    write(
        pages, "00a.txt", "A page that is a shard of its own, so that all numbers behind it move.\n"
    )


def _remove(pages: Path) -> None:
    (pages / "05.txt").unlink()


def _change(pages: Path) -> None:
    write(pages, "07.txt", "Page 7 says something else, and is longer.\n")


def _empty(pages: Path) -> None:
    for path in list(pages.iterdir())[1:]:
        path.unlink()


def _nothing(pages: Path) -> None:
    pass


@pytest.mark.parametrize(
    "change", [_nothing, _insert, _insert_first, _remove, _change, _empty], ids=lambda f: f.__name__
)
def test_an_updated_run_is_a_fresh_one(
    pages: Path, tmp_path: Path, change: Callable[[Path], None]
) -> None:
    """Whatever came, went or changed; and a second change is no different."""
    run([pages], tmp_path / "out", CONFIG, workers=0)
    change(pages)
    updated(pages, tmp_path)
    _insert(pages)
    updated(pages, tmp_path)


def test_only_what_changed_is_done_again(pages: Path, tmp_path: Path) -> None:
    """One input of twelve costs its own shard."""
    first = run([pages], tmp_path / "out", CONFIG, workers=0)
    _change(pages)
    done = updated(pages, tmp_path)

    assert (0, first.shards) == (first.taken_over, done.shards)
    assert done.shards - 1 == done.taken_over


def test_a_changed_config_takes_nothing_over(pages: Path, tmp_path: Path) -> None:
    """And says so: nothing is mixed."""
    first = run([pages], tmp_path / "out", CONFIG, workers=0)
    done = updated(pages, tmp_path, replace(CONFIG, stages=(Whitespace(),)))

    assert (0, first.shards) == (done.taken_over, done.made_otherwise)


def test_a_finished_run_is_changed_only_when_asked(pages: Path, tmp_path: Path) -> None:
    """As ever."""
    run([pages], tmp_path / "out", CONFIG, workers=0)
    with pytest.raises(OutputError, match="finished run"):
        run([pages], tmp_path / "out", CONFIG, workers=0)


class StopError(Exception):
    """Ends a run in the middle."""


def test_an_unfinished_run_goes_on(pages: Path, tmp_path: Path) -> None:
    """What was finished is not done again, wherever it broke off."""
    whole = fresh(pages, tmp_path)
    shards = len(plan_run([pages], tmp_path / "out", CONFIG).shards)
    for done_before in range(shards + 1):
        out = tmp_path / f"out{done_before}"
        left = done_before

        def stop(_: Progress) -> None:
            nonlocal left
            left -= 1
            if left < 0:
                raise StopError

        with pytest.raises(StopError):
            run([pages], out, CONFIG, workers=0, progress=stop)
        done = run([pages], out, CONFIG, workers=0)

        assert done_before == done.taken_over
        assert whole == files(out)


def test_a_change_without_a_trace_needs_rehash(pages: Path, tmp_path: Path) -> None:
    """Same size, same time stamp: only the hash can tell."""
    run([pages], tmp_path / "out", CONFIG, workers=0)
    text = (pages / "07.txt").read_text("utf-8")
    write(pages, "07.txt", text.replace("harbour", "harvest"))
    blind = run([pages], tmp_path / "out", CONFIG, workers=0, update=True)

    assert blind.shards == blind.taken_over
    assert blind.shards - 1 == updated(pages, tmp_path, rehash=True).taken_over


def test_a_time_stamp_as_young_as_the_entry_is_not_believed(pages: Path, tmp_path: Path) -> None:
    """The input may have been written again within the tick of the clock."""
    text = (pages / "07.txt").read_text("utf-8")
    (pages / "07.txt").write_text(text, "utf-8")
    stamp = (pages / "07.txt").stat().st_mtime_ns
    run([pages], tmp_path / "out", CONFIG, workers=0)
    (pages / "07.txt").write_text(text.replace("harbour", "harvest"), "utf-8")
    os.utime(pages / "07.txt", ns=(stamp, stamp))

    done = updated(pages, tmp_path)
    assert done.shards - 1 == done.taken_over


@pytest.mark.parametrize("damage", ["cut", "flip", "empty", "parts", "format"])
def test_a_damaged_entry_is_done_again(pages: Path, tmp_path: Path, damage: str) -> None:
    """It is never believed, and never ends a run."""
    run([pages], tmp_path / "out", CONFIG, workers=0)
    entry = sorted((tmp_path / "out" / JOURNAL).iterdir())[1]
    data = entry.read_bytes()
    match damage:
        case "cut":
            entry.write_bytes(data[: len(data) // 2])
        case "flip":
            entry.write_bytes(data.replace(b'"read": ', b'"read": 1'))
        case "empty":
            entry.write_bytes(b"[]")
        case "parts":
            part = json.loads(data)["result"]["parts"][0]["path"]
            (tmp_path / "out" / part).write_bytes(b"x")
        case "format":
            entry.write_bytes(data.replace(b'"format": [1', b'"format": [0'))
    done = updated(pages, tmp_path)

    assert done.shards - 1 == done.taken_over


def test_renumbering_may_break_off_anywhere(
    pages: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After any rename or write, the same command goes on, and takes over what it can."""
    _insert_first(pages)
    whole = fresh(pages, tmp_path)
    (pages / "00a.txt").unlink()
    steps = 0
    while True:
        out = tmp_path / f"out{steps}"
        run([pages], out, CONFIG, workers=0)
        _insert_first(pages)
        left = steps

        def stop() -> None:
            nonlocal left
            left -= 1
            if left < 0:
                raise StopError

        def renaming(path: Path, target: Path) -> Path:
            stop()
            return path.replace(target)

        def writing(path: Path, data: bytes) -> None:
            stop()
            write_whole(path, data)

        with monkeypatch.context() as patch:
            patch.setattr(Path, "rename", renaming)
            patch.setattr(journal_of, "write_whole", writing)
            job = Job.of(out, CONFIG)
            (out / "manifest.json").unlink()
            (out / ".clean_ingest.lock").touch()
            planned = plan_run([pages], out, CONFIG)
            try:
                Journal(out, job.about["fingerprint"]).take_over(planned)
            except StopError:
                stopped = True
            else:
                stopped = False
        done = run([pages], out, CONFIG, workers=0)
        assert whole == files(out), steps
        assert done.taken_over >= done.shards - 2, steps
        (pages / "00a.txt").unlink()
        if not stopped:
            break
        steps += 1
    assert steps > 10


def test_rows_of_inputs_wait_in_the_journal(pages: Path, tmp_path: Path) -> None:
    """Not in memory, where a run of millions has no room for them."""
    out = tmp_path / "out"
    run([pages], out, CONFIG, workers=0)
    planned = plan_run([pages], out, CONFIG)
    journal = Journal(out, Job.of(out, CONFIG).about["fingerprint"])
    results = journal.take_over(planned).results
    names = [row["name"] for shard in planned.shards for row in journal.inputs(shard)]

    assert [f"{n:02}.txt" for n in range(12)] == names
    assert [()] * len(planned.shards) == [result.inputs for result in results.values()]


def test_a_journal_that_is_changed_meanwhile_ends_the_run(pages: Path, tmp_path: Path) -> None:
    """Its rows are believed no more; the same command then makes anew what it spoke of."""

    def spoil(now: Progress) -> None:
        if now.inputs_done == now.inputs:
            entry = sorted((tmp_path / "out" / JOURNAL).iterdir())[0]
            entry.write_bytes(entry.read_bytes().replace(b'"kept": ', b'"kept": 1'))

    with pytest.raises(OutputError, match="journal was changed"):
        run([pages], tmp_path / "out", CONFIG, workers=0, progress=spoil)
    done = run([pages], tmp_path / "out", CONFIG, workers=0)

    assert done.shards - 1 == done.taken_over
    assert fresh(pages, tmp_path) == files(tmp_path / "out")


def test_a_locked_run_is_left_alone(pages: Path, tmp_path: Path) -> None:
    """An update waits for nobody and changes nothing."""
    run([pages], tmp_path / "out", CONFIG, workers=0)
    before = files(tmp_path / "out")
    with claim(tmp_path / "other"), pytest.raises(OutputError, match="is writing"):
        run([pages], tmp_path / "other", CONFIG, workers=0, update=True)
    assert before == files(tmp_path / "out")
