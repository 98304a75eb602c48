"""Restore: every source text back, also by code that is not ours."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, ClassVar

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from clean_ingest.config.model import Config, Shards
from clean_ingest.core.document import Document
from clean_ingest.core.errors import DamagedRun, InputError
from clean_ingest.core.stage import Edit, Proposal
from clean_ingest.engine.local import run
from clean_ingest.engine.restore import restore
from clean_ingest.engine.stored import Stored, find
from clean_ingest.writers.schema import EDITS

PAGES = {
    "one.txt": "Nouvelle du jour\r\nNouvelle du jour\n\n\n\nLe café ouvre à midi.   \r\n",
    "two.txt": "Новости\r\nНовости\r\nЖители вернулись домой. 👩‍👩‍👧\n",
    "three.txt": "   \r\n\n",
    "four.txt": "\ufeffnur ein Satz ganz allein",
    "five.xml": "<feed>",
}


@dataclass(frozen=True, slots=True)
class Ends:
    """Rewrites CR LF to LF."""

    name: ClassVar[str] = "ends"

    def propose(self, document: Document) -> Iterator[Proposal]:
        """Yield one rewrite a line end."""
        for found in re.finditer("\r\n", document.text):
            yield Edit(*found.span(), "ends/crlf", "\n")


@dataclass(frozen=True, slots=True)
class Doubles:
    """Removes a line that says what the one before says, after `Ends` rewrote its end."""

    name: ClassVar[str] = "doubles"

    def propose(self, document: Document) -> Iterator[Proposal]:
        """Yield one removal a doubled line, its end included."""
        for one, other in pairwise(document.lines):
            if one.text == other.text:
                yield Edit(one.end, other.end, "doubles/line")


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """Return a run over the pages, in several shards."""
    (tmp_path / "in").mkdir()
    for name, text in PAGES.items():
        (tmp_path / "in" / name).write_bytes(text.encode())
    config = Config("test", (Ends(), Doubles()), shards=Shards(rows=2))
    run([tmp_path / "in"], tmp_path / "out", config)
    return tmp_path / "out"


def test_every_source_is_rebuilt_without_our_code(out: Path) -> None:
    """From the Parquet files alone: put each edit's `before` in place of its `after`."""
    edits: dict[str, list[dict[str, Any]]] = {}
    for row in pq.read_table(out / "edits").to_pylist():
        edits.setdefault(row["document_id"], []).append(row)
    rebuilt = {}
    for table in ("documents", "excluded"):
        for row in pq.read_table(out / table).to_pylist():
            if row["text"] is None:
                continue
            source, at = "", 0
            for edit in sorted(edits.get(row["id"], []), key=lambda edit: edit["seq"]):
                source += row["text"][at : edit["output_offset"]]
                assert len(source) == edit["start"]
                source += edit["before"]
                at = edit["output_offset"] + len(edit["after"])
            source += row["text"][at:]
            assert hashlib.sha256(source.encode()).hexdigest() == row["source"]["text_sha256"]
            rebuilt[row["source"]["name"]] = source

    expected = {name: text.removeprefix("\ufeff") for name, text in PAGES.items()}
    del expected["five.xml"]
    assert expected == rebuilt
    assert 3 == len(edits)


def test_restore_gives_the_source_of_kept_and_excluded_documents(out: Path) -> None:
    """By the whole id, and by a start of it that is unique."""
    stored = Stored.open(out)
    rows = [*stored.rows("documents", ["id", "source"]), *stored.rows("excluded")]
    texts = {row["source"]["name"]: row["id"] for row in rows}

    for name, document_id in texts.items():
        if name == "five.xml":
            continue
        assert PAGES[name].removeprefix("\ufeff") == restore(out, document_id)
        assert restore(out, document_id) == restore(out, document_id[:12])


def test_a_found_document_says_what_was_done_to_it(out: Path) -> None:
    """Its ledger has the causes of each change."""
    name = "one.txt"
    ids = {row["source"]["name"]: row["id"] for row in Stored.open(out).rows("documents")}
    found = find(out, ids[name])

    assert found.ledger is not None
    assert ("documents", found.row["text"]) == (found.table, found.ledger.text)
    assert {"ends", "doubles"} == {row.stage for row in found.ledger.rows()}


def test_what_was_never_decoded_cannot_be_restored(out: Path) -> None:
    """The error names the reason."""
    (row,) = [row for row in Stored.open(out).rows("excluded") if row["text"] is None]

    with pytest.raises(InputError, match="unsupported"):
        restore(out, row["id"])


@pytest.mark.parametrize(("start", "code"), [("", "run/no-document"), ("x", "run/no-document")])
def test_an_unknown_id_is_an_error(out: Path, start: str, code: str) -> None:
    """So is none at all."""
    with pytest.raises(InputError) as caught:
        restore(out, start)
    assert code == caught.value.code


def test_an_ambiguous_id_is_an_error_that_lists_some(tmp_path: Path) -> None:
    """With seventeen documents, two begin with the same digit."""
    (tmp_path / "in").mkdir()
    for number in range(17):
        (tmp_path / f"in/{number}").write_text("a page")
    run([tmp_path / "in"], tmp_path / "out", Config("test", ()))
    ids = sorted(row["id"] for row in Stored.open(tmp_path / "out").rows("documents", ["id"]))
    start = next(one[0] for one, other in pairwise(ids) if one[0] == other[0])

    with pytest.raises(InputError) as caught:
        restore(tmp_path / "out", start)
    assert "run/many-documents" == caught.value.code


def test_a_damaged_part_is_an_error_and_no_text(out: Path) -> None:
    """Page checksums tell."""
    document_id = next(Stored.open(out).rows("documents", ["id"]))["id"]
    for path in (out / "documents").iterdir():
        data = bytearray(path.read_bytes())
        with pq.ParquetFile(path) as file:
            if not file.metadata.num_rows:
                continue
            chunk = file.metadata.row_group(0).column(1)
        data[chunk.data_page_offset + chunk.total_compressed_size // 2] ^= 1
        path.write_bytes(data)

    with pytest.raises(DamagedRun):
        restore(out, document_id)


@pytest.mark.parametrize(
    ("field", "change"),
    [("start", lambda value: value + 1), ("before", lambda value: "#" * len(value))],
)
def test_edits_that_do_not_fit_are_an_error_and_no_text(
    out: Path, field: str, change: Callable[[Any], Any]
) -> None:
    """Whether they contradict the text, or only its hash."""
    for path in (out / "edits").iterdir():
        rows = pq.read_table(path).to_pylist()
        changed = [{**row, field: change(row[field])} for row in rows]
        pq.write_table(pa.Table.from_pylist(changed, schema=EDITS), path)
    edited = {row["document_id"] for row in Stored.open(out).rows("edits")}

    for document_id in edited:
        with pytest.raises(DamagedRun):
            restore(out, document_id)
    assert 3 == len(edited)
