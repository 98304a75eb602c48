"""Isolation: what hangs, crashes or eats memory costs itself alone."""

from __future__ import annotations

import json
import os
import signal
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil
import pytest
from poison import Poison

from clean_ingest.config.model import Config, Limits, Shards
from clean_ingest.core.errors import CleanIngestError
from clean_ingest.engine import documents, worker
from clean_ingest.engine.documents import Position, Rows, Work, clean_all
from clean_ingest.engine.local import run
from clean_ingest.engine.process import Child
from clean_ingest.engine.verify import verify
from clean_ingest.engine.worker import Worker
from clean_ingest.readers.inputs import InputFile
from clean_ingest.readers.items import Whole

LIMITS = Limits(cpu_seconds=0.5, memory_bytes=100_000_000)


def pages(tmp_path: Path, *texts: str) -> list[InputFile]:
    """Return inputs with these texts, named by their number."""
    return [InputFile(f"{n}.txt", "-", data=text.encode()) for n, text in enumerate(texts)]


def cleaned(files: Sequence[InputFile], config: Config) -> list[tuple[str, str, str]]:
    """Return name, outcome and reason (or the clean text) of every document, in order."""
    with Worker(config) as clean:
        rows = [item for item in clean.clean(files) if isinstance(item, Rows)]
    return [
        (each.row["source"]["name"], each.outcome, each.reason or each.row["text"]) for each in rows
    ]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("spin", "timeout"),
        ("hang", "timeout"),
        ("hang in C", "timeout"),
        ("eat", "memory"),
        ("segfault", "worker-died"),
        ("exit", "worker-died"),
        ("be killed", "worker-died"),
        ("recurse", "stage-error"),
    ],
)
def test_poison_costs_itself_alone(tmp_path: Path, text: str, reason: str) -> None:
    """Its neighbours are cleaned, in their order, and it has its reason."""
    files = pages(tmp_path, "one.", "two.", text, "three.", "four.")
    found = cleaned(files, Config("test", (Poison(),), LIMITS))

    assert [
        ("0.txt", "kept", "one"),
        ("1.txt", "kept", "two"),
        ("2.txt", "quarantined", reason),
        ("3.txt", "kept", "three"),
        ("4.txt", "kept", "four"),
    ] == found


def test_a_death_is_proved_alone(tmp_path: Path) -> None:
    """The document that died is tried once more, by a process that has done nothing else."""
    files = pages(tmp_path, "one.", "exit", "two.")
    cleaned(files, Config("test", (Poison(str(tmp_path)),), LIMITS))

    # Whether the first one's rows had been sent before its process died is left to chance.
    assert "xx" == (tmp_path / "1.txt").read_text()
    assert "x" == (tmp_path / "2.txt").read_text()


def test_an_accident_costs_nothing(tmp_path: Path) -> None:
    """What dies once and not again is cleaned as if nothing had been."""
    files = pages(tmp_path, "one.", "die once", "two.")
    found = cleaned(files, Config("test", (Poison(str(tmp_path)),), LIMITS))

    assert [
        ("0.txt", "kept", "one"),
        ("1.txt", "kept", "die onc"),
        ("2.txt", "kept", "two"),
    ] == found


def test_poison_inside_an_input_costs_one_record(tmp_path: Path) -> None:
    """The other records of the file come before and after it."""
    rows = [json.dumps({"text": text}) for text in ("one.", "exit", "two.", "segfault", "three.")]
    file = InputFile("rows.jsonl", "-", data="\n".join(rows).encode())
    with Worker(Config("test", (Poison(),), LIMITS)) as clean:
        items = list(clean.clean([file]))

    assert ["kept", "quarantined", "kept", "quarantined", "kept"] == [
        item.outcome for item in items if isinstance(item, Rows)
    ]
    assert ["1", "2", "3", "4", "5"] == [
        item.row["source"]["record"] for item in items if isinstance(item, Rows)
    ]
    assert isinstance(items[-1], Whole)
    assert items[-1].source.sha256


def test_a_reader_that_dies_costs_the_rest_of_its_input() -> None:
    """What came before it is kept, and the next input is read."""
    files = pages(Path(), "one.", "two.", "three.")
    death = documents.Death("reading", "worker-died", "the process exited with code 3")
    work = Work(files, deaths={Position(1, 0): death})
    items = [item for _, item in clean_all(work, Config("test", ()), Config("test", ()).pipeline())]

    outcomes = [item.outcome if isinstance(item, Rows) else item.source.name for item in items]
    assert ["kept", "0.txt", "quarantined", "1.txt", "kept", "2.txt"] == outcomes
    lost = items[2]
    assert isinstance(lost, Rows)
    assert ("readers", "worker-died", True) == (lost.row["stage"], lost.reason, lost.rest)


def test_work_goes_on_where_it_stopped() -> None:
    """Whatever the position, what is behind it is what it would have been."""
    rows = "\n".join(json.dumps({"text": f"row {n}."}) for n in range(3))
    files = [*pages(Path(), "one.", "two."), InputFile("2.jsonl", "-", data=rows.encode())]
    config = Config("test", (Poison(),))
    whole = list(clean_all(Work(files), config, config.pipeline()))
    for number, (position, item) in enumerate(whole):
        start = worker._behind(position, item)  # where a worker would go on
        rest = [p for p, _ in clean_all(Work(files, start), config, config.pipeline())]
        assert [p for p, _ in whole[number + 1 :]] == rest


def test_a_process_that_has_grown_is_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between two batches, and nothing of it shows."""
    monkeypatch.setattr(worker, "_RECYCLED", -1.0)
    started: list[Child] = []
    start = Child.start

    def counted(*arguments: Any, **options: Any) -> Child:
        started.append(start(*arguments, **options))
        return started[-1]

    monkeypatch.setattr(Child, "start", counted)
    files = pages(tmp_path, *(f"text {n}." for n in range(130)))
    found = cleaned(files, Config("test", (Poison(),), LIMITS))

    assert [f"text {n}" for n in range(130)] == [text for _, _, text in found]
    assert len(started) > 2


def test_a_stage_that_cannot_be_loaded_ends_the_run(tmp_path: Path) -> None:
    """No document is blamed for it."""

    class Unloadable(Poison):
        """Is not found by the process that would clean."""

        def __reduce__(self) -> tuple[Any, ...]:
            return os._exit, (5,)

    with pytest.raises(CleanIngestError, match="exited with code 5") as caught:
        cleaned(pages(tmp_path, "one."), Config("test", (Unloadable(),), LIMITS))
    assert "engine/worker-lost" == caught.value.code


def ours(process: psutil.Process) -> list[psutil.Process]:
    """Return the processes that clean and write below one, without Python's own helper."""
    found = []
    for child in sorted(process.children(recursive=True), key=lambda child: child.pid):
        with suppress(psutil.Error):
            if "spawn_main" in " ".join(child.cmdline()):
                found.append(child)
    return found


@pytest.mark.parametrize("workers", [1, 2])
def test_killed_workers_leave_no_trace(tmp_path: Path, workers: int) -> None:
    """Whichever process is killed, the run is the same byte for byte."""
    (tmp_path / "in").mkdir()
    for n in range(60):
        (tmp_path / "in" / f"{n:02}.txt").write_text(f"text {n}.\n" * 50)
    config = Config("test", (Poison(),), shards=Shards(rows=10))
    run([tmp_path / "in"], tmp_path / "calm", config, workers=0)

    stop = threading.Event()

    def kill_now_and_then() -> None:
        us = psutil.Process()
        for turn in range(4):
            if stop.wait(0.5):
                return
            children = ours(us)
            if children:
                children[turn % len(children)].send_signal(signal.SIGKILL)

    killer = threading.Thread(target=kill_now_and_then)
    killer.start()
    try:
        run([tmp_path / "in"], tmp_path / "out", config, workers=workers)
    finally:
        stop.set()
        killer.join()

    for table in ("documents", "edits", "excluded"):
        calm, other = (sorted((tmp_path / out / table).iterdir()) for out in ("calm", "out"))
        assert [path.read_bytes() for path in calm] == [path.read_bytes() for path in other]
    assert (tmp_path / "calm/manifest.json").read_bytes() == (
        tmp_path / "out/manifest.json"
    ).read_bytes()
    assert [] == verify(tmp_path / "out")


def test_no_process_is_left(tmp_path: Path) -> None:
    """Once a run is over, or was given up."""
    with Worker(Config("test", (Poison(),), LIMITS)) as clean:
        items = clean.clean(pages(tmp_path, "one.", "two."))
        next(items)
        assert ours(psutil.Process())
    for _ in range(100):
        if not ours(psutil.Process()):
            return
        time.sleep(0.05)
    pytest.fail("a process went on")
