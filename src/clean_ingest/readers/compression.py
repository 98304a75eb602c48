"""The one place where packed bytes are unpacked, counted and held against the caps."""

from __future__ import annotations

import bz2
import io
import lzma
import re
import zlib
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, BinaryIO, Literal, Protocol, cast

from clean_ingest.core.errors import Unreadable
from clean_ingest.readers.items import Settings
from clean_ingest.readers.sniff import BZIP2, GZIP, XZ, ZSTD

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

DAMAGED = "damaged"
TRUNCATED = "truncated"
BOMB = "bomb"

FREE_BYTES = 64_000_000
"""What any input may deliver, however small it is: short texts can pack very well."""

_CHUNK = 1 << 16
# Arrow drops what it unpacked in the very read in which it meets damage: small ones lose less.
_ARROW_CHUNK = 1 << 14
# Magic, method, flags of which none is reserved, time, and one of the two usual levels or none.
_GZIP_MEMBER = re.compile(rb"\x1f\x8b\x08[\x00-\x1f].{4}[\x00\x02\x04]", re.DOTALL)
_GZIP_BYTES = 9
XZ_MEMORY = 1 << 28  # bytes; xz -9 asks for a quarter of it


class Gap(Unreadable):
    """Damage in a stream that goes on behind it; raised once, when all before it was read.

    A reader that knows where it is again (by the header of a record) may read on; to all
    others it is an error like any other.
    """


class Budget:
    """How much one input may still deliver; archives and packed streams in it share it.

    `consumed` counts the bytes that were read of the input itself, `delivered` those that
    came out of it unpacked, on every level; `spent` says that no more may come.
    """

    def __init__(self, settings: Settings) -> None:
        self.consumed = 0
        self.delivered = 0
        self.spent = False
        self._settings = settings

    def deliver(self, count: int) -> None:
        """Count unpacked bytes.

        Raises:
            Unreadable: `bomb`: they are more than the input may deliver.

        """
        self.delivered += count
        most, ratio = self._settings.input_bytes, self._settings.ratio
        if self.delivered > FREE_BYTES + ratio * self.consumed:
            what = f"it unpacks to more than {ratio} times its size"
        elif self.delivered > most:
            what = f"it unpacks to more than {most} bytes"
        else:
            return
        self.spent = True
        raise Unreadable(BOMB, what, hint="`limits.ratio` and `limits.input_bytes` allow more")


class Stream(io.RawIOBase):
    """Chunks of bytes as a stream to read from; fills what it is given up to the very end.

    What its chunks raise is raised when all before it was read, and again by every read
    after that. A `Gap` among them is raised once.
    """

    def __init__(self, chunks: Iterator[bytes | Gap]) -> None:
        self._chunks = chunks
        self._waiting = memoryview(b"")
        self._error: Exception | None = None
        self._position = 0

    def readable(self) -> bool:
        """Say yes."""
        return True

    def tell(self) -> int:
        """Return how many bytes were read."""
        return self._position

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        """Fill `buffer`; less is the end."""
        into = memoryview(buffer).cast("B")
        filled = 0
        while filled < len(into) and self._more():
            count = min(len(self._waiting), len(into) - filled)
            into[filled : filled + count] = self._waiting[:count]
            self._waiting = self._waiting[count:]
            filled += count
        if not filled and self._error and len(into):
            error = self._error
            if isinstance(error, Gap):
                self._error = None
            raise error
        self._position += filled
        return filled

    def _more(self) -> bool:
        while not self._waiting and self._error is None:
            try:
                chunk = next(self._chunks)
            except StopIteration:
                return False
            except Exception as error:
                self._error = error
            else:
                if isinstance(chunk, Gap):
                    self._error = chunk
                else:
                    self._waiting = memoryview(chunk)
        return bool(self._waiting)


def buffered(chunks: Iterator[bytes | Gap]) -> io.BufferedReader:
    """Return chunks of bytes as a stream with lines and `peek`."""
    return io.BufferedReader(Stream(chunks), _CHUNK)


def some(stream: BinaryIO, size: int) -> bytes:
    """Return at most `size` bytes, none at the end.

    `read` of a buffered stream goes on until it has them all, and loses what it has where an
    error comes first.
    """
    one_go = getattr(stream, "read1", stream.read)
    return cast("bytes", one_go(size))


def counted(chunks: Iterator[bytes], budget: Budget) -> Iterator[bytes]:
    """Yield `chunks`, as far as the budget goes."""
    for chunk in chunks:
        budget.deliver(len(chunk))
        yield chunk


def unpack(stream: BinaryIO, kind: str, budget: Budget) -> io.BufferedReader:
    """Return what is packed in `stream`, every frame of it; `kind` is a key of `CODECS`.

    Reading it raises `Unreadable`: `truncated` where the stream ends too early, `damaged`
    where it is not what it should be, `bomb` where the budget is used up. Damage behind which
    another member of a gzip file begins is a `Gap`.
    """
    return buffered(_capped(CODECS[kind](stream), budget))


def _capped(chunks: Iterator[bytes | Gap], budget: Budget) -> Iterator[bytes | Gap]:
    for chunk in chunks:
        if not isinstance(chunk, Gap):
            budget.deliver(len(chunk))
        yield chunk


class _Frame(Protocol):
    """What the decompressors of bz2 and lzma have in common."""

    @property
    def eof(self) -> bool: ...
    @property
    def needs_input(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, max_length: int = -1) -> bytes: ...


class Inflate:
    """A decompressor of zlib with the face of the other two; `wbits` as in `zlib`."""

    def __init__(self, wbits: int) -> None:
        self._object = zlib.decompressobj(wbits)
        self._full = False

    @property
    def eof(self) -> bool:
        """Whether the frame has ended."""
        return self._object.eof

    @property
    def needs_input(self) -> bool:
        """Whether nothing comes without more input."""
        return not self._full and not self._object.unconsumed_tail

    @property
    def waiting(self) -> bytes:
        """What was given and is not unpacked yet."""
        return self._object.unconsumed_tail

    @property
    def unused_data(self) -> bytes:
        """What stood behind the end of the frame."""
        return self._object.unused_data

    def decompress(self, data: bytes, max_length: int = -1) -> bytes:
        """Return some more, at most `max_length` bytes of it."""
        out = self._object.decompress(self._object.unconsumed_tail + data, max(0, max_length))
        self._full = len(out) == max_length
        return out


def frames(stream: BinaryIO, name: str, new: Callable[[], _Frame]) -> Iterator[bytes]:
    """Yield what all frames of `stream` hold, one after the other.

    Our own loop, since gzip, bz2 and lzma of the standard library take whatever stands
    behind a frame and is none for the end, and say nothing. Zeros there are padding.

    Raises:
        Unreadable: as `unpack` says; of damage it is a `_BrokenError`.

    """
    frame, begun, data = new(), False, b""
    while True:
        if not data and frame.needs_input:
            data = some(stream, _CHUNK)
            if not data:
                break
        given = frame.waiting + data if isinstance(frame, Inflate) else data
        try:
            out = frame.decompress(data, _CHUNK)
        except (zlib.error, OSError, lzma.LZMAError, EOFError, ValueError) as error:
            left = given if begun else given[1:]
            raise _BrokenError(f"the {name} stream is damaged", left) from error
        data, begun = b"", True
        if out:
            yield out
        if frame.eof:
            data = frame.unused_data.lstrip(b"\0")
            while not data and (more := some(stream, _CHUNK)):
                data = more.lstrip(b"\0")
            if not data:
                return
            frame, begun = new(), False
    if begun:
        raise Unreadable(TRUNCATED, f"the {name} stream ends in the middle")


class _BrokenError(Unreadable):
    """Damage; `data` is what had been read of the stream and is not known to be unpacked.

    The first byte of the frame that is damaged is never part of it.
    """

    def __init__(self, message: str, data: bytes) -> None:
        super().__init__(DAMAGED, message)
        self.data = data


def gunzipped(stream: BinaryIO) -> Iterator[bytes]:
    """Yield what a gzip stream holds, every member of it, up to any damage."""
    return frames(stream, "gzip", lambda: Inflate(31))


def _gzip(stream: BinaryIO) -> Iterator[bytes | Gap]:
    """Yield what a gzip file holds; behind damage, from the next member on.

    Archives of the web are packed record by record, and lose no more than what is damaged.
    """
    source = Ahead(stream)
    while True:
        try:
            yield from gunzipped(cast("BinaryIO", source))
        except _BrokenError as error:
            if not source.skip_to_member(error.data):
                raise
            yield Gap(DAMAGED, error.message)
        else:
            return


class Ahead:
    """A stream with something `waiting` before it: what was read already, say."""

    def __init__(self, stream: BinaryIO, waiting: bytes = b"") -> None:
        self._stream = stream
        self._waiting = waiting

    def read(self, size: int) -> bytes:
        """Return some more bytes, at most `size`."""
        if not self._waiting:
            return some(self._stream, size)
        data, self._waiting = self._waiting[:size], self._waiting[size:]
        return data

    def skip_to_member(self, data: bytes) -> bool:
        """Go to the next place from `data` on that begins like a gzip member."""
        self._waiting = data + self._waiting
        kept = b""
        while data := self.read(_CHUNK):
            data = kept + data
            if found := _GZIP_MEMBER.search(data):
                self._waiting = data[found.start() :] + self._waiting
                return True
            kept = data[1 - _GZIP_BYTES :]
        return False


def _bzip2(stream: BinaryIO) -> Iterator[bytes]:
    return frames(stream, "bzip2", bz2.BZ2Decompressor)


def _xz(stream: BinaryIO) -> Iterator[bytes]:
    return frames(stream, "xz", lambda: lzma.LZMADecompressor(lzma.FORMAT_XZ, XZ_MEMORY))


def _zstd(stream: BinaryIO) -> Iterator[bytes]:
    return by_arrow(stream, "zstd")


def by_arrow(stream: BinaryIO, codec: Literal["zstd", "brotli"]) -> Iterator[bytes]:
    """Yield what a stream of Arrow's `codec` holds; Arrow reads every frame and knows a cut one."""
    import pyarrow as pa

    source = pa.PythonFile(cast("io.IOBase", stream), mode="r")
    packed = pa.CompressedInputStream(source, codec)
    while True:
        try:
            chunk = packed.read(_ARROW_CHUNK)
        except (OSError, pa.ArrowException) as error:
            if str(error).startswith("Truncated"):
                what = f"the {codec} stream ends in the middle"
                raise Unreadable(TRUNCATED, what) from error
            raise Unreadable(DAMAGED, f"the {codec} stream is damaged") from error
        if not chunk:
            return
        yield chunk


CODECS: Mapping[str, Callable[[BinaryIO], Iterator[bytes | Gap]]] = {
    GZIP: _gzip,
    ZSTD: _zstd,
    BZIP2: _bzip2,
    XZ: _xz,
}
