"""Stages that do to their process what a hostile document may do; importable by workers."""

from __future__ import annotations

import ctypes
import os
import signal
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from clean_ingest.core.document import Document
from clean_ingest.core.stage import Edit, Proposal, option


def _spin(_: str) -> None:
    while True:
        pass


def _eat(_: str) -> None:
    eaten = []
    while True:
        eaten.append(bytearray(b"\x01") * 20_000_000)


def _recurse(notes: str) -> None:
    _recurse(notes)


def _die_once(notes: str) -> None:
    once = Path(notes, "once")
    if not once.exists():
        once.touch()
        os._exit(4)


_EFFECTS: dict[str, Callable[[str], object]] = {
    "spin": _spin,
    "hang": lambda _: time.sleep(1_000),
    # With the lock of the interpreter held, no thread and no signal handler runs.
    "hang in C": lambda _: ctypes.PyDLL(None).sleep(1_000),
    "eat": _eat,
    "segfault": lambda _: ctypes.string_at(0),
    "exit": lambda _: os._exit(3),
    "be killed": lambda _: os.kill(os.getpid(), signal.SIGKILL),
    "recurse": _recurse,
    "die once": _die_once,
}


@dataclass(frozen=True, slots=True)
class Poison:
    """Does what the first line of a document says; `notes` is a folder that it writes to."""

    name: ClassVar[str] = "poison"
    notes: str = option("", "Folder with a file for each text that was tried, a byte each time.")

    def propose(self, document: Document) -> Iterator[Proposal]:
        """Take the last character off whatever is not poisonous."""
        if self.notes:
            with Path(self.notes, document.source.name.replace("/", "-")).open("ab") as note:
                note.write(b"x")
        effect = _EFFECTS.get(document.text.partition("\n")[0])
        if effect:
            effect(self.notes)
        if document.text:
            yield Edit(len(document.text) - 1, len(document.text), "poison/last")
