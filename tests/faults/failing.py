"""Makes the n-th write, sync, rename … below a folder fail; all else is the real thing."""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

KINDS = ("write", "fsync", "rename", "open", "mkdir", "unlink")


@dataclass(slots=True)
class Failing:
    """Counts the calls of one kind below `folder`; from the `at`-th on, 1 being the first, they fail.

    Only that one fails, or where it `lasts` all later ones as well, as on a disk that is full.
    `what` names the file of the first that failed.
    """

    folder: Path
    kind: str
    at: int
    code: int
    lasts: bool = False
    calls: int = 0
    what: str = ""

    def check(self, kind: str, path: object) -> None:
        """Count one call, and fail where it is its turn."""
        name = str(Path(f"/proc/self/fd/{path}").readlink() if isinstance(path, int) else path)
        if kind != self.kind or not name.startswith(str(self.folder)):
            return
        if kind == "mkdir" and Path(name).is_dir():
            return  # whatever the system says to that, the folder is there
        self.calls += 1
        if self.calls == self.at or (self.lasts and self.calls > self.at):
            self.what = self.what or name
            raise OSError(self.code, os.strerror(self.code), name)

    @contextmanager
    def on(self) -> Iterator[None]:
        """Let calls fail inside."""

        def wrapped(kind: str, function: Callable[..., Any]) -> Callable[..., Any]:
            def call(path: Any, *arguments: Any, **options: Any) -> Any:
                self.check(kind, path)
                return function(path, *arguments, **options)

            return call

        names = {
            "write": ["write", "ftruncate"],
            "fsync": ["fsync"],
            "rename": ["rename", "replace"],
            "open": ["open"],
            "mkdir": ["mkdir"],
            "unlink": ["unlink"],
        }
        patches = [
            patch.object(os, name, wrapped(kind, getattr(os, name)))
            for kind in KINDS
            for name in names[kind]
        ]
        patches.append(patch.object(io, "open", self._opened(io.open)))
        try:
            for each in patches:
                each.start()
            yield
        finally:
            for each in patches:
                each.stop()

    def _opened(self, usual: Callable[..., Any]) -> Callable[..., Any]:
        failing = self

        class Raw(io.FileIO):
            """A file whose bytes reach the system one call of `write` at a time."""

            def write(self, data: Any) -> int:
                failing.check("write", self.name)
                return super().write(data)

        def call(file: Any, mode: str = "r", *arguments: Any, **options: Any) -> Any:
            if not isinstance(file, (str, Path)) or not str(file).startswith(str(self.folder)):
                return usual(file, mode, *arguments, **options)
            self.check("open", file)
            if "w" not in mode:
                return usual(file, mode, *arguments, **options)
            return io.BufferedWriter(Raw(os.fspath(file), "w"))

        return call
