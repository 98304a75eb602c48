"""Requests to stop: Ctrl-C, `kill`, a closed terminal."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

INTERRUPTED = 128 + signal.SIGINT  # what a shell says of a program ended by a signal
_ASKED = {
    signal.SIGINT: signal.default_int_handler,
    signal.SIGTERM: signal.SIG_DFL,
    signal.SIGHUP: signal.SIG_DFL,
}
"""What asks a program to stop, and how Python handles each where nobody said otherwise."""


class Stop(KeyboardInterrupt):
    """Ctrl-C, SIGTERM or SIGHUP; `exit_code` says which it was."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.exit_code = 128 + number


@contextmanager
def stoppable() -> Iterator[None]:
    """Let the first request to stop end what runs inside so that it clears up.

    The second ends the process at once, whatever it is doing, be it its own end: the handler of
    the system needs no turn of the interpreter. A signal that is ignored, as `nohup` has it, or
    that somebody else handles, stays so; outside the main thread, where Python sets no handlers,
    all do.
    """
    may = threading.current_thread() is threading.main_thread()
    ours = {
        number: usual
        for number, usual in _ASKED.items()
        if may and signal.getsignal(number) is usual
    }

    asked = False

    def stop(number: int, _: FrameType | None) -> None:
        nonlocal asked
        asked = True
        for each in ours:
            signal.signal(each, signal.SIG_DFL)
        raise Stop(number)

    for number in ours:
        signal.signal(number, stop)
    try:
        yield
    finally:
        for number, usual in ours.items():
            if not asked:
                signal.signal(number, usual)
