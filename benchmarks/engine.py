"""What the engine adds to cleaning: CPU, what a second worker brings, and memory.

    python benchmarks/engine.py overhead    # CPU of all processes, 1 worker beside 0
    python benchmarks/engine.py speedup     # 2 workers beside 1, on the clock
    python benchmarks/engine.py memory      # peak of all processes, 100,000 documents beside 1,000

Runs are runs of the command line over documents made up here. CPU and time are those of a run
less those of one over its first two documents, so that start-up is apart; the two to be compared
alternate, and of their ratios the median of `--repeat` is printed, with the smallest and the
largest. The bounds to hold: overhead at most 5 %, two workers on two idle cores at least 1.85
times one, memory at most 1.2 times.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import psutil

WORDS = (
    "harbour bridge ferry evening council water street light open again after winter",
    "der Hafen die Brücke am Abend wieder frei мост открыт вечером после зимы",
    "پل بندر دوباره باز است 港の橋は再び開いた สะพานเปิดแล้ว η γέφυρα άνοιξε ξανά",
)
CHEAP = ["--set", 'stages=["repeats","whitespace"]']
"""Stages that need little memory of their own, so that what the engine holds stands out."""


def text(number: int, lines: int) -> str:
    """Return a document: sentences in several scripts, with chrome around them; always the same."""
    chance = random.Random(number)
    words = " ".join(WORDS).split()
    body = [" ".join(chance.choices(words, k=chance.randint(8, 25))) + "." for _ in range(lines)]
    return "\n".join(["Home", "Share this post", *body, "", "", "Subscribe to our newsletter", ""])


def write_files(folder: Path, count: int, lines: int) -> None:
    """Write so many documents, each a file of its own."""
    for number in range(count):
        path = folder / f"{number // 1_000:03}/{number:06}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text(number, lines), "utf-8")


def write_rows(folder: Path, count: int, lines: int) -> None:
    """Write so many documents as rows of ten files."""
    folder.mkdir(parents=True)
    each = count // 10
    for start in range(0, count, each):
        with (folder / f"{start:06}.jsonl").open("w", encoding="utf-8") as stream:
            for number in range(start, start + each):
                stream.write(json.dumps({"text": text(number, lines)}) + "\n")


def _command(inputs: Path, out: Path, workers: int, options: list[str]) -> list[str]:
    program = [sys.executable, "-m", "clean_ingest", "run", str(inputs), "-o", str(out)]
    return [*program, "--fresh", "--workers", str(workers), *options]


def cpu(inputs: Path, out: Path, workers: int, options: list[str]) -> tuple[float, float]:
    """Return CPU seconds of a run with all its processes, and its seconds on the clock."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    command = _command(inputs, out, workers, options)
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return spent, time.monotonic() - began


def peak(inputs: Path, out: Path, workers: int, options: list[str]) -> int:
    """Return the most bytes that all processes of a run were resident with, seen every 20 ms."""
    command = _command(inputs, out, workers, options)
    most = 0
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        root = psutil.Process(process.pid)
        while process.poll() is None:
            with suppress(psutil.Error):
                tree = [root, *root.children(recursive=True)]
                most = max(most, sum(_resident(each) for each in tree))
            time.sleep(0.02)
    if process.returncode:
        raise SystemExit(f"the run ended with {process.returncode}")
    return most


def _resident(process: psutil.Process) -> int:
    try:
        return int(process.memory_info().rss)
    except psutil.Error:
        return 0


def _against(
    folder: Path, workers: tuple[int, int], repeat: int, of: Callable[[tuple[float, float]], float]
) -> Iterator[tuple[float, float]]:
    """Yield what both numbers of workers took, over and over, start-up apart."""
    whole, first = folder / "in", folder / "first"
    for _ in range(repeat):
        took = []
        for number in workers:
            start = of(cpu(first, folder / "out", number, ["--set", "shards.rows=1"]))
            shards = ["--set", "shards.rows=100"]
            took.append(of(cpu(whole, folder / "out", number, shards)) - start)
        yield took[0], took[1]


def overhead(folder: Path, count: int, repeat: int) -> None:
    """Print the CPU of the engine as a share of the CPU of cleaning."""
    _write_pages(folder, count)
    pairs = list(_against(folder, (0, 1), repeat, lambda both: both[0]))
    shares = sorted(100 * (with_one - alone) / alone for alone, with_one in pairs)
    alone = statistics.median(alone for alone, _ in pairs)
    print(
        f"{count} documents, {1_000 * alone / count:.2f} ms of CPU each; the engine adds "
        f"{statistics.median(shares):.1f} % ({shares[0]:.1f} to {shares[-1]:.1f}, {repeat} runs)"
    )


def speedup(folder: Path, count: int, repeat: int) -> None:
    """Print how many times as fast two workers are as one."""
    _write_pages(folder, count)
    pairs = list(_against(folder, (1, 2), repeat, lambda both: both[1]))
    times = sorted(one / two for one, two in pairs)
    print(
        f"{count} documents, {statistics.median(one for one, _ in pairs):.1f} s with one worker; "
        f"two are {statistics.median(times):.2f} times as fast "
        f"({times[0]:.2f} to {times[-1]:.2f}, {repeat} runs)"
    )


def _write_pages(folder: Path, count: int) -> None:
    write_files(folder / "in", count, lines=40)
    write_files(folder / "first", 2, lines=40)  # a shard for each worker


def memory(folder: Path, few: int, many: int) -> None:
    """Print the peaks of runs with two workers over few and over many small documents."""
    # Each file with rows is a shard, so that both workers have work in either run.
    for kind, write, shard in (("rows", write_rows, 1), ("files", write_files, 500)):
        options = [*CHEAP, "--set", f"shards.rows={shard}"]
        peaks = []
        for count in (few, many):
            write(folder / f"{kind}-{count}", count, lines=3)
            peaks.append(peak(folder / f"{kind}-{count}", folder / "out", 2, options))
        small, large = (most / 1_000_000 for most in peaks)
        print(
            f"{kind}: {small:.0f} MB for {few:,}, {large:.0f} MB for {many:,}: {large / small:.2f}"
        )


def main() -> None:
    """Run what was asked for, or all of it."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("what", nargs="?", choices=["overhead", "speedup", "memory"])
    parser.add_argument("--documents", type=int, default=3_000)
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--many", type=int, default=100_000)
    args = parser.parse_args()
    print("load of the machine before, over 1, 5 and 15 minutes:", *os.getloadavg())
    with tempfile.TemporaryDirectory() as folder:
        if args.what in {None, "overhead"}:
            overhead(Path(folder) / "overhead", args.documents, args.repeat)
        if args.what in {None, "speedup"}:
            speedup(Path(folder) / "speedup", args.documents, args.repeat)
        if args.what in {None, "memory"}:
            memory(Path(folder) / "memory", args.many // 100, args.many)
    print("load after:", *os.getloadavg())


if __name__ == "__main__":
    main()
