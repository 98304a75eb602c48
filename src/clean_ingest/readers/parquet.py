"""Reads Parquet: rows by batches, row groups each for themselves."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, BinaryIO, cast

from clean_ingest.core.errors import Unreadable, describe
from clean_ingest.readers.compression import BOMB, DAMAGED, FREE_BYTES
from clean_ingest.readers.items import Item
from clean_ingest.readers.place import Place
from clean_ingest.readers.rows import NO_TEXT, WRONG_TYPE, Rows

if TYPE_CHECKING:
    import pyarrow as pa
    import pyarrow.parquet as pq

_BATCH_ROWS = 16  # a batch is held whole, and a row may be as large as a document
_BUFFER_BYTES = 1 << 20
_ROW_BYTES = 64  # what a row counts that has nothing in it: a few bytes can tell of 10^9 of them


def read(place: Place, file: BinaryIO) -> Iterator[Item]:
    """Yield a document for each row, or why it is none; rows count from 1.

    A row group that is damaged costs what is left of it. Pages that carry checksums are
    held against them; of those that carry none Arrow makes whatever it can.

    Raises:
        Unreadable: the file has no rows that could be read, or unpacks to too much.

    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        # Without a pre-buffer and with small buffers a large row group is streamed.
        table = pq.ParquetFile(
            file, pre_buffer=False, buffer_size=_BUFFER_BYTES, page_checksum_verification=True
        )
        schema = table.schema_arrow
    except (OSError, pa.ArrowException, ValueError) as error:
        raise Unreadable(DAMAGED, f"Arrow cannot open it: {_said(error)}") from error
    _check(place, schema)
    rows = Rows(place.name, place.settings)
    before = 0
    for group in range(table.num_row_groups):
        number, told = before, table.metadata.row_group(group).num_rows
        try:
            _refuse_bomb(place, table.metadata.row_group(group))
            for row in _rows(table, group):
                number += 1
                place.budget.deliver(_ROW_BYTES + _size(row))
                yield rows.item(number, row)
        except (OSError, pa.ArrowException, ValueError) as error:
            yield rows.lost(number + 1, before + told, DAMAGED, _said(error))
        except Unreadable as error:
            yield rows.lost(number + 1, before + told, error.code, error.message)
            if place.budget.spent:
                return
        before = max(before + told, number)


def _check(place: Place, schema: pa.Schema) -> None:
    """Raise unless there is a column with text or pages, whose name says which it is."""
    import pyarrow as pa

    settings = place.settings
    if len(set(schema.names)) < len(schema.names):
        raise Unreadable(WRONG_TYPE, "two columns have one name")
    columns = pa.struct(list(schema))
    wanted = [name for name in (settings.html_field, settings.text_field) if name]
    found = {name: kind for name in wanted if (kind := _type_at(columns, name)) is not None}
    if not found:
        named = ", ".join(schema.names)[:100]
        raise Unreadable(NO_TEXT, f"it has no column {' or '.join(wanted)}, but: {named}")
    texts = (pa.string(), pa.large_string(), pa.string_view())
    many_bytes = (pa.binary(), pa.large_binary(), pa.binary_view())
    for name, kind in found.items():
        inner = kind.value_type if isinstance(kind, pa.DictionaryType) else kind
        if inner not in (*texts, *many_bytes, pa.null()):
            said = str(inner)[:50]
            raise Unreadable(WRONG_TYPE, f"the column {name} is of type {said}, not text")


def _type_at(columns: pa.StructType, name: str) -> pa.DataType | None:
    """Return the type of a field, which is named as for `rows.value_at`."""
    import pyarrow as pa

    if columns.get_field_index(name) >= 0:
        return cast("pa.DataType", columns.field(name).type)
    first, dot, rest = name.partition(".")
    if not dot or columns.get_field_index(first) < 0:
        return None
    inner = columns.field(first).type
    return _type_at(inner, rest) if isinstance(inner, pa.StructType) else None


def _rows(table: pq.ParquetFile, group: int) -> Iterator[dict[str, Any]]:
    """Yield rows one at a time: a dictionary may hold one long text for many of them."""
    for batch in table.iter_batches(_BATCH_ROWS, row_groups=[group], use_threads=False):
        columns = [
            (field.name, _in_utc(column))
            for field, column in zip(batch.schema, batch.columns, strict=True)
        ]
        for index in range(batch.num_rows):
            yield {name: _value(column[index]) for name, column in columns}


def _in_utc(column: pa.Array[Any]) -> pa.Array[Any]:
    """Return instants without their zones, of which each machine has its own data."""
    import pyarrow as pa

    kind = column.type
    if isinstance(kind, pa.TimestampType) and kind.tz:
        return column.cast(pa.timestamp(kind.unit, "UTC"))
    return column


def _value(scalar: pa.Scalar[Any]) -> Any:
    """Return a value of Python's; where it has none that is equal, Arrow's spelling of it."""
    import pyarrow as pa

    try:
        return scalar.as_py()
    except (ValueError, OverflowError, LookupError):
        if isinstance(scalar, pa.StructScalar):
            return {name: _value(scalar[name]) for name in scalar}
        if isinstance(scalar, pa.MapScalar):
            return [[_value(one) for one in pair.values()] for pair in scalar.values or ()]
        if isinstance(scalar, pa.ListScalar):
            return [_value(one) for one in scalar.values or ()]
        if isinstance(scalar.type, pa.TimestampType):  # Python has no nanoseconds, no year 10,000
            scalar = scalar.cast(pa.timestamp(scalar.type.unit))  # nor every zone
        if pa.types.is_temporal(scalar.type):
            return str(scalar.cast(pa.string()).as_py())
        # Nothing keeps a writer from calling any bytes a string.
        return scalar.cast(pa.binary()).as_py()


def _refuse_bomb(place: Place, group: pq.RowGroupMetaData) -> None:
    """Raise before Arrow makes room for the pages of a column that unpack to too much."""
    for index in range(group.num_columns):
        column = group.column(index)
        most = FREE_BYTES + place.settings.ratio * column.total_compressed_size
        if column.total_uncompressed_size > most:
            what = f"column {column.path_in_schema} unpacks to {column.total_uncompressed_size}"
            raise Unreadable(BOMB, f"{what} bytes")


def _size(row: dict[str, Any]) -> int:
    return sum(len(value) for value in row.values() if isinstance(value, (str, bytes)))


def _said(error: Exception) -> str:
    """Return Arrow's words, which come as an OSError too; the system's have a number."""
    if isinstance(error, OSError) and error.errno is None:
        return str(error).partition("\n")[0][:100]
    return describe(error)[:100]
