"""The process that reads and cleans: what may hang, crash or eat memory happens here alone.

It sends rows to the process that started it, batch by batch, and says in memory that both
share what it is about to do, so that its parent knows what it died of.
"""

from __future__ import annotations

import pickle
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection
from typing import Any, Literal, NamedTuple

from clean_ingest.config.model import Config
from clean_ingest.core.document import Document
from clean_ingest.core.pipeline import Pipeline
from clean_ingest.engine.documents import Phase, Position, Rows, Work, clean_all
from clean_ingest.readers.items import Whole

_BATCH_ROWS, _BATCH_CHARS = 64, 1_000_000
"""A batch is sent once it holds so many documents, or code points of text."""

_PHASES: tuple[Phase | Literal["waiting", "starting"], ...] = (
    "starting",
    "waiting",
    "reading",
    "cleaning",
)
SEAT_SIZE = 4
GO_ON, ENOUGH = b"go on", b"enough"
"""What the parent says after each batch."""
_READY = b"ready"
_WARM = "Page one\n\nThe first words are the dearest, for every table is made when it is needed.\n"


@dataclass(frozen=True, slots=True)
class Seat:
    """What the process is about to do, in memory that it shares with its parent."""

    memory: Any

    def announce(self, position: Position, phase: Phase | Literal["waiting", "starting"]) -> None:
        """Say it; the last number changes with every call."""
        memory = self.memory
        memory[0], memory[1] = position
        memory[2] = _PHASES.index(phase)
        memory[3] += 1

    def now(self) -> tuple[Position, str, int]:
        """Return position, phase, and the number of the announcement."""
        first, second, phase, count = self.memory
        return Position(first, second), _PHASES[phase], count


class Batch(NamedTuple):
    """Some of what was asked for, in order, and whether it is the last of it.

    `more`: the process ends here, with work left, so that a fresh one does the rest.
    """

    items: list[tuple[Position, Rows | Whole]]
    end: bool = False
    more: bool = False


class Order(NamedTuple):
    """Work, and the positions at which a process died: to be tried alone, by a fresh one."""

    work: Work
    suspects: frozenset[Position] = frozenset()


class _WantsFreshError(Exception):
    """A suspect is next, and this process has worked on other documents."""


def serve(connection: Connection, seat: Any, config: Config) -> None:
    """Do what is ordered until the parent closes the pipe or says that it is enough."""
    shared = Seat(seat)
    pipeline = config.pipeline()
    # Tables and automata are made at their first use, which no document is to be charged for.
    pipeline.run(Document.from_text(_WARM))
    shared.announce(Position(0, 0), "waiting")
    connection.send_bytes(_READY)
    fresh = True
    while True:
        try:
            order: Order = pickle.loads(connection.recv_bytes())  # noqa: S301 - from our parent
        except EOFError:
            return
        for batch in _batches(order, config, pipeline, shared, fresh=fresh):
            shared.announce(Position(0, 0), "waiting")
            connection.send_bytes(pickle.dumps(batch, pickle.HIGHEST_PROTOCOL))
            # One of the two works at a time, so that a worker is one CPU, and holds one batch.
            if connection.recv_bytes() != GO_ON or batch.more:
                return
        fresh = False


def _batches(
    order: Order, config: Config, pipeline: Pipeline, seat: Seat, *, fresh: bool
) -> Iterator[Batch]:
    def announce(position: Position, phase: Phase) -> None:
        if position in order.suspects and not fresh:
            raise _WantsFreshError
        seat.announce(position, phase)

    held = _Held()
    try:
        for position, item in clean_all(order.work, config, pipeline, announce):
            fresh = fresh and isinstance(item, Whole)
            if held.add(position, item):
                yield Batch(held.taken())
    except _WantsFreshError:
        yield Batch(held.taken(), more=True)
    else:
        yield Batch(held.taken(), end=True)


class _Held:
    """What waits to be sent, and what it cost."""

    def __init__(self) -> None:
        self._start()

    def _start(self) -> None:
        self._items: list[tuple[Position, Rows | Whole]] = []
        self._size = 0
        self._wall, self._cpu = time.perf_counter(), time.process_time()

    def add(self, position: Position, item: Rows | Whole) -> bool:
        """Whether it is enough for a batch, with this item."""
        self._items.append((position, item))
        if isinstance(item, Rows):
            self._size += len(item.row["text"] or "") + sum(len(e["before"]) for e in item.edits)
        return len(self._items) >= _BATCH_ROWS or self._size >= _BATCH_CHARS

    def taken(self) -> list[tuple[Position, Rows | Whole]]:
        """All of it; of the time that a stage took by the clock on the wall, what was ours."""
        wall, cpu = time.perf_counter() - self._wall, time.process_time() - self._cpu
        share = min(1.0, cpu / wall)
        items = [
            (position, _scaled(item, share) if isinstance(item, Rows) else item)
            for position, item in self._items
        ]
        self._start()
        return items


def _scaled(rows: Rows, share: float) -> Rows:
    return replace(rows, seconds={stage: s * share for stage, s in rows.seconds.items()})
