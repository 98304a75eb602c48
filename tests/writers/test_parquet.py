"""Parts: same rows, same bytes; whole or not there; damage is seen."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from clean_ingest.writers import parquet
from clean_ingest.writers.parquet import PartWriter, footer
from clean_ingest.writers.schema import DOCUMENTS, EDITS, EXCLUDED, INPUTS, SCHEMAS


def row(number: int, before: str = "gone") -> dict[str, Any]:
    """Return a row of `edits`."""
    return {
        "document_id": f"{number:032x}",
        "seq": 0,
        "start": 0,
        "end": len(before),
        "output_offset": 0,
        "before": before,
        "after": "",
        "stage": "chrome",
        "rule": "chrome/x",
        "evidence": "",
        "earlier": [{"stage": "characters", "rule": "characters/y", "evidence": "z"}],
    }


def write(path: Path, rows: list[dict[str, Any]]) -> tuple[int, str]:
    """Write rows of `edits` and return size and hash."""
    writer = PartWriter(path, EDITS, footer("edits", {"fingerprint": "f"}))
    for one in rows:
        writer.append(one)
    return writer.finish()


def test_rows_come_back_with_the_pinned_schema(tmp_path: Path) -> None:
    """Nothing is inferred: an empty part has the same columns."""
    write(tmp_path / "a.parquet", [row(1), row(2)])
    write(tmp_path / "b.parquet", [])

    assert [row(1), row(2)] == pq.read_table(tmp_path / "a.parquet").to_pylist()
    assert EDITS.equals(pq.read_schema(tmp_path / "b.parquet"))


def test_the_same_rows_give_the_same_bytes_and_their_hash(tmp_path: Path) -> None:
    """In two folders, under two names."""
    (tmp_path / "x").mkdir()
    one = write(tmp_path / "a.parquet", [row(n) for n in range(100)])
    two = write(tmp_path / "x" / "b.parquet", [row(n) for n in range(100)])

    data = (tmp_path / "a.parquet").read_bytes()

    assert (len(data), hashlib.sha256(data).hexdigest()) == one == two
    assert data == (tmp_path / "x" / "b.parquet").read_bytes()


def test_row_groups_are_cut_by_rows_and_by_bytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where a group ends hangs on the rows alone."""
    monkeypatch.setattr(parquet, "GROUP_ROWS", 3)
    monkeypatch.setattr(parquet, "GROUP_BYTES", 10_000)
    rows = [row(n) for n in range(4)] + [row(4, "x" * 20_000)] + [row(5)]
    write(tmp_path / "a.parquet", rows)

    with pq.ParquetFile(tmp_path / "a.parquet") as file:
        groups = [file.metadata.row_group(n).num_rows for n in range(file.metadata.num_row_groups)]

    assert [3, 2, 1] == groups


def test_pages_are_compressed_indexed_and_checksummed(tmp_path: Path) -> None:
    """What a reader needs to skip pages and to trust them is there."""
    write(tmp_path / "a.parquet", [row(n) for n in range(10)])

    with pq.ParquetFile(tmp_path / "a.parquet") as file:
        column = file.metadata.row_group(0).column(0)
        about = file.metadata.metadata or {}

    assert ("ZSTD", True, True) == (
        column.compression,
        column.has_column_index,
        column.has_offset_index,
    )
    assert {b"clean_ingest.schema": b"edits/1", b"clean_ingest.fingerprint": b"f"}.items() <= (
        about.items()
    )


def test_one_flipped_bit_in_a_page_is_an_error_and_not_other_data(tmp_path: Path) -> None:
    """Without the checksum most flips read as wrong text."""
    path = tmp_path / "a.parquet"
    write(path, [row(n, f"a removed line number {n}") for n in range(200)])
    with pq.ParquetFile(path) as file:
        column = file.metadata.row_group(0).column(EDITS.get_field_index("before"))
    data = bytearray(path.read_bytes())
    data[column.data_page_offset + column.total_compressed_size // 2] ^= 1
    path.write_bytes(data)

    with pytest.raises((OSError, pa.ArrowException)):
        pq.read_table(path, page_checksum_verification=True)


def test_nothing_has_the_final_name_before_it_is_whole(tmp_path: Path) -> None:
    """Until `finish` there is a temporary file, and after `abort` there is none."""
    writer = PartWriter(tmp_path / "a.parquet", EDITS, {})
    writer.append(row(1))
    before = [path.name for path in tmp_path.iterdir()]
    writer.abort()

    assert ["a.parquet.tmp"] == before
    assert [] == list(tmp_path.iterdir())


def test_an_exception_leaves_no_footer_over_half_of_the_rows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither under the final name nor under another, even when row groups were written."""
    monkeypatch.setattr(parquet, "GROUP_ROWS", 1)
    writer = PartWriter(tmp_path / "a.parquet", EDITS, {})
    writer.append(row(1))
    with pytest.raises(pa.ArrowInvalid):
        writer.append({**row(2), "seq": "no number"})
    writer.abort()
    del writer

    assert [] == list(tmp_path.iterdir())


def test_no_column_of_any_table_is_of_type_null() -> None:
    """A table of a run without a single author has the same schema as any other."""

    def kinds(field: pa.Field[Any]) -> list[pa.DataType]:
        inner = [field.type.field(n) for n in range(field.type.num_fields)]
        return [field.type, *(kind for child in inner for kind in kinds(child))]

    found = [kind for schema in SCHEMAS.values() for field in schema for kind in kinds(field)]

    assert [] == [kind for kind in found if pa.types.is_null(kind)]


def test_the_columns_are_those_of_the_design() -> None:
    """Version 1; a change here is a new version."""
    assert [
        "id text title url site author published license categories tags language "
        "language_confidence declared_language text_sha256 source cleaning metadata",
        "document_id seq start end output_offset before after stage rule evidence earlier",
        "id source outcome stage reason detail kept_id text",
        "name shard media_type bytes sha256 documents kept complete",
    ] == [" ".join(schema.names) for schema in (DOCUMENTS, EDITS, EXCLUDED, INPUTS)]
