"""Requests to stop: Ctrl-C, `kill`, a closed terminal."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

INTERRUPTED = 128 + signal.SIGINT  # what a shell says of a program ended by a signal
_ASKED = (signal.SIGTERM, signal.SIGHUP)


class Stop(KeyboardInterrupt):
    """SIGTERM or SIGHUP, to be treated like Ctrl-C; `exit_code` says which it was."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.exit_code = 128 + number


@contextmanager
def stoppable() -> Iterator[None]:
    """Let SIGTERM and SIGHUP end what runs inside as Ctrl-C does, so that it clears up.

    A signal that is ignored, as `nohup` has it, or that somebody else handles, stays so;
    outside the main thread, where Python sets no handlers, all do.
    """
    may = threading.current_thread() is threading.main_thread()
    ours = [number for number in _ASKED if may and signal.getsignal(number) is signal.SIG_DFL]
    for number in ours:
        signal.signal(number, _stop)
    try:
        yield
    finally:
        for number in ours:
            signal.signal(number, signal.SIG_DFL)


def _stop(number: int, _: FrameType | None) -> None:
    raise Stop(number)
