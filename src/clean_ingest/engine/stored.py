"""A finished run as it lies on disk: its tables row by row, its documents with their ledgers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from clean_ingest.core.errors import DamagedRun, InputError, LedgerError
from clean_ingest.core.ledger import Cause, Ledger, Row
from clean_ingest.writers import manifest

_BATCH_ROWS = 1_000


@dataclass(frozen=True, slots=True)
class Stored:
    """A run and its manifest."""

    out: Path
    manifest: dict[str, Any]

    @classmethod
    def open(cls, out: str | Path) -> Stored:
        """Open a finished run.

        Raises:
            InputError: there is none.
            DamagedRun: its manifest is not what was written.

        """
        return cls(Path(out), manifest.read(Path(out)))

    def parts(self, table: str) -> list[Path]:
        """Return the files of `table`, in the order of the shards."""
        if table == "inputs":
            return [self.out / self.manifest["inputs"]["path"]]
        paths = [part["path"] for part in self.manifest["parts"]]
        return [self.out / path for path in paths if path.startswith(f"{table}/")]

    def rows(self, table: str, columns: Sequence[str] | None = None) -> Iterator[dict[str, Any]]:
        """Yield every row of `table`, in order.

        Raises:
            DamagedRun: a part cannot be read.

        """
        for path in self.parts(table):
            yield from part_rows(path, columns)


@dataclass(frozen=True, slots=True)
class Found:
    """One document of a run: its row, the table that holds it, and its ledger.

    `ledger` is None for a document that was never decoded.
    """

    table: str
    row: dict[str, Any]
    ledger: Ledger | None


def find(out: str | Path, wanted: str) -> Found:
    """Return the document with this id or source name, or the only one whose id begins so.

    A record of an input is `NAME#RECORD`.

    Raises:
        InputError: there is no such run, no such document, or more than one.
        DamagedRun: the run cannot be read, or the edits do not fit the text.

    """
    stored = Stored.open(out)
    matches = [
        (table, number, row["id"])
        for table in ("documents", "excluded")
        for number, path in enumerate(stored.parts(table))
        for row in part_rows(path, ["id", "source.name", "source.record"])
        if wanted and _is(row, wanted)
    ]
    if len(matches) != 1:
        raise _not_one(matches, wanted, stored.out)
    table, number, whole = matches[0]
    row = next(r for r in part_rows(stored.parts(table)[number]) if r["id"] == whole)
    edits = [r for r in part_rows(stored.parts("edits")[number]) if r["document_id"] == whole]
    try:
        return Found(table, row, ledger(row, edits))
    except LedgerError as error:
        raise DamagedRun("rebuild", error.message, where=whole) from error


def _is(row: dict[str, Any], wanted: str) -> bool:
    source = row["source"]
    names = (source["name"], f"{source['name']}#{source['record']}")
    return bool(row["id"].startswith(wanted)) or wanted in names


def documents(
    stored: Stored, table: str, number: int
) -> Iterator[tuple[dict[str, Any], list[dict[str, Any]]]]:
    """Yield each row of part `number` of `documents` or `excluded` with its edits, as a stream.

    Raises:
        DamagedRun: a part cannot be read, or its edits are not in the order of its rows.

    """
    path = stored.parts(table)[number]
    ours = {row["id"] for row in part_rows(path, ["id"])}
    edits = part_rows(stored.parts("edits")[number])
    groups = ((key, rows) for key, rows in groupby(edits, itemgetter("document_id")) if key in ours)
    ahead = next(groups, None)
    for row in part_rows(path):
        if ahead and ahead[0] == row["id"]:
            yield row, list(ahead[1])
            ahead = next(groups, None)
        else:
            yield row, []
    if ahead:
        raise DamagedRun("order", "the edits are not in the order of the documents", where=ahead[0])


def ledger(row: dict[str, Any], edits: list[dict[str, Any]]) -> Ledger | None:
    """Rebuild the ledger of a `documents` or `excluded` row; None where it never had text.

    Raises:
        LedgerError: the edits do not fit the text.

    """
    if row["text"] is None:
        return None
    return Ledger.from_rows(row["text"], [_ledger_row(edit) for edit in edits])


def _ledger_row(edit: dict[str, Any]) -> Row:
    earlier = tuple(Cause(c["stage"], c["rule"], c["evidence"]) for c in edit["earlier"])
    plain = {key: value for key, value in edit.items() if key not in ("document_id", "earlier")}
    return Row(**plain, earlier=earlier)


def part_rows(path: Path, columns: Sequence[str] | None = None) -> Iterator[dict[str, Any]]:
    """Yield the rows of one Parquet file, every page checked against its checksum.

    Raises:
        DamagedRun: the file is gone or is not what was written.

    """
    with reading(path), pq.ParquetFile(path, page_checksum_verification=True) as file:
        for batch in file.iter_batches(_BATCH_ROWS, columns=list(columns) if columns else None):
            yield from batch.to_pylist()


@contextmanager
def reading(path: Path) -> Iterator[None]:
    """Turn what Arrow or the system says against reading `path` into a `DamagedRun`."""
    try:
        yield
    except FileNotFoundError:
        raise DamagedRun("missing", "the file is gone", where=str(path)) from None
    except (OSError, pa.ArrowException) as error:
        what = str(error).partition("\n")[0]
        raise DamagedRun("unreadable", f"cannot be read: {what}", where=str(path)) from error


def _not_one(matches: list[tuple[str, int, str]], wanted: str, out: Path) -> InputError:
    if not matches:
        return InputError(
            "run/no-document",
            f"no document has the id or name {wanted!r}",
            where=str(out),
            hint="`clean-ingest show` on documents or excluded lists the ids",
        )
    some = ", ".join(match[2] for match in matches[:3])
    return InputError(
        "run/many-documents",
        f"{len(matches)} documents have the name or an id that begins with {wanted!r}: {some}",
        where=str(out),
        hint="give more of the id, or name a record of an input: NAME#RECORD",
    )
