"""Reading one input: its bytes and hash, its limit, and what becomes of the unreadable."""

from __future__ import annotations

import gzip
import hashlib
import os
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest

from clean_ingest.core.document import RawDocument
from clean_ingest.readers.inputs import InputFile, expand
from clean_ingest.readers.items import Item, Rejected, Settings, Whole
from clean_ingest.readers.read import read


def only(file: InputFile, limit: int = 1_000) -> Item:
    """Return the one thing that an input holds."""
    item, whole = read(file, Settings(document_bytes=limit))
    assert isinstance(whole, Whole)
    assert not isinstance(item, Whole)
    return item


def test_a_file_is_one_document_with_its_hash(tmp_path: Path) -> None:
    """Bytes are untouched; name, count and hash are those of the file."""
    data = "Grüße\r\nмир".encode()
    (tmp_path / "a.txt").write_bytes(data)

    raw = only(expand([tmp_path]).files[0])

    assert isinstance(raw, RawDocument)
    assert data == raw.data
    assert ("a.txt", "text/plain", len(data)) == (
        raw.source.name,
        raw.source.media_type,
        raw.source.bytes,
    )
    assert hashlib.sha256(data).hexdigest() == raw.source.sha256


@pytest.mark.parametrize(("size", "reason"), [(1_000, ""), (1_001, "too-large")])
def test_the_limit_is_exact(tmp_path: Path, size: int, reason: str) -> None:
    """As many bytes as the limit are fine, one more is not."""
    (tmp_path / "a.txt").write_bytes(b"x" * size)

    item = only(expand([tmp_path]).files[0])

    assert reason == (item.reason if isinstance(item, Rejected) else "")
    assert (size, hashlib.sha256(b"x" * size).hexdigest()) == (
        item.source.bytes,
        item.source.sha256,
    )


def test_a_large_file_is_hashed_without_holding_it(tmp_path: Path) -> None:
    """A line of 100 MB costs the limit in memory, not its size, and keeps its hash."""
    size = 100_000_000
    with (tmp_path / "line.txt").open("wb") as stream:
        for _ in range(100):
            stream.write(b"a" * 1_000_000)
    tracemalloc.start()
    try:
        item = only(expand([tmp_path]).files[0], limit=1_000_000)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    assert isinstance(item, Rejected)
    assert ("too-large", size) == (item.reason, item.source.bytes)
    assert peak < size // 10


def test_a_format_without_a_reader_is_unsupported(tmp_path: Path) -> None:
    """A feed is not fed in as text."""
    (tmp_path / "a.txt").write_bytes(b"<?xml version='1.0'?><feed>Hello")

    item = only(expand([tmp_path]).files[0])

    assert isinstance(item, Rejected)
    assert ("unsupported", "application/xml") == (item.reason, item.source.media_type)


def test_a_file_that_is_gone_is_unreadable_and_says_no_path(tmp_path: Path) -> None:
    """Between plan and reading anything can happen; the run's folder reaches no output."""
    (tmp_path / "a.txt").write_bytes(b"x")
    (file,) = expand([tmp_path]).files
    (tmp_path / "a.txt").unlink()

    item = only(file)

    assert isinstance(item, Rejected)
    assert ("unreadable", "the file cannot be read: ENOENT") == (item.reason, item.detail)


def test_a_file_that_became_a_fifo_does_not_hang(tmp_path: Path) -> None:
    """It is opened without waiting and then refused."""
    (tmp_path / "a.txt").write_bytes(b"x")
    (file,) = expand([tmp_path]).files
    (tmp_path / "a.txt").unlink()
    os.mkfifo(tmp_path / "a.txt")

    item = only(file)

    assert isinstance(item, Rejected)
    assert "not-regular" == item.reason


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_of_stdin_that_was_not_read_to_its_end_the_rest_is_missed(
    pack: Callable[[bytes], bytes],
) -> None:
    """One byte more than the limit was read: rows before that are documents."""
    data = pack(b"".join(b'{"text": "%d"}\n' % n for n in range(9_000)))
    *rows, last, whole = read(
        InputFile("stdin", "-", len(data), data=data, is_cut=True), Settings()
    )

    assert len(rows) > 1_000
    assert isinstance(last, Rejected)
    assert ("too-large", True) == (last.reason, last.rest)
    assert "put it into a file" in last.detail
    assert isinstance(whole, Whole)


def test_a_table_from_stdin_that_was_cut_is_too_large() -> None:
    """And not damaged: its end was not read."""
    data = b"PAR1" + bytes(1_000)
    item, _ = read(InputFile("stdin", "-", len(data), data=data, is_cut=True), Settings())

    assert isinstance(item, Rejected)
    assert ("too-large", True) == (item.reason, item.rest)


def test_what_stdin_held_is_read_like_a_file() -> None:
    """No path is opened for it."""
    raw = only(InputFile("stdin", "-", 5, data=b"hello"))

    assert isinstance(raw, RawDocument)
    assert (b"hello", 5) == (raw.data, raw.source.bytes)
