"""Inputs that work against a run. Each is a message or a row, and none takes another with it."""

from __future__ import annotations

import os
import socket
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from clean_ingest.config.model import Config, Limits
from clean_ingest.engine.local import RunSummary, run
from clean_ingest.engine.verify import verify
from clean_ingest.stages.whitespace import Whitespace

CONFIG = Config("test", (Whitespace(),))


def cleaned(folder: Path, config: Config = CONFIG) -> tuple[RunSummary, dict[str, dict[str, Any]]]:
    """Run over a folder, prove the run, and return its summary and its rows by name."""
    out = folder.parent / "out"
    done = run([folder], out, config)
    assert done.read == done.kept + done.dropped + done.quarantined
    assert [] == verify(out)
    tables = [pq.read_table(out / table).to_pylist() for table in ("documents", "excluded")]
    return done, {row["source"]["name"]: row for rows in tables for row in rows}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with one good page in it."""
    (tmp_path / "in").mkdir()
    (tmp_path / "in/good.txt").write_text("A page like any other.\n")
    return tmp_path / "in"


def test_things_that_are_no_files_are_rows_with_a_reason(folder: Path) -> None:
    """FIFO, socket, link, link loop: named, not followed, not waited for."""
    os.mkfifo(folder / "fifo")
    (folder / "loop").symlink_to("loop")
    (folder / "secrets").symlink_to("/etc/passwd")
    (folder / "up").symlink_to("..", target_is_directory=True)
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(os.path.relpath(folder / "socket"))
        done, rows = cleaned(folder)

    odd = ["fifo", "loop", "secrets", "socket", "up"]
    assert ["not-regular"] * 5 == [rows[name]["reason"] for name in odd]
    assert (1, 5) == (done.kept, done.quarantined)


def test_names_that_are_no_utf_8_are_documents_like_any_other(folder: Path) -> None:
    """The bytes are spelt out in the name, line ends and escapes stay data."""
    for name in (b"\xff\xfe.txt", "b\u00e4r".encode("latin-1"), b"a\nb\x1b[31m"):
        Path(os.fsdecode(os.fsencode(folder) + b"/" + name)).write_text("text\n")

    done, rows = cleaned(folder)

    assert {r"\xff\xfe.txt", r"b\xe4r", "a\nb\x1b[31m", "good.txt"} == set(rows)
    assert 4 == done.kept


def test_files_and_folders_without_permission_are_rows(folder: Path) -> None:
    """The folder is one row: what is in it cannot be known."""
    (folder / "shut.txt").write_text("x")
    (folder / "shut.txt").chmod(0)
    if os.access(folder / "shut.txt", os.R_OK):
        pytest.skip("this user can read any file")
    (folder / "room").mkdir(mode=0)
    try:
        _, rows = cleaned(folder)
    finally:
        (folder / "room").chmod(0o755)

    assert ["unreadable", "unreadable"] == [rows[name]["reason"] for name in ("shut.txt", "room")]


def test_a_file_that_fails_while_it_is_read_is_a_row(folder: Path) -> None:
    """The kernel answers a read of this one with EIO, to root as well."""
    out = folder.parent / "out"
    done = run([folder, "/proc/self/mem"], out, CONFIG)
    (row,) = pq.read_table(out / "excluded").to_pylist()

    assert (2, 1, 1) == (done.read, done.kept, done.quarantined)
    assert ("mem", "unreadable") == (row["source"]["name"], row["reason"])
    assert "/proc" not in str(row)


def test_a_line_of_100_mb_is_too_large(folder: Path) -> None:
    """With the default limit of 20 MB; its size and hash are on record."""
    with (folder / "line.txt").open("wb") as stream:
        for _ in range(100):
            stream.write(b"word" * 250_000)

    done, rows = cleaned(folder)

    assert ("too-large", 100_000_000) == (
        rows["line.txt"]["reason"],
        rows["line.txt"]["source"]["bytes"],
    )
    assert (1, 1) == (done.kept, done.quarantined)


def test_a_million_short_lines_are_a_document(folder: Path) -> None:
    """Their number is no reason to lose it."""
    (folder / "lines.txt").write_text("\n".join(f"line {n}" for n in range(1_000_000)))

    _, rows = cleaned(folder)

    assert 1_000_000 == rows["lines.txt"]["cleaning"]["lines"]


def test_a_hundred_thousand_edits_of_one_document_are_rows(folder: Path) -> None:
    """More than one row group of them, in order, and the source comes back."""
    (folder / "edits.txt").write_text("word   \n" * 100_000)

    _, rows = cleaned(folder)
    row = rows["edits.txt"]
    edits = pq.read_table(folder.parent / "out/edits", filters=[("document_id", "==", row["id"])])

    assert list(range(row["cleaning"]["edits"])) == edits["seq"].to_pylist()
    assert edits.num_rows >= 100_000


@pytest.mark.parametrize(
    ("data", "outcome"),
    [
        (b"", "empty"),
        (b" \n\t\r\n", "empty"),
        (b"\0" * 1_000, "binary"),
        (b"text with\0 NULs\0 inside it\n", None),
        (b"\x7fELF\x02\x01\x01" + bytes(9), "binary"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n", "binary"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "binary"),
        ("wide text\n".encode("utf-16"), None),
        (b"half \xff\xfe\xfd of it is none\n", None),
        ("lone \ud800 surrogate\n".encode("utf-8", "surrogatepass"), None),
        (b"a" + "\u0301".encode() * 100_000, None),
    ],
)
def test_odd_bytes_are_a_document_or_have_a_reason(
    folder: Path, data: bytes, outcome: str | None
) -> None:
    """And the good page beside them is always kept."""
    (folder / "odd.txt").write_bytes(data)

    _, rows = cleaned(folder)

    assert "text" in rows["good.txt"]
    assert outcome == rows["odd.txt"].get("reason")


def test_a_limit_of_the_config_holds(folder: Path) -> None:
    """Bytes, before anything is decoded."""
    config = Config("test", (), Limits(document_bytes=10))

    done, rows = cleaned(folder, config)

    assert (0, "too-large") == (done.kept, rows["good.txt"]["reason"])


def test_a_run_of_nothing_but_bad_inputs_is_a_run(folder: Path) -> None:
    """Every table is there, and can be read without looking first."""
    (folder / "good.txt").write_bytes(b"\x89PNG\r\n\x1a\n\0")

    done, rows = cleaned(folder)

    assert (0, 1, ["good.txt"]) == (done.kept, done.quarantined, list(rows))
    assert 0 == pq.read_table(folder.parent / "out/documents").num_rows
