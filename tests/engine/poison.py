"""Stages that do to their process what a hostile document may do; importable by workers."""

from __future__ import annotations

import ctypes
import os
import signal
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from clean_ingest.core.document import Document
from clean_ingest.core.stage import Edit, Proposal, option


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
        match document.text.partition("\n")[0]:
            case "spin":
                while True:
                    pass
            case "hang":
                time.sleep(1_000)
            case "hang in C":
                # With the lock of the interpreter held, no thread and no signal handler runs.
                ctypes.PyDLL(None).sleep(1_000)
            case "eat":
                eaten = []
                while True:
                    eaten.append(bytearray(b"\x01") * 20_000_000)
            case "segfault":
                ctypes.string_at(0)
            case "exit":
                os._exit(3)
            case "be killed":
                os.kill(os.getpid(), signal.SIGKILL)
            case "recurse":
                yield from self.propose(document)
            case "die once":
                once = Path(self.notes, "once")
                if not once.exists():
                    once.touch()
                    os._exit(4)
        if document.text:
            yield Edit(len(document.text) - 1, len(document.text), "poison/last")
