"""JSON Lines: a row a line, each for itself."""

from __future__ import annotations

import gzip
import hashlib
import json
import tracemalloc
from typing import Any

import pytest

from clean_ingest.core.document import RawDocument
from clean_ingest.readers.compression import Budget, buffered
from clean_ingest.readers.inputs import InputFile
from clean_ingest.readers.items import Item, Rejected, Settings, Whole
from clean_ingest.readers.jsonl import read as read_lines
from clean_ingest.readers.place import Place
from clean_ingest.readers.read import read


def rows(data: bytes, **settings: Any) -> list[Item]:
    """Return what a file with these lines holds."""
    file = InputFile("dump.jsonl", "-", len(data), data=data)
    *items, whole = read(file, Settings(**settings))
    assert isinstance(whole, Whole)
    assert len(data) == whole.source.bytes
    return [item for item in items if not isinstance(item, Whole)]


def lines(*values: object) -> bytes:
    """Return rows as lines."""
    return b"".join(json.dumps(value).encode() + b"\n" for value in values)


def reasons(items: list[Item]) -> list[str]:
    """Return why each is none; empty for a document."""
    return [item.reason if isinstance(item, Rejected) else "" for item in items]


def test_fields_become_what_the_settings_say() -> None:
    """Text, address and date have their places; all else is passed through, sorted."""
    row = {"text": "Привет", "url": "https://a.example/", "date": "2024-05-01", "z": 1, "a": [True]}
    (item,) = rows(lines(row))

    assert isinstance(item, RawDocument)
    assert "Привет" == item.data
    source = item.source
    assert ("dump.jsonl", "1", "text/plain") == (source.name, source.record, source.media_type)
    assert ("https://a.example/", "2024-05-01") == (source.url, source.fetched_at)
    assert len("Привет".encode()) == source.bytes
    assert '{"a":[true],"z":1}' == item.metadata.extra


def test_what_is_no_address_or_date_is_passed_through() -> None:
    """Nothing of a row is lost."""
    (item,) = rows(lines({"text": "a", "url": 5, "date": "last week"}))

    assert isinstance(item, RawDocument)
    assert (None, None) == (item.source.url, item.source.fetched_at)
    assert '{"date":"last week","url":5}' == item.metadata.extra


def test_a_page_is_a_page() -> None:
    """By its field, and in the field for text where it is a whole one."""
    page = "<!doctype html><p>Hello"
    items = rows(lines({"html": "<p>x"}, {"text": page}, {"text": "<p>in a text"}))

    kinds = [item.source.media_type for item in items]
    assert ["text/html", "text/html", "text/plain"] == kinds


def test_a_page_goes_before_its_text() -> None:
    """What somebody else made of it is passed through; an empty page does not hide a text."""
    items = rows(
        lines({"html": "<p>x", "text": "x"}, {"html": "", "text": "x"}, {"text": "", "html": None})
    )

    assert ["<p>x", "x", ""] == [item.data for item in items if isinstance(item, RawDocument)]
    assert ["text/html", "text/plain", "text/plain"] == [item.source.media_type for item in items]
    assert isinstance(items[0], RawDocument)
    assert ['{"text":"x"}', '{"html":""}', None] == [
        item.metadata.extra for item in items if isinstance(item, RawDocument)
    ]


def test_fields_in_fields_are_named_with_dots() -> None:
    """A field that is called so itself goes first; what is left is passed through."""
    settings = {"text_field": "a.b.c", "url_field": "a.url", "published_field": "when"}
    nested = {"a": {"b": {"c": "inner"}, "url": "https://a.example/"}, "when": "2024-05"}
    one, two = rows(lines(nested, {"a.b.c": "own", "a": {"b": {"c": "inner"}}}), **settings)

    assert isinstance(one, RawDocument)
    assert ("inner", "https://a.example/") == (one.data, one.source.url)
    assert ("2024-05", None) == (one.metadata.published, one.metadata.extra)
    assert isinstance(two, RawDocument)
    assert ("own", '{"a":{"b":{"c":"inner"}}}') == (two.data, two.metadata.extra)


def test_records_are_lines_from_one() -> None:
    """Blank lines have a number too; line ends may be CR LF, the last may have none."""
    data = b'\xef\xbb\xbf{"text": "a"}\r\n\r\n{"text": "b"}\n  \n{"text": "c"}'
    assert ["1", "3", "5"] == [item.source.record for item in rows(data)]


def test_own_ids_are_keys() -> None:
    """Text or number; a row without one has its number."""
    items = rows(
        lines({"text": "a", "id": "x"}, {"text": "b", "id": 7}, {"text": "c"}), id_field="id"
    )

    assert ["x", "7", "3"] == [item.source.record for item in items]
    assert all(isinstance(item, RawDocument) and item.metadata.extra is None for item in items)


def test_one_key_twice_leaves_the_later_out() -> None:
    """Under a key of its own, naming both rows."""
    items = rows(
        lines(*[{"text": "a", "id": key} for key in ("x", "x", "x#2", "x")]), id_field="id"
    )

    assert ["", "one-key", "one-key", "one-key"] == reasons(items)
    assert 4 == len({item.source.document_id for item in items})
    assert isinstance(items[1], Rejected)
    assert "record 2 has the key of record 1" == items[1].detail


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b'{"text": "a"', "not-json"),
        (b'{"text": "a", "score": NaN}', "not-json"),
        (b'{"text": "a", "score": -Infinity}', "not-json"),
        (b'{"text": "a", "n": ' + b"9" * 5_000 + b"}", "not-json"),
        (b'{"text": "\xff"}', "not-json"),
        (b"[" * 100_000 + b"]" * 100_000, "too-deep"),
        (b'{"text": "a", "x": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", "too-deep"),
        (b'{"text": "a", "x": ' + b"[" * 150 + b"]" * 150 + b"}", "too-deep"),
        (b'["text"]', "wrong-type"),
        (b'"text"', "wrong-type"),
        (b"null", "wrong-type"),
        (b'{"text": 5}', "wrong-type"),
        (b'{"text": ["a"]}', "wrong-type"),
        (b'{"text": {"a": "b"}}', "wrong-type"),
        (b'{"text": null, "html": null}', "no-text"),
        (b"{}", "no-text"),
        (b'{"text": "' + b"a" * 1_001 + b'"}', "too-large"),
    ],
    ids=lambda value: value[:24] if isinstance(value, str) else "",
)
def test_a_bad_row_costs_itself(line: bytes, reason: str) -> None:
    """It has a reason, and its number; the rows around it are documents."""
    items = rows(b'{"text": "a"}\n' + line + b'\n{"text": "b"}\n', document_bytes=1_000)

    assert ["", reason, ""] == reasons(items)
    assert ["1", "2", "3"] == [item.source.record for item in items]


def test_a_line_that_is_too_long_is_never_held() -> None:
    """It is counted and hashed in pieces; the next line is read."""
    parts = [b'{"text": "', *[b"a" * 1_000_000] * 40, b'"}\n', b'{"text": "b"}\n']
    size = sum(map(len, parts[:-1])) - 1
    place = Place("a.jsonl", "a.jsonl", Settings(document_bytes=1_000), Budget(Settings()))
    tracemalloc.start()
    try:
        long, short = read_lines(place, buffered(iter(parts)))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    assert isinstance(long, Rejected)
    assert ("too-large", "1", size) == (long.reason, long.source.record, long.source.bytes)
    assert hashlib.sha256(b"".join(parts[:-1])[:-1]).hexdigest() == long.source.sha256
    assert isinstance(short, RawDocument)
    assert ("b", "2") == (short.data, short.source.record)
    assert peak < 8_000_000


def test_two_fields_of_one_name_are_no_row() -> None:
    """Nobody says which of the two is meant, and one would be lost."""
    items = rows(b'{"text": "a", "text": "b"}\n{"text": "a", "x": {"y": 1, "y": 2}}\n')
    assert ["not-json", "not-json"] == reasons(items)


def test_a_lone_surrogate_costs_no_row() -> None:
    """In text or in another field."""
    assert ["", ""] == reasons(rows(b'{"text": "a\\ud800"}\n{"text": "b", "x": "\\udfff"}\n'))


def test_a_cut_file_says_that_the_rest_was_not_read() -> None:
    """After all that could be read."""
    data = gzip.compress(lines(*[{"text": str(n) * 50} for n in range(5_000)]), mtime=0)
    items = rows(data[: len(data) // 2])

    *before, last = items
    assert isinstance(last, Rejected)
    assert ("truncated", True) == (last.reason, last.rest)
    assert f"{len(before)} documents were read, the rest was not" in last.detail
    assert 1_000 < len(before) < 5_000
