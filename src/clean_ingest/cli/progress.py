"""How far a run is: a bar on a terminal, a plain line now and then in CI, else nothing."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from clean_ingest.cli.streams import lively, say

if TYPE_CHECKING:
    from clean_ingest.engine.local import Progress

EVERY = 30.0
"""Seconds between two plain lines."""


@contextmanager
def progress() -> Iterator[Callable[[Progress], None] | None]:
    """What a run calls after each shard, or None where nobody is looking."""
    if lively():
        with _bar() as update:
            yield update
    elif os.environ.get("CI"):
        yield _lines()
    else:
        yield None


@contextmanager
def _bar() -> Iterator[Callable[[Progress], None]]:
    # rich takes a tenth of a second to import, which no pipe needs to wait for.
    from rich.console import Console
    from rich.progress import BarColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    text = TextColumn("{task.fields[done]:,} of {task.fields[inputs]:,} inputs")
    # By bytes: the time left hangs on them, and not on how many inputs they are spread over.
    columns = (BarColumn(), text, TimeRemainingColumn())
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=None, done=0, inputs=0)

        def update(now: Progress) -> None:
            bar.update(
                task,
                total=now.bytes_total,
                completed=now.bytes_done,
                done=now.inputs_done,
                inputs=now.inputs,
            )

        yield update


def _lines() -> Callable[[Progress], None]:
    began = last = time.monotonic()

    def update(now: Progress) -> None:
        nonlocal last
        if time.monotonic() - last >= EVERY:
            last = time.monotonic()
            left = (last - began) / max(now.bytes_done, 1) * (now.bytes_total - now.bytes_done)
            say(f"{now.inputs_done:,} of {now.inputs:,} inputs, about {left:,.0f} s left")

    return update
