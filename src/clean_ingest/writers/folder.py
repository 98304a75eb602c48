"""The output folder: whose it is, who writes in it now, and how it is made empty again."""

from __future__ import annotations

import errno
import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from clean_ingest.core.errors import OutputError
from clean_ingest.writers import manifest
from clean_ingest.writers.files import TEMPORARY, output_error, sync_folder, writing
from clean_ingest.writers.schema import SCHEMAS

LOCK = ".clean_ingest.lock"
"""Held while a run writes; left behind by one that did not finish, whose mark it then is."""

JOURNAL = ".clean_ingest.journal"
"""Which shards are finished; it stays with a finished run, for `run --update`."""

INPUTS = "inputs.parquet"
TIMINGS = "timings.json"
TABLES = tuple(table for table in SCHEMAS if table != "inputs")
_OURS = frozenset({LOCK, JOURNAL, INPUTS, TIMINGS, manifest.NAME, *TABLES})


@contextmanager
def claim(out: Path, *, fresh: bool = False, update: bool = False) -> Iterator[None]:
    """Hold `out` for one run: made if need be, locked, and without a manifest.

    Of an unfinished run its parts and its journal stay; so they do of a finished one where
    `update` says so. Where `fresh` does, they are removed. Whatever else lies beside them
    stays. Where the run inside fails, what it wrote stays, without a manifest, as an
    unfinished run.

    Raises:
        OutputError: the folder holds something else (nothing is touched), holds a finished
            run, is written to by another process, or cannot be written.

    """
    _look(out, fresh or update)
    with writing(out):
        out.mkdir(parents=True, exist_ok=True)
        lock = _lock(out)
    try:
        _look_again(out, fresh or update)
        with writing(out):
            _sign(lock)
            _open(out)
            if fresh:
                _empty(out)
            for table in TABLES:
                (out / table).mkdir(exist_ok=True)
        yield
        with writing(out):
            (out / LOCK).unlink()
    except BaseException:
        # Workers that were ended in the middle could not clear up themselves.
        with suppress(OSError):
            for path in out.glob(f"*/*{TEMPORARY}"):
                path.unlink()
        raise
    finally:
        os.close(lock)


def part_path(table: str, ordinal: int) -> str:
    """Return the path of a shard's part, relative to the run."""
    return f"{table}/part-{ordinal:05}.parquet"


def _look(out: Path, may_change: bool) -> None:
    """Raise unless `out` is ours to write."""
    try:
        names = {path.name for path in out.iterdir()}
    except FileNotFoundError:
        return
    except NotADirectoryError:
        raise OutputError(
            "output/no-folder", "the output is a file, not a folder", where=str(out)
        ) from None
    except OSError as error:
        raise OutputError(
            "output/unreadable", f"the folder cannot be listed: {error.strerror}", where=str(out)
        ) from error
    if manifest.NAME in names:
        _look_at_manifest(out, may_change)
    elif names and not (LOCK in names and names <= _OURS | _temporaries(names)):
        raise OutputError(
            "output/foreign",
            "the folder holds something else, so nothing was written",
            where=str(out),
            hint="choose an empty or a new folder with -o",
        )


def _look_again(out: Path, may_change: bool) -> None:
    """Look once more, with the lock held: another run may have finished in between.

    A lock that nobody signed is then our own, and must not make a finished run look like one
    that broke off.
    """
    try:
        _look(out, may_change)
    except OutputError:
        with suppress(OSError):
            if not _is_signed(out):
                (out / LOCK).unlink()
        raise


def _is_signed(out: Path) -> bool:
    """Whether a run writes here, or broke off."""
    try:
        return (out / LOCK).stat().st_size > 0
    except FileNotFoundError:
        return False


def _look_at_manifest(out: Path, may_change: bool) -> None:
    """Raise unless the manifest is ours, and we may write it anew.

    Beside a signed lock it is that of a run which broke off at its very end, perhaps before
    the name was on the disk: such a run is gone on with like any other.
    """
    try:
        may_change = may_change or _is_signed(out)
        content = manifest.parse((out / manifest.NAME).read_bytes())
    except FileNotFoundError:
        return  # another run has begun
    except OSError as error:
        raise output_error(error, out) from error
    if content is None:
        raise OutputError(
            "output/foreign",
            "the folder holds a manifest.json of something else, so nothing was written",
            where=str(out),
            hint="choose an empty or a new folder with -o",
        )
    if not may_change:
        raise OutputError(
            "output/finished",
            "the folder holds a finished run",
            where=str(out),
            hint="--update redoes what changed, --fresh all of it, -o names another folder",
        )


def _temporaries(names: set[str]) -> set[str]:
    return {name for name in names if name.removesuffix(TEMPORARY) in _OURS}


def _lock(out: Path) -> int:
    """Take the lock and return its descriptor.

    The kernel frees it when its process ends, however it ends, so that the lock of a dead
    process is free whatever number it wrote into the file.
    """
    while True:
        flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW
        lock = os.open(out / LOCK, flags, 0o666)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            holder = os.pread(lock, 20, 0).decode("ascii", "replace").strip()
            os.close(lock)
            if error.errno not in (errno.EWOULDBLOCK, errno.EACCES):
                raise
            raise OutputError(
                "output/locked",
                f"process {holder or 'unknown'} is writing a run here",
                where=str(out),
                hint="wait for it, or choose another folder with -o",
            ) from None
        if _still_there(out / LOCK, lock):
            return lock
        os.close(lock)  # its last holder took the file away when it finished


def _sign(lock: int) -> None:
    """Write into the lock whose it is; from then on the folder is that of an unfinished run."""
    os.ftruncate(lock, 0)
    os.write(lock, f"{os.getpid()}\n".encode())


def _still_there(path: Path, lock: int) -> bool:
    try:
        return os.path.samestat(path.stat(), os.fstat(lock))
    except FileNotFoundError:
        return False


def _open(out: Path) -> None:
    """Remove the manifest of an earlier run of ours: from then on it is unfinished."""
    for name in (manifest.NAME, INPUTS, TIMINGS):
        for path in (out / name, out / f"{name}{TEMPORARY}"):
            path.unlink(missing_ok=True)
        sync_folder(out)


def _empty(out: Path) -> None:
    """Remove all parts of an earlier run of ours, and its journal first."""
    for folder in (out / JOURNAL, *(out / table for table in TABLES)):
        for pattern in ("*.json*", "*.parquet*"):
            for path in folder.glob(pattern):
                path.unlink()
        with suppress(OSError):
            folder.rmdir()
