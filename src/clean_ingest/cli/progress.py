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
_REASONS = 3


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
    from rich.progress import BarColumn, TextColumn, TimeRemainingColumn, TransferSpeedColumn
    from rich.progress import Progress as Bar

    # By bytes: the time left hangs on them, and not on how many inputs they are spread over.
    columns = (
        BarColumn(),
        TextColumn("{task.fields[done]}", markup=False),
        TransferSpeedColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.fields[quarantined]}", markup=False),
    )
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=None, done="", quarantined="")

        def update(now: Progress) -> None:
            bar.update(
                task,
                total=now.bytes_total,
                completed=now.bytes_done,
                done=_done(now),
                quarantined=_quarantined(now),
            )

        yield update


def _lines() -> Callable[[Progress], None]:
    began = last = time.monotonic()
    first = -1

    def update(now: Progress) -> None:
        nonlocal last, first
        if first < 0:
            first = now.bytes_done  # what an earlier run did says nothing of the speed
            return
        if time.monotonic() - last >= EVERY:
            last = time.monotonic()
            speed = max(now.bytes_done - first, 1) / (last - began)
            left = (now.bytes_total - now.bytes_done) / speed
            parts = [_done(now), f"{speed / 1e6:.1f} MB/s", f"about {left:,.0f} s left"]
            say(", ".join([*parts, *filter(None, [_quarantined(now)])]))

    return update


def _done(now: Progress) -> str:
    return f"{now.inputs_done:,} of {now.inputs:,} inputs, {now.documents:,} documents"


def _quarantined(now: Progress) -> str:
    """How many documents were quarantined, and why, the commonest reasons first."""
    if not now.quarantined:
        return ""
    reasons = sorted(now.quarantined.items(), key=lambda item: (-item[1], item[0]))
    shown = [f"{reason} {number:,}" for reason, number in reasons[:_REASONS]]
    more = [f"{len(reasons) - _REASONS} more reasons"] if len(reasons) > _REASONS else []
    return f"quarantined {sum(now.quarantined.values()):,} ({', '.join([*shown, *more])})"
