"""Whole runs over archives, good and bad: conserved, proved, and the same for any workers."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from reading import tarred, zipped

from clean_ingest.config.model import Config, Shards
from clean_ingest.engine.local import run
from clean_ingest.engine.restore import restore
from clean_ingest.engine.verify import verify
from clean_ingest.stages.whitespace import Whitespace

CONFIG = Config("test", (Whitespace(),), shards=Shards(mask_bits=0))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with an input of many kinds, some of them broken."""
    folder = tmp_path / "in"
    folder.mkdir()
    rows = [{"text": f"Row  {n}\n", "score": n} for n in range(50)]
    lines = "".join(json.dumps(row) + "\n" for row in rows).encode()
    (folder / "a.jsonl.zst").write_bytes(bytes(pa.compress(lines, codec="zstd", asbytes=True)))
    (folder / "bad.jsonl").write_bytes(lines + b"[1]\nnot json\n" + b"[" * 100_000)
    (folder / "cut.jsonl.gz").write_bytes(gzip.compress(lines, mtime=0)[:-20])
    pq.write_table(pa.table({"text": ["one  \n", None]}), folder / "b.parquet")
    (folder / "c.zip").write_bytes(zipped({"in.tar": tarred({"x.jsonl": lines}), "../y": b"y"}))
    (folder / "page.txt").write_text("A page like any other.\n")
    (folder / "feed.xml").write_text("<?xml version='1.0'?><feed>Hello")
    return folder


def test_a_run_over_archives_is_conserved_and_proved(folder: Path, tmp_path: Path) -> None:
    """Every record is a document or has a reason; what was not read is told."""
    done = run([folder], tmp_path / "out", CONFIG)

    assert done.read == done.kept + done.dropped + done.quarantined
    assert [] == verify(tmp_path / "out")
    assert 1 == done.incomplete
    assert {
        "bad-name": 1,
        "no-text": 1,
        "not-json": 1,
        "too-deep": 1,
        "truncated": 1,
        "unsupported": 1,
        "wrong-type": 1,
    } == done.reasons["quarantined"]
    inputs = pq.read_table(tmp_path / "out/inputs.parquet").to_pylist()
    assert ["cut.jsonl.gz"] == [row["name"] for row in inputs if not row["complete"]]
    assert "Row  7\n" == restore(tmp_path / "out", "c.zip!/in.tar!/x.jsonl#8")


def test_workers_do_not_reach_the_bytes(folder: Path, tmp_path: Path) -> None:
    """Not the broken inputs' either."""
    for workers in (1, 2):
        run([folder], tmp_path / f"{workers}", CONFIG, workers=workers)
    one, two = ((tmp_path / name / "manifest.json").read_bytes() for name in "12")

    assert one == two
