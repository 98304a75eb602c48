"""Reads ZIP: files in the order of the directory."""

from __future__ import annotations

import bz2
import io
import lzma
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from copy import copy
from functools import partial
from typing import BinaryIO, cast

from clean_ingest.core.errors import Unreadable
from clean_ingest.readers.archives import Member, inside
from clean_ingest.readers.compression import (
    DAMAGED,
    XZ_MEMORY,
    Ahead,
    Inflate,
    buffered,
    by_arrow,
    counted,
    frames,
)
from clean_ingest.readers.inputs import NOT_REGULAR
from clean_ingest.readers.items import TOO_LARGE, Rejected
from clean_ingest.readers.keys import Keys
from clean_ingest.readers.place import Place

_CHUNK = 1 << 16
_TAIL_BYTES = (1 << 16) + 42  # the two ends of a directory, and the longest comment
_DIRECTORY_BYTES = 1 << 26  # of 600,000 files; `zipfile` takes nine times as much memory
_HAS_MARK = 2  # a flag: the end of the LZMA stream is marked
_MARKED = (1 << 64) - 1
_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    EOFError,
    ValueError,
    OSError,
)


def members(place: Place, file: BinaryIO) -> Iterator[Member | Rejected]:
    """Yield the files of a ZIP archive in the order of its directory; folders are none.

    Raises:
        Unreadable: it is no ZIP archive, or a document in the dress of one, or too long.

    """
    try:
        _check_directory(file)
        archive = zipfile.ZipFile(file)
    except (*_DAMAGE, NotImplementedError) as error:
        raise Unreadable(DAMAGED, "its directory cannot be read") from error
    names = archive.namelist()
    if "[Content_Types].xml" in names or names[:1] == ["mimetype"]:
        raise Unreadable("unsupported", "this is an Office document or an e-book")
    keys = Keys()
    for number, info in enumerate(archive.infolist(), 1):
        if info.is_dir():
            continue
        there = inside(place, info.filename, number, keys)
        if isinstance(there, Rejected):
            yield there
        elif stat.S_ISLNK(info.external_attr >> 16):
            yield Rejected(there.source(), NOT_REGULAR, "is a symbolic link")
        elif info.flag_bits & 1:
            yield Rejected(there.source(), "encrypted", "the file needs a password")
        else:
            chunks = counted(_unzipped(archive, info), place.budget)
            yield Member(there, buffered(chunks))


def _check_directory(file: BinaryIO) -> None:
    """Raise where a directory is so long that its entries, all of which are held, fill memory."""
    size = file.seek(0, io.SEEK_END)
    file.seek(max(0, size - _TAIL_BYTES))
    tail = file.read()
    end = tail.rfind(b"PK\5\6")
    if end < 0 or len(tail) < end + 16:
        return  # it has none, as `zipfile` will say
    length = int.from_bytes(tail[end + 12 : end + 16], "little")
    if tail[max(0, end - 20) :].startswith(b"PK\6\7"):  # a long archive has a second, longer end
        file.seek(min(int.from_bytes(tail[end - 12 : end - 4], "little"), size))
        length = int.from_bytes(file.read(48)[40:], "little")
    file.seek(0)
    if length > _DIRECTORY_BYTES:
        raise Unreadable(TOO_LARGE, f"its directory has more than {_DIRECTORY_BYTES} bytes")


def _unzipped(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Iterator[bytes]:
    """Yield what a file of a ZIP archive holds.

    What is packed is unpacked here: of bzip2 and LZMA `zipfile` unpacks all that 4 KiB hold at
    once, and these can be gigabytes.

    Raises:
        Unreadable: `unsupported` or `damaged`.

    """
    count = checksum = 0
    try:
        with archive.open(_as_stored(info)) as file:
            for chunk in _unpacked(cast("BinaryIO", file), info):
                count += len(chunk)
                checksum = zlib.crc32(chunk, checksum)
                yield chunk
    except (NotImplementedError, RuntimeError) as error:
        raise Unreadable("unsupported", "it is packed in a way that is not known") from error
    except _DAMAGE as error:
        raise Unreadable(DAMAGED, "the file in the archive is damaged") from error
    if (count, checksum) != (info.file_size, info.CRC):
        raise Unreadable(DAMAGED, "the file in the archive is not what its checksum says")


def _as_stored(info: zipfile.ZipInfo) -> zipfile.ZipInfo:
    """Return the entry as that of a file that is not packed: `zipfile` then gives its raw bytes."""
    stored = copy(info)
    stored.compress_type = zipfile.ZIP_STORED
    stored.file_size = info.compress_size
    del stored.CRC  # that of the raw bytes is not known, and then not asked for
    return stored


def _unpacked(stream: BinaryIO, info: zipfile.ZipInfo) -> Iterator[bytes]:
    match info.compress_type:
        case zipfile.ZIP_STORED:
            return iter(lambda: stream.read(_CHUNK), b"")
        case zipfile.ZIP_DEFLATED:
            return frames(stream, "deflate", lambda: Inflate(-15))
        case zipfile.ZIP_BZIP2:
            return frames(stream, "bzip2", bz2.BZ2Decompressor)
        case zipfile.ZIP_LZMA:
            return _of_lzma(stream, info)
        case 93:
            return by_arrow(stream, "zstd")
        case other:
            raise Unreadable("unsupported", f"it is packed by method {other}, which is not known")


def _of_lzma(stream: BinaryIO, info: zipfile.ZipInfo) -> Iterator[bytes]:
    """Yield what LZMA holds in the dress that ZIP gives it, put into that of a file of its own.

    ZIP (APPNOTE 5.8.8) has version, length and properties, a file has properties and size.
    """
    head = stream.read(4)
    properties = stream.read(int.from_bytes(head[2:], "little"))
    size = _MARKED if info.flag_bits & _HAS_MARK else info.file_size
    alone = Ahead(stream, properties + size.to_bytes(8, "little"))
    new = partial(lzma.LZMADecompressor, lzma.FORMAT_ALONE, XZ_MEMORY)
    return frames(cast("BinaryIO", alone), "LZMA", new)
