"""Inputs behind URLs, through fsspec; nothing here runs where no URL was named."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, BinaryIO, cast

from clean_ingest.core.errors import InputError
from clean_ingest.readers.pattern import Pattern, has_magic

if TYPE_CHECKING:
    from fsspec import AbstractFileSystem

_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")


def is_url(text: str) -> bool:
    """Whether `text` names an input by URL; no path of this machine looks like one."""
    return _URL.match(text) is not None


def find(url: str) -> tuple[list[tuple[tuple[str, ...], str, int]], int]:
    """Return the files behind a URL, which may be a folder or a glob, and how many were hidden.

    Each has its path as names relative to the folder (a file alone: its own), the URL by which
    `opened` opens it, and its bytes, 0 where nobody says. Hidden names and globs are as in the
    folders of this machine.

    Raises:
        InputError: nothing reads such URLs here, there is nothing, or it cannot be reached.

    """
    with _told(url):
        files, root = _file_system(url)
        pattern = Pattern.of(root) if has_magic(root) else None
        if pattern:
            root = pattern.root
        elif files.info(root)["type"] != "directory":
            size = files.info(root).get("size")
            return [((root.rstrip("/").rpartition("/")[2],), url, size or 0)], 0
        listed = files.find(root, detail=True)
    found, hidden = [], 0
    for path, info in listed.items():
        names = tuple(path[len(root) :].strip("/").split("/"))
        if _is_hidden(names, pattern):
            hidden += 1
        elif info["type"] == "file" and (pattern is None or pattern.matches(names)):
            found.append((names, str(files.unstrip_protocol(path)), info.get("size") or 0))
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
