"""The text form: stable, readable, and silent about what was removed unless asked."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from clean_ingest.config.model import Config, Shards
from clean_ingest.core.document import Document
from clean_ingest.core.errors import DamagedRun, InputError, OutputError
from clean_ingest.core.spelling import visible
from clean_ingest.core.stage import Drop, Edit, Proposal
from clean_ingest.engine.local import run
from clean_ingest.export.text import export_text, json_line, show


@dataclass(frozen=True, slots=True)
class Comments:
    """Removes lines that begin with `#`, and drops what says so."""

    name: ClassVar[str] = "comments"

    def propose(self, document: Document) -> Iterator[Proposal]:
        """Yield an edit for each such line, its end included."""
        for line in document.lines:
            if line.text.startswith("#"):
                yield Edit(line.start, line.end + 1, "comments/line", evidence="begins with #")
        if "drop me" in document.text:
            yield Drop("unwanted", "it said so")


TEXTS = {
    "a/новости дня.txt": "# secret\u200b\u202e one\nДорогу закрыли\n",
    "b/новости дня.txt": "Всё спокойно\n",
    "c.txt": "# secret two\ndrop me, secret three\n",
    "d.xml": "<feed>",
}


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """Return a run with kept, dropped and quarantined documents."""
    for name, text in TEXTS.items():
        (tmp_path / "in" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "in" / name).write_text(text, "utf-8")
    config = Config("test", (Comments(),), shards=Shards(rows=2, mask_bits=32))
    run([tmp_path / "in"], tmp_path / "out", config)
    return tmp_path / "out"


def files(folder: Path) -> dict[str, str]:
    """Return the text of each file."""
    return {path.name: path.read_text("utf-8") for path in sorted(folder.iterdir())}


def rows(text: str) -> list[dict[str, Any]]:
    """Return the rows of JSON Lines."""
    return [json.loads(line) for line in text.splitlines()]


def test_clean_texts_are_files_of_their_own(out: Path, tmp_path: Path) -> None:
    """Named after the document, in any script, with the start of its id."""
    assert 2 == export_text(out, tmp_path / "text")
    found = files(tmp_path / "text")
    documents = rows(found["documents.jsonl"])

    names = [f"новости_дня-{row['id'][:8]}.txt" for row in documents]
    assert ["Дорогу закрыли\n", "Всё спокойно\n"] == [found[name] for name in names]
    assert [[name] for name in names] == [row["files"] for row in documents]
    assert {*names, "documents.jsonl", "excluded.jsonl"} == set(found)


def test_what_was_removed_is_written_only_when_asked(out: Path, tmp_path: Path) -> None:
    """Not in edits, not in the text of excluded documents, not in any list."""
    export_text(out, tmp_path / "text")
    export_text(out, tmp_path / "all", with_edits=True)
    quiet, whole = files(tmp_path / "text"), files(tmp_path / "all")
    excluded = rows(whole["excluded.jsonl"])

    assert not any("secret" in text for text in quiet.values())
    assert ["unwanted", "unsupported"] == [row["reason"] for row in excluded]
    assert "drop me, secret three\n" == excluded[0]["text"]
    (edit,) = rows(whole[excluded[0]["files"][0]])
    assert ("# secret two\n", "comments/line", 0) == (edit["before"], edit["rule"], edit["start"])


def test_the_same_run_gives_the_same_bytes(out: Path, tmp_path: Path) -> None:
    """Into a new folder, or over an earlier text form that had more files."""
    export_text(out, tmp_path / "one")
    export_text(out, tmp_path / "two", with_edits=True)
    export_text(out, tmp_path / "two")

    assert files(tmp_path / "one") == files(tmp_path / "two")


@pytest.mark.parametrize("name", ["notes.txt", "documents.jsonl"])
def test_a_folder_of_something_else_is_not_touched(out: Path, tmp_path: Path, name: str) -> None:
    """A list that is not ours does not make a folder ours."""
    (tmp_path / "text").mkdir()
    (tmp_path / "text" / name).write_text('{"mine": true}\n')

    with pytest.raises(OutputError, match=name):
        export_text(out, tmp_path / "text")
    assert {name: '{"mine": true}\n'} == files(tmp_path / "text")


def test_an_export_that_fails_leaves_nothing(out: Path, tmp_path: Path) -> None:
    """What it had written would be in the way of the next."""
    for path in (out / "documents").iterdir():
        if pq.read_metadata(path).num_rows < 2:
            path.unlink()

    with pytest.raises(DamagedRun):
        export_text(out, tmp_path / "text")
    assert {} == files(tmp_path / "text")


def test_names_are_safe_whatever_the_input_was_called(tmp_path: Path) -> None:
    """No folder, no option, no hidden file, nothing too long, and no two alike."""
    (tmp_path / "in").mkdir()
    odd = ["-rf.txt", "a b;c.txt", "x" * 200, "नमस्ते.txt", "..txt.txt", "line\nend"]
    for name in odd:
        (tmp_path / "in" / name).write_text("text")
    run([*(tmp_path / "in").iterdir()], tmp_path / "out", Config("test", ()))
    export_text(tmp_path / "out", tmp_path / "text")

    stems = {path.name.rpartition("-")[0] for path in (tmp_path / "text").glob("*.txt")}
    assert {"rf", "a_b_c", "x" * 100, "नमस्ते", "txt", "line_end"} == stems


@given(st.text(st.characters()))
def test_json_lines_say_the_same_and_hide_nothing(text: str) -> None:
    """What JSON reads back is the text, and all of the line can be seen."""
    line = json_line({"text": text})

    assert {"text": text} == json.loads(line)
    assert line.endswith("\n")
    unseen = [char for char in line[:-1] if not char.isprintable()]
    assert all(char in "\u200c\u200d" for char in unseen)


def test_joiners_stay_where_letters_need_them() -> None:
    """Persian keeps its spelling, and a lone one is spelt out."""
    assert "می\u200cخواهد" == visible("می\u200cخواهد")
    assert r"a \u200c b\u202e" == visible("a \u200c b\u202e")
    assert r"😀 \udb40\udc41" == visible("😀 \U000e0041")


def test_show_gives_texts_line_by_line(out: Path) -> None:
    """So that a difference of two parts shows where it is."""
    text = "".join(show(out / "documents/part-00000.parquet"))

    assert text.startswith("# documents/1, 2 rows\n# id: string\n")
    assert "  | Дорогу закрыли\n" in text
    assert [] == [line for line in text.split("\n") if visible(line) != line]


def test_show_reads_other_peoples_files(tmp_path: Path) -> None:
    """Of any types, and with a `text` that is none."""
    table = pa.table({"text": [1, None], "when": [None, b"\xff"], "x": [[1.5], []]})
    pq.write_table(table, tmp_path / "x.parquet")

    assert [
        "# parquet, 2 rows",
        "# text: int64",
        "# when: binary",
        "# x: list<element: double>",
        '{"x": [1.5]}',
        '{"text": 1}',
        '{"when": "ff", "x": []}',
    ] == "".join(show(tmp_path / "x.parquet")).splitlines()


def test_show_says_what_is_no_parquet(tmp_path: Path) -> None:
    """An error of ours and no traceback of Arrow's."""
    (tmp_path / "x.parquet").write_text("no")

    with pytest.raises(InputError):
        list(show(tmp_path / "x.parquet"))


def test_an_unfinished_run_has_no_text_form(tmp_path: Path) -> None:
    """Nothing is written."""
    with pytest.raises(InputError):
        export_text(tmp_path / "none", tmp_path / "text")
    assert not (tmp_path / "text").exists()


def test_file_names_are_in_one_normal_form(tmp_path: Path) -> None:
    """Mac disks store another; git compares bytes."""
    name = unicodedata.normalize("NFD", "café.txt")
    (tmp_path / name).write_text("text")
    run([tmp_path / name], tmp_path / "out", Config("test", ()))
    export_text(tmp_path / "out", tmp_path / "text")

    (path,) = (tmp_path / "text").glob("*.txt")
    assert path.name.startswith(unicodedata.normalize("NFC", "café"))
