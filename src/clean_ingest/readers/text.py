"""Reads a whole stream as one document, within its size limit, and says why where it cannot."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import BinaryIO

from clean_ingest.core.document import RawDocument, Source
from clean_ingest.readers.items import TOO_LARGE, Item, Rejected
from clean_ingest.readers.place import Place
from clean_ingest.readers.sniff import TAKEN_IN

_CHUNK = 1 << 20


def whole(place: Place, stream: BinaryIO, kind: str) -> Iterator[Item]:
    """Yield the one document that `stream` is, or why it is none.

    One over the limit is hashed in pieces and never held in memory. What is rejected keeps
    its byte count and SHA-256 as far as it could be read.
    """
    limit = place.settings.document_bytes
    data = stream.read(limit + 1)
    digest = hashlib.sha256(data)
    count = len(data)
    fits = count <= limit
    if not fits:
        del data
        while chunk := stream.read(_CHUNK):
            digest.update(chunk)
            count += len(chunk)
    source = Source(place.name, media_type=kind, bytes=count, sha256=digest.hexdigest())
    if kind not in TAKEN_IN:
        yield Rejected(source, "unsupported", f"there is no reader for {kind}")
    elif not fits:
        yield Rejected(source, TOO_LARGE, f"more than the limit of {limit} bytes")
    else:
        yield RawDocument(source, data)
