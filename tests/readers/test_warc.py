"""WARC and WET: what is a document, how it is decoded, and what garbage costs."""

from __future__ import annotations

import gzip
import json
import zlib

import pyarrow as pa
import pytest
from reading import held, reasons

from clean_ingest.core.document import RawDocument
from clean_ingest.readers.items import Rejected

PAGE = b"<!doctype html><title>Page</title><p>" + b"Some text. " * 20


def record(
    number: int,
    block: bytes,
    kind: str = "response",
    content_type: str = "application/http; msgtype=response",
    **fields: str,
) -> bytes:
    """Return one record."""
    head = {
        "WARC-Type": kind,
        "WARC-Record-ID": f"<urn:uuid:{number}>",
        "WARC-Target-URI": f"https://a.example/{number}",
        "WARC-Date": "2024-05-01T12:00:00Z",
        "Content-Type": content_type,
        "Content-Length": str(len(block)),
        **{name.replace("_", "-"): value for name, value in fields.items()},
    }
    lines = "".join(f"{name}: {value}\r\n" for name, value in head.items())
    return f"WARC/1.0\r\n{lines}\r\n".encode() + block + b"\r\n\r\n"


def answer(body: bytes = PAGE, *fields: str, status: int = 200) -> bytes:
    """Return an HTTP response."""
    lines = "".join(f"{field}\r\n" for field in ("Content-Type: text/html; charset=GBK", *fields))
    return f"HTTP/1.1 {status} Fine\r\n{lines}\r\n".encode() + body


def chunked(body: bytes) -> bytes:
    """Return a body in chunks of 50 bytes."""
    parts = [body[at : at + 50] for at in range(0, len(body), 50)]
    return b"".join(b"%x;x=y\r\n%s\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"


def test_a_response_is_a_document() -> None:
    """Address, date, id, digest and the server's charset are kept."""
    digest = {"WARC_Payload_Digest": "sha1:ABC", "WARC_Truncated": "length"}
    (item,) = held("a.warc", record(1, answer(), **digest))

    assert isinstance(item, RawDocument)
    source = item.source
    assert PAGE == item.data
    assert ("<urn:uuid:1>", "<urn:uuid:1>") == (source.record, source.warc_record_id)
    assert "https://a.example/1" == source.url
    assert "2024-05-01T12:00:00Z" == source.fetched_at
    assert ("text/html", "GBK") == (source.media_type, item.charset)
    extra = json.loads(item.metadata.extra or "")
    assert ("sha1:ABC", "length", 200) == (
        extra["warc_payload_digest"],
        extra["warc_truncated"],
        extra["http_status"],
    )


@pytest.mark.parametrize("pack", ["plain", "gzip", "gzip-by-record", "zstd"])
def test_wet_text_is_a_document(pack: str) -> None:
    """Plain or packed, whole or record by record."""
    records = [
        record(0, b"software: x\r\n", "warcinfo", "application/warc-fields"),
        record(1, "Привет, мир".encode(), "conversion", "text/plain"),
        record(2, b'{"text": "looks like JSON"}\n', "conversion", "text/plain"),
    ]
    whole = b"".join(records)
    data = {
        "plain": whole,
        "gzip": gzip.compress(whole, mtime=0),
        "gzip-by-record": b"".join(gzip.compress(part, mtime=0) for part in records),
        "zstd": bytes(pa.compress(whole, codec="zstd", asbytes=True)),
    }[pack]

    items = held("crawl.wet.gz", data)

    assert ["text/plain", "text/plain"] == [item.source.media_type for item in items]
    assert isinstance(items[0], RawDocument)
    assert "Привет, мир".encode() == items[0].data


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        (gzip.compress(PAGE, mtime=0), ["Content-Encoding: gzip"]),
        (gzip.compress(PAGE, mtime=0), ["content-encoding: X-GZIP"]),
        (zlib.compress(PAGE), ["Content-Encoding: deflate"]),
        (zlib.compress(PAGE, wbits=-15), ["Content-Encoding: deflate"]),
        (pa.compress(PAGE, codec="brotli", asbytes=True), ["Content-Encoding: br"]),
        (pa.compress(PAGE, codec="zstd", asbytes=True), ["Content-Encoding: zstd"]),
        (chunked(PAGE), ["Transfer-Encoding: chunked"]),
        (
            chunked(gzip.compress(PAGE, mtime=0)),
            ["Transfer-Encoding: chunked", "Content-Encoding: gzip"],
        ),
        (PAGE, ["Transfer-Encoding: chunked", "Content-Encoding: gzip"]),
        (PAGE, ["Content-Encoding: br"]),
        (PAGE, ["Content-Encoding: identity, unheard-of"]),
    ],
    ids=str.split("gzip x-gzip zlib bare br zstd chunked both neither no-br unknown"),
)
def test_a_body_is_decoded_as_far_as_it_is_encoded(body: bytes, fields: list[str]) -> None:
    """Archives name encodings that they have already taken off."""
    (item,) = held("a.warc", record(1, answer(body, *fields)))

    assert isinstance(item, RawDocument)
    assert PAGE == item.data


def test_a_cut_body_is_kept_as_far_as_it_goes() -> None:
    """And said to be cut."""
    body = gzip.compress(PAGE * 500)[:-20]
    items = held(
        "a.warc",
        record(1, answer(body, "Content-Encoding: gzip"))
        + record(2, answer(chunked(PAGE)[:-30], "Transfer-Encoding: chunked")),
    )

    for item in items:
        assert isinstance(item, RawDocument)
        assert "truncated" == json.loads(item.metadata.extra or "")["http_body"]
        assert item.data.startswith(PAGE[:150])  # type: ignore[arg-type]  # bytes


def test_a_body_that_unpacks_to_too_much_is_too_large() -> None:
    """It is given up at the limit."""
    body = gzip.compress(bytes(50_000_000))
    found = reasons(held("a.warc", record(1, answer(body, "Content-Encoding: gzip"))))
    assert ["too-large"] == list(found.values())


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (record(1, b"no HTTP at all"), "damaged"),
        (record(1, b"HTTP/1.1 200 OK\r\nX: " + b"a" * 20_000_000 + b"\r\n\r\n"), "damaged"),
        (record(1, b"x" * 30_000_000, "resource", "text/plain"), "too-large"),
    ],
    ids=["no-http", "http-header", "large"],
)
def test_a_record_that_is_no_document_has_a_reason(data: bytes, reason: str) -> None:
    """And the next one is read."""
    found = reasons(held("a.warc", data + record(2, answer())))
    assert {"a.warc <urn:uuid:1>": reason, "a.warc <urn:uuid:2>": ""} == found


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (record(1, answer(status=404)), "http-status"),
        (record(1, answer(status=202)), "http-status"),
        (record(1, b'{"a": 1}', "resource", "application/json"), "unsupported"),
        (record(1, b"body { color: red }", "resource", "text/css"), "unsupported"),
        (record(1, b"a.example. 60 A 10.0.0.1", "response", "text/dns"), "unsupported"),
        (record(1, b"the second half", "continuation", "text/plain"), "unsupported"),
        (record(1, b"anything", "invented", "text/plain"), "unsupported"),
    ],
    ids=["404", "202", "json", "css", "dns", "continuation", "unknown"],
)
def test_what_is_no_page_is_dropped(data: bytes, reason: str) -> None:
    """Nothing failed, but nothing goes without a word."""
    dropped, page = held("a.warc", data + record(2, answer()))
    assert isinstance(dropped, Rejected)
    assert isinstance(page, RawDocument)
    assert (reason, True, False) == (dropped.reason, dropped.dropped, dropped.rest)


def test_requests_and_revisits_are_no_documents() -> None:
    """They have no page of their own."""
    data = b"".join(
        record(n, answer(), kind) for n, kind in enumerate(["request", "revisit", "metadata"])
    )
    assert [] == held("a.warc", data)


@pytest.mark.parametrize(
    "garbage",
    [
        b"garbage between\r\n\r\n",
        b"x" * 500_000 + b"\n",
        b"WARC/1.0\r\nX: " + b"a" * 20_000_000 + b"\r\n\r\n",
        record(7, answer()).replace(b"Content-Length: ", b"Content-Length: -"),
        record(7, answer()).replace(b"Content-Length: ", b"Content-Length: 9999999999999999999"),
    ],
    ids=["line", "long", "header", "negative", "huge"],
)
def test_garbage_between_records_is_told_and_passed_over(garbage: bytes) -> None:
    """The good records behind it are read; the archive is no clean success."""
    data = record(1, answer()) + garbage + record(2, answer()) + record(3, answer())
    items = held("a.warc", data)
    found = reasons(items)

    good = [f"a.warc <urn:uuid:{n}>" for n in (1, 2, 3)]
    assert ["", "", ""] == [found.pop(name) for name in good]
    assert {"damaged"} == set(found.values())
    assert any(isinstance(item, Rejected) and item.rest for item in items)


@pytest.mark.parametrize(
    "garbage", [b"garbage", bytes.fromhex("1f8b0800000000000003"), b"\x1f\x8b\x08\0" * 20_000]
)
def test_garbage_between_gzip_members_is_told_and_passed_over(garbage: bytes) -> None:
    """The members behind it are read."""
    one, two, three = (gzip.compress(record(n, answer()), mtime=0) for n in (1, 2, 3))
    found = reasons(held("a.warc.gz", one + garbage + two + three))

    assert ["", "damaged", "", ""] == list(found.values())


@pytest.mark.parametrize("at", [30, 100, 200, -6])
def test_a_damaged_gzip_member_costs_itself(at: int) -> None:
    """Whether in its data, which then breaks off, or in its checksum."""
    one, two, three = (gzip.compress(record(n, answer()), mtime=0) for n in (1, 2, 3))
    damaged = bytearray(two)
    damaged[at] ^= 0xFF
    items = held("a.warc.gz", one + bytes(damaged) + three)
    found = reasons(items)

    assert ("", "") == (found["a.warc.gz <urn:uuid:1>"], found["a.warc.gz <urn:uuid:3>"])
    assert "damaged" in found.values()
    assert any(isinstance(item, Rejected) and item.rest for item in items)


def test_a_gzip_member_that_is_cut_costs_itself() -> None:
    """What a writer left that died, and another appended to."""
    one, two, three = (gzip.compress(record(n, answer()), mtime=0) for n in (1, 2, 3))
    found = reasons(held("a.warc.gz", one + two[:-20] + three))

    assert ("", "") == (found["a.warc.gz <urn:uuid:1>"], found["a.warc.gz <urn:uuid:3>"])
    assert {"damaged", "truncated"} & set(found.values())


@pytest.mark.parametrize(
    "change",
    [(b"\r\n", b"\n"), (b"Content-Length: ", b"content-length: "), (b"Content-Length: ", b"X: ")],
    ids=["line-ends", "case", "none"],
)
def test_a_record_whose_end_is_not_known_is_told(change: tuple[bytes, bytes]) -> None:
    """FastWARC takes it for an empty one, and what follows for whatever it likes."""
    items = held("a.warc", record(1, answer()) + record(2, answer()).replace(*change))
    lost = [item for item in items if isinstance(item, Rejected)]

    assert isinstance(items[0], RawDocument)
    assert {("damaged", True)} == {(item.reason, item.rest) for item in lost}


def test_no_record_can_be_called_like_what_was_lost() -> None:
    """Two documents must not have one id."""
    begun = record(1, answer()) + b"garbage\r\n"
    *_, lost = held("a.warc", begun)
    own = record(2, answer()).replace(b"<urn:uuid:2>", lost.source.record.encode())
    items = held("a.warc", begun + own)

    assert ["", "damaged", "one-key"] == list(reasons(items).values())
    assert lost.source == items[1].source


def test_a_record_that_shows_a_record_is_one() -> None:
    """Where garbage follows it, the next one is not looked for inside of it."""
    page = answer(b"<p>A record begins so:\n" + record(9, answer()) + b"and so on." * 30)
    found = reasons(held("a.warc", record(1, page) + b"garbage\n" + record(2, answer())))
    assert ["", "damaged", ""] == list(found.values())


def test_garbage_to_the_end_says_that_the_rest_was_not_read() -> None:
    """Nobody knows what it was."""
    last = held("a.warc", record(1, answer()) + b"garbage " * 50_000)[-1]

    assert isinstance(last, Rejected)
    assert ("damaged", True) == (last.reason, last.rest)
    assert "the rest was not read" in last.detail


@pytest.mark.parametrize("cut", [10, 100, 300])
def test_a_cut_record_is_truncated(cut: int) -> None:
    """FastWARC gives what there is, and says nothing."""
    last = held("a.warc", record(1, answer()) + record(2, answer())[:-cut])[-1]

    assert isinstance(last, Rejected)
    assert ("<urn:uuid:2>", "truncated", True) == (last.source.record, last.reason, last.rest)


def test_a_cut_gzip_is_truncated() -> None:
    """By its own end, whatever the record says."""
    data = gzip.compress(b"".join(record(n, answer()) for n in range(2_000)), mtime=0)
    items = held("a.warc.gz", data[: len(data) // 2])

    last = items[-1]
    assert isinstance(last, Rejected)
    assert ("truncated", True) == (last.reason, last.rest)
    assert len(items) > 500


def test_one_record_twice_leaves_the_later_out() -> None:
    """As archives that were joined have it."""
    found = reasons(held("a.warc", record(1, answer()) * 2))
    assert {"a.warc <urn:uuid:1>": "", "a.warc <urn:uuid:1>#2": "one-key"} == found
