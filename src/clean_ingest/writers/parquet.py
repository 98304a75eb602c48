"""Parquet parts: the same bytes for the same rows, and never a footer over half of them."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from clean_ingest.writers.files import TEMPORARY, commit, writing
from clean_ingest.writers.schema import VERSION

GROUP_ROWS = 10_000
GROUP_BYTES = 16_000_000
"""A row group ends at so many rows, or bytes of text. Cut by us, since its borders are part
of the bytes; small enough for a reader to stream through a file in little memory."""

_PACKED_ROWS = 500
"""After so many, rows are packed into Arrow's columns: as Python objects they need some times
the memory, and a row group of them would be most of what a worker holds."""

_ROW_BYTES = 256
"""What a row counts besides its own long texts."""

# Short values that come again and again; a dictionary of page texts would only be thrown away.
_DICTIONARY = (
    "site",
    "language",
    "document_id",
    "stage",
    "rule",
    "outcome",
    "reason",
    "source.media_type",
    "source.encoding",
    "source.encoding_method",
)
# Statistics help to find rows by these; of texts they would only repeat the longest.
_STATISTICS = (
    "id",
    "document_id",
    "url",
    "site",
    "published",
    "language",
    "language_confidence",
    "seq",
    "stage",
    "rule",
    "outcome",
    "reason",
    "name",
    "shard",
    "source.name",
)


@dataclass(frozen=True, slots=True)
class Part:
    """A finished file of a run: path relative to the run, rows, bytes, SHA-256 in hex."""

    path: str
    rows: int
    bytes: int
    sha256: str

    @property
    def table(self) -> str:
        """The table that the file holds rows of."""
        return self.path.partition("/")[0].removesuffix(".parquet")


def footer(table: str, run: Mapping[str, str]) -> dict[str, str]:
    """Return the `clean_ingest.*` metadata of a part: its schema, and what is known of the run."""
    schema = {"clean_ingest.schema": f"{table}/{VERSION}"}
    return schema | {f"clean_ingest.{key}": value for key, value in run.items()}


class PartWriter:
    """Streams rows into one Parquet file that gets its name only when it is whole.

    `finish` makes the file, `abort` leaves nothing. Raises `OutputError` for a full or
    read-only disk, after which `abort` is still to be called.
    """

    def __init__(self, path: Path, schema: pa.Schema, metadata: Mapping[str, str]) -> None:
        self.rows = 0
        self._path = path
        self._temporary = path.with_name(path.name + TEMPORARY)
        self._schema = schema.with_metadata(dict(metadata))
        self._waiting: list[dict[str, Any]] = []
        self._packed: list[pa.RecordBatch] = []
        self._group_rows = self._group_bytes = 0
        with writing(path):
            self._file = self._temporary.open("wb")
            try:
                self._writer = _writer(self._file, self._schema)
            except BaseException:
                self._temporary.unlink()
                self._file.close()
                raise

    def append(self, row: dict[str, Any]) -> None:
        """Add one row; a full row group is written out."""
        self.rows += 1
        self._waiting.append(row)
        self._group_rows += 1
        self._group_bytes += _ROW_BYTES + sum(
            len(value.encode()) for value in row.values() if isinstance(value, str)
        )
        if self._group_rows >= GROUP_ROWS or self._group_bytes >= GROUP_BYTES:
            self._flush()
        elif len(self._waiting) >= _PACKED_ROWS:
            self._pack()

    def finish(self) -> tuple[int, str]:
        """Write what is left, sync and name the file; return its bytes and SHA-256 in hex."""
        self._flush()
        with writing(self._path):
            self._writer.close()
            self._file.flush()
            os.fsync(self._file.fileno())
            self._file.close()
            with self._temporary.open("rb") as stream:
                digest = hashlib.file_digest(stream, "sha256").hexdigest()
            size = self._temporary.stat().st_size
            commit(self._temporary, self._path)
        return size, digest

    def abort(self) -> None:
        """Leave nothing of the file.

        The name goes first: closing the writer puts a valid footer over the rows it has,
        and dropping it unclosed does the same later.
        """
        with suppress(OSError):
            self._temporary.unlink()
        with suppress(OSError, pa.ArrowException):
            self._writer.close()
        with suppress(OSError):
            self._file.close()

    def _pack(self) -> None:
        self._packed.append(pa.RecordBatch.from_pylist(self._waiting, schema=self._schema))
        self._waiting = []

    def _flush(self) -> None:
        if not self._group_rows:
            return
        self._pack()
        # In one piece, as the pages that are written end where the pieces do.
        table = pa.Table.from_batches(self._packed, schema=self._schema).combine_chunks()
        self._packed = []
        with writing(self._path):
            self._writer.write_table(table, row_group_size=table.num_rows)
        self._group_rows = self._group_bytes = 0


def _writer(file: Any, schema: pa.Schema) -> pq.ParquetWriter:
    leaves = set(_leaves(schema))
    return pq.ParquetWriter(
        file,
        schema,
        version="2.6",
        data_page_version="1.0",
        compression="zstd",
        compression_level=3,
        use_dictionary=[name for name in _DICTIONARY if name in leaves],  # type: ignore[arg-type]  # the stubs know the bool only
        write_statistics=[name for name in _STATISTICS if name in leaves],
        write_page_index=True,
        write_page_checksum=True,
    )


def _leaves(schema: pa.Schema) -> list[str]:
    """Return the names of all columns, and those one level down as `parent.child`."""
    names = []
    for column in schema:
        inner = column.type if pa.types.is_struct(column.type) else ()
        names += [column.name, *(f"{column.name}.{child.name}" for child in inner)]
    return names
