"""Turns what a person names (files, folders, globs, URLs, stdin) into a sorted list of inputs."""

from __future__ import annotations

import errno
import os
import re
import stat
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import BinaryIO

from clean_ingest.core.errors import InputError
from clean_ingest.readers import remote
from clean_ingest.readers.pattern import Pattern, has_magic

STDIN_NAME = "stdin"
"""What the input that came through `-` is called in every table."""

NOT_REGULAR = "not-regular"
UNREADABLE = "unreadable"

_ESCAPE = re.compile(r"\\x[0-9a-fA-F]{2}")


@dataclass(frozen=True, slots=True)
class InputFile:
    """One thing to read: a regular file, what is behind a URL, or what stdin held.

    `name` is relative to the input root and printable, `path` is where this machine opens
    it, a URL perhaps, and reaches no output. `size` counts bytes and `modified` is its time
    stamp in nanoseconds (0 where there is none), both as of when it was found. A `reason` (a
    stable code) says that it was met but cannot be read; it then becomes a quarantined row.
    `data` is what stdin held, `is_cut` says that it held more. Of an input that is cut into
    `shares`, this is the one with the number `share`, from 0.
    """

    name: str
    path: str
    size: int = 0
    modified: int = 0
    reason: str = ""
    detail: str = ""
    data: bytes | None = field(default=None, repr=False)
    share: int = 0
    shares: int = 1
    is_cut: bool = False


@dataclass(frozen=True, slots=True)
class Inputs:
    """What `expand` found: files sorted by name, and how many hidden entries it passed over."""

    files: tuple[InputFile, ...]
    hidden: int = 0


def expand(
    inputs: Sequence[str | Path],
    *,
    exclude: Path | None = None,
    stdin: BinaryIO | None = None,
    stdin_bytes: int = 20_000_000,
) -> Inputs:
    """Find every input, sorted by name in code point order whatever the folder or locale.

    Folders are read recursively; hidden files and folders (a name with a leading dot) in
    them are counted and passed over, as a shell's glob does. A link is followed where it
    was named itself, never where it was met; links, FIFOs, sockets, devices and folders
    that cannot be listed are inputs with a `reason`. Names are relative: a file's base
    name, a path inside the folder, or inside the longest folder of a glob without magic.
    URLs, of folders and globs too, are read through fsspec where that is installed.
    `exclude` is a folder to leave out (the output), in which nothing may be named. Of
    stdin one byte more than `stdin_bytes` is read, enough to see that it is too large.

    Raises:
        InputError: a missing path, a glob or folder without a file, something named that is
            no file or folder or cannot be read or reached, one in `exclude`, two inputs with
            one name.

    """
    walk = _Walk(_identity(exclude))
    found: list[InputFile] = []
    for item in inputs:
        if str(item) == "-":
            found.append(_stdin(stdin, stdin_bytes))
        elif remote.is_url(str(item)):
            behind, hidden = remote.find(str(item))
            found += [
                InputFile(printable("/".join(file.names)), file.url, file.size, file.modified)
                for file in behind
            ]
            walk.hidden += hidden
        else:
            found += _named(os.fspath(item), walk)
    if not found:
        raise InputError(
            "input/nothing",
            "there is nothing to read",
            where=", ".join(printable(os.fspath(item)) for item in inputs),
            hint="name a file, a folder with files that are not hidden, or a glob",
        )
    files = tuple(sorted(found, key=lambda file: file.name))
    for one, other in pairwise(files):
        if one.name == other.name:
            raise _one_name(one, other)
    _refuse_members(files)
    return Inputs(files, walk.hidden)


def _refuse_members(files: Sequence[InputFile]) -> None:
    """Raise where a file is called what a member of another one, an archive, would be called."""
    known = {file.name: file for file in files}
    for file in files:
        parts = file.name.split("!/")
        for count in range(1, len(parts)):
            archive = known.get("!/".join(parts[:count]))
            if archive is not None:
                raise _one_name(archive, file)


def printable(path: str) -> str:
    r"""Return a path as text that UTF-8 can hold: other bytes are spelt `\xff`.

    Where a path has such bytes, or spells them, its own backslashes are `\x5c`, so that no
    two paths are printed alike.
    """
    raw = os.fsencode(path)
    text = raw.decode("utf-8", "backslashreplace")
    if _ESCAPE.search(text) is None:
        return text
    return raw.replace(b"\\", b"\\x5c").decode("utf-8", "backslashreplace")


def _stdin(stream: BinaryIO | None, limit: int) -> InputFile:
    if stream is None and sys.stdin is None:
        raise _unusable(UNREADABLE, "is closed", "-")
    try:
        data = (stream or sys.stdin.buffer).read(limit + 1)
    except OSError as error:
        raise _unusable(UNREADABLE, f"cannot be read: {_words_of(error)}", "-") from error
    return InputFile(STDIN_NAME, "-", len(data), data=data, is_cut=len(data) > limit)


def _named(path: str, walk: _Walk) -> list[InputFile]:
    """Return the inputs behind one path or glob that a person named."""
    if not path:  # to the system this is the working folder
        raise _unusable("missing", "is an empty path", "", "a variable of your shell may be unset")
    try:
        status = Path(path).stat()
    except FileNotFoundError:
        if has_magic(path):
            return _matches(path, walk)
        raise _unusable("missing", "does not exist", path) from None
    except (OSError, ValueError) as error:
        raise _unusable(UNREADABLE, f"cannot be opened: {_words_of(error)}", path) from error
    walk.refuse_output(path, path)
    if stat.S_ISDIR(status.st_mode):
        try:
            os.scandir(path).close()
        except OSError as error:
            raise _unusable(UNREADABLE, f"cannot be listed: {_words_of(error)}", path) from error
        return list(walk.folder(path))
    if not stat.S_ISREG(status.st_mode):
        hint = "to read from a pipe, give - and feed it to stdin"
        raise _unusable(NOT_REGULAR, f"is {_kind(status.st_mode)}", path, hint)
    try:
        Path(path).open("rb").close()
    except OSError as error:
        raise _unusable(UNREADABLE, f"cannot be read: {_words_of(error)}", path) from error
    return [InputFile(printable(Path(path).name), path, status.st_size, status.st_mtime_ns)]


def _matches(path: str, walk: _Walk) -> list[InputFile]:
    pattern = Pattern.of(path)
    walk.refuse_output(path, pattern.root or ".")
    found = list(walk.folder(pattern.root or ".", pattern))
    if not found:
        raise _unusable("missing", "matches no file", path, "** matches folders at any depth")
    return found


class _Walk:
    """Goes through folders, one after another; `hidden` counts what it passed over."""

    def __init__(self, exclude: tuple[int, int] | None) -> None:
        self.hidden = 0
        self._exclude = exclude

    def refuse_output(self, named: str, path: str) -> None:
        """Raise where `path`, which is meant by `named`, is the output or lies in it.

        A run empties its output before it reads.
        """
        if self._exclude is None:
            return
        real = Path(os.path.realpath(path))
        if any(self._exclude == _identity(above) for above in (real, *real.parents)):
            hint = "choose another folder with -o, or name what that run was made from"
            raise _unusable("is-output", "lies in the output folder", named, hint)

    def folder(self, root: str, pattern: Pattern | None = None) -> Iterator[InputFile]:
        """Yield the files under `root`, those alone that `pattern` matches where one is given."""
        # A stack of our own: folders can be nested deeper than Python's.
        waiting: list[tuple[str, ...]] = [()]
        while waiting:
            parts = waiting.pop()
            path = str(Path(root, *parts))
            try:
                with os.scandir(path) as listing:
                    entries = list(listing)
            except FileNotFoundError:
                continue  # the folder of a glob that is not there: nothing matches
            except OSError as error:
                detail = f"the folder cannot be listed: {code_of(error)}"
                yield _refused(parts or (Path(root).name,), path, UNREADABLE, detail)
                continue
            for entry in entries:
                inside = (*parts, entry.name)
                if entry.name.startswith(".") and not (pattern and pattern.names_hidden(inside)):
                    self.hidden += 1
                elif entry.is_dir(follow_symlinks=False):
                    if self._wanted(entry) and (pattern is None or pattern.may_hold(inside)):
                        waiting.append(inside)
                elif pattern is None or pattern.matches(inside):
                    yield _met(entry, inside)

    def _wanted(self, entry: os.DirEntry[str]) -> bool:
        return self._exclude is None or self._exclude != _identity(Path(entry.path))


def _met(entry: os.DirEntry[str], parts: tuple[str, ...]) -> InputFile:
    """Return the input that a walk met, with a reason where it cannot be read."""
    try:
        status = entry.stat(follow_symlinks=False)
    except OSError as error:
        return _refused(parts, entry.path, UNREADABLE, f"cannot be opened: {code_of(error)}")
    if stat.S_ISREG(status.st_mode):
        return InputFile(printable("/".join(parts)), entry.path, status.st_size, status.st_mtime_ns)
    return _refused(parts, entry.path, NOT_REGULAR, f"is {_kind(status.st_mode)}")


def _refused(parts: tuple[str, ...], path: str, reason: str, detail: str) -> InputFile:
    return InputFile(printable("/".join(parts)), path, reason=reason, detail=detail)


def code_of(error: Exception) -> str:
    """Return what went wrong, for tables: without the path and the words of a locale."""
    number = getattr(error, "errno", None)
    return errno.errorcode.get(number, type(error).__name__) if number else type(error).__name__


def _words_of(error: OSError | ValueError) -> str:
    """Return what went wrong in the words of a person's locale, without the path."""
    return (error.strerror if isinstance(error, OSError) else None) or str(error)


def _kind(mode: int) -> str:
    if stat.S_ISLNK(mode):
        return "a symbolic link, and links in folders are not followed"
    if stat.S_ISFIFO(mode):
        return "a FIFO"
    return "a socket" if stat.S_ISSOCK(mode) else "a device"


def _identity(path: Path | None) -> tuple[int, int] | None:
    try:
        status = path.stat() if path else None
    except OSError:
        return None
    return (status.st_dev, status.st_ino) if status else None


def _unusable(code: str, what: str, path: str, hint: str = "") -> InputError:
    return InputError(f"input/{code}", f"the input {what}", where=printable(path), hint=hint)


def _one_name(one: InputFile, other: InputFile) -> InputError:
    if one.path == other.path:
        what = f"{printable(one.path)} is given twice"
        hint = "give it once: a folder or a glob may hold it already"
    else:
        first, second = sorted((printable(one.path), printable(other.path)))
        what = f"{first} and {second} are two inputs with one name"
        hint = "give the folder above them, so that their names differ, or rename one"
    return InputError("input/one-name", what, where=one.name, hint=hint)
