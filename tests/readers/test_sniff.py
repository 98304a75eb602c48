"""What an input is: content first, the name where content says nothing."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import tarfile
import zipfile

import pytest

from clean_ingest.readers.sniff import (
    HTML,
    JSON,
    JSON_LINES,
    PARQUET,
    TEXT,
    WARC,
    XHTML,
    XML,
    media_type,
)


def tar() -> bytes:
    """Return a real archive with one file."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        archive.addfile(tarfile.TarInfo("a.txt"), io.BytesIO())
    return out.getvalue()


def archive() -> bytes:
    """Return a real archive with one file."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as zipped:
        zipped.writestr(zipfile.ZipInfo("a.txt"), "a")  # its time is that of 1980
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"<!DOCTYPE html><p>x", HTML),
        (b"\xef\xbb\xbf\n <HTML lang=en>", HTML),
        ("<!doctype html>".encode("utf-16"), HTML),
        ("<html >".encode("utf-32-be"), HTML),
        (b'<?xml version="1.0"?>\n<!DOCTYPE html>', XHTML),
        (b'<?xml version="1.0"?><rss>', XML),
        (b"<!-- comment --><div>", HTML),
        (b'{"text": "a"}\n{"text": "b"}\n', JSON_LINES),
        (b'{"text": "a"}\r\n{"text": "b"}', JSON_LINES),
        (b'{\n  "text": "a"\n}', JSON),
        (b'[{"text": "a"}]', JSON),
        (b"PAR1\x15\x04", PARQUET),
        (b"WARC/1.0\r\nWARC-Type: warcinfo", WARC),
        (gzip.compress(b"a", mtime=0), "application/gzip"),
        (bz2.compress(b"a"), "application/x-bzip2"),
        (bz2.compress(b""), "application/x-bzip2"),
        (lzma.compress(b"a"), "application/x-xz"),
        (archive(), "application/zip"),
        (tar(), "application/x-tar"),
    ],
)
def test_the_content_decides(data: bytes, expected: str) -> None:
    """Whatever the name says."""
    assert expected == media_type(data, "page.txt") == media_type(data, "page")


@pytest.mark.parametrize(
    "data",
    [
        b"A page of text",
        "Straße, мир, 世界, سلام".encode(),
        b"<3 this page",
        b"<b>Bold</b> words that a scraper left",
        b'<a href="x">A link</a> and text',
        b"<articles> are not a tag of HTML's table",
        b"{curly} and [square] brackets",
        b"BZh is how it begins",
        b"",
        b"\x00\x01\x02",
    ],
)
def test_text_is_what_has_no_mark(data: bytes) -> None:
    """Brackets and odd beginnings make no format; decode says what is binary."""
    assert TEXT == media_type(data, "page.txt") == media_type(data, "page")


@pytest.mark.parametrize(
    ("name", "expected"),
    [("a.HTML", HTML), ("a.jsonl", JSON_LINES), ("a.tar.gz", "application/gzip"), ("a.md", TEXT)],
)
def test_the_extension_decides_where_content_is_silent(name: str, expected: str) -> None:
    """Upper and lower case are one."""
    assert expected == media_type(b"some words", name)


def test_an_empty_file_is_empty_text_whatever_its_name() -> None:
    """`empty` is a better reason than `unsupported`."""
    assert TEXT == media_type(b"", "a.html")
