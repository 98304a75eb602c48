"""HTTP responses as archives keep them: status, header fields, and the body decoded under a cap."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator, Mapping
from typing import BinaryIO, NamedTuple

from clean_ingest.core.errors import Unreadable
from clean_ingest.readers.compression import (
    DAMAGED,
    TRUNCATED,
    Inflate,
    by_arrow,
    frames,
    gunzipped,
)

_HEAD_BYTES = 1 << 18
_END = re.compile(rb"\r?\n\r?\n")
_STATUS = re.compile(rb"HTTP/\d(?:\.\d)?\s+(\d{3})")
_CHUNK_HEAD = re.compile(rb"[ \t]*([0-9a-fA-F]{1,8})[ \t]*(?:;[^\n]{0,1000})?\r?\n")
_ZLIB_HEAD = 0x0F
_DEFLATED = 8


class Response(NamedTuple):
    """A response: status, header fields with names in lower case, body as it was sent."""

    status: int
    fields: Mapping[str, str]
    body: bytes


def parsed(block: bytes) -> Response | None:
    """Return the response that a block begins with, or None where it is none."""
    status = _STATUS.match(block)
    end = _END.search(block, 0, _HEAD_BYTES)
    if not status or not end:
        return None
    fields = {}
    for line in block[: end.start()].split(b"\n")[1:]:
        name, colon, value = line.decode("latin-1").partition(":")
        if colon:
            fields[name.strip().lower()] = value.strip()
    return Response(int(status[1]), fields, block[end.end() :])


def decoded(response: Response, limit: int) -> tuple[bytes, str]:
    """Return the body without its encodings, and the code of what broke a decoding off.

    Archives name encodings that they have already taken off: a body that does not begin as
    one in that encoding is taken as it is. No more than `limit` bytes and one are made.
    """
    body, problem = response.body, ""
    if "chunked" in response.fields.get("transfer-encoding", "").lower():
        body, problem = _dechunked(body)
    named = response.fields.get("content-encoding", "").lower().split(",")
    for name in reversed([word.strip().removeprefix("x-") for word in named]):
        unpack = _ENCODINGS.get(name)
        if unpack and body:
            whole, found = _gathered(unpack(io.BytesIO(body)), limit)
            if whole or not found:
                body, problem = whole, problem or found
            elif name in _WITH_MAGIC and body.startswith(_WITH_MAGIC[name]):
                body, problem = b"", found
    return body, problem


def _gathered(chunks: Iterator[bytes], limit: int) -> tuple[bytes, str]:
    got = bytearray()
    try:
        for chunk in chunks:
            got += chunk
            if len(got) > limit:
                break
    except Unreadable as error:
        return bytes(got), error.code
    return bytes(got), ""


def _dechunked(body: bytes) -> tuple[bytes, str]:
    """Return the chunks of a body; the body itself where it does not begin with one."""
    parts: list[bytes] = []
    at = 0
    while head := _CHUNK_HEAD.match(body, at):
        size = int(head[1], 16)
        if not size:
            return b"".join(parts), ""
        part = body[head.end() : head.end() + size]
        if len(part) < size:
            return (b"".join([*parts, part]), TRUNCATED) if parts or part else (body, "")
        parts.append(part)
        at = head.end() + size
        at += 2 if body[at : at + 2] == b"\r\n" else body[at : at + 1] == b"\n"
    if not parts:
        return body, ""
    return b"".join(parts), TRUNCATED if at >= len(body) else DAMAGED


def _deflate(stream: BinaryIO) -> Iterator[bytes]:
    """Both readings of `deflate`: zlib's, as the standard has it, and bare, as many servers do."""
    head = stream.read(2)
    stream.seek(0)
    zlib = (
        len(head) == 2 and head[0] & _ZLIB_HEAD == _DEFLATED and not (head[0] << 8 | head[1]) % 31
    )
    return frames(stream, "deflate", lambda: Inflate(15 if zlib else -15))


_ENCODINGS: Mapping[str, Callable[[BinaryIO], Iterator[bytes]]] = {
    "gzip": gunzipped,
    "deflate": _deflate,
    "br": lambda stream: by_arrow(stream, "brotli"),
    "zstd": lambda stream: by_arrow(stream, "zstd"),
}
_WITH_MAGIC = {"gzip": b"\x1f\x8b", "zstd": b"\x28\xb5\x2f\xfd"}
