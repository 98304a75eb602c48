"""Reads one input whole, within its size limit, and says why where it cannot."""

from __future__ import annotations

import hashlib
import io
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from clean_ingest.core.document import RawDocument, Source
from clean_ingest.core.errors import Unreadable
from clean_ingest.readers.inputs import NOT_REGULAR, UNREADABLE, InputFile, code_of
from clean_ingest.readers.sniff import HEAD_BYTES, TAKEN_IN, media_type

_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Rejected:
    """An input, or a record of one, that cannot become a document; `reason` is a stable code."""

    source: Source
    reason: str
    detail: str = ""


def read(file: InputFile, *, document_bytes: int) -> Iterator[RawDocument | Rejected]:
    """Yield what one input holds: today exactly one document, or why it is none.

    An input over `document_bytes` is hashed in pieces and never held in memory. Rejected
    inputs keep their byte count and SHA-256 as far as they could be read.
    """
    if file.reason:
        yield Rejected(Source(file.name, bytes=file.size), file.reason, file.detail)
        return
    try:
        with _open(file) as stream:
            yield _read(file, stream, document_bytes)
    except Unreadable as error:
        yield Rejected(Source(file.name, bytes=file.size), error.code, error.message)
    except OSError as error:
        detail = f"the file cannot be read: {code_of(error)}"
        yield Rejected(Source(file.name, bytes=file.size), UNREADABLE, detail)


def _open(file: InputFile) -> BinaryIO:
    if file.data is not None:
        return io.BytesIO(file.data)
    # Without O_NONBLOCK a file that was replaced by a FIFO since it was found hangs for ever.
    descriptor = os.open(file.path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise Unreadable(NOT_REGULAR, "is no regular file any more")
    return os.fdopen(descriptor, "rb")


def _read(file: InputFile, stream: BinaryIO, limit: int) -> RawDocument | Rejected:
    data = stream.read(limit + 1)
    digest = hashlib.sha256(data)
    count = len(data)
    kind = media_type(data[:HEAD_BYTES], file.name)
    whole = count <= limit
    if not whole:
        del data
        while chunk := stream.read(_CHUNK):
            digest.update(chunk)
            count += len(chunk)
    source = Source(file.name, media_type=kind, bytes=count, sha256=digest.hexdigest())
    if kind not in TAKEN_IN:
        return Rejected(source, "unsupported", f"there is no reader for {kind}")
    if not whole:
        return Rejected(source, "too-large", f"more than the limit of {limit} bytes")
    return RawDocument(source, data)
