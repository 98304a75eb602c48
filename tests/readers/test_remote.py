"""Inputs behind URLs: found, named and read as those of this machine are."""

from __future__ import annotations

import gzip
import io
import sys
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from clean_ingest.config.model import Config, Shards
from clean_ingest.core.document import RawDocument
from clean_ingest.core.errors import InputError
from clean_ingest.engine.local import run
from clean_ingest.engine.verify import verify
from clean_ingest.readers.inputs import InputFile, expand
from clean_ingest.readers.items import Item, Rejected, Settings, Whole
from clean_ingest.readers.read import read
from clean_ingest.stages.whitespace import Whitespace

fsspec = pytest.importorskip("fsspec")

CONFIG = Config("test", (Whitespace(),), shards=Shards(mask_bits=0))


def parquet() -> bytes:
    """Return a table with one row."""
    out = io.BytesIO()
    pq.write_table(pa.table({"text": ["a row"]}), out)
    return out.getvalue()


FILES = {
    "b.txt": "Текст".encode(),
    "in/a.jsonl.gz": gzip.compress(b'{"text": "x"}\n{"text": "y"}\n', mtime=0),
    "in/t.parquet": parquet(),
    ".hidden/c.txt": b"not read",
    "in/.d.txt": b"not read",
}


@pytest.fixture
def bucket() -> Iterator[str]:
    """Return the URL of a folder that is on no machine."""
    files = fsspec.filesystem("memory")
    for name, data in FILES.items():
        files.pipe(f"/bucket/{name}", data)
    yield "memory://bucket"
    files.rm("/bucket", recursive=True)


def items(file: InputFile) -> list[Item]:
    """Return all that an input holds; it was read to its end."""
    *found, whole = read(file, Settings())
    assert isinstance(whole, Whole)
    assert whole.source.sha256
    assert file.size == whole.source.bytes
    return [item for item in found if not isinstance(item, Whole)]


def test_a_folder_is_named_as_one_of_this_machine(bucket: str, tmp_path: Path) -> None:
    """So that a run over a copy has the same documents."""
    for name, data in FILES.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(data)
    here, there = expand([tmp_path]), expand([bucket])

    assert ["b.txt", "in/a.jsonl.gz", "in/t.parquet"] == [file.name for file in there.files]
    assert [(file.name, file.size) for file in here.files] == [
        (file.name, file.size) for file in there.files
    ]
    assert 2 == there.hidden
    assert [items(file) for file in here.files] == [items(file) for file in there.files]


@pytest.mark.parametrize(
    ("pattern", "names"),
    [
        ("b.txt", ["b.txt"]),
        ("in/t.parquet", ["t.parquet"]),
        ("in", ["a.jsonl.gz", "t.parquet"]),
        ("**/*.gz", ["in/a.jsonl.gz"]),
        ("in/*.parquet", ["t.parquet"]),
        ("in/.*", [".d.txt"]),
    ],
)
def test_files_folders_and_globs(bucket: str, pattern: str, names: list[str]) -> None:
    """Relative to what was named, or to the folder before the magic."""
    assert names == [file.name for file in expand([f"{bucket}/{pattern}"]).files]


def test_a_run_reads_urls_and_paths(tmp_path: Path) -> None:
    """Beside each other, and no URL reaches the output."""
    for name, data in FILES.items():
        (tmp_path / "bucket" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "bucket" / name).write_bytes(data)
    (tmp_path / "z.txt").write_text("A file of this machine.")
    done = run([f"local://{tmp_path}/bucket", tmp_path / "z.txt"], tmp_path / "out", CONFIG)

    assert (5, 5) == (done.read, done.kept)
    assert [] == verify(tmp_path / "out")
    written = [path for path in (tmp_path / "out").rglob("*") if path.is_file()]
    assert not any(b"local:" in path.read_bytes() for path in written)


def test_what_tells_no_time_is_never_taken_for_unchanged(bucket: str, tmp_path: Path) -> None:
    """Its size alone says nothing; where there is a time stamp, it is that of the file."""
    (tmp_path / "a.txt").write_bytes(b"x")
    modified = (tmp_path / "a.txt").stat().st_mtime_ns

    assert {sys.maxsize} == {file.modified for file in expand([bucket]).files}
    for url in (f"local://{tmp_path}/a.txt", f"local://{tmp_path}"):
        (file,) = expand([url]).files
        assert abs(modified - file.modified) < 1_000_000


def test_workers_read_urls(tmp_path: Path) -> None:
    """Each opens them itself; the bytes are the same."""
    (tmp_path / "in").mkdir()
    for name in "abc":
        (tmp_path / "in" / name).write_text(f"Page {name}.")
    for workers in (1, 2):
        run([f"local://{tmp_path}/in"], tmp_path / f"{workers}", CONFIG, workers=workers)
    one, two = ((tmp_path / name / "manifest.json").read_bytes() for name in "12")

    assert one == two


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("memory://bucket/none.txt", "input/missing"),
        ("memory://bucket/*.none", "input/missing"),
        ("nothing-knows-this://bucket", "input/unreadable"),
    ],
)
def test_what_cannot_be_found_is_told(bucket: str, url: str, code: str) -> None:
    """With the URL, as a person wrote it."""
    with pytest.raises(InputError) as caught:
        expand([url])
    assert (code, url) == (caught.value.code, caught.value.where)


def test_without_the_extra_no_url_is_touched(monkeypatch: pytest.MonkeyPatch) -> None:
    """The error says what to install."""
    monkeypatch.setitem(sys.modules, "fsspec.core", None)
    with pytest.raises(InputError) as caught:
        expand(["s3://bucket/page.html"])

    assert "input/no-remote" == caught.value.code
    assert "clean-ingest[remote]" in caught.value.hint


def test_a_missing_package_of_a_cloud_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """In the words of fsspec, which knows what it is called."""
    monkeypatch.setitem(sys.modules, "gcsfs", None)
    with pytest.raises(InputError, match="gcsfs") as caught:
        expand(["gs://bucket/page.html"])
    assert "input/no-remote" == caught.value.code


def test_what_is_gone_costs_itself(bucket: str) -> None:
    """Between plan and reading anything can happen."""
    (file,) = expand([f"{bucket}/b.txt"]).files
    fsspec.filesystem("memory").rm("/bucket/b.txt")
    item, whole = read(file, Settings())

    assert isinstance(item, Rejected)
    assert isinstance(whole, Whole)
    assert ("unreadable", "it cannot be opened: FileNotFoundError") == (item.reason, item.detail)


def test_a_connection_that_breaks_off_is_told(bucket: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever error the package has for it; what came before is read."""

    class Breaking(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            data = super().read(size)
            if not data:
                raise ZeroDivisionError
            return data

    lines = b"".join(b'{"text": "row %d"}\n' % n for n in range(10))
    monkeypatch.setattr("clean_ingest.readers.read.opened", lambda url: Breaking(lines))
    *rows, last, whole = read(InputFile("a.jsonl", "memory://bucket/a.jsonl"), Settings())

    assert 10 == sum(isinstance(row, RawDocument) for row in rows)
    assert isinstance(last, Rejected)
    assert ("unreadable", True) == (last.reason, last.rest)
    assert last.detail.startswith("it cannot be read on: ZeroDivisionError")
    assert isinstance(whole, Whole)
    assert "" == whole.source.sha256
