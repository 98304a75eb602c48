"""What a run removed, by stage and rule, and what it kept, by language."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from clean_ingest.engine.stored import Stored, reading

_NUMBERS = ("edits", "documents", "characters_removed", "characters_rewritten")


def stats(out: str | Path) -> dict[str, Any]:
    """Return the figures of a run as plain values, in a fixed order.

    `counts` are the manifest's. `characters` are code points and lines of kept documents.
    `stages` and `rules` count rows, documents and source code points that they removed or
    rewrote, in excluded documents too, charged to the deciding cause alone. Rules come by
    characters removed, most first.

    Raises:
        InputError: there is no finished run at `out`.
        DamagedRun: a file of it cannot be read.

    """
    stored = Stored.open(out)
    languages: Counter[str] = Counter()
    characters = dict.fromkeys(("source_chars", "text_chars", "lines", "lines_removed"), 0)
    flags: Counter[str] = Counter()
    for row in stored.rows("documents", ["language", "cleaning"]):
        languages[row["language"]] += 1
        flags.update(row["cleaning"]["flags"])
        for name in characters:
            characters[name] += row["cleaning"][name]
    return {
        "counts": stored.manifest["counts"],
        "characters": characters,
        "languages": _most_first(languages),
        "flags": _most_first(flags),
        "stages": _by(stored, ["stage"]),
        "rules": _by(stored, ["stage", "rule"]),
    }


def _by(stored: Stored, keys: list[str]) -> list[dict[str, Any]]:
    """Add up the edits by `keys`. All edits of a document lie in one part."""
    totals: dict[tuple[str, ...], Counter[str]] = {}
    for path in stored.parts("edits"):
        with reading(path):
            columns = ["document_id", "before", "after", *keys]
            table = pq.read_table(path, columns=columns, page_checksum_verification=True)
        for row in _grouped(table, keys):
            key = tuple(row[name] for name in keys)
            totals.setdefault(key, Counter()).update({name: row[name] for name in _NUMBERS})
    ordered = sorted(totals.items(), key=lambda item: (-item[1]["characters_removed"], item[0]))
    return [
        dict(zip(keys, key, strict=True)) | {name: counts[name] for name in _NUMBERS}
        for key, counts in ordered
    ]


def _grouped(table: pa.Table, keys: list[str]) -> list[dict[str, Any]]:
    width = pc.utf8_length(table["before"])
    removes = pc.equal(table["after"], pa.scalar(""))
    numbers = table.select([*keys, "document_id"])
    numbers = numbers.append_column("removed", pc.if_else(removes, width, 0))
    numbers = numbers.append_column("rewritten", pc.if_else(removes, 0, width))
    sums = numbers.group_by(keys, use_threads=False).aggregate(
        [
            ("removed", "count"),
            ("document_id", "count_distinct"),
            ("removed", "sum"),
            ("rewritten", "sum"),
        ]
    )
    return sums.rename_columns([*keys, *_NUMBERS]).to_pylist()


def _most_first(counts: Counter[str]) -> dict[str, int]:
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))
