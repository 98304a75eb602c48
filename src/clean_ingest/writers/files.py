"""Files that are there whole or not at all."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from clean_ingest.core.errors import OutputError

TEMPORARY = ".tmp"
"""Ends the name of a file that is not finished; it lies in the folder of the final one."""


def write_whole(path: Path, data: bytes) -> None:
    """Write `data` under a temporary name, then make it `path`, for good.

    Raises:
        OutputError: it could not be written, or not for good; a file under its name is whole.

    """
    temporary = path.with_name(path.name + TEMPORARY)
    with writing(path):
        try:
            with temporary.open("wb") as stream:
                stream.write(data)
                stream.flush()
                os.fsync(stream.fileno())
            commit(temporary, path)
        except BaseException:
            with suppress(OSError):
                temporary.unlink()
            raise


def commit(temporary: Path, path: Path) -> None:
    """Give a finished, synced file its name; the folder is synced too, so that it stays."""
    temporary.replace(path)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make renames and removals in `folder` outlive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Turn what the system says against writing `path` into an `OutputError`."""
    try:
        yield
    except OSError as error:
        raise output_error(error, path) from error


def output_error(error: OSError, path: Path) -> OutputError:
    """Return the `OutputError` that says what the system said, and what to do about it."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        code, what = "full", "there is no room left to write"
        hint = "make room; the same command goes on from here"
    elif error.errno in (errno.EROFS, errno.EACCES, errno.EPERM):
        code, what, hint = "read-only", "the folder cannot be written to", "choose another with -o"
    else:
        said = error.strerror or type(error).__name__
        code, what = "failed", f"the output cannot be written: {said}"
        hint = "see that the disk is sound; the same command goes on from here"
    return OutputError(f"output/{code}", what, where=str(path), hint=hint)
