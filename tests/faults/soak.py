"""Ends runs of the command line at random moments, goes on with each, and looks at what is there.

    python tests/faults/soak.py [--kills 200] [--worker-kills 200] [--stops 50] [--seed 1]

Spread over 1, 2 and 8 workers: so many kills of the run itself, of one of its processes, and
so many times SIGTERM, SIGINT, and SIGINT twice. Each run must come to the bytes of one that
nothing disturbed, with the same command; meanwhile a reader opens whatever has a final name.
At the end 50 runs are started at once. Ends with 1, and says how to have it again, where
anything is not as it must be.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from clean_ingest.config.load import load
from clean_ingest.core.errors import OutputError
from clean_ingest.engine.local import run
from clean_ingest.writers.folder import JOURNAL, LOCK, TIMINGS

WORKERS = (1, 2, 8)
PAGES = 40
CONFIG = 'stages = ["repeats", "whitespace"]\n[shards]\nrows = 5\nmask_bits = 32\n'
PARTS = 3 * PAGES // 5
PATIENCE = 120.0
"""Seconds after which a run counts as one that hangs."""


@dataclass(frozen=True, slots=True)
class Scene:
    """Inputs, a config, and the SHA-256 of each file of a run over them that nothing disturbed."""

    folder: Path
    expected: dict[str, str]

    @classmethod
    def set_up(cls, folder: Path) -> Scene:
        """Write the inputs, and make that run."""
        (folder / "in").mkdir()
        for n in range(PAGES):
            text = f"Page {n} of the harbour.  \n\n\n\nپل {n} باز است.\n" * (1 + n % 7)
            (folder / f"in/{n:02}.txt").write_text(text, "utf-8")
        (folder / "config.toml").write_text(CONFIG)
        calm = folder / "calm"
        scene = cls(folder, {})
        subprocess.run(scene.command(calm, 0), check=True, stdout=subprocess.DEVNULL)
        return cls(folder, dict(hashes(calm)))

    def command(self, out: Path, workers: int) -> list[str]:
        """Return the command of a run, the same for its start and for its going on."""
        program = [sys.executable, "-m", "clean_ingest", "run", str(self.folder / "in")]
        options = ["--config", str(self.folder / "config.toml"), "--workers", str(workers)]
        return [*program, "-o", str(out), *options]


def hashes(out: Path) -> Iterator[tuple[str, str]]:
    """Yield name and SHA-256 of each file of a run that has its final name and is hashed."""
    for path in sorted(out.rglob("*")):
        name = str(path.relative_to(out))
        if path.suffix in {".parquet", ".json"} and path.name != TIMINGS and JOURNAL not in name:
            with suppress(FileNotFoundError):  # taken away meanwhile
                yield name, hashlib.sha256(path.read_bytes()).hexdigest()


@dataclass(slots=True)
class Reader:
    """Looks at an output folder again and again, as somebody does who cannot wait."""

    out: Path
    expected: dict[str, str]
    seen: int = 0
    wrong: set[str] = field(default_factory=set)

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Look until the end of what runs inside."""
        stop = threading.Event()
        thread = threading.Thread(target=self._read, args=(stop,))
        thread.start()
        try:
            yield
        finally:
            stop.set()
            thread.join()

    def _read(self, stop: threading.Event) -> None:
        while not stop.wait(0.03):
            for name, digest in hashes(self.out):
                self.seen += 1
                if self.expected.get(name) != digest:
                    self.wrong.add(name)


def _kill(started: subprocess.Popen[bytes], _: random.Random) -> None:
    started.kill()


def _kill_a_worker(started: subprocess.Popen[bytes], chance: random.Random) -> None:
    processes = children(started.pid)
    chance.shuffle(processes)
    for process in processes:
        with suppress(psutil.Error):
            process.kill()
            return


def _terminate(started: subprocess.Popen[bytes], _: random.Random) -> None:
    started.terminate()


def _interrupt(started: subprocess.Popen[bytes], _: random.Random) -> None:
    os.killpg(started.pid, signal.SIGINT)  # all that a terminal would send it to


def _interrupt_twice(started: subprocess.Popen[bytes], chance: random.Random) -> None:
    _interrupt(started, chance)
    time.sleep(chance.uniform(0, 0.05))
    with suppress(ProcessLookupError):
        _interrupt(started, chance)


Way = Callable[[subprocess.Popen[bytes], random.Random], None]
WAYS: dict[str, tuple[Way, set[int]]] = {
    "SIGKILL": (_kill, {-signal.SIGKILL}),
    "SIGKILL of a worker": (_kill_a_worker, set()),
    "SIGTERM": (_terminate, {128 + signal.SIGTERM}),
    "SIGINT": (_interrupt, {128 + signal.SIGINT}),
    "SIGINT twice": (_interrupt_twice, {128 + signal.SIGINT, -signal.SIGINT}),
}
"""How to disturb a run, and with which codes it may then end; 0 where it was too late for that."""


def children(pid: int) -> list[psutil.Process]:
    """Return the processes that write and clean below one, in the order of their start."""
    found = []
    with suppress(psutil.Error):
        for process in psutil.Process(pid).children(recursive=True):
            with suppress(psutil.Error):
                if "spawn_main" in " ".join(process.cmdline()):
                    found.append(process)
    return sorted(found, key=lambda process: process.pid)


@dataclass(frozen=True, slots=True)
class Found:
    """What came of one disturbed run: how it ended, files that a reader saw, and what is wrong."""

    code: int
    seen: int
    wrong: tuple[str, ...]


def disturb(scene: Scene, workers: int, way: str, chance: random.Random) -> Found:
    """Start a run, disturb it at a random moment, and go on with the same command."""
    out = scene.folder / "out"
    reader = Reader(out, scene.expected)
    wrong: list[str] = []
    with reader.reading():
        code, talk, left = _disturbed(scene, workers, way, chance)
        finished = (out / "manifest.json").exists() and not (out / LOCK).exists()
        # Whoever is finished, and on the way out, has no handler any more.
        late = {-signal.SIGINT, -signal.SIGTERM} if finished else set()
        if code not in {0, *WAYS[way][1], *late}:
            wrong.append(f"it ended with {code}")
        # A child that was being started when its parent was killed says that nobody feeds it.
        if "Traceback" in talk and code != -signal.SIGKILL:
            wrong.append(f"it said {talk}")
        if code > 0 and "the same command takes it up again" not in talk:
            wrong.append(f"it did not say how to go on, but {talk!r}")
        if code > 0 and list(out.glob("*/*.tmp")):
            wrong.append("a temporary file was left")
        if any(process.is_running() for process in psutil.wait_procs(left, timeout=5)[1]):
            wrong.append("a process of its own went on")
        if not finished:
            again = _popen(scene.command(out, workers))
            said = again.communicate(timeout=PATIENCE)[1].decode()
            if again.returncode or "quarantined" in said:
                wrong.append(f"going on ended with {again.returncode}: {said}")
    if dict(hashes(out)) != scene.expected:
        wrong.append("the run is another one than that which nothing disturbed")
    if (out / LOCK).exists() or list(out.glob("*/*.tmp")):
        wrong.append("something was left that has no place in a finished run")
    wrong += [f"a reader saw another {name}" for name in sorted(reader.wrong)]
    shutil.rmtree(out, ignore_errors=True)
    return Found(code, reader.seen, tuple(wrong))


def _disturbed(
    scene: Scene, workers: int, way: str, chance: random.Random
) -> tuple[int, str, list[psutil.Process]]:
    """Return exit code, what was said on stderr, and the processes that there were."""
    out = scene.folder / "out"
    # By what is there already, not by the clock: so every stretch of a run is hit as often,
    # however fast the machine is.
    parts, pause = chance.randint(-4, PARTS), chance.uniform(0, 0.03)
    process = _popen(scene.command(out, workers))
    while process.poll() is None:
        if (out / LOCK).exists() and len(list(out.glob("*/part-*.parquet"))) >= parts:
            break
        time.sleep(0.002)
    if parts < 0:  # while its processes are still being started
        pause *= 20
    time.sleep(pause)
    processes = children(process.pid)
    if process.poll() is None:
        WAYS[way][0](process, chance)
    talk = process.communicate(timeout=PATIENCE)[1].decode()
    return process.returncode, talk, processes


def _popen(command: list[str]) -> subprocess.Popen[bytes]:
    # A shell starts what runs in its background with SIGINT ignored, and children inherit that.
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    # A coverage tool that follows into a process which is killed leaves half a file behind.
    kept = {key: value for key, value in os.environ.items() if not key.startswith("COV")}
    return subprocess.Popen(
        command,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        env=kept | {"CI": ""},
        start_new_session=True,
    )


def start_at_once(scene: Scene, number: int) -> Counter[str]:
    """Start so many runs into one folder at the same moment; return how each of them ended."""
    out = scene.folder / "out"
    config = load(str(scene.folder / "config.toml"), ())
    config.fingerprint()  # what all of them need is worked out before they part
    read_start, write_start = os.pipe()
    ended = []
    for _ in range(number):
        read_end, write_end = os.pipe()
        if not os.fork():
            os.close(write_start)
            os.read(read_start, 1)  # until the other end is closed
            try:
                run([scene.folder / "in"], out, config, workers=0)
                code = "done"
            except OutputError as error:
                code = error.code
            except BaseException as error:
                code = repr(error)
            os.write(write_end, code.encode())
            os._exit(0)
        os.close(write_end)
        ended.append(read_end)
    os.close(write_start)
    ends: Counter[str] = Counter()
    for read_end in ended:
        ends[os.read(read_end, 1_000).decode()] += 1
        os.close(read_end)
    for _ in range(number):
        os.wait()
    os.close(read_start)
    if number and dict(hashes(out)) != scene.expected:
        ends["another run than that which nothing disturbed"] += 1
    shutil.rmtree(out, ignore_errors=True)
    return ends


def soak(scene: Scene, rounds: dict[str, int], seed: int) -> int:
    """Disturb so many runs in each way, print what came of it, and return how many went wrong."""
    bad = 0
    for way, number in rounds.items():
        ends: Counter[int] = Counter()
        seen, began = 0, time.monotonic()
        for turn in range(number):
            workers = WORKERS[turn % len(WORKERS)]
            found = disturb(scene, workers, way, random.Random(f"{seed} {way} {turn}"))
            ends[found.code] += 1
            seen += found.seen
            bad += bool(found.wrong)
            for what in found.wrong:
                print(f"{way}, {turn}, {workers} workers, seed {seed}: {what}")
        codes = ", ".join(f"{code}: {count}" for code, count in sorted(ends.items()))
        print(
            f"{way}: {number} runs, exit codes {{{codes}}}, "
            f"{seen} files read meanwhile, {time.monotonic() - began:.0f} s",
            flush=True,
        )
    return bad


def main() -> int:
    """Run all of it; the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--worker-kills", type=int, default=200)
    parser.add_argument("--stops", type=int, default=50, help="of each kind")
    parser.add_argument("--starts", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    numbers = (args.kills, args.worker_kills, args.stops, args.stops, args.stops)
    rounds = dict(zip(WAYS, numbers, strict=True))
    with tempfile.TemporaryDirectory() as folder:
        scene = Scene.set_up(Path(folder))
        ends = start_at_once(scene, args.starts)
        print(f"{args.starts} starts at once: {dict(ends)}", flush=True)
        fine = {"done", "output/locked", "output/finished"}
        bad = int(not set(ends) <= fine or ends["done"] != min(args.starts, 1))
        bad += soak(scene, rounds, args.seed)
    print(f"{bad} went wrong")
    return int(bad > 0)


if __name__ == "__main__":
    sys.exit(main())
