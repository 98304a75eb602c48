"""Runs: the same bytes from any place, locale, hash seed and number of workers."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from clean_ingest.config.model import Config, Shards
from clean_ingest.core.errors import CleanIngestError, InputError, OutputError
from clean_ingest.engine import pool
from clean_ingest.engine.local import Progress, plan_run, run
from clean_ingest.engine.plan import Shard
from clean_ingest.engine.shard import Cleaner, Job, ShardResult, run_shard
from clean_ingest.engine.verify import verify
from clean_ingest.stages.repeats import Repeats
from clean_ingest.stages.whitespace import Whitespace
from clean_ingest.writers.folder import JOURNAL

PAGES = {
    "news/en.txt": "Storm closes the coast road\n\nThe road will stay shut until Friday.\n" * 2,
    "news/fa.txt": "جاده ساحلی بسته شد\nمی‌خواهند تا جمعه بسته بماند.\n",
    "news/ru.txt": "Дорогу вдоль берега закрыли\n\n\n\nДо пятницы она не откроется.   \n",
    "news/zh.txt": "沿海公路因风暴关闭\n沿海公路因风暴关闭\n公路将关闭至星期五。\n",
    "th.txt": "ถนนเลียบชายฝั่งปิดเพราะพายุ\n",
    "empty.txt": "",
    "page.xml": "<feed>x",
}
CONFIG = Config("test", (Repeats(), Whitespace()), shards=Shards(rows=2))

# Runs in a process of its own, so that hash seed and locale can differ.
PROGRAM = """
import sys
from dataclasses import replace
from clean_ingest.config.load import load
from clean_ingest.config.model import Shards
from clean_ingest.engine.local import run

if __name__ == "__main__":
    config = replace(load("default"), shards=Shards(rows=2))
    run([sys.argv[1]], sys.argv[2], config, workers=int(sys.argv[3]))
"""

# A stage whose process is killed, as the kernel kills one that takes too much memory.
DEADLY = """
import os, pathlib, signal, sys, time
from dataclasses import dataclass
from typing import ClassVar
from clean_ingest.config.model import Config, Shards
from clean_ingest.core.errors import CleanIngestError
from clean_ingest.engine.local import run

def wait():
    pathlib.Path("pid.new").write_text(str(os.getpid()))
    pathlib.Path("pid.new").rename("pid")
    time.sleep(60)

@dataclass(frozen=True, slots=True)
class Deadly:
    name: ClassVar[str] = "deadly"

    def propose(self, document):
        if document.source.name == "news/ru.txt":
            os.kill(os.getpid(), signal.SIGKILL)
        return ()

if __name__ == "__main__":
    try:
        run([sys.argv[1]], sys.argv[2], Config("test", (Deadly(),), shards=Shards(rows=1)), workers=2)
    except CleanIngestError as error:
        print(error.code)
"""


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    """Return a folder with pages in several languages."""
    return make_pages(tmp_path / "in")


def make_pages(root: Path, names: list[str] | None = None) -> Path:
    """Write the pages, in the order of `names`."""
    for name in names or list(PAGES):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(PAGES[name].encode())
    return root


def bytes_of(out: Path) -> dict[str, bytes]:
    """Return all files of a run but the one with the clocks."""
    files = [path for path in sorted(out.rglob("*")) if path.is_file()]
    return {
        str(path.relative_to(out)): path.read_bytes()
        for path in files
        if path.name != "timings.json" and JOURNAL not in path.parts
    }


def lives(process: int) -> bool:
    """Return whether a process runs; one that ended and waits for its parent has no command."""
    try:
        return bool(Path(f"/proc/{process}/cmdline").read_bytes())
    except OSError:
        return False


def test_a_run_conserves_documents_and_proves_itself(pages: Path, tmp_path: Path) -> None:
    """Read = kept + dropped + quarantined, in the summary and in the manifest."""
    done = run([pages], tmp_path / "out", CONFIG)
    counts = json.loads((tmp_path / "out/manifest.json").read_text("utf-8"))["counts"]

    assert (7, 5, 1, 1) == (done.read, done.kept, done.dropped, done.quarantined)
    assert (7, 5, 1, 1) == tuple(counts[key] for key in ("read", "kept", "dropped", "quarantined"))
    assert {"dropped": {"empty": 1}, "quarantined": {"unsupported": 1}} == counts["reasons"]
    assert [] == verify(tmp_path / "out")


def test_place_locale_hash_seed_and_workers_do_not_reach_the_bytes(tmp_path: Path) -> None:
    """Three processes that differ in all of these write the same files."""
    program = tmp_path / "program.py"
    program.write_text(PROGRAM)
    runs = []
    settings = [("1", "0", "C", list(PAGES)), ("2", "1", "C.UTF-8", list(reversed(PAGES)))]
    settings.append(("4", "random", "POSIX", sorted(PAGES)))
    for number, (workers, seed, locale, order) in enumerate(settings):
        home = tmp_path / ("x" * (number + 1))
        make_pages(home / "in", order)
        environment = {**os.environ, "PYTHONHASHSEED": seed, "LC_ALL": locale, "TZ": "Asia/Tokyo"}
        arguments = [program, "in", home / "out", workers]
        subprocess.run(
            [sys.executable, *map(str, arguments)], check=True, cwd=home, env=environment
        )
        runs.append(bytes_of(home / "out"))

    assert len(runs[0]) > 4
    assert runs[0] == runs[1] == runs[2]
    assert not any(os.fsencode(tmp_path) in data for data in runs[0].values())


def test_a_new_input_leaves_all_other_parts_alone(tmp_path: Path) -> None:
    """Parts of other shards are the same bytes; only their number may have moved."""
    config = Config("test", (Whitespace(),), shards=Shards(mask_bits=1))
    pages = make_pages(tmp_path / "in")
    run([pages], tmp_path / "one", config)
    (pages / "zz.txt").write_text("one more\n")
    run([pages], tmp_path / "two", config)

    one, two = (
        {data for name, data in bytes_of(tmp_path / out).items() if name.startswith("documents")}
        for out in ("one", "two")
    )

    assert len(one - two) <= 1


def test_a_refused_run_leaves_the_finished_one_alone(pages: Path, tmp_path: Path) -> None:
    """And `fresh` gives the same bytes again."""
    run([pages], tmp_path / "out", CONFIG)
    before = bytes_of(tmp_path / "out")

    with pytest.raises(OutputError, match="finished run"):
        run([pages], tmp_path / "out", CONFIG)
    untouched = bytes_of(tmp_path / "out")
    run([pages], tmp_path / "out", CONFIG, fresh=True)

    assert before == untouched == bytes_of(tmp_path / "out")


def test_bad_inputs_end_a_run_before_the_output_is_touched(tmp_path: Path) -> None:
    """Not even a folder is made."""
    with pytest.raises(InputError):
        run([tmp_path / "none"], tmp_path / "out", CONFIG)

    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("named", ["out", "out/manifest.json"])
def test_a_run_over_its_own_output_destroys_nothing(
    pages: Path, tmp_path: Path, named: str
) -> None:
    """It is refused before anything is touched, with `fresh` too."""
    run([pages], tmp_path / "out", CONFIG)

    with pytest.raises(InputError) as caught:
        run([tmp_path / named], tmp_path / "out", CONFIG, fresh=True)

    assert ("input/is-output", []) == (caught.value.code, verify(tmp_path / "out"))


def test_a_run_over_the_folder_that_holds_its_output(pages: Path) -> None:
    """Twice, with the same result: it does not read itself."""
    run([pages], pages / "out", CONFIG)
    before = bytes_of(pages / "out")
    run([pages], pages / "out", CONFIG, fresh=True)

    assert before == bytes_of(pages / "out")


def test_limit_takes_the_first_inputs(pages: Path, tmp_path: Path) -> None:
    """In the order of the plan."""
    done = run([pages], tmp_path / "out", CONFIG, limit=3)

    assert (3, 3) == (done.inputs, done.read)
    assert 3 == plan_run([pages], tmp_path / "out", CONFIG, limit=3).inputs


def test_progress_ends_at_the_whole(pages: Path, tmp_path: Path) -> None:
    """Called at the beginning and after each shard, it never goes back."""
    seen: list[Progress] = []
    run([pages], tmp_path / "out", CONFIG, progress=seen.append)

    assert (7, 7, 7) == (seen[-1].inputs_done, seen[-1].inputs, seen[-1].documents)
    assert seen[-1].bytes_done == seen[-1].bytes_total > 0
    assert [0, 2, 4, 6, 7] == [step.inputs_done for step in seen]
    assert ({}, {"unsupported": 1}) == (seen[0].quarantined, seen[-1].quarantined)


def test_a_killed_run_is_done_again_and_nothing_shows(pages: Path, tmp_path: Path) -> None:
    """SIGKILL in the middle: no manifest, and the next run gives what an undisturbed one gives."""
    program = tmp_path / "program.py"
    program.write_text(
        PROGRAM.replace(
            "run([",
            "import pathlib, time\n    def wait(step):\n"
            "        pathlib.Path('started').touch()\n        time.sleep(60)\n    run([",
        ).replace("workers=int(sys.argv[3])", "progress=wait")
    )
    child = subprocess.Popen(
        [sys.executable, str(program), str(pages), str(tmp_path / "out")], cwd=tmp_path
    )
    while not (tmp_path / "started").exists() and child.poll() is None:
        time.sleep(0.01)
    child.send_signal(signal.SIGKILL)
    child.wait()
    unfinished = not (tmp_path / "out/manifest.json").exists()
    run([pages], tmp_path / "out", CONFIG)
    run([pages], tmp_path / "undisturbed", CONFIG)

    assert unfinished
    assert bytes_of(tmp_path / "undisturbed") == bytes_of(tmp_path / "out")


def test_workers_do_not_outlive_a_killed_parent(pages: Path, tmp_path: Path) -> None:
    """Else they would write into a folder that another run may have taken by then."""
    program = tmp_path / "program.py"
    program.write_text(DEADLY.replace("os.kill(os.getpid(), signal.SIGKILL)", "wait()"))
    child = subprocess.Popen(
        [sys.executable, str(program), str(pages), str(tmp_path / "out")], cwd=tmp_path
    )
    while not (tmp_path / "pid").exists() and child.poll() is None:
        time.sleep(0.01)
    child.send_signal(signal.SIGKILL)
    child.wait()
    worker = int((tmp_path / "pid").read_text())

    for _ in range(500):
        if not lives(worker):
            break
        time.sleep(0.01)
    else:
        os.kill(worker, signal.SIGKILL)
        pytest.fail("the worker went on")


def test_a_document_that_kills_its_worker_costs_itself(pages: Path, tmp_path: Path) -> None:
    """Whatever is beside it is cleaned, and the run says that it may be different another day."""
    program = tmp_path / "program.py"
    program.write_text(DEADLY)
    done = subprocess.run(
        [sys.executable, str(program), str(pages), str(tmp_path / "out")],
        check=False,
        capture_output=True,
        text=True,
    )
    rows = pq.read_table(tmp_path / "out/excluded").to_pylist()
    died = [row for row in rows if row["source"]["name"] == "news/ru.txt"]

    assert ("", "") == (done.stdout, done.stderr)
    assert [("engine", "worker-died", "the process was killed by SIGKILL")] == [
        (row["stage"], row["reason"], row["detail"]) for row in died
    ]
    manifest = json.loads((tmp_path / "out/manifest.json").read_text("utf-8"))
    assert [{"id": died[0]["id"], "reason": "worker-died"}] == manifest["volatile"]
    assert [] == verify(tmp_path / "out")


def test_a_lost_document_stops_the_run(
    pages: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Were a shard to lose one, there would be no manifest and exit code 2."""

    def losing(shard: Shard, job: Job, clean: Cleaner) -> ShardResult:
        kept = Shard(shard.ordinal, shard.inputs[1:])
        return run_shard(kept, job, clean)

    monkeypatch.setattr(pool, "run_shard", losing)

    with pytest.raises(CleanIngestError, match="2 inputs became 1") as caught:
        run([pages], tmp_path / "out", CONFIG, workers=0)
    assert ("conservation", 2) == (caught.value.code, caught.value.exit_code)
    assert not (tmp_path / "out/manifest.json").exists()


def test_clocks_and_hosts_are_in_timings_alone(pages: Path, tmp_path: Path) -> None:
    """It has them, by stage and by shard."""
    run([pages], tmp_path / "out", CONFIG)
    timings = json.loads((tmp_path / "out/timings.json").read_text("utf-8"))

    assert {"repeats", "whitespace"} == set(timings["cpu_seconds_by_stage"])
    assert 4 == len(timings["shards"])


def test_a_large_input_is_shared_and_its_documents_are_the_same(tmp_path: Path) -> None:
    """Each in one share, under its own id, and the input is listed once with all of them."""
    rows = [
        json.dumps({"text": f"Row {n} of the harbour.", "url": f"https://x.org/{n}"})
        for n in range(300)
    ]
    rows[150] = "{broken"
    (tmp_path / "rows.jsonl").write_text("\n".join(rows))
    whole = replace(CONFIG, shards=Shards())
    shared = replace(CONFIG, shards=Shards(bytes=5_000))
    one = run([tmp_path / "rows.jsonl"], tmp_path / "whole", whole, workers=0)
    many = run([tmp_path / "rows.jsonl"], tmp_path / "shared", shared, workers=2)

    assert (1, 4, 300, 299) == (one.shards, many.shards, many.read, many.kept)
    for table in ("documents", "edits", "excluded"):
        first, second = (
            sorted(pq.read_table(tmp_path / out / table).to_pylist(), key=str)
            for out in ("whole", "shared")
        )
        assert first == second
    first, second = (
        pq.read_table(tmp_path / out / "inputs.parquet").to_pylist() for out in ("whole", "shared")
    )
    assert first == second
    assert [] == verify(tmp_path / "shared")
