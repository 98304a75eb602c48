"""Reads tar: files in their order."""

from __future__ import annotations

import struct
import tarfile
import zlib
from collections.abc import Iterator
from typing import BinaryIO

from clean_ingest.core.errors import Unreadable
from clean_ingest.readers.archives import Member, inside
from clean_ingest.readers.compression import DAMAGED, TRUNCATED, buffered, counted
from clean_ingest.readers.inputs import NOT_REGULAR
from clean_ingest.readers.items import Rejected
from clean_ingest.readers.keys import Keys
from clean_ingest.readers.place import Place

_CHUNK = 1 << 16
_HEADER_BYTES = 1 << 20
_LONG_HEADERS = (
    tarfile.XHDTYPE,
    tarfile.XGLTYPE,
    tarfile.SOLARIS_XHDTYPE,
    tarfile.GNUTYPE_LONGNAME,
    tarfile.GNUTYPE_LONGLINK,
)
_DAMAGE = (tarfile.TarError, zlib.error, struct.error, EOFError, ValueError, OSError)


def members(place: Place, stream: BinaryIO) -> Iterator[Member | Rejected]:
    """Yield the files of a tar archive in their order; folders are none.

    Raises:
        Unreadable: the archive is broken: no mark at its end, or no header where one must be.

    """
    keys = Keys()
    number = 0
    with _opened(stream) as archive:
        while (info := _following(archive)) is not None:
            number += 1
            archive.members = []  # type: ignore[attr-defined]  # no stub; it would keep them all
            if info.isdir():
                continue
            there = inside(place, info.name, number, keys)
            if isinstance(there, Rejected):
                yield there
            elif not info.isreg():
                kind = "a link" if info.issym() or info.islnk() else "a device or FIFO"
                yield Rejected(there.source(), NOT_REGULAR, f"is {kind}")
            else:
                chunks = _of_tar(archive, info)
                if info.issparse():
                    chunks = counted(chunks, place.budget)
                yield Member(there, buffered(chunks))


def _opened(stream: BinaryIO) -> tarfile.TarFile:
    try:
        return tarfile.open(fileobj=stream, mode="r|", tarinfo=_Info)
    except _DAMAGE as error:
        raise Unreadable(DAMAGED, "it does not begin with a header of tar") from error


def _following(archive: tarfile.TarFile) -> tarfile.TarInfo | None:
    try:
        return archive.next()
    except _DAMAGE as error:
        raise Unreadable(TRUNCATED, "the archive ends in the middle") from error


class _Info(tarfile.TarInfo):
    """Tells a broken header from the end, which tarfile takes one for, and bounds long names."""

    @classmethod
    def fromtarfile(cls, tarfile: tarfile.TarFile) -> _Info:
        try:
            return super().fromtarfile(tarfile)
        except EOF_HEADER:
            raise
        except EMPTY_HEADER as error:
            raise Unreadable(TRUNCATED, "the archive has no end") from error
        except HEADER as error:
            raise Unreadable(DAMAGED, "there is no header of tar where one must be") from error

    def _proc_member(self, tarfile: tarfile.TarFile) -> tarfile.TarInfo:
        if self.type in _LONG_HEADERS and self.size > _HEADER_BYTES:
            raise Unreadable(DAMAGED, f"a header of more than {_HEADER_BYTES} bytes")
        return super()._proc_member(tarfile)  # type: ignore[misc, no-any-return]  # the stubs lack it


EOF_HEADER = tarfile.EOFHeaderError  # type: ignore[attr-defined]  # the stubs lack it
EMPTY_HEADER = tarfile.EmptyHeaderError  # type: ignore[attr-defined]  # "
HEADER = tarfile.HeaderError


def _of_tar(archive: tarfile.TarFile, info: tarfile.TarInfo) -> Iterator[bytes]:
    try:
        file = archive.extractfile(info)
        while file and (chunk := file.read(_CHUNK)):
            yield chunk
    except _DAMAGE as error:
        raise Unreadable(TRUNCATED, "the archive ends in the middle") from error
