"""Reads JSON Lines: one row a line, each for itself."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from typing import Any, BinaryIO, NamedTuple, NoReturn

from clean_ingest.readers.items import TOO_LARGE, Item
from clean_ingest.readers.place import Place
from clean_ingest.readers.rows import DEPTH, TOO_DEEP, WRONG_TYPE, Rows, plain

NOT_JSON = "not-json"

_CHUNK = 1 << 16
_ESCAPED = 6
"""Bytes of the longest spelling of one byte of text: a control as `\\u0000`."""
_OTHER_FIELDS = 1 << 20


class _Line(NamedTuple):
    number: int
    data: bytes | None
    size: int
    sha256: str


def read(place: Place, stream: BinaryIO) -> Iterator[Item]:
    """Yield a document for each line that is not blank, or why it is none; lines count from 1."""
    rows = Rows(place.name, place.settings)
    limit = _ESCAPED * place.settings.document_bytes + _OTHER_FIELDS
    for line in _lines(stream, limit):
        if line.data is None:
            what = f"the line has more than {limit} bytes"
            yield rows.rejected(line.number, TOO_LARGE, what, line.size, line.sha256)
            continue
        try:
            row = _parsed(line.data)
        except _NotARowError as error:
            digest = hashlib.sha256(line.data).hexdigest()
            yield rows.rejected(line.number, error.reason, error.detail, line.size, digest)
        else:
            yield rows.item(line.number, row)


def _lines(stream: BinaryIO, limit: int) -> Iterator[_Line]:
    """Yield lines without their ends; one over `limit` is counted and hashed, never held."""
    number = 0
    while data := stream.readline(limit + 1):
        number += 1
        if number == 1:
            data = data.removeprefix(b"\xef\xbb\xbf")
        if len(data) <= limit or data.endswith(b"\n"):
            data = data.rstrip(b"\r\n")
            if data.strip():
                yield _Line(number, data, len(data), "")
            continue
        digest, size = hashlib.sha256(data), len(data)
        del data
        while (more := stream.readline(_CHUNK)) and not more.endswith(b"\n"):
            digest.update(more)
            size += len(more)
        more = more.rstrip(b"\r\n")
        digest.update(more)
        yield _Line(number, None, size + len(more), digest.hexdigest())


class _NotARowError(Exception):
    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason
        self.detail = detail


def _parsed(line: bytes) -> dict[str, Any]:
    try:
        row = _DECODER.decode(line.decode("utf-8", "surrogatepass"))
    except UnicodeDecodeError as error:
        raise _NotARowError(NOT_JSON, f"byte {error.start} of the line is not UTF-8") from None
    except json.JSONDecodeError as error:
        detail = f"the line is no JSON: {error.msg}, character {error.pos + 1}"
        raise _NotARowError(NOT_JSON, detail) from None
    except ValueError:  # what Python's int() refuses
        raise _NotARowError(NOT_JSON, "the line has a number of too many digits") from None
    except RecursionError:
        raise _too_deep() from None
    if not isinstance(row, dict):
        raise _NotARowError(WRONG_TYPE, "the line is no JSON object")
    if line.count(b"[") + line.count(b"{") > DEPTH:  # then it may be, and is looked at
        try:
            plain(row)
        except RecursionError:
            raise _too_deep() from None
    return row


def _too_deep() -> _NotARowError:
    return _NotARowError(TOO_DEEP, f"the row is nested more than {DEPTH} deep")


def _fields(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return an object, of whose fields none may be lost."""
    fields = dict(pairs)
    if len(fields) < len(pairs):
        raise _NotARowError(NOT_JSON, "the line has two fields of one name")
    return fields


def _no_constant(name: str) -> NoReturn:
    raise _NotARowError(NOT_JSON, f"{name} is no JSON")


_DECODER = json.JSONDecoder(object_pairs_hook=_fields, parse_constant=_no_constant)
