"""Proves a run: every hash, every count, every document rebuilt from clean text and edits."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from clean_ingest.core.document import split_lines
from clean_ingest.core.errors import DamagedRun, LedgerError
from clean_ingest.core.pipeline import DROPPED, KEPT, QUARANTINED
from clean_ingest.engine.stored import Stored, documents, ledger, part_rows, reading
from clean_ingest.writers.folder import TABLES
from clean_ingest.writers.parquet import footer
from clean_ingest.writers.rows import cleaning, text_sha256
from clean_ingest.writers.schema import SCHEMAS


@dataclass(frozen=True, slots=True)
class Damage:
    """One thing that is not what it must be: a stable code, a file or document, words."""

    code: str
    where: str
    detail: str


def verify(out: str | Path) -> list[Damage]:
    """Check a whole run and return all damage; an empty list means that it is sound.

    Reads every page of every part, with its checksum. A part whose hash is wrong is named
    and not read any further: what a damaged file says proves nothing.

    Raises:
        InputError: there is no finished run at `out`.

    """
    try:
        stored = Stored.open(out)
    except DamagedRun as error:
        return [Damage(error.code, "manifest.json", error.message)]
    try:
        return _check(stored)
    except (KeyError, IndexError, TypeError) as error:
        # Sealed, but not by us: the hash says nothing of who computed it.
        return [Damage("manifest", "manifest.json", f"it lacks what a manifest has: {error}")]


def _check(stored: Stored) -> list[Damage]:
    damage = list(_unlisted(stored))
    sound = True
    for part in [*stored.manifest["parts"], stored.manifest["inputs"]]:
        found = list(_check_part(stored, part))
        sound = sound and not found
        damage += found
    if sound:
        damage += _check_content(stored)
    return damage


def _unlisted(stored: Stored) -> Iterator[Damage]:
    """Yield parts that the manifest does not know: whoever reads the folder would read them."""
    listed = {part["path"] for part in stored.manifest["parts"]}
    for table in TABLES:
        for path in sorted((stored.out / table).glob("*.parquet")):
            relative = f"{table}/{path.name}"
            if relative not in listed:
                yield Damage("unlisted", relative, "the manifest does not know this file")


def _check_part(stored: Stored, part: dict[str, Any]) -> Iterator[Damage]:
    """Yield what is wrong with one file: bytes, hash, schema, metadata, rows."""
    path = stored.out / part["path"]
    try:
        with reading(path):
            with path.open("rb") as stream:
                digest = hashlib.file_digest(stream, "sha256").hexdigest()
            if digest != part["sha256"]:
                yield Damage("sha256", part["path"], "the file is not the one that was written")
                return
            file = pq.ParquetFile(path)
            with file:
                schema, rows = file.schema_arrow, file.metadata.num_rows
                about = file.metadata.metadata or {}
    except DamagedRun as error:
        yield Damage(error.code, part["path"], error.message)
        return
    table = part["path"].partition("/")[0].removesuffix(".parquet")
    if path.stat().st_size != part["bytes"]:
        yield Damage("bytes", part["path"], "the size is not that of the manifest")
    if not schema.equals(SCHEMAS[table]):
        yield Damage("schema", part["path"], "the columns are not those of its schema")
    if rows != part["rows"]:
        yield Damage("rows", part["path"], f"{rows} rows where the manifest says {part['rows']}")
    wanted = footer(table, {"fingerprint": stored.manifest["fingerprint"]})
    told = {key.decode(): value.decode() for key, value in about.items()}
    if not wanted.items() <= told.items():
        yield Damage("metadata", part["path"], "schema or fingerprint are not the manifest's")


def _check_content(stored: Stored) -> list[Damage]:
    damage: list[Damage] = []
    counted = _Counts()
    for shard in stored.manifest["shards"]:
        number = shard["ordinal"]
        before = Counter(counted.outcomes)
        try:
            damage += _check_shard(stored, number, counted)
        except DamagedRun as error:
            damage.append(Damage(error.code, error.where, error.message))
        here = counted.outcomes - before
        told = Counter({outcome: shard[outcome] for outcome in (KEPT, DROPPED, QUARANTINED)})
        if here != +told or here.total() != shard["read"]:
            damage.append(Damage("counts", f"shard {number}", "the rows are not those counted"))
    return [*damage, *_check_counts(stored, counted)]


class _Counts:
    """What the rows themselves say, to be held against the manifest."""

    def __init__(self) -> None:
        self.outcomes: Counter[str] = Counter()
        self.reasons: dict[str, Counter[str]] = {DROPPED: Counter(), QUARANTINED: Counter()}
        self.edits = 0
        self.ids: set[str] = set()


def _check_shard(stored: Stored, number: int, counted: _Counts) -> Iterator[Damage]:
    rebuilt = 0
    for table in ("documents", "excluded"):
        for row, edits in documents(stored, table, number):
            if row["id"] in counted.ids:
                yield Damage("id", row["id"], "two documents have this id")
            counted.ids.add(row["id"])
            outcome = KEPT if table == "documents" else row["outcome"]
            counted.outcomes[outcome] += 1
            if outcome != KEPT:
                counted.reasons.setdefault(outcome, Counter())[row["reason"]] += 1
            rebuilt += len(edits)
            yield from _check_document(table, row, edits)
    stray = sum(1 for _ in part_rows(stored.parts("edits")[number], ["seq"])) - rebuilt
    counted.edits += rebuilt + stray
    if stray:
        yield Damage("edits", f"shard {number}", f"{stray} edits belong to no document")


def _check_document(
    table: str, row: dict[str, Any], edits: list[dict[str, Any]]
) -> Iterator[Damage]:
    """Yield what is wrong with one document: its hashes, its numbers, its rebuilding."""
    key = row["id"]
    try:
        whole = ledger(row, edits)
    except LedgerError as error:
        yield Damage("rebuild", key, error.message)
        return
    wanted = row["source"]["text_sha256"]
    if whole is None:
        if edits or wanted is not None:
            yield Damage("rebuild", key, "there are edits or a hash, but no text")
        return
    if text_sha256(whole.source) != wanted:
        yield Damage("rebuild", key, "clean text and edits do not give the source text")
    if table != "documents":
        return
    if text_sha256(row["text"]) != row["text_sha256"]:
        yield Damage("text", key, "the text is not the one that was hashed")
    numbers = cleaning(whole, split_lines(whole.source))
    if numbers != {name: row["cleaning"][name] for name in numbers}:
        yield Damage("numbers", key, "cleaning does not say what text and edits say")


def _check_counts(stored: Stored, counted: _Counts) -> Iterator[Damage]:
    told = stored.manifest["counts"]
    inputs = list(stored.rows("inputs", ["documents", "kept", "complete"]))
    here = {
        "inputs": len(inputs),
        "read": sum(row["documents"] for row in inputs),
        KEPT: counted.outcomes[KEPT],
        DROPPED: counted.outcomes[DROPPED],
        QUARANTINED: counted.outcomes[QUARANTINED],
        "incomplete": sum(not row["complete"] for row in inputs),
        "edits": counted.edits,
        "reasons": {outcome: dict(counts) for outcome, counts in counted.reasons.items()},
    }
    strays = [row["id"] for row in stored.manifest["volatile"] if row["id"] not in counted.ids]
    if strays:
        yield Damage("counts", "manifest.json", f"volatile: there is no document {strays[0]}")
    for name, value in here.items():
        if told[name] != value:
            yield Damage("counts", "manifest.json", f"{name}: {value}, not {told[name]}")
    if here["read"] != counted.outcomes.total():
        yield Damage("conservation", "manifest.json", "read is not kept + dropped + quarantined")
    if sum(row["kept"] for row in inputs) != counted.outcomes[KEPT]:
        yield Damage("counts", "inputs.parquet", "the inputs do not add up to the kept documents")
