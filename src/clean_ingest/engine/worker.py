"""Cleans inputs in another process, and gets over its death.

A document may hang in C code, eat all memory or crash the interpreter, and only the end of
its process ends that. The limits are therefore kept from outside, and what a process died of
is tried again alone in a fresh one: only what kills that too, the same way, is given up.
"""

from __future__ import annotations

import pickle
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import cast

import psutil

from clean_ingest.config.model import Config, Limits
from clean_ingest.core.errors import CleanIngestError
from clean_ingest.engine.cleaner import ENOUGH, GO_ON, SEAT_SIZE, Batch, Order, Seat, serve
from clean_ingest.engine.documents import Death, Phase, Position, Rows, Work
from clean_ingest.engine.process import CONTEXT, Child
from clean_ingest.readers.inputs import InputFile
from clean_ingest.readers.items import Whole

TIMEOUT, MEMORY, DIED = "timeout", "memory", "worker-died"

_LOOK = 0.1
"""Seconds between two looks at a process."""
_WALL = 4
"""How many times the limit of CPU seconds may pass on the wall: what hangs uses no CPU."""
_STARTS = 5
"""How often a process may die before it is ready, for a reason that no document has."""
_START_SECONDS = 120
"""Seconds in which a process must be ready."""
_RECYCLED = 0.5
"""Share of the memory limit that a process may have gained when it is replaced."""
_MOST_DEATHS = 4
"""After so many deaths a document is given up though no two in a row were the same."""


class _DeadError(Exception):
    """The process ended before its work; `death` says how, None where no item is to blame."""

    def __init__(self, position: Position, death: Death | None, how: str) -> None:
        super().__init__(how)
        self.position = position
        self.death = death
        self.how = how


@dataclass(slots=True)
class Worker:
    """One process that cleans, replaced as often as need be; a context manager."""

    config: Config
    _watch: _Watch | None = None

    def __enter__(self) -> Worker:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stop()

    def clean(self, files: Sequence[InputFile]) -> Iterator[Rows | Whole]:
        """Yield what becomes of every document of `files`, in order, and after it each input.

        Raises:
            CleanIngestError: no process could be started, or none stays (`engine/worker-lost`).

        """
        start = Position(0, 0)
        deaths: dict[Position, Death] = {}
        tried: dict[Position, list[Death]] = defaultdict(list)
        lost = 0
        while True:
            order = Order(Work(files, start, deaths), frozenset(tried) - frozenset(deaths))
            try:
                ended = False
                for batch in self._batches(order):
                    lost, ended = 0, batch.end
                    for position, item in batch.items:
                        yield item
                        start = _behind(position, item)
                if ended:
                    return
            except _DeadError as dead:
                lost += dead.death is None
                if lost == _STARTS:
                    raise _lost(dead.how) from dead
                if dead.death:
                    tried[dead.position].append(dead.death)
                    if _is_sure(tried[dead.position]):
                        deaths[dead.position] = dead.death

    def _batches(self, order: Order) -> Iterator[Batch]:
        """Yield batches until the work or the process ends, be it for its size or its death."""
        try:
            watch = self._started()
            watch.send(pickle.dumps(order, pickle.HIGHEST_PROTOCOL))
            while True:
                batch: Batch = pickle.loads(watch.receive())  # noqa: S301 - from our child
                yield batch
                ends = batch.more or watch.is_grown()
                watch.send(ENOUGH if ends else GO_ON)
                if ends:
                    self._stop()
                if ends or batch.end:
                    return
        except BaseException:
            # Dead, or in the middle of what nobody waits for any more.
            self._stop()
            raise

    def _started(self) -> _Watch:
        for left in reversed(range(_STARTS)):
            if self._watch:
                break
            seat = CONTEXT.RawArray("q", SEAT_SIZE)
            child = Child.start(serve, seat, self.config, daemon=True)
            self._watch = _Watch(child, Seat(seat), self.config.limits)
            try:
                self._watch.receive()
            except _DeadError as dead:
                self._stop()
                if not left:
                    raise _lost(dead.how) from dead
        return cast("_Watch", self._watch)

    def _stop(self) -> None:
        if self._watch:
            self._watch.stop()
        self._watch = None


class _Watch:
    """Looks at a process from outside while it waits for what it says."""

    def __init__(self, child: Child, seat: Seat, limits: Limits) -> None:
        self._child = child
        self._seat = seat
        self._cpu_limit = limits.cpu_seconds
        self._memory_limit = limits.memory_bytes
        self._process = psutil.Process(child.process.pid)
        self._count = -1
        self._cpu = self._since = self._looked = 0.0
        self._base = 0
        """Bytes that the process had when it was ready."""

    def stop(self) -> None:
        """End the process."""
        self._child.kill()

    def send(self, data: bytes) -> None:
        """Say something to the process."""
        try:
            self._child.connection.send_bytes(data)
        except OSError:
            raise self._dead() from None

    def receive(self) -> bytes:
        """Wait for what the process says next; raise `_DeadError` where it ends or must end."""
        connection = self._child.connection
        while not connection.poll(_LOOK):
            self._look()
        if time.monotonic() - self._looked > _LOOK:
            self._look()
        try:
            data = connection.recv_bytes()
        except Child.ENDED:
            raise self._dead() from None
        self._base = self._base or self._memory()
        return data

    def is_grown(self) -> bool:
        """Whether the process holds so much more than at first that a new one is better."""
        return self._memory() - self._base > _RECYCLED * self._memory_limit

    def _memory(self) -> int:
        """Resident bytes; 0 where the process has ended."""
        try:
            return int(self._process.memory_info().rss)
        except psutil.Error:
            return 0

    def _look(self) -> None:
        """End the process where what it is about has gone beyond a limit."""
        _, phase, count = self._seat.now()
        try:
            times = self._process.cpu_times()
        except psutil.Error:
            return  # it has ended, and the pipe says so
        now = self._looked = time.monotonic()
        cpu = times.user + times.system
        if count != self._count:
            self._count, self._cpu, self._since = count, cpu, now
        if phase == "waiting":
            return
        wall = _WALL * self._cpu_limit
        if phase == "starting":
            if now - self._since > max(wall, _START_SECONDS):
                raise self._end(count, TIMEOUT, "was not ready in time")
        elif cpu - self._cpu > self._cpu_limit:
            raise self._end(count, TIMEOUT, f"took more than {self._cpu_limit:g} CPU seconds")
        elif now - self._since > wall:
            raise self._end(count, TIMEOUT, f"took more than {wall:g} seconds")
        elif self._memory() - self._base > self._memory_limit:
            limit = f"{self._memory_limit:,} bytes of memory"
            raise self._end(count, MEMORY, f"took more than {limit}")

    def _end(self, count: int, reason: str, detail: str) -> _DeadError:
        self._child.kill()
        position, phase, last = self._seat.now()
        # What was meant may have been done while the signal was on its way.
        blamed = last == count and phase in {"reading", "cleaning"}
        death = Death(cast("Phase", phase), reason, detail) if blamed else None
        return _DeadError(position, death, detail)

    def _dead(self) -> _DeadError:
        how = self._child.how_it_ended()
        position, phase, _ = self._seat.now()
        blamed = phase in {"reading", "cleaning"}
        death = Death(cast("Phase", phase), DIED, f"the process {how}") if blamed else None
        return _DeadError(position, death, how)


def _behind(position: Position, item: Rows | Whole) -> Position:
    if isinstance(item, Whole):
        return Position(position.input + 1, 0)
    return Position(position.input, position.item + 1)


def _is_sure(deaths: Sequence[Death]) -> bool:
    """Whether one is no accident: the same end twice, the second time alone."""
    same = len(deaths) > 1 and deaths[-1].reason == deaths[-2].reason
    return same or len(deaths) == _MOST_DEATHS


def _lost(how: str) -> CleanIngestError:
    return CleanIngestError(
        "engine/worker-lost",
        f"a worker process ended again and again before any document was begun: it {how}",
        hint="see that there is enough memory, and that the stages of other packages load",
    )
