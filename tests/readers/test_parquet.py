"""Parquet: rows by row groups; damage costs a group, bombs are not unpacked."""

from __future__ import annotations

import datetime
import decimal
import io
import json
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from reading import held, reasons

from clean_ingest.core.document import RawDocument
from clean_ingest.readers import compression
from clean_ingest.readers.items import Rejected


def parquet(table: pa.Table, **options: Any) -> bytes:
    """Return a table as a file."""
    out = io.BytesIO()
    pq.write_table(table, out, **options)
    return out.getvalue()


def test_rows_are_documents_and_other_columns_their_metadata() -> None:
    """Whatever their types; a row may carry bytes."""
    row = {
        "text": "Grüße".encode("latin-1"),
        "url": "https://a.example/",
        "date": datetime.datetime(2024, 5, 1, 12, tzinfo=datetime.UTC),
        "nan": float("nan"),
        "price": decimal.Decimal("1.50"),
        "raw": b"\x00\xff",
        "nested": {"list": [1, None]},
    }
    (item,) = held("a.parquet", parquet(pa.Table.from_pylist([row])))

    assert isinstance(item, RawDocument)
    assert "Grüße".encode("latin-1") == item.data
    assert ("1", "https://a.example/") == (item.source.record, item.source.url)
    assert "2024-05-01T12:00:00+00:00" == item.source.fetched_at
    extra = {"nan": None, "nested": {"list": [1, None]}, "price": "1.50", "raw": "AP8="}
    assert extra == json.loads(item.metadata.extra or "")


def test_values_that_python_does_not_have_cost_no_row() -> None:
    """Nanoseconds, the year 10,000, strings that are no UTF-8."""
    bad = pa.Array.from_buffers(pa.string(), 1, pa.array([b"\xff"]).buffers())
    columns = {
        "text": pa.array(["a"]),
        "ns": pa.array([1], pa.timestamp("ns")),
        "far": pa.array([10**12], pa.timestamp("s")),
        "bad": bad,
    }
    (item,) = held("a.parquet", parquet(pa.table(columns)))

    assert isinstance(item, RawDocument)
    extra = json.loads(item.metadata.extra or "")
    assert "1970-01-01 00:00:00.000000001" == extra["ns"]
    assert {"far", "bad", "ns"} == set(extra)


def test_pages_and_rows_of_nothing() -> None:
    """Text where there is no page; a row without either has a reason."""
    table = pa.table({"text": ["a", None, None], "html": [None, b"<p>b", None]})
    items = held("a.parquet", parquet(table))

    assert ["text/plain", "text/html", ""] == [item.source.media_type for item in items]
    assert "no-text" == reasons(items)["a.parquet 3"]


def test_nested_columns_are_named_with_dots() -> None:
    """What is left of the struct is passed through."""
    inner = {"body": "Текст", "lang": "ru", "key": 7}
    data = parquet(pa.table({"doc": [inner], "text": [5]}))
    (item,) = held("a.parquet", data, text_field="doc.body", id_field="doc.key")

    assert isinstance(item, RawDocument)
    assert ("Текст", "7") == (item.data, item.source.record)
    assert '{"doc":{"lang":"ru"},"text":5}' == item.metadata.extra


def test_instants_are_told_in_utc() -> None:
    """Whatever zones this machine knows."""
    for zone in ("Asia/Tokyo", "Nowhere/At-all", "+05:30"):
        when = pa.array([1_600_000_000], pa.timestamp("s", zone))
        table = pa.table(
            {"text": ["a"], "date": when, "other": pa.StructArray.from_arrays([when], ["at"])}
        )
        (item,) = held("a.parquet", parquet(table))
        assert isinstance(item, RawDocument)
        assert "2020-09-13T12:26:40+00:00" == item.source.fetched_at
        assert "2020-09-13" in (item.metadata.extra or "")


def test_rows_of_nothing_are_counted_as_well(monkeypatch: pytest.MonkeyPatch) -> None:
    """A few bytes can tell of any number of them."""
    monkeypatch.setattr(compression, "FREE_BYTES", 1_000_000)
    table = pa.table({"text": pa.nulls(100_000, pa.string())})
    data = parquet(table, compression="zstd")
    assert len(data) < 10_000
    items = held("a.parquet", data)

    assert isinstance(items[-1], Rejected)
    assert ("bomb", True) == (items[-1].reason, items[-1].rest)
    assert len(items) < 40_000


def test_records_count_through_row_groups() -> None:
    """And own ids are keys."""
    data = parquet(pa.table({"text": list("abcde"), "id": [5, 4, 3, 2, 1]}), row_group_size=2)

    assert ["1", "2", "3", "4", "5"] == [item.source.record for item in held("a.parquet", data)]
    keys = [item.source.record for item in held("a.parquet", data, id_field="id")]
    assert ["5", "4", "3", "2", "1"] == keys


@pytest.mark.parametrize(
    ("table", "reason"),
    [
        (pa.table({"content": ["a"]}), "no-text"),
        (pa.table({"text": [1]}), "wrong-type"),
        (pa.table({"text": [["a"]]}), "wrong-type"),
        (pa.Table.from_arrays([pa.array(["a"])] * 2, names=["text", "text"]), "wrong-type"),
    ],
)
def test_wrong_columns_are_one_reason(table: pa.Table, reason: str) -> None:
    """Not one for each row; that nothing was read is said."""
    (item,) = held("a.parquet", parquet(table))

    assert isinstance(item, Rejected)
    assert (reason, True) == (item.reason, item.rest)


def test_a_damaged_row_group_costs_itself() -> None:
    """The rows of the others keep their numbers."""
    table = pa.table({"text": [f"{n} " * 200 for n in range(300)]})
    data = bytearray(
        parquet(table, row_group_size=100, write_page_checksum=True, use_dictionary=False)
    )
    column = pq.ParquetFile(io.BytesIO(bytes(data))).metadata.row_group(1).column(0)
    data[column.data_page_offset + column.total_compressed_size // 2] ^= 1

    found = reasons(held("a.parquet", bytes(data)))

    assert {"a.parquet rows 101 to 200": "damaged"} == {k: v for k, v in found.items() if v}
    assert {f"a.parquet {n}" for n in (*range(1, 101), *range(201, 301))} < set(found)


@pytest.mark.parametrize("data", [b"PAR1", b"PAR1" + b"\xff" * 50 + b"\x10\0\0\0PAR1"])
def test_what_arrow_cannot_open_is_damaged(data: bytes) -> None:
    """With a reason, and no traceback."""
    assert {"a.parquet": "damaged"} == reasons(held("a.parquet", data))


def test_flipped_bytes_are_documents_or_reasons() -> None:
    """Wherever they are."""
    data = parquet(pa.table({"text": ["a" * 50, "b"] * 20, "n": list(range(40))}))
    for at in range(0, len(data), 7):
        held("a.parquet", data[:at] + bytes([data[at] ^ 0x55]) + data[at + 1 :])


def test_a_dictionary_bomb_is_stopped() -> None:
    """One text for a hundred thousand rows: a few of them come, then it is told."""
    text = pa.array(["x" * 1_000_000]).dictionary_encode().take(pa.array([0] * 100_000))
    data = parquet(pa.table({"text": text}), compression="zstd")
    assert len(data) < 100_000

    items = held("a.parquet", data)

    assert isinstance(items[-1], Rejected)
    assert "bomb" == items[-1].reason
    assert len(items) < 100


def test_pages_that_unpack_to_too_much_are_not_unpacked() -> None:
    """By what the footer says, before Arrow makes room for them."""
    data = parquet(pa.table({"text": ["x" * 150_000_000]}), compression="zstd")
    assert {"a.parquet rows 1 to 1": "bomb"} == reasons(held("a.parquet", data))
