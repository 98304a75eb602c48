"""Runs on this machine: one process, or a pool of them; the bytes are the same."""

from __future__ import annotations

import json
import os
import platform
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path
from typing import Any

from clean_ingest.config.model import Config
from clean_ingest.core.errors import CleanIngestError
from clean_ingest.core.pipeline import DROPPED, KEPT, QUARANTINED
from clean_ingest.engine.journal import Journal, Taken
from clean_ingest.engine.plan import Plan, plan
from clean_ingest.engine.pool import run_shards
from clean_ingest.engine.shard import Job, ShardResult
from clean_ingest.readers.inputs import expand
from clean_ingest.writers import manifest
from clean_ingest.writers.files import write_whole
from clean_ingest.writers.folder import INPUTS, TABLES, TIMINGS, claim
from clean_ingest.writers.parquet import Part, PartWriter, footer
from clean_ingest.writers.rows import Row
from clean_ingest.writers.schema import SCHEMAS, VERSION

OUTCOMES = (KEPT, DROPPED, QUARANTINED)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is, at its beginning and after each shard.

    Sizes are in bytes of input, `quarantined` is by reason.
    """

    inputs_done: int
    inputs: int
    bytes_done: int
    bytes_total: int
    documents: int
    quarantined: dict[str, int]


@dataclass(frozen=True, slots=True)
class RunSummary:
    """What a run did: read = kept + dropped + quarantined.

    `incomplete` inputs were not read to their end, and nobody knows what else they hold;
    `reasons` counts those left out by outcome and reason; `hidden` entries of folders were
    passed over. Of the `shards` those `taken_over` were finished before; `made_otherwise`
    others were too, with another config, other rules or versions, and were made anew.
    `seconds` is wall time.
    """

    out: str
    inputs: int
    read: int
    kept: int
    dropped: int
    quarantined: int
    incomplete: int
    edits: int
    reasons: dict[str, dict[str, int]]
    hidden: int
    shards: int
    taken_over: int
    made_otherwise: int
    fingerprint: str
    seconds: float


def plan_run(
    inputs: Sequence[str | Path], out: Path, config: Config, *, limit: int | None = None
) -> Plan:
    """Find the inputs and cut them into shards, as `run` does; nothing is read but stdin.

    Raises:
        InputError: as `readers.inputs.expand` says.

    """
    found = expand(inputs, exclude=out, stdin_bytes=config.limits.document_bytes)
    return plan(found.files[:limit], config.shards, hidden=found.hidden)


def run(
    inputs: Sequence[str | Path],
    out: str | Path,
    config: Config,
    *,
    workers: int = 1,
    fresh: bool = False,
    update: bool = False,
    rehash: bool = False,
    limit: int | None = None,
    progress: Callable[[Progress], None] | None = None,
) -> RunSummary:
    """Clean `inputs` into the folder `out`, with the same bytes for any number of workers.

    An unfinished run in `out` is gone on with; a finished one is brought up to date where
    `update` says so, and made anew where `fresh` does. Of either, shards are taken over whose
    inputs have the size and the time stamp that they had, or with `rehash` the SHA-256, and
    that were made with the same config, rules and versions: the bytes are those of a fresh
    run. With 0 `workers` documents are cleaned in this process, without limits on their time
    and memory. `limit` takes the first inputs only, `progress` is called at the beginning and after
    each shard, in this process.

    Raises:
        InputError: as `readers.inputs.expand` says.
        OutputError: as `writers.folder.claim` says, or the disk is full.
        CleanIngestError: a worker died, or a document was lost (`conservation`).

    """
    began, started = time.perf_counter(), datetime.now(UTC)
    out = Path(out)
    planned = plan_run(inputs, out, config, limit=limit)
    job = Job.of(out, config)
    with claim(out, fresh=fresh, update=update):
        journal = Journal(out, job.about["fingerprint"])
        taken = journal.take_over(planned, rehash=rehash)
        results = _run_shards(planned, job, workers, journal, taken, progress=progress)
        listed = _write_inputs(job, results)
        content = _content(planned, results, listed, job.about)
        _check_conservation(planned, results)
        seconds = time.perf_counter() - began
        _write_timings(out, started, seconds, workers, results)
        manifest.write(out, content)
    return _summary(out, content, seconds, taken)


def _run_shards(
    planned: Plan,
    job: Job,
    workers: int,
    journal: Journal,
    taken: Taken,
    *,
    progress: Callable[[Progress], None] | None,
) -> list[ShardResult]:
    """Run the shards that are not finished; all results are in the order of the plan."""
    results = dict(taken.results)
    waiting = [shard for shard in planned.shards if shard.ordinal not in results]
    if progress:
        progress(_progress(planned, results))
    with closing(run_shards(waiting, job, workers)) as finished:
        for result in finished:
            journal.record(planned.shards[result.ordinal], result)
            results[result.ordinal] = result
            if progress:
                progress(_progress(planned, results))
    return [results[shard.ordinal] for shard in planned.shards]


def _progress(planned: Plan, results: dict[int, ShardResult]) -> Progress:
    quarantined: Counter[str] = Counter()
    for result in results.values():
        quarantined.update(result.reasons[QUARANTINED])
    return Progress(
        len({row["name"] for result in results.values() for row in result.inputs}),
        planned.inputs,
        sum(planned.shards[ordinal].size for ordinal in results),
        planned.size,
        sum(result.read for result in results.values()),
        dict(sorted(quarantined.items())),
    )


def _write_inputs(job: Job, results: list[ShardResult]) -> Part:
    writer = PartWriter(job.out / INPUTS, SCHEMAS["inputs"], footer("inputs", job.about))
    try:
        for row in _merged(row for result in results for row in result.inputs):
            writer.append(row)
        size, digest = writer.finish()
    except BaseException:
        writer.abort()
        raise
    return Part(INPUTS, writer.rows, size, digest)


def _merged(rows: Iterable[Row]) -> Iterator[Row]:
    """One row for each input, also for one of which several shards have a share."""
    for _, shares in groupby(rows, key=lambda row: row["name"]):
        first, *others = shares
        yield first | {
            "documents": first["documents"] + sum(row["documents"] for row in others),
            "kept": first["kept"] + sum(row["kept"] for row in others),
            "complete": all(row["complete"] for row in (first, *others)),
        }


def _content(
    planned: Plan, results: list[ShardResult], listed: Part, about: dict[str, str]
) -> dict[str, Any]:
    """Return the manifest: all that a run is, and nothing of when or where it was made."""
    outcomes: Counter[str] = Counter()
    reasons: dict[str, Counter[str]] = {DROPPED: Counter(), QUARANTINED: Counter()}
    for result in results:
        outcomes.update(result.outcomes)
        for outcome, counts in result.reasons.items():
            reasons[outcome].update(counts)
    parts = [asdict(part) for table in TABLES for part in _parts_of(table, results)]
    return {
        "config": json.loads(about["config"]),
        "counts": {
            "inputs": planned.inputs,
            "hidden": planned.hidden,
            "read": sum(result.read for result in results),
            **{outcome: outcomes[outcome] for outcome in OUTCOMES},
            "incomplete": len(
                {row["name"] for r in results for row in r.inputs if not row["complete"]}
            ),
            "edits": sum(part.rows for part in _parts_of("edits", results)),
            "reasons": {outcome: dict(counts) for outcome, counts in reasons.items()},
        },
        "fingerprint": about["fingerprint"],
        "inputs": asdict(listed),
        "parts": parts,
        "schema": VERSION,
        "shards": [
            {
                "ordinal": result.ordinal,
                "inputs": len(result.inputs),
                "read": result.read,
                **{outcome: result.outcomes.get(outcome, 0) for outcome in OUTCOMES},
            }
            for result in results
        ],
        "versions": json.loads(about["versions"]),
        "volatile": [row for result in results for row in result.volatile],
    }


def _parts_of(table: str, results: list[ShardResult]) -> list[Part]:
    return [part for result in results for part in result.parts if part.table == table]


def _check_conservation(planned: Plan, results: list[ShardResult]) -> None:
    """Raise unless every input and every document that was read is in exactly one table."""
    for shard, result in zip(planned.shards, results, strict=True):
        rows = {part.table: part.rows for part in result.parts}
        kept = result.outcomes.get(KEPT, 0)
        left_out = result.outcomes.get(DROPPED, 0) + result.outcomes.get(QUARANTINED, 0)
        named = [file.name for file in shard.inputs] == [row["name"] for row in result.inputs]
        stored = (rows["documents"], rows["excluded"]) == (kept, left_out)
        if not (named and stored and result.read == kept + left_out):
            raise CleanIngestError(
                "conservation",
                f"{result.read} documents were read, but {kept} kept and {left_out} left out",
                where=f"shard {result.ordinal}",
                hint="this is a defect of clean_ingest: please report it",
            )


def _write_timings(
    out: Path, started: datetime, seconds: float, workers: int, results: list[ShardResult]
) -> None:
    """Write the one file that holds clocks, the host and speeds."""
    cpu: Counter[str] = Counter()
    for result in results:
        cpu.update(result.cpu_seconds)
    read = sum(result.read for result in results)
    timings = {
        "started": started.isoformat(timespec="seconds"),
        "seconds": round(seconds, 3),
        "documents_per_second": round(read / seconds, 1),
        "workers": workers,
        "cpu_seconds_by_stage": {stage: round(cpu[stage], 4) for stage in sorted(cpu)},
        "shards": [{"ordinal": r.ordinal, "seconds": round(r.seconds, 3)} for r in results],
        "host": {
            "cpus": os.cpu_count(),
            "machine": platform.machine(),
            "system": platform.system(),
            "python": platform.python_version(),
        },
    }
    write_whole(out / TIMINGS, f"{json.dumps(timings, indent=2)}\n".encode())


def _summary(out: Path, content: dict[str, Any], seconds: float, taken: Taken) -> RunSummary:
    counts = content["counts"]
    return RunSummary(
        str(out),
        counts["inputs"],
        counts["read"],
        counts[KEPT],
        counts[DROPPED],
        counts[QUARANTINED],
        counts["incomplete"],
        counts["edits"],
        counts["reasons"],
        counts["hidden"],
        len(content["shards"]),
        len(taken.results),
        taken.other_config,
        content["fingerprint"],
        seconds,
    )
