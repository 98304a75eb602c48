"""Reads WARC and WET: responses, resources and conversions are documents, in their order."""

from __future__ import annotations

import hashlib
import re
from collections import deque
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any, BinaryIO, cast

from clean_ingest.core.document import Metadata, RawDocument, Source
from clean_ingest.core.errors import Unreadable
from clean_ingest.core.spelling import canonical_json
from clean_ingest.readers import http
from clean_ingest.readers.compression import DAMAGED, TRUNCATED, Gap, some
from clean_ingest.readers.items import TOO_LARGE, Item, Rejected
from clean_ingest.readers.keys import Keys
from clean_ingest.readers.place import Place
from clean_ingest.readers.rows import iso
from clean_ingest.readers.sniff import HEAD_BYTES, TAKEN_IN, TEXT, media_type

if TYPE_CHECKING:
    from fastwarc.warc import WarcRecord

_HELD = 3  # chunks; FastWARC asks for 64 KiB at a time
_CHUNK = 1 << 16
_HEADER_BYTES = 1 << 16
_HTTP_BYTES = 1 << 20
_START = re.compile(rb"(?:\A|\n)(?=WARC/\d\.\d{1,2}\r?\n)")
_START_BYTES = 12  # all but the last byte of what that matches
_LENGTH = re.compile(r"\d{1,18}", re.ASCII)
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:+-]{1,40})", re.IGNORECASE | re.ASCII)
_OK = 200
# The record types that hold what was fetched, or text made of it.
_DOCUMENTS = frozenset({"response", "resource", "conversion"})
# What there is besides: what was asked, what is the same as before, and talk about the archive.
_BESIDE = frozenset({"request", "revisit", "metadata", "warcinfo"})
_SAYS_NOTHING = frozenset({"", TEXT, "application/octet-stream", "binary/octet-stream"})
_PASSED_ON = {
    "WARC-Payload-Digest": "warc_payload_digest",
    "WARC-Truncated": "warc_truncated",
    "WARC-Type": "warc_type",
}


def read(place: Place, stream: BinaryIO) -> Iterator[Item]:
    """Yield a document for each record with a page or text, or why it is none.

    The key is the record's own id. Requests, revisits and what describes the archive are no
    documents. Garbage between records is told, and the next record looked for behind it;
    so it is where a member of a gzip file is damaged.

    Raises:
        Unreadable: the stream breaks off.

    """
    from fastwarc.warc import ArchiveIterator, WarcRecordType

    tap, keys, number = _Tap(stream), Keys(), 0
    while True:
        record, what = None, ""
        try:
            for record in ArchiveIterator(
                cast("Any", tap),
                record_types=WarcRecordType.any_type,
                parse_http=False,
                stream_detect=False,
                max_header_len=_HEADER_BYTES,
            ):
                number += 1
                broken = _broken(record)
                if broken or _type(record) not in _BESIDE:
                    found = _item(place, record, number, broken)
                    yield keys.unique(found, found.source.record, number)
        except OSError as error:
            what = "a header is too long" if "length" in str(error) else "there is no WARC header"
        # Where nothing can be read, the next start is another one.
        end = tap.start + (record.stream_pos + _least_bytes(record) if record else 1)
        if isinstance(tap.error, Gap):
            what, end = tap.error.message, min(end, tap.position)
        elif tap.error is not None:
            raise tap.error
        if not what:
            return
        skipped = tap.resume(end)
        rest = "the rest was not read" if skipped is None else f"{skipped} bytes were passed over"
        detail = f"{what} after record {number}; {rest}"
        source = place.source(f"after byte {end}")
        yield keys.named(Rejected(source, DAMAGED, detail, rest=True), number)
        if skipped is None:
            return


class _Tap:
    """A stream for FastWARC that knows what it delivered last.

    FastWARC panics, past every `except Exception`, where a stream has no `tell`, and passes
    no error on in every place: what the stream raises is kept, and looks like its end.
    """

    def __init__(self, stream: BinaryIO) -> None:
        self.error: Exception | None = None
        self.start = 0
        self.position = 0
        self._stream = stream
        self._held: deque[bytes] = deque(maxlen=_HELD)
        self._ahead = b""

    def tell(self) -> int:
        """Return how many bytes were delivered since the start or the last `resume`."""
        return self.position - self.start

    def read(self, size: int = -1) -> bytes:
        """Return some more bytes; none at the end, or where the stream fails."""
        size = _CHUNK if size < 0 else min(size, _CHUNK)  # FastWARC panics at more than asked
        data = b""
        if self._ahead:
            data, self._ahead = self._ahead[:size], self._ahead[size:]
        elif self.error is None:
            try:
                data = some(self._stream, size)
            except Exception as error:
                self.error = error
        self.position += len(data)
        self._held.append(data)
        return data

    def resume(self, end: int) -> int | None:
        """Go to the next start of a record at or behind `end`; return how far that is, or None."""
        data = b"".join(self._held)
        data = data[max(0, end - self.position + len(data)) :]
        first = self.position - len(data)
        while (found := _START.search(data)) is None or isinstance(self.error, Gap):
            tail = data[-_START_BYTES:]
            if isinstance(self.error, Gap):  # FastWARC has seen all that comes before it
                self.error, tail = None, b""
            more = self.read()
            if not more and not isinstance(self.error, Gap):
                return None
            data = tail + more
        self.start = self.position + found.end() - len(data)
        self.position = self.start
        self._ahead = data[found.end() :] + self._ahead
        self._held.clear()
        return self.start - first


def _least_bytes(record: WarcRecord) -> int:
    """Return how long a record is at least: white space in its header is not told."""
    head = sum(len(name) + len(value) + len(":\r\n") for name, value in record.headers)
    return len("WARC/1.0\r\n\r\n") + head + record.content_length


def _type(record: WarcRecord) -> str:
    return (record.headers.get("WARC-Type") or "").strip().lower()


def _broken(record: WarcRecord) -> str:
    """Say what is wrong with the frame of a record, which FastWARC takes for an empty one."""
    length = (record.headers.get("Content-Length") or "").strip()
    if not _LENGTH.fullmatch(length):
        return "its length is missing or no number"
    if int(length) != record.content_length:  # the standard leaves the case of names open
        return "FastWARC reads its length only where it is called `Content-Length`"
    return ""


def _item(place: Place, record: WarcRecord, number: int, broken: str) -> Item:
    headers = record.headers
    own = record.record_id or ""
    source = Source(
        place.name,
        own or str(number),
        bytes=record.content_length,
        url=(headers.get("WARC-Target-URI") or "").strip("<> ") or None,
        warc_record_id=own or None,
        fetched_at=iso(headers.get("WARC-Date")),
    )
    if broken:
        return Rejected(source, DAMAGED, f"{broken}; nor is it known where it ends", rest=True)
    try:
        return _document(source, record, place.settings.document_bytes)
    except _NoPageError as error:
        return Rejected(source, error.code, error.message, dropped=True)
    except Unreadable as error:
        return Rejected(source, error.code, error.message, rest=error.code == TRUNCATED)


class _NoPageError(Unreadable):
    """A record of which no document is made, though nothing is wrong with it.

    Archives of the web hold all that a browser asked for: pictures, styles, errors.
    """


def _document(source: Source, record: WarcRecord, limit: int) -> RawDocument:
    """Return the document of a record.

    Raises:
        Unreadable: it has none.

    """
    kind = _type(record)
    if kind not in _DOCUMENTS:
        raise _NoPageError("unsupported", f"there is no reader for records of type {kind[:50]!r}")
    block = _block(record, limit + _HTTP_BYTES)
    extra: dict[str, str | int] = {
        ours: value for name, ours in _PASSED_ON.items() if (value := record.headers.get(name))
    }
    declared = record.headers.get("Content-Type") or ""
    if declared.lower().startswith("application/http"):
        block, declared = _answered(block, limit, extra)
    if len(block) > limit:
        raise Unreadable(TOO_LARGE, f"more than the limit of {limit} bytes")
    charset = _CHARSET.search(declared)
    digest = hashlib.sha256(block).hexdigest()
    found = TEXT if kind == "conversion" else _media_type(block, declared)
    source = replace(source, media_type=found, bytes=len(block), sha256=digest)
    metadata = Metadata(extra=canonical_json(extra))
    return RawDocument(source, block, metadata, charset[1] if charset else None)


def _block(record: WarcRecord, limit: int) -> bytes:
    size = record.content_length
    if size > limit:
        raise Unreadable(TOO_LARGE, f"the record has {size} bytes, more than {limit}")
    block = record.reader.read(size) if size else b""
    if len(block) < size:
        raise Unreadable(TRUNCATED, f"the record ends after {len(block)} of {size} bytes")
    return block


def _answered(block: bytes, limit: int, extra: dict[str, str | int]) -> tuple[bytes, str]:
    """Return body and content type of an HTTP response; what else is known of it joins `extra`."""
    response = http.parsed(block)
    if response is None:
        raise Unreadable(DAMAGED, "the record holds no HTTP response")
    if response.status != _OK:
        raise _NoPageError("http-status", f"the server answered {response.status}")
    body, problem = http.decoded(response, limit)
    if problem and not body:
        raise Unreadable(DAMAGED, f"the body cannot be decoded: {problem}")
    declared = response.fields.get("content-type", "")
    extra |= {"http_status": response.status, "http_content_type": declared}
    if problem:
        extra["http_body"] = problem
    return body, declared


def _media_type(data: bytes, declared: str) -> str:
    """Return what a body is: by its content, then by what the server called it.

    Raises:
        Unreadable: it is neither text nor a page.

    """
    called = declared.partition(";")[0].strip().lower()
    kind = media_type(data[:HEAD_BYTES], "")
    if kind == TEXT and called not in _SAYS_NOTHING:
        kind = called
    if kind not in TAKEN_IN:
        raise _NoPageError("unsupported", f"there is no reader for {kind} in a WARC record")
    return kind
