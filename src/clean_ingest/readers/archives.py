"""ZIP and tar: members one after another, none of them ever written to disk under its name."""

from __future__ import annotations

import io
import lzma
import stat
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from typing import IO, BinaryIO, NamedTuple, cast

from clean_ingest.core.errors import Unreadable
from clean_ingest.readers.compression import DAMAGED, TRUNCATED, buffered, counted
from clean_ingest.readers.inputs import NOT_REGULAR, printable
from clean_ingest.readers.items import Rejected
from clean_ingest.readers.keys import Keys
from clean_ingest.readers.place import Place

BAD_NAME = "bad-name"

_CHUNK = 1 << 16
_HEADER_BYTES = 1 << 20
_LONG_HEADERS = (
    tarfile.XHDTYPE,
    tarfile.XGLTYPE,
    tarfile.SOLARIS_XHDTYPE,
    tarfile.GNUTYPE_LONGNAME,
    tarfile.GNUTYPE_LONGLINK,
)
_DAMAGE = (
    zipfile.BadZipFile,
    tarfile.TarError,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    EOFError,
    ValueError,
    OSError,
)


class Member(NamedTuple):
    """A file of an archive; to be read before the next one is asked for."""

    place: Place
    stream: io.BufferedReader


def members_of_zip(place: Place, file: BinaryIO) -> Iterator[Member | Rejected]:
    """Yield the files of a ZIP archive in the order of its directory; folders are none.

    Raises:
        Unreadable: it is no ZIP archive, or a document in the dress of one.

    """
    try:
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
        inside = _inside(place, info.filename, number, keys)
        if isinstance(inside, Rejected):
            yield inside
        elif stat.S_ISLNK(info.external_attr >> 16):
            yield Rejected(inside.source(), NOT_REGULAR, "is a symbolic link")
        elif info.flag_bits & 1:
            yield Rejected(inside.source(), "encrypted", "the file needs a password")
        else:
            chunks = counted(cast("BinaryIO", _Unzipped(archive, info)), place.budget)
            yield Member(inside, buffered(chunks))


class _Unzipped(io.RawIOBase):
    """A file of a ZIP archive, opened when it is first read; says `damaged` in our way."""

    def __init__(self, archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> None:
        self._archive = archive
        self._info = info
        self._file: IO[bytes] | None = None

    def read(self, size: int = -1, /) -> bytes:
        try:
            if self._file is None:
                self._file = self._archive.open(self._info)
            return self._file.read(size)
        except (NotImplementedError, RuntimeError) as error:
            raise Unreadable("unsupported", "it is packed in a way that is not known") from error
        except _DAMAGE as error:
            raise Unreadable(DAMAGED, "the file in the archive is damaged") from error


def members_of_tar(place: Place, stream: BinaryIO) -> Iterator[Member | Rejected]:
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
            inside = _inside(place, info.name, number, keys)
            if isinstance(inside, Rejected):
                yield inside
            elif not info.isreg():
                kind = "a link" if info.issym() or info.islnk() else "a device or FIFO"
                yield Rejected(inside.source(), NOT_REGULAR, f"is {kind}")
            else:
                chunks = _of_tar(archive, info)
                if info.issparse():
                    chunks = counted(buffered(chunks), place.budget)
                yield Member(inside, buffered(chunks))


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


def _inside(place: Place, name: str, number: int, keys: Keys) -> Place | Rejected:
    """Return the place of a member, or why its name is none."""
    try:
        shown = printable(name)
    except UnicodeEncodeError:
        shown = name.encode("utf-8", "backslashreplace").decode()
    inside = place.member(shown)
    found = keys.unique(Rejected(inside.source(), BAD_NAME), inside.name, number)
    if isinstance(found, Rejected) and found.reason != BAD_NAME:
        return found
    parts = name.replace("\\", "/").split("/")
    if ".." in parts or not parts[0] or parts[0].endswith(":"):
        return Rejected(inside.source(), BAD_NAME, "its name leads out of the archive")
    return inside
