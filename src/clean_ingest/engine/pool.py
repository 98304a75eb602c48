"""Several workers at once: each a process that writes, with one of its own that cleans."""

from __future__ import annotations

import pickle
from collections import Counter, deque
from collections.abc import Generator, Iterator, Sequence
from multiprocessing.connection import Connection, wait
from typing import cast

from clean_ingest.core.errors import CleanIngestError
from clean_ingest.engine.plan import Shard
from clean_ingest.engine.process import Child
from clean_ingest.engine.shard import Job, ShardResult, clean_here, run_shard
from clean_ingest.engine.worker import Worker

_LOSSES = 5
"""How often the process of a shard may be killed; no document has a part in that."""


_LOOK = 1.0
"""Seconds after which a wait is begun again: a signal that came just before it is heeded then."""


def run_shards(
    shards: Sequence[Shard], job: Job, workers: int
) -> Generator[ShardResult, None, None]:
    """Run all shards and yield their results as they come; 0 workers mean this process alone.

    Raises:
        OutputError: as for `run_shard`.
        CleanIngestError: the processes of a shard were killed again and again.

    """
    if workers == 0:
        clean = clean_here(job.config)
        yield from (run_shard(shard, job, clean) for shard in shards)
    elif workers == 1 or len(shards) == 1:
        with Worker(job.config) as worker:
            yield from (run_shard(shard, job, worker.clean) for shard in shards)
    else:
        yield from _in_parallel(shards, job, min(workers, len(shards)))


def _in_parallel(shards: Sequence[Shard], job: Job, workers: int) -> Iterator[ShardResult]:
    waiting = deque(shards)
    losses: Counter[int] = Counter()
    busy: dict[Connection, tuple[Child, Shard]] = {}
    idle: list[Child] = []
    # All of them, whatever they do: an interrupt may come when one is in neither of the others.
    children: list[Child] = []
    try:
        for _ in range(workers):
            children.append(Child.start(_serve, job, daemon=False))
            idle.append(children[-1])
        while waiting or busy:
            while waiting and idle:
                child, shard = idle.pop(), waiting.popleft()
                busy[child.connection] = child, shard
                _ask(child, shard)
            for ready in wait(list(busy), _LOOK):
                child, shard = busy.pop(cast("Connection", ready))
                try:
                    result = pickle.loads(child.connection.recv_bytes())  # noqa: S301 - from our child
                except Child.ENDED:
                    losses[shard.ordinal] += 1
                    how = child.how_it_ended()
                    children.remove(child)
                    if losses[shard.ordinal] == _LOSSES:
                        raise _lost(shard, how) from None
                    waiting.appendleft(shard)
                    children.append(Child.start(_serve, job, daemon=False))
                    idle.append(children[-1])
                    continue
                idle.append(child)
                if isinstance(result, BaseException):
                    raise result
                yield result
    finally:
        # For their end it must be waited: else they would still write after all was cleared up.
        for child in children:
            child.kill()


def _ask(child: Child, shard: Shard) -> None:
    try:
        child.connection.send_bytes(pickle.dumps(shard, pickle.HIGHEST_PROTOCOL))
    except OSError:
        return  # it has ended, and the pipe will say so


def _serve(connection: Connection, job: Job) -> None:
    """Run one shard after the other until the parent has no more."""
    with Worker(job.config) as worker:
        while True:
            try:
                shard: Shard = pickle.loads(connection.recv_bytes())  # noqa: S301 - from our parent
            except EOFError:
                return
            result: ShardResult | Exception
            try:
                result = run_shard(shard, job, worker.clean)
            except Exception as error:
                result = error
            connection.send_bytes(pickle.dumps(result, pickle.HIGHEST_PROTOCOL))


def _lost(shard: Shard, how: str) -> CleanIngestError:
    return CleanIngestError(
        "engine/worker-lost",
        f"the process that writes ended {_LOSSES} times: it {how}",
        where=f"shard {shard.ordinal}",
        hint="see that there is enough memory, or run it again with fewer --workers",
    )
