"""Verify: a sound run is sound, and whatever is changed in one is found."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from clean_ingest.config.model import Config, Shards
from clean_ingest.core.errors import InputError
from clean_ingest.engine.local import run
from clean_ingest.engine.verify import verify
from clean_ingest.stages.repeats import Repeats
from clean_ingest.stages.whitespace import Whitespace
from clean_ingest.writers import manifest
from clean_ingest.writers.folder import JOURNAL
from clean_ingest.writers.schema import SCHEMAS

PAGES = {
    "a.txt": "Σεισμός στο νησί\nΣεισμός στο νησί\n\n\n\nΟι κάτοικοι είναι καλά.   \n",
    "b.txt": "A quiet day\n\nNothing happened, which is news in itself.\n",
    "c.txt": "",
    "d.xml": "<feed>",
}


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """Return a sound run with two shards."""
    (tmp_path / "in").mkdir()
    for name, text in PAGES.items():
        (tmp_path / "in" / name).write_text(text, "utf-8")
    config = Config("test", (Repeats(), Whitespace()), shards=Shards(rows=2))
    run([tmp_path / "in"], tmp_path / "out", config)
    return tmp_path / "out"


def codes(out: Path) -> set[str]:
    """Return what kinds of damage are found."""
    return {damage.code for damage in verify(out)}


def reseal(out: Path, change: Callable[[dict[str, Any]], None]) -> None:
    """Change the manifest and seal it again, as a careful forger would."""
    content = manifest.read(out)
    del content["sha256"]
    change(content)
    manifest.write(out, content)


def forge(out: Path, path: str, change: Callable[[list[dict[str, Any]]], object]) -> None:
    """Change the rows of a part, and make hashes, sizes and counts of the manifest fit."""
    table = path.partition("/")[0].removesuffix(".parquet")
    about = pq.read_schema(out / path).metadata or {}
    rows = pq.read_table(out / path).to_pylist()
    change(rows)
    schema = SCHEMAS[table].with_metadata(dict(about))
    pq.write_table(pa.Table.from_pylist(rows, schema=schema), out / path)
    data = (out / path).read_bytes()

    def fit(content: dict[str, Any]) -> None:
        for part in content["parts"]:
            if part["path"] == path:
                part |= {
                    "rows": len(rows),
                    "bytes": len(data),
                    "sha256": hashlib.sha256(data).hexdigest(),
                }

    reseal(out, fit)


def test_a_sound_run_has_no_damage(out: Path) -> None:
    """Kept, dropped and quarantined documents, with and without edits."""
    assert [] == verify(out)


def test_a_flipped_bit_in_any_file_is_found(out: Path) -> None:
    """In the middle, at the beginning and at the end of each."""
    for path in sorted(out.rglob("*")):
        if not path.is_file() or path.name == "timings.json" or JOURNAL in path.parts:
            continue
        data = path.read_bytes()
        for at in (0, len(data) // 2, len(data) - 2):
            path.write_bytes(data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :])
            assert {"manifest" if path.suffix == ".json" else "sha256"} == codes(out), (path, at)
        path.write_bytes(data)
    assert [] == verify(out)


@pytest.mark.parametrize("path", ["documents/part-00000.parquet", "inputs.parquet"])
def test_a_file_that_is_gone_is_found(out: Path, path: str) -> None:
    """Whichever it is."""
    (out / path).unlink()

    assert [("missing", path)] == [(damage.code, damage.where) for damage in verify(out)]


def test_a_file_too_many_is_found(out: Path) -> None:
    """Whoever reads the folder would read it as well."""
    data = (out / "documents/part-00000.parquet").read_bytes()
    (out / "documents/part-00007.parquet").write_bytes(data)

    assert {"unlisted"} == codes(out)


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("text", "Something else", "rebuild"),
        ("text_sha256", "0" * 64, "text"),
        ("id", "0" * 32, "edits"),
    ],
)
def test_a_forged_document_is_found(out: Path, field: str, value: str, code: str) -> None:
    """Even where every hash of a file was made to fit."""
    forge(out, "documents/part-00000.parquet", lambda rows: rows[0].update({field: value}))

    assert code in codes(out)


@pytest.mark.parametrize("name", ["lines", "lines_removed", "edits", "source_chars"])
def test_a_forged_number_is_found(out: Path, name: str) -> None:
    """Each number of `cleaning` is counted again."""

    def change(rows: list[dict[str, Any]]) -> None:
        rows[0]["cleaning"][name] += 1

    forge(out, "documents/part-00000.parquet", change)

    assert {"numbers"} == codes(out)


def test_forged_and_missing_edits_are_found(out: Path) -> None:
    """Another text that was removed, and a removal that nobody wrote down."""
    path = "edits/part-00000.parquet"
    original = (out / path).read_bytes(), (out / "manifest.json").read_bytes()
    forge(out, path, lambda rows: rows[0].update(before="X" * len(rows[0]["before"])))
    changed = codes(out)
    (out / path).write_bytes(original[0])
    (out / "manifest.json").write_bytes(original[1])
    forge(out, path, lambda rows: rows.pop(0))

    assert "rebuild" in changed
    assert {"rebuild", "counts"} <= codes(out)


def test_a_document_that_is_gone_is_found(out: Path) -> None:
    """By its shard's count, by the run's, by its inputs, and by its edits."""
    forge(out, "documents/part-00000.parquet", lambda rows: rows.pop(0))

    assert {"counts", "conservation", "edits"} == codes(out)


def test_a_doubled_document_is_found(out: Path) -> None:
    """No two documents have one id."""
    forge(out, "documents/part-00000.parquet", lambda rows: rows.append(rows[-1]))

    assert "id" in codes(out)


@pytest.mark.parametrize("name", ["read", "kept", "dropped", "quarantined", "inputs", "edits"])
def test_a_forged_count_is_found(out: Path, name: str) -> None:
    """Each count of the manifest is counted again."""

    def change(content: dict[str, Any]) -> None:
        content["counts"][name] += 1

    reseal(out, change)

    assert {"counts"} == codes(out)


@pytest.mark.parametrize("name", ["rows", "bytes"])
def test_a_forged_size_of_a_part_is_found(out: Path, name: str) -> None:
    """Both are known from the file itself."""

    def change(content: dict[str, Any]) -> None:
        content["parts"][0][name] += 1

    reseal(out, change)

    assert {name} == codes(out)


def test_another_schema_is_found(out: Path) -> None:
    """A column more is another version."""
    path = "edits/part-00000.parquet"
    table = pq.read_table(out / path)
    pq.write_table(table.append_column("more", table["seq"]), out / path)
    data = (out / path).read_bytes()

    def fit(content: dict[str, Any]) -> None:
        (part,) = [part for part in content["parts"] if part["path"] == path]
        part |= {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}

    reseal(out, fit)

    assert {"schema"} == codes(out)


def test_edits_in_another_order_are_found(out: Path) -> None:
    """Their order is that of the documents, which is how they can be read as a stream."""

    def change(rows: list[dict[str, Any]]) -> None:
        rows.append(rows.pop(0))

    forge(out, "edits/part-00000.parquet", change)

    assert codes(out) & {"rebuild", "order"}


@pytest.mark.parametrize(("name", "text"), [("c.txt", None), ("d.xml", "made up")])
def test_a_lost_or_made_up_text_of_an_excluded_document_is_found(
    out: Path, name: str, text: str | None
) -> None:
    """What was decoded has a text, and what was not has none."""

    def change(rows: list[dict[str, Any]]) -> None:
        (row,) = [row for row in rows if row["source"]["name"] == name]
        row["text"] = text

    forge(out, "excluded/part-00001.parquet", change)

    assert {"rebuild"} == codes(out)


def test_forged_reasons_are_found(out: Path) -> None:
    """The same number of documents for another reason."""

    def change(content: dict[str, Any]) -> None:
        content["counts"]["reasons"]["dropped"] = {"duplicate": 1}

    reseal(out, change)

    assert {"counts"} == codes(out)


def test_a_part_of_another_run_is_found(out: Path) -> None:
    """Its footer names another fingerprint."""
    reseal(out, lambda content: content.update(fingerprint="0" * 64))

    assert {"metadata"} == codes(out)


def test_a_sealed_manifest_without_its_fields_is_damage_and_no_crash(out: Path) -> None:
    """A seal says that nothing changed since, not that it was ever right."""
    content = json.loads((out / "manifest.json").read_text("utf-8"))
    for name in sorted(content.keys() - {"clean_ingest_manifest", "sha256"}):
        original = (out / "manifest.json").read_bytes()
        reseal(out, lambda some, name=name: some.pop(name))  # type: ignore[misc]  # binds the name
        if name not in ("config", "schema", "versions"):
            assert {"manifest"} == codes(out), name
        (out / "manifest.json").write_bytes(original)


def test_what_is_no_run_is_an_error(tmp_path: Path) -> None:
    """There is nothing to verify."""
    with pytest.raises(InputError, match="no finished run"):
        verify(tmp_path)
