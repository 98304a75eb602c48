"""The unit of work: a list of inputs in, three Parquet parts and a tally out.

Documents are isolated here and not by an engine: whatever goes wrong with one costs that
one alone, and makes it a row of `excluded`.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from clean_ingest.config.model import Config
from clean_ingest.core.document import Line, RawDocument, Source
from clean_ingest.core.errors import Unreadable, describe
from clean_ingest.core.ledger import Ledger
from clean_ingest.core.pipeline import DROPPED, KEPT, QUARANTINED, Outcome, Pipeline
from clean_ingest.core.spelling import canonical_json
from clean_ingest.engine.plan import Shard
from clean_ingest.intake.take_in import take_in
from clean_ingest.readers.inputs import UNREADABLE, InputFile
from clean_ingest.readers.text import Rejected, read
from clean_ingest.writers.folder import TABLES, part_path
from clean_ingest.writers.parquet import Part, PartWriter, footer
from clean_ingest.writers.rows import Row, document_row, edit_rows, excluded_row
from clean_ingest.writers.schema import SCHEMAS

READERS = "readers"
INTAKE = "intake"
"""What stands in the column `stage` for what happened before any stage."""


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

    `reasons` are by outcome; `seconds` is wall time.
    """

    ordinal: int
    read: int
    outcomes: dict[str, int]
    reasons: dict[str, dict[str, int]]
    parts: tuple[Part, ...]
    inputs: tuple[Row, ...]
    seconds: float = 0.0
    cpu_seconds: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Rows:
    """What one document adds to the tables."""

    outcome: str
    reason: str
    row: Row
    edits: list[Row]
    seconds: dict[str, float] = field(default_factory=dict)


def run_shard(shard: Shard, job: Job) -> ShardResult:
    """Clean every document of `shard` into its parts.

    Raises:
        OutputError: the parts cannot be written; none of them is left.

    """
    began, cpu_began = time.perf_counter(), time.process_time()
    pipeline = job.config.pipeline()
    limit = job.config.limits.document_bytes
    tally = _Tally()
    writers = _open(job, shard.ordinal)
    try:
        for file in shard.inputs:
            for source, rows in _documents(file, limit, pipeline):
                tally.add(source, rows)
                writers["documents" if rows.outcome == KEPT else "excluded"].append(rows.row)
                for row in rows.edits:
                    writers["edits"].append(row)
            tally.close_input(file, shard.ordinal)
        parts = _finish(writers, shard.ordinal)
    except BaseException:
        for writer in writers.values():
            writer.abort()
        raise
    seconds = time.perf_counter() - began
    # Of the time that a stage took by the clock on the wall, this share was ours.
    share = min(1.0, (time.process_time() - cpu_began) / seconds)
    return ShardResult(
        shard.ordinal,
        tally.read,
        dict(tally.outcomes),
        {outcome: dict(counts) for outcome, counts in tally.reasons.items()},
        parts,
        tuple(tally.inputs),
        seconds,
        {stage: spent * share for stage, spent in tally.seconds.items()},
    )


class _Tally:
    """Counts while a shard runs."""

    def __init__(self) -> None:
        self.read = 0
        self.outcomes: Counter[str] = Counter()
        self.reasons: dict[str, Counter[str]] = {DROPPED: Counter(), QUARANTINED: Counter()}
        self.seconds: Counter[str] = Counter()
        self.inputs: list[Row] = []
        self._kept = 0
        self._sources: list[Source] = []

    def add(self, source: Source, rows: _Rows) -> None:
        self.outcomes[rows.outcome] += 1
        if rows.outcome == KEPT:
            self._kept += 1
        else:
            self.reasons[rows.outcome][rows.reason] += 1
        for stage, seconds in rows.seconds.items():
            self.seconds[stage] += seconds  # type: ignore[assignment]  # a Counter adds floats as well
        self._sources.append(source)

    def close_input(self, file: InputFile, ordinal: int) -> None:
        self.read += len(self._sources)
        whole = self._sources[0] if self._sources else Source(file.name)
        self.inputs.append(
            {
                "name": file.name,
                "shard": ordinal,
                "media_type": whole.media_type or None,
                "bytes": whole.bytes,
                "sha256": whole.sha256 or None,
                "documents": len(self._sources),
                "kept": self._kept,
            }
        )
        self._kept = 0
        self._sources = []


def _documents(file: InputFile, limit: int, pipeline: Pipeline) -> Iterator[tuple[Source, _Rows]]:
    """Yield the rows of every document of one input; a reader that fails costs the rest of it."""
    try:
        for item in read(file, document_bytes=limit):
            if isinstance(item, Rejected):
                yield item.source, _quarantine(item.source, READERS, item.reason, item.detail)
            else:
                yield item.source, _clean(item, pipeline)
    except Exception as error:
        source = Source(file.name, bytes=file.size)
        yield source, _quarantine(source, READERS, UNREADABLE, describe(error))


def _clean(raw: RawDocument, pipeline: Pipeline) -> _Rows:
    """Clean one document; whatever is raised becomes a reason and goes no further."""
    try:
        document = take_in(raw)
    except Unreadable as error:
        return _quarantine(raw.source, INTAKE, error.code, error.message)
    except Exception as error:
        return _quarantine(raw.source, INTAKE, _reason(error), describe(error))
    lines = document.lines
    try:
        return _rows(pipeline.run(document), lines)
    except Exception as error:
        # A stage made what cannot be stored: the source text is what is safe to keep.
        ledger = Ledger.of(document.text)
        failed = Outcome(QUARANTINED, document, ledger, "writers", _reason(error), describe(error))
        return _rows(failed, lines)


def _rows(outcome: Outcome, lines: tuple[Line, ...]) -> _Rows:
    document = outcome.document
    edits = edit_rows(document.id, outcome.ledger)
    if outcome.outcome == KEPT:
        row = document_row(outcome, lines)
    else:
        row = excluded_row(
            document.source,
            document.text,
            outcome=outcome.outcome,
            stage=outcome.stage,
            reason=outcome.reason,
            detail=outcome.detail,
        )
    return _Rows(outcome.outcome, outcome.reason, row, edits, outcome.seconds)


def _quarantine(source: Source, stage: str, reason: str, detail: str) -> _Rows:
    row = excluded_row(source, None, outcome=QUARANTINED, stage=stage, reason=reason, detail=detail)
    return _Rows(QUARANTINED, reason, row, [])


def _reason(error: Exception) -> str:
    if isinstance(error, MemoryError):
        return "memory"
    return "surrogate" if isinstance(error, UnicodeEncodeError) else "internal-error"


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
