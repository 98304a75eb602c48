"""From inputs to rows: every document by itself, whatever is wrong with it.

Whatever is raised for one document costs that one alone, and makes it a row of `excluded`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal, NamedTuple

from clean_ingest.config.model import Config
from clean_ingest.core.document import Line, RawDocument, Source
from clean_ingest.core.errors import Unreadable, describe
from clean_ingest.core.ledger import Ledger
from clean_ingest.core.pipeline import DROPPED, KEPT, QUARANTINED, Outcome, Pipeline
from clean_ingest.engine.plan import is_of_share
from clean_ingest.intake.take_in import take_in
from clean_ingest.readers.inputs import UNREADABLE, InputFile
from clean_ingest.readers.items import Item, Rejected, Settings, Whole
from clean_ingest.readers.read import read
from clean_ingest.writers.rows import Row, document_row, edit_rows, excluded_row

READERS = "readers"
INTAKE = "intake"
"""What stands in the column `stage` for what happened before any stage."""

Phase = Literal["reading", "cleaning"]


class Position(NamedTuple):
    """Which item of which input, both counted from 0 in their order."""

    input: int
    item: int


@dataclass(frozen=True, slots=True)
class Death:
    """What ended the process that worked on an item: a stable code, and in words."""

    phase: Phase
    reason: str
    detail: str


@dataclass(frozen=True, slots=True)
class Rows:
    """What one document adds to the tables; `rest` where more than it is lost of its input.

    `seconds` is wall time by stage. `volatile`: it might have ended otherwise on another day.
    """

    outcome: str
    reason: str
    row: Row
    edits: list[Row]
    seconds: dict[str, float] = field(default_factory=dict)
    rest: bool = False
    volatile: bool = False


class Work(NamedTuple):
    """Inputs to clean from `start` on; what is in `deaths` is not tried again."""

    files: Sequence[InputFile]
    start: Position = Position(0, 0)
    deaths: Mapping[Position, Death] = {}


Announce = Callable[[Position, Phase], None]


def clean_all(
    work: Work, config: Config, pipeline: Pipeline, announce: Announce = lambda *_: None
) -> Iterator[tuple[Position, Rows | Whole]]:
    """Yield what becomes of every document, with its position, and after it each input whole.

    `announce` hears what is about to be done, before it is done.
    """
    settings = _settings(config)
    for number, file in enumerate(work.files):
        if number < work.start.input:
            continue
        items = _items(file, settings)
        position = Position(number, 0)
        while True:
            death = work.deaths.get(position)
            is_ours = position >= work.start and is_of_share(file, position.item)
            if death and death.phase == "reading":
                if is_ours:
                    yield position, _died(Source(file.name, bytes=file.size), death, rest=True)
                yield position, Whole(Source(file.name, bytes=file.size))
                break
            announce(position, "reading")
            item = next(items)
            if isinstance(item, Whole):
                yield position, item
                break
            if is_ours:
                if death:
                    yield position, _died(item.source, death)
                else:
                    announce(position, "cleaning")
                    yield position, _rows_of(item, pipeline)
            position = Position(number, position.item + 1)


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


def _items(file: InputFile, settings: Settings) -> Iterator[Item | Whole]:
    """What a reader yields; one that fails costs the rest of its input."""
    try:
        yield from read(file, settings)
    except Exception as error:
        source = Source(file.name, bytes=file.size)
        yield Rejected(source, UNREADABLE, describe(error), rest=True)
        yield Whole(source)


def _rows_of(item: Item, pipeline: Pipeline) -> Rows:
    if isinstance(item, Rejected):
        outcome = DROPPED if item.dropped else QUARANTINED
        rows = _left_out(item.source, READERS, item.reason, item.detail, outcome)
        return replace(rows, rest=item.rest)
    return _clean(item, pipeline)


def _clean(raw: RawDocument, pipeline: Pipeline) -> Rows:
    """Clean one document; whatever is raised becomes a reason and goes no further."""
    try:
        document = take_in(raw)
    except Unreadable as error:
        return _left_out(raw.source, INTAKE, error.code, error.message)
    except Exception as error:
        return _left_out(raw.source, INTAKE, _reason(error), describe(error))
    lines = document.lines
    try:
        return _stored(pipeline.run(document), lines)
    except Exception as error:
        # A stage made what cannot be stored: the source text is what is safe to keep.
        ledger = Ledger.of(document.text)
        failed = Outcome(QUARANTINED, document, ledger, "writers", _reason(error), describe(error))
        return _stored(failed, lines)


def _stored(outcome: Outcome, lines: tuple[Line, ...]) -> Rows:
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
    return Rows(outcome.outcome, outcome.reason, row, edits, outcome.seconds)


def _died(source: Source, death: Death, *, rest: bool = False) -> Rows:
    stage = READERS if death.phase == "reading" else "engine"
    rows = _left_out(source, stage, death.reason, death.detail)
    return replace(rows, rest=rest, volatile=True)


def _left_out(
    source: Source, stage: str, reason: str, detail: str, outcome: str = QUARANTINED
) -> Rows:
    row = excluded_row(source, None, outcome=outcome, stage=stage, reason=reason, detail=detail)
    return Rows(outcome, reason, row, [])


def _reason(error: Exception) -> str:
    if isinstance(error, MemoryError):
        return "memory"
    return "surrogate" if isinstance(error, UnicodeEncodeError) else "internal-error"
