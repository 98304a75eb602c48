"""One bad document costs itself: whatever is raised becomes a row with a reason."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import pyarrow.parquet as pq
import pytest

from clean_ingest.config.model import Config
from clean_ingest.core.document import Document, RawDocument
from clean_ingest.core.stage import Drop, Edit, Proposal, Stage
from clean_ingest.engine import documents
from clean_ingest.engine.local import RunSummary, run
from clean_ingest.engine.verify import verify
from clean_ingest.intake.take_in import take_in
from clean_ingest.readers.inputs import InputFile
from clean_ingest.readers.items import Item, Settings, Whole
from clean_ingest.readers.read import read


@dataclass(frozen=True, slots=True)
class Poison:
    """Does to a document what its first line says."""

    name: ClassVar[str] = "poison"

    def propose(self, document: Document) -> Iterator[Proposal]:
        """Yield, or raise, what is asked for."""
        match document.text.partition("\n")[0]:
            case "raise":
                raise RuntimeError("broke at <object at 0x7f00aa11>")
            case "memory":
                raise MemoryError
            case "recurse":
                yield from self.propose(document)
            case "overlap":
                yield Edit(0, 3, "r", "x")
                yield Edit(1, 4, "r", "y")
            case "surrogate":
                yield Edit(0, 3, "r", "\ud800")
            case "drop":
                yield Edit(0, 5, "poison/line")
                yield Drop("unwanted", "it said so")
            case "empty":
                yield Edit(0, len(document.text), "poison/all")


@dataclass(frozen=True, slots=True)
class Last:
    """Removes the last character."""

    name: ClassVar[str] = "last"

    def propose(self, document: Document) -> Iterator[Proposal]:
        """Yield one edit, where there is a character."""
        if document.text:
            yield Edit(len(document.text) - 1, len(document.text), "last/character")


def cleaned(
    tmp_path: Path, texts: dict[str, bytes], *stages: Stage
) -> tuple[RunSummary, dict[str, dict[str, Any]]]:
    """Run `stages` over files with `texts`; return the summary and the rows by name."""
    (tmp_path / "in").mkdir()
    for name, data in texts.items():
        (tmp_path / "in" / name).write_bytes(data)
    done = run([tmp_path / "in"], tmp_path / "out", Config("test", stages), workers=0)
    tables = [pq.read_table(tmp_path / "out" / table) for table in ("documents", "excluded")]
    rows = [row for table in tables for row in table.to_pylist()]
    return done, {row["source"]["name"]: row for row in rows}


@pytest.mark.parametrize(
    ("text", "outcome", "stage", "reason"),
    [
        (b"raise\nx", "quarantined", "poison", "stage-error"),
        (b"memory\nx", "quarantined", "poison", "memory"),
        (b"recurse\nx", "quarantined", "poison", "stage-error"),
        (b"overlap\nx", "quarantined", "poison", "overlap"),
        (b"surrogate\nx", "quarantined", "writers", "surrogate"),
        (b"drop\nx", "dropped", "poison", "unwanted"),
        (b"empty\nx", "dropped", "pipeline", "empty"),
        (b"", "dropped", "pipeline", "empty"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "quarantined", "intake", "binary"),
        (b"<?xml version='1.0'?><feed>x", "quarantined", "readers", "unsupported"),
        (b"<p>" + b"<div>" * 9_000 + b"x", "quarantined", "intake", "html-depth"),
    ],
)
def test_a_bad_document_costs_itself_alone(
    tmp_path: Path, text: bytes, outcome: str, stage: str, reason: str
) -> None:
    """Its neighbours are cleaned, it has its row, and the run proves itself."""
    texts = {"a": b"a page", "b": text, "c": b"a page"}

    done, rows = cleaned(tmp_path, texts, Poison(), Last())

    assert (outcome, stage, reason) == tuple(
        rows["b"][key] for key in ("outcome", "stage", "reason")
    )
    assert ["a pag", "a pag"] == [rows["a"]["text"], rows["c"]["text"]]
    assert (3, 2, 1) == (done.read, done.kept, done.dropped + done.quarantined)
    assert {reason: 1} == done.reasons[outcome]
    assert [] == verify(tmp_path / "out")


def test_what_was_done_before_the_failure_is_kept(tmp_path: Path) -> None:
    """An excluded document has its text as far as it got, and the edits that led there."""
    _, rows = cleaned(tmp_path, {"b": b"raise\nabc"}, Last(), Poison())
    edits = pq.read_table(tmp_path / "out/edits").to_pylist()

    assert "raise\nab" == rows["b"]["text"]
    assert [("c", "last/character")] == [(edit["before"], edit["rule"]) for edit in edits]


def test_details_have_no_addresses(tmp_path: Path) -> None:
    """They differ from run to run."""
    _, rows = cleaned(tmp_path, {"b": b"raise\nabc"}, Poison())

    assert "RuntimeError: broke at <object at 0x…>" == rows["b"]["detail"]


def test_what_was_never_decoded_has_no_text_and_no_hash_of_one(tmp_path: Path) -> None:
    """Null is not the same as empty."""
    _, rows = cleaned(tmp_path, {"a": b"<?xml version='1.0'?>x", "b": b""})

    assert (None, None) == (rows["a"]["text"], rows["a"]["source"]["text_sha256"])
    assert "" == rows["b"]["text"]
    assert rows["b"]["source"]["text_sha256"]


def test_inputs_are_listed_with_hash_and_shard(tmp_path: Path) -> None:
    """Those too that gave no document."""
    cleaned(tmp_path, {"a": b"a page", "b": b"<?xml version='1.0'?>x"})

    rows = pq.read_table(tmp_path / "out/inputs.parquet").to_pylist()

    assert [("a", 0, 6, 1, 1), ("b", 0, 22, 1, 0)] == [
        (row["name"], row["shard"], row["bytes"], row["documents"], row["kept"]) for row in rows
    ]
    assert all(len(row["sha256"]) == 64 for row in rows)


@pytest.mark.parametrize(
    ("error", "reason", "detail"),
    [
        (ValueError("broke\nin two lines"), "internal-error", "ValueError: broke"),
        (MemoryError(), "memory", "MemoryError: "),
        (FileNotFoundError(2, "gone", "/home/me/x"), "internal-error", "FileNotFoundError: ENOENT"),
    ],
)
def test_a_defect_of_our_own_costs_one_document(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception, reason: str, detail: str
) -> None:
    """Decoding that raises what it should not is no reason to lose the run."""

    def failing(raw: RawDocument) -> Document:
        if raw.source.name == "b":
            raise error
        return take_in(raw)

    monkeypatch.setattr(documents, "take_in", failing)
    done, rows = cleaned(tmp_path, {"a": b"a page", "b": b"x", "c": b"a page"})

    assert (2, 1) == (done.kept, done.quarantined)
    assert ("intake", reason, detail) == tuple(
        rows["b"][key] for key in ("stage", "reason", "detail")
    )


def test_a_reader_that_fails_costs_one_input(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What it had yielded before stays, and the input has a row for the rest."""

    def failing(file: InputFile, settings: Settings) -> Iterator[Item | Whole]:
        for item in read(file, settings):
            if file.name == "b" and isinstance(item, Whole):
                raise ZeroDivisionError
            yield item

    monkeypatch.setattr(documents, "read", failing)
    done, rows = cleaned(tmp_path, {"a": b"a page", "b": b"a page"})
    inputs = pq.read_table(tmp_path / "out/inputs.parquet", columns=["documents", "kept"])

    assert (3, 2, 1) == (done.read, done.kept, done.quarantined)
    assert ("readers", "unreadable") == (rows["b"]["stage"], rows["b"]["reason"])
    assert [{"documents": 1, "kept": 1}, {"documents": 2, "kept": 1}] == inputs.to_pylist()
