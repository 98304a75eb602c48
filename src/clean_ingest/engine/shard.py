"""The unit of work: a list of inputs in, three Parquet parts and a tally out.

Documents are isolated here and not by an engine: whatever goes wrong with one costs that
one alone, and makes it a row of `excluded`.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
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
from clean_ingest.readers.items import Rejected, Settings, Whole
from clean_ingest.readers.read import read
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
    """What one document adds to the tables; `rest` where more than it is lost of its input."""

    outcome: str
    reason: str
    row: Row
    edits: list[Row]
    seconds: dict[str, float] = field(default_factory=dict)
    rest: bool = False


def run_shard(shard: Shard, job: Job) -> ShardResult:
    """Clean every document of `shard` into its parts.

    Raises:
        OutputError: the parts cannot be written; none of them is left.

    """
    began, cpu_began = time.perf_counter(), time.process_time()
    pipeline = job.config.pipeline()
    settings = _settings(job.config)
    tally = _Tally()
    writers = _open(job, shard.ordinal)
    try:
        for file in shard.inputs:
            whole = Source(file.name, bytes=file.size)
            for item in _documents(file, settings, pipeline):
                if isinstance(item, Whole):
                    whole = item.source
                    continue
                rows = item
                tally.add(rows)
                writers["documents" if rows.outcome == KEPT else "excluded"].append(rows.row)
                for row in rows.edits:
                    writers["edits"].append(row)
            tally.close_input(whole, shard.ordinal)
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
        self._documents = self._kept = 0
        self._complete = True

    def add(self, rows: _Rows) -> None:
        self.outcomes[rows.outcome] += 1
        if rows.outcome == KEPT:
            self._kept += 1
        else:
            self.reasons[rows.outcome][rows.reason] += 1
        for stage, seconds in rows.seconds.items():
            self.seconds[stage] += seconds  # type: ignore[assignment]  # a Counter adds floats as well
        self._documents += 1
        self._complete = self._complete and not rows.rest

    def close_input(self, whole: Source, ordinal: int) -> None:
        self.read += self._documents
        self.inputs.append(
            {
                "name": whole.name,
                "shard": ordinal,
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


def _settings(config: Config) -> Settings:
    limits, fields = config.limits, config.readers
    return Settings(
        limits.document_bytes,
        limits.input_bytes,
        limits.ratio,
        limits.archive_depth,
        fields.text_field,
        fields.html_field,
        fields.id_field,
        fields.url_field,
        fields.date_field,
        fields.published_field,
    )


def _documents(file: InputFile, settings: Settings, pipeline: Pipeline) -> Iterator[_Rows | Whole]:
    """Yield the rows of every document of one input; a reader that fails costs the rest of it."""
    try:
        for item in read(file, settings):
            if isinstance(item, Rejected):
                outcome = DROPPED if item.dropped else QUARANTINED
                rows = _left_out(item.source, READERS, item.reason, item.detail, outcome)
                yield replace(rows, rest=item.rest)
            else:
                yield item if isinstance(item, Whole) else _clean(item, pipeline)
    except Exception as error:
        source = Source(file.name, bytes=file.size)
        yield replace(_left_out(source, READERS, UNREADABLE, describe(error)), rest=True)


def _clean(raw: RawDocument, pipeline: Pipeline) -> _Rows:
    """Clean one document; whatever is raised becomes a reason and goes no further."""
    try:
        document = take_in(raw)
    except Unreadable as error:
        return _left_out(raw.source, INTAKE, error.code, error.message)
    except Exception as error:
        return _left_out(raw.source, INTAKE, _reason(error), describe(error))
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


def _left_out(
    source: Source, stage: str, reason: str, detail: str, outcome: str = QUARANTINED
) -> _Rows:
    row = excluded_row(source, None, outcome=outcome, stage=stage, reason=reason, detail=detail)
    return _Rows(outcome, reason, row, [])


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
