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
from clean_ingest.engine.plan import Plan, Shard, plan
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
        _check_conservation(planned, results)
        listed, incomplete = _write_inputs(planned, job, journal)
        content = _content(planned, results, listed, incomplete, job.about)
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
    done = _Done(planned)
    for result in results.values():
        done.add(result)
    if progress:
        progress(done.progress())
    with closing(run_shards(waiting, job, workers)) as finished:
        for result in finished:
            results[result.ordinal] = journal.record(planned.shards[result.ordinal], result)
            done.add(result)
            if progress:
                progress(done.progress())
    return [results[shard.ordinal] for shard in planned.shards]


class _Done:
    """How far a run is, added up shard by shard: there may be thousands of them."""

    def __init__(self, planned: Plan) -> None:
        self._shards = planned.shards
        self._of_all = planned.inputs, planned.size
        self._inputs = self._bytes = self._documents = 0
        self._quarantined: Counter[str] = Counter()

    def add(self, result: ShardResult) -> None:
        """Count a finished shard; an input that is cut into shares counts with the first."""
        shard = self._shards[result.ordinal]
        self._inputs += sum(file.share == 0 for file in shard.inputs)
        self._bytes += shard.size
        self._documents += result.read
        self._quarantined.update(result.reasons[QUARANTINED])

    def progress(self) -> Progress:
        """Return what it has come to."""
        inputs, size = self._of_all
        quarantined = dict(sorted(self._quarantined.items()))
        return Progress(self._inputs, inputs, self._bytes, size, self._documents, quarantined)


def _write_inputs(planned: Plan, job: Job, journal: Journal) -> tuple[Part, int]:
    """Write a row for each input; the part, and how many were not read to their end."""
    writer = PartWriter(job.out / INPUTS, SCHEMAS["inputs"], footer("inputs", job.about))
    incomplete = 0
    try:
        for row in _merged(row for shard in planned.shards for row in _rows(shard, journal)):
            writer.append(row)
            incomplete += not row["complete"]
        size, digest = writer.finish()
    except BaseException:
        writer.abort()
        raise
    return Part(INPUTS, writer.rows, size, digest), incomplete


def _rows(shard: Shard, journal: Journal) -> tuple[Row, ...]:
    """Return the rows of a shard's inputs; raises unless there is one for each."""
    rows = journal.inputs(shard)
    if [file.name for file in shard.inputs] != [row["name"] for row in rows]:
        raise _not_conserved(shard.ordinal, f"{len(shard.inputs)} inputs became {len(rows)}")
    return rows


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
    planned: Plan,
    results: list[ShardResult],
    listed: Part,
    incomplete: int,
    about: dict[str, str],
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
            "incomplete": incomplete,
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
                "inputs": len(shard.inputs),
                "read": result.read,
                **{outcome: result.outcomes.get(outcome, 0) for outcome in OUTCOMES},
            }
            for shard, result in zip(planned.shards, results, strict=True)
        ],
        "versions": json.loads(about["versions"]),
        "volatile": [row for result in results for row in result.volatile],
    }


def _parts_of(table: str, results: list[ShardResult]) -> list[Part]:
    return [part for result in results for part in result.parts if part.table == table]


def _check_conservation(planned: Plan, results: list[ShardResult]) -> None:
    """Raise unless every document that was read is in exactly one table."""
    for shard, result in zip(planned.shards, results, strict=True):
        rows = {part.table: part.rows for part in result.parts}
        kept = result.outcomes.get(KEPT, 0)
        left_out = result.outcomes.get(DROPPED, 0) + result.outcomes.get(QUARANTINED, 0)
        stored = (rows["documents"], rows["excluded"]) == (kept, left_out)
        if not (stored and result.read == kept + left_out):
            counts = f"{result.read} documents were read, but {kept} kept and {left_out} left out"
            raise _not_conserved(shard.ordinal, counts)


def _not_conserved(ordinal: int, what: str) -> CleanIngestError:
    return CleanIngestError(
        "conservation",
        what,
        where=f"shard {ordinal}",
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
