"""The Arrow schemas of a run: pinned, versioned, never inferred from data.

A change of a column is a new version; readers of old runs go by the version that each
part names in its metadata.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import Any

import pyarrow as pa

VERSION = 1
"""Version of all tables together, as `clean_ingest.schema` in each part's metadata says."""

_TEXT = pa.string()
_TEXTS = pa.list_(pa.field("element", pa.string(), nullable=False))
_INT = pa.int64()


def _must(name: str, kind: pa.DataType) -> pa.Field[Any]:
    return pa.field(name, kind, nullable=False)


def _may(name: str, kind: pa.DataType) -> pa.Field[Any]:
    return pa.field(name, kind)


_SOURCE = pa.struct(
    [
        _must("name", _TEXT),
        _must("record", _TEXT),
        _may("media_type", _TEXT),
        _must("bytes", _INT),
        _may("sha256", _TEXT),
        _may("text_sha256", _TEXT),
        _may("encoding", _TEXT),
        _may("encoding_method", _TEXT),
        _may("url", _TEXT),
        _may("warc_record_id", _TEXT),
        _may("fetched_at", _TEXT),
    ]
)

_CLEANING = pa.struct(
    [
        _must("source_chars", _INT),
        _must("text_chars", _INT),
        _must("lines", _INT),
        _must("lines_removed", _INT),
        _must("edits", _INT),
        _must("replacement_characters", _INT),
        _must("flags", _TEXTS),
    ]
)

_CAUSE = pa.struct([_must("stage", _TEXT), _must("rule", _TEXT), _must("evidence", _TEXT)])

DOCUMENTS = pa.schema(
    [
        _must("id", _TEXT),
        _must("text", _TEXT),
        _may("title", _TEXT),
        _may("url", _TEXT),
        _may("site", _TEXT),
        _may("author", _TEXT),
        _may("published", _TEXT),
        _may("license", _TEXT),
        _must("categories", _TEXTS),
        _must("tags", _TEXTS),
        _must("language", _TEXT),
        _may("language_confidence", pa.float64()),
        _may("declared_language", _TEXT),
        _must("text_sha256", _TEXT),
        _must("source", _SOURCE),
        _must("cleaning", _CLEANING),
        _may("metadata", _TEXT),
    ]
)

EDITS = pa.schema(
    [
        _must("document_id", _TEXT),
        _must("seq", _INT),
        _must("start", _INT),
        _must("end", _INT),
        _must("output_offset", _INT),
        _must("before", _TEXT),
        _must("after", _TEXT),
        _must("stage", _TEXT),
        _must("rule", _TEXT),
        _must("evidence", _TEXT),
        _must("earlier", pa.list_(pa.field("element", _CAUSE, nullable=False))),
    ]
)

EXCLUDED = pa.schema(
    [
        _must("id", _TEXT),
        _must("source", _SOURCE),
        _must("outcome", _TEXT),
        _must("stage", _TEXT),
        _must("reason", _TEXT),
        _must("detail", _TEXT),
        _may("kept_id", _TEXT),
        _may("text", _TEXT),
    ]
)

INPUTS = pa.schema(
    [
        _must("name", _TEXT),
        _must("shard", _INT),
        _may("media_type", _TEXT),
        _must("bytes", _INT),
        _may("sha256", _TEXT),
        _must("documents", _INT),
        _must("kept", _INT),
        _must("complete", pa.bool_()),
    ]
)

SCHEMAS = MappingProxyType(
    {"documents": DOCUMENTS, "edits": EDITS, "excluded": EXCLUDED, "inputs": INPUTS}
)
"""Every table of a run by its name."""
