"""The unit of work: a list of inputs in, three Parquet parts and a tally out.

Documents are isolated here and not by an engine: what cleans them is a process of its own
(`worker`), and whatever goes wrong with one of them costs that one alone.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from clean_ingest.config.model import Config
from clean_ingest.core.document import Source
from clean_ingest.core.pipeline import DROPPED, KEPT, QUARANTINED
from clean_ingest.core.spelling import canonical_json
from clean_ingest.engine.documents import Rows, Work, clean_all
from clean_ingest.engine.plan import Shard
from clean_ingest.readers.inputs import InputFile
from clean_ingest.readers.items import Whole
from clean_ingest.writers.folder import TABLES, part_path
from clean_ingest.writers.parquet import Part, PartWriter, footer
from clean_ingest.writers.rows import Row
from clean_ingest.writers.schema import SCHEMAS


@dataclass(frozen=True, slots=True)
class Job:
    """What all shards of a run share; `about` goes into the footer of every part."""

    out: Path
    config: Config
    about: dict[str, str]

    @classmethod
    def of(cls, out: Path, config: Config) -> Job:
        """Return the job that writes under `out`; the fingerprint is worked out once, here."""
        about = {
            "config": config.canonical(),
            "fingerprint": config.fingerprint(),
            "versions": canonical_json(config.versions()),
        }
        return cls(out, config, about)


@dataclass(frozen=True, slots=True)
class ShardResult:
    """What one shard did: counts, its parts, one row for each input, CPU seconds by stage.

    `reasons` are by outcome; `volatile` documents died of a limit, and might not on another
    day; `seconds` is wall time.
    """

    ordinal: int
    read: int
    outcomes: dict[str, int]
    reasons: dict[str, dict[str, int]]
    parts: tuple[Part, ...]
    inputs: tuple[Row, ...]
    volatile: tuple[Row, ...] = ()
    seconds: float = 0.0
    cpu_seconds: dict[str, float] = field(default_factory=dict)


Cleaner = Callable[[Sequence[InputFile]], Iterator[Rows | Whole]]
"""What makes rows of inputs: in another process, or in this one."""


def clean_here(config: Config) -> Cleaner:
    """Return what cleans in this process, without limits on time and memory: for debugging."""
    pipeline = config.pipeline()

    def clean(files: Sequence[InputFile]) -> Iterator[Rows | Whole]:
        return (item for _, item in clean_all(Work(files), config, pipeline))

    return clean


def run_shard(shard: Shard, job: Job, clean: Cleaner) -> ShardResult:
    """Write what becomes of every document of `shard` into its parts.

    Raises:
        OutputError: a part cannot be written; those that are left under their names are whole.

    """
    began = time.perf_counter()
    tally = _Tally(shard.ordinal)
    writers = _open(job, shard.ordinal)
    try:
        for item in clean(shard.inputs):
            if isinstance(item, Whole):
                tally.close_input(item.source)
                continue
            tally.add(item)
            writers["documents" if item.outcome == KEPT else "excluded"].append(item.row)
            for row in item.edits:
                writers["edits"].append(row)
        parts = _finish(writers, shard.ordinal)
    except BaseException:
        for writer in writers.values():
            writer.abort()
        raise
    return ShardResult(
        shard.ordinal,
        sum(tally.outcomes.values()),
        dict(tally.outcomes),
        {outcome: dict(counts) for outcome, counts in tally.reasons.items()},
        parts,
        tuple(tally.inputs),
        tuple(tally.volatile),
        time.perf_counter() - began,
        dict(tally.seconds),
    )


class _Tally:
    """Counts while a shard runs."""

    def __init__(self, ordinal: int) -> None:
        self.outcomes: Counter[str] = Counter()
        self.reasons: dict[str, Counter[str]] = {DROPPED: Counter(), QUARANTINED: Counter()}
        self.seconds: Counter[str] = Counter()
        self.inputs: list[Row] = []
        self.volatile: list[Row] = []
        self._ordinal = ordinal
        self._documents = self._kept = 0
        self._complete = True

    def add(self, rows: Rows) -> None:
        self.outcomes[rows.outcome] += 1
        if rows.outcome == KEPT:
            self._kept += 1
        else:
            self.reasons[rows.outcome][rows.reason] += 1
        for stage, seconds in rows.seconds.items():
            self.seconds[stage] += seconds  # type: ignore[assignment]  # a Counter adds floats as well
        self._documents += 1
        self._complete = self._complete and not rows.rest
        if rows.volatile:
            self.volatile.append({"id": rows.row["id"], "reason": rows.reason})

    def close_input(self, whole: Source) -> None:
        self.inputs.append(
            {
                "name": whole.name,
                "shard": self._ordinal,
                "media_type": whole.media_type or None,
                "bytes": whole.bytes,
                "sha256": whole.sha256 or None,
                "documents": self._documents,
                "kept": self._kept,
                "complete": self._complete,
            }
        )
        self._documents = self._kept = 0
        self._complete = True


def _open(job: Job, ordinal: int) -> dict[str, PartWriter]:
    writers: dict[str, PartWriter] = {}
    try:
        for table in TABLES:
            path = job.out / part_path(table, ordinal)
            writers[table] = PartWriter(path, SCHEMAS[table], footer(table, job.about))
    except BaseException:
        for writer in writers.values():
            writer.abort()
        raise
    return writers


def _finish(writers: dict[str, PartWriter], ordinal: int) -> tuple[Part, ...]:
    parts = []
    for table, writer in writers.items():
        size, digest = writer.finish()
        parts.append(Part(part_path(table, ordinal), writer.rows, size, digest))
    return tuple(parts)
