"""Processes of our own: they leave signals to their parent, and never outlive it."""

from __future__ import annotations

import ctypes
import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Any, ClassVar, cast

# A forked child would inherit the threads' locks of Arrow; a spawned one starts clean.
CONTEXT = multiprocessing.get_context("spawn")
_PR_SET_PDEATHSIG = 1
_OF_TERMINALS = (signal.SIGINT, signal.SIGHUP)
_HELD = (*_OF_TERMINALS, signal.SIGTERM)


@dataclass(frozen=True, slots=True)
class Child:
    """A process that runs one function, and the parent's end of the pipe to it."""

    process: BaseProcess
    connection: Connection
    ENDED: ClassVar[tuple[type[Exception], ...]] = (EOFError, OSError)
    """What reading from the pipe raises once the process is gone."""

    @classmethod
    def start(cls, function: Callable[..., None], *arguments: Any, daemon: bool) -> Child:
        """Start `function(connection, *arguments)`; a daemon has no children of its own."""
        ours, theirs = CONTEXT.Pipe()
        process = CONTEXT.Process(
            target=_run, args=(function, theirs, *arguments), daemon=daemon, name=function.__name__
        )
        child = cls(process, ours)
        try:
            with _signals_held():
                process.start()
                # With a copy of it open here, the end of the process would not close the pipe.
                theirs.close()
        except BaseException:
            # Python waits at its end for a process that nobody would tell to stop.
            if process.pid:
                child.kill()
            raise
        return child

    def kill(self) -> None:
        """End the process and its own children at once, and wait until it has ended."""
        with suppress(OSError):  # it has no group yet, or has ended
            if not self.process.daemon and self.process.is_alive():
                os.killpg(cast("int", self.process.pid), signal.SIGKILL)
        self.process.kill()
        self.process.join()
        self.connection.close()

    def how_it_ended(self) -> str:
        """Wait for the end of a process that closed its pipe, and say what its end was."""
        self.process.join()
        self.connection.close()
        code = self.process.exitcode or 0
        if code >= 0:
            return f"exited with code {code}"
        try:
            return f"was killed by {signal.Signals(-code).name}"
        except ValueError:
            return f"was killed by signal {-code}"


@contextmanager
def _signals_held() -> Iterator[None]:
    """Let requests to stop wait, here and in a child that is started meanwhile.

    A child that is not yet ready to ignore them, or was not told all by its parent, would end
    with a traceback; and the parent could lose a child that it has just started.
    """
    resource_tracker.ensure_running()  # else the first start would, and lets the signals through
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _HELD)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _run(function: Callable[..., None], connection: Connection, *arguments: Any) -> None:
    """Begin a child: what a terminal says goes to the parent, which ends its children."""
    for number in _OF_TERMINALS:
        signal.signal(number, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _HELD)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    if not multiprocessing.current_process().daemon:
        os.setpgid(0, 0)  # so that it can be ended together with its children
    _end_with_parent()
    function(connection, *arguments)


def _end_with_parent() -> None:
    """End when the parent ends, however it does.

    A worker that went on after its parent was killed would write into a folder whose lock
    is free, and which another run may have taken.
    """
    parent = multiprocessing.parent_process()
    if parent is None:  # not in a child: nobody to follow
        return

    def watch() -> None:
        wait([parent.sentinel])
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
    if sys.platform == "linux":
        # The thread cannot run while C code hangs with the lock of the interpreter.
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
