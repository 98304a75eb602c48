"""Reads one input: documents, rejected records, and at last what the input was as a whole."""

from __future__ import annotations

import hashlib
import io
import os
import stat
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from typing import BinaryIO, cast

from clean_ingest.core.document import Source
from clean_ingest.core.errors import Unreadable
from clean_ingest.readers import archives, jsonl, parquet, tars, text, warc, zips
from clean_ingest.readers.compression import CODECS, Budget, buffered, unpack
from clean_ingest.readers.inputs import NOT_REGULAR, UNREADABLE, InputFile, code_of
from clean_ingest.readers.items import TOO_LARGE, Item, Rejected, Settings, Whole
from clean_ingest.readers.place import Place
from clean_ingest.readers.remote import is_url, opened
from clean_ingest.readers.sniff import HEAD_BYTES, JSON_LINES, PARQUET, TAR, WARC, ZIP, media_type

_CHUNK = 1 << 16
_SPOOL_BYTES = 1 << 24
"""What is held in memory of an archive in an archive; a longer one waits on disk."""

Reader = Callable[[Place, BinaryIO], Iterator[Item]]
Members = Callable[[Place, BinaryIO], Iterator[archives.Member | Rejected]]


def read(file: InputFile, settings: Settings) -> Iterator[Item | Whole]:
    """Yield all that one input holds, and at last the input itself as a `Whole`.

    Memory hangs on the limits of `settings`, not on the size of the input. What cannot be
    read is a `Rejected`, after all that could be read before it. The `Whole` has no SHA-256
    where the input could not be read to its end.
    """
    if file.reason:
        # Of what cannot be opened or listed nobody knows what it holds; of a link everybody does.
        lost = file.reason == UNREADABLE
        yield Rejected(Source(file.name, bytes=file.size), file.reason, file.detail, rest=lost)
        yield Whole(Source(file.name, bytes=file.size))
        return
    raw = _Raw(file, settings)
    try:
        with _open(file) as stream:
            place = Place(file.name, file.name, settings, raw.budget)
            once = buffered(raw.chunks(stream))
            raw.kind = _kind(once, file.name)
            if raw.kind in _SEEKING and not file.is_cut and not is_url(file.path):
                # It lies here and can be read twice: the hash takes a pass of its own.
                raw.drain(stream)
                stream.seek(0)
                yield from documents(place, stream)
            else:
                yield from documents(place, once)
                raw.drain(stream)
    except Unreadable as error:
        source = Source(file.name, bytes=file.size)
        yield Rejected(source, error.code, error.message, rest=error.code == UNREADABLE)
    except OSError as error:
        source = Source(file.name, bytes=file.size)
        yield Rejected(source, UNREADABLE, _unreadable(error), rest=True)
    yield Whole(raw.source())


def documents(place: Place, stream: BinaryIO) -> Iterator[Item]:
    """Yield what a stream holds, by what it is; what breaks it off is the last that is yielded."""
    count, holds_many = 0, False
    try:
        kind = _kind(stream, place.hint)
        while kind in CODECS:
            place, stream = place.unpacked(), unpack(stream, kind, place.budget)
            kind = _kind(stream, place.hint)
        holds_many = kind in _READERS
        reader = _READERS.get(kind)
        with _spooled(stream) if kind in _SEEKING else nullcontext(stream) as opened:
            for item in reader(place, opened) if reader else text.whole(place, opened, kind):
                count += 1
                yield item
    except (Unreadable, OSError) as error:
        if isinstance(error, Unreadable):
            reason, detail = error.code, error.message
        else:
            reason, detail = UNREADABLE, _unreadable(error)
        if holds_many:
            what = "document was" if count == 1 else "documents were"
            detail += f"; {count} {what} read, the rest was not"
        yield Rejected(place.source(), reason, detail, rest=holds_many)


def _of_members(members: Members) -> Reader:
    """Make a reader of documents of one of members, each of which may be anything again."""

    def read_all(place: Place, stream: BinaryIO) -> Iterator[Item]:
        if place.archives >= place.settings.depth:
            what = f"archives are nested more than {place.settings.depth} deep"
            raise Unreadable("too-deep", what)
        for member in members(place, stream):
            if isinstance(member, Rejected):
                yield member
            else:
                yield from documents(member.place, member.stream)

    return read_all


_READERS: dict[str, Reader] = {
    JSON_LINES: jsonl.read,
    PARQUET: parquet.read,
    WARC: warc.read,
    ZIP: _of_members(zips.members),
    TAR: _of_members(tars.members),
}
_SEEKING = frozenset({PARQUET, ZIP})
"""These have their directory at the end."""


@contextmanager
def _spooled(stream: BinaryIO) -> Iterator[BinaryIO]:
    """Give all of a stream as a file in which one can go back and forth."""
    if stream.seekable():
        yield stream
        return
    with tempfile.SpooledTemporaryFile(_SPOOL_BYTES) as file:
        while chunk := stream.read(_CHUNK):
            file.write(chunk)
        file.seek(0)
        yield cast("BinaryIO", file)


class _Raw:
    """An input as its bytes go by: counted and hashed in the one pass that reads them."""

    def __init__(self, file: InputFile, settings: Settings) -> None:
        self.budget = Budget(settings)
        self.kind = ""
        self._file = file
        self._digest = hashlib.sha256()
        self._ended = False

    def chunks(self, stream: BinaryIO) -> Iterator[bytes]:
        """Yield what is left of the input."""
        while chunk := self._read(stream):
            self._digest.update(chunk)
            self.budget.consumed += len(chunk)
            yield chunk
        if self._file.is_cut:
            raise Unreadable(TOO_LARGE, "of stdin no more is read; put it into a file")
        self._ended = True

    def _read(self, stream: BinaryIO) -> bytes:
        try:
            return stream.read(_CHUNK)
        except Exception as error:
            if not is_url(self._file.path):
                raise
            # Of whatever type, of whatever package reads this URL.
            what = f"it cannot be read on: {type(error).__name__}"
            raise Unreadable(UNREADABLE, what) from error

    def drain(self, stream: BinaryIO) -> None:
        """Go on to the end, where a reader stopped before it: the hash is that of all."""
        with suppress(OSError, Unreadable):  # the reader has said so
            for _ in self.chunks(stream):
                pass

    def source(self) -> Source:
        """Return what is known of the input."""
        if not self._ended:
            return Source(self._file.name, media_type=self.kind, bytes=self._file.size)
        count, digest = self.budget.consumed, self._digest.hexdigest()
        return Source(self._file.name, media_type=self.kind, bytes=count, sha256=digest)


def _kind(stream: BinaryIO, name: str) -> str:
    if isinstance(stream, io.BufferedReader) and not stream.seekable():
        head = stream.peek(HEAD_BYTES)[:HEAD_BYTES]
    else:
        head = stream.read(HEAD_BYTES)
        stream.seek(0)
    return media_type(head, name)


def _unreadable(error: OSError) -> str:
    return f"the file cannot be read: {code_of(error)}"


def _open(file: InputFile) -> BinaryIO:
    if file.data is not None:
        return io.BytesIO(file.data)
    if is_url(file.path):
        try:
            return opened(file.path)
        except Exception as error:
            what = f"it cannot be opened: {type(error).__name__}"
            raise Unreadable(UNREADABLE, what) from error
    # Without O_NONBLOCK a file that was replaced by a FIFO since it was found hangs for ever.
    descriptor = os.open(file.path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise Unreadable(NOT_REGULAR, "is no regular file any more")
    return os.fdopen(descriptor, "rb")
