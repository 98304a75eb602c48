"""Inputs behind URLs, through fsspec; nothing here runs where no URL was named."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any, BinaryIO, NamedTuple, cast

from clean_ingest.core.errors import InputError
from clean_ingest.readers.pattern import Pattern, has_magic

if TYPE_CHECKING:
    from fsspec import AbstractFileSystem

_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")


_TIMES = ("mtime", "LastModified", "last_modified", "updated")
"""What file systems call the time stamp of a file, if they tell one."""
_NO_TIME = sys.maxsize


class Found(NamedTuple):
    """A file behind a URL: its path as names relative to what was named, and how to open it.

    `size` counts bytes and is 0 where nobody says. `modified` is the time stamp in
    nanoseconds; where there is none it lies in the future, so that nobody takes the file for
    one that has not changed.
    """

    names: tuple[str, ...]
    url: str
    size: int
    modified: int

    @classmethod
    def of(cls, names: tuple[str, ...], url: str, info: Mapping[str, Any]) -> Found:
        """Return the file of which a file system says `info`."""
        when = next((info[name] for name in _TIMES if info.get(name)), None)
        if isinstance(when, datetime):
            when = when.timestamp()
        modified = int(when * 1e9) if isinstance(when, int | float) else _NO_TIME
        return cls(names, url, int(info.get("size") or 0), modified)


def is_url(text: str) -> bool:
    """Whether `text` names an input by URL; no path of this machine looks like one."""
    return _URL.match(text) is not None


def find(url: str) -> tuple[list[Found], int]:
    """Return the files behind a URL, which may be a folder or a glob, and how many were hidden.

    Hidden names and globs are as in the folders of this machine.

    Raises:
        InputError: nothing reads such URLs here, there is nothing, or it cannot be reached.

    """
    with _told(url):
        files, root = _file_system(url)
        pattern = Pattern.of(root) if has_magic(root) else None
        if pattern:
            root = pattern.root
        elif (info := files.info(root))["type"] != "directory":
            return [Found.of((root.rstrip("/").rpartition("/")[2],), url, info)], 0
        listed = files.find(root, detail=True)
    found, hidden = [], 0
    for path, info in listed.items():
        names = tuple(path[len(root) :].strip("/").split("/"))
        if _is_hidden(names, pattern):
            hidden += 1
        elif info["type"] == "file" and (pattern is None or pattern.matches(names)):
            found.append(Found.of(names, str(files.unstrip_protocol(path)), info))
    if not found:
        what = "matches no file" if pattern else "has no file in it"
        raise InputError("input/missing", f"the input {what}", where=url)
    return found, hidden


def opened(url: str) -> BinaryIO:
    """Open the file behind a URL, whose errors are of any type."""
    files, path = _file_system(url)
    return cast("BinaryIO", files.open(path, "rb"))


def _is_hidden(names: tuple[str, ...], pattern: Pattern | None) -> bool:
    dotted = (at for at, name in enumerate(names, 1) if name.startswith("."))
    return any(not (pattern and pattern.names_hidden(names[:at])) for at in dotted)


def _file_system(url: str) -> tuple[AbstractFileSystem, str]:
    try:
        from fsspec.core import url_to_fs
    except ImportError as error:
        raise InputError(
            "input/no-remote",
            "nothing that reads URLs is installed",
            where=url,
            hint="pip install 'clean-ingest[remote]'; a file of this machine is named by its path",
        ) from error
    files, path = url_to_fs(url)
    return files, str(path)


@contextmanager
def _told(url: str) -> Iterator[None]:
    """Tell in our way what file systems raise, each of which has errors of its own."""
    try:
        yield
    except InputError:
        raise
    except FileNotFoundError as error:
        raise InputError("input/missing", "the input does not exist", where=url) from error
    except ImportError as error:
        message = f"a package that reads these URLs is missing: {_line(error)}"
        raise InputError("input/no-remote", message, where=url) from error
    except Exception as error:
        what = f"the input cannot be reached: {type(error).__name__}: {_line(error)}"
        raise InputError("input/unreadable", what, where=url) from error


def _line(error: Any) -> str:
    return str(error).partition("\n")[0][:200]
