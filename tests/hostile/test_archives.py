"""Whole runs over archives, good and bad: conserved, proved, and the same for any workers."""

from __future__ import annotations

import gzip
import io
import json
import random
from collections.abc import Callable, Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from reading import held, reasons, tarred, zipped
from test_warc import answer, record

from clean_ingest.config.model import Config, Limits, Shards
from clean_ingest.core.errors import InputError
from clean_ingest.engine.local import run
from clean_ingest.engine.restore import restore
from clean_ingest.engine.stored import find
from clean_ingest.engine.verify import verify
from clean_ingest.stages.whitespace import Whitespace

CONFIG = Config("test", (Whitespace(),), shards=Shards(mask_bits=0), limits=Limits(ratio=1))
CHINESE = "今天早上港口的新码头启用了。第一班渡轮七点到达，码头上站满了人。"


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
    (folder / "bomb.txt.gz").write_bytes(gzip.compress(bytes(65_000_000), mtime=0))
    page = answer(f"<!doctype html><p>{CHINESE}".encode("gbk"))  # as its header says
    records = [
        record(1, answer(status=404)),
        record(2, page),
        record(3, b"p {}", "resource", "text/css"),
    ]
    members = [gzip.compress(part, mtime=0) for part in (*records, record(4, answer()))]
    (folder / "crawl.warc.gz").write_bytes(b"".join(members[:3]) + b"garbage" + members[3])
    (folder / "page.txt").write_text("A page like any other.\n")
    (folder / "feed.xml").write_text("<?xml version='1.0'?><feed>Hello")
    return folder


def test_a_run_over_archives_is_conserved_and_proved(folder: Path, tmp_path: Path) -> None:
    """Every record is a document or has a reason; what was not read is told."""
    done = run([folder], tmp_path / "out", CONFIG)

    assert done.read == done.kept + done.dropped + done.quarantined
    assert [] == verify(tmp_path / "out")
    assert 2 == done.incomplete
    assert {"http-status": 1, "unsupported": 1} == done.reasons["dropped"]
    assert {
        "bad-name": 1,
        "bomb": 1,
        "damaged": 1,
        "no-text": 1,
        "not-json": 1,
        "too-deep": 1,
        "truncated": 1,
        "unsupported": 1,
        "wrong-type": 1,
    } == done.reasons["quarantined"]
    inputs = pq.read_table(tmp_path / "out/inputs.parquet").to_pylist()
    assert ["crawl.warc.gz", "cut.jsonl.gz"] == [
        row["name"] for row in inputs if not row["complete"]
    ]


def test_a_record_is_found_by_id_and_by_name(folder: Path, tmp_path: Path) -> None:
    """Its key follows the name of its input; a name that holds many is not enough."""
    out = tmp_path / "out"
    run([folder], out, CONFIG)

    assert "Row  7\n" == restore(out, "c.zip!/in.tar!/x.jsonl#8")
    found = find(out, "crawl.warc.gz#<urn:uuid:2>")
    assert found.ledger
    assert CHINESE == found.ledger.source.strip()
    assert ("gb18030", "declared") == (
        found.row["source"]["encoding"],
        found.row["source"]["encoding_method"],
    )
    assert found == find(out, found.row["id"]) == find(out, found.row["id"][:12])
    assert "http-status" == find(out, "crawl.warc.gz#<urn:uuid:1>").row["reason"]
    with pytest.raises(InputError, match="NAME#RECORD"):
        find(out, "crawl.warc.gz")


def mutations(data: bytes, seed: int, count: int) -> Iterator[bytes]:
    """Yield copies of `data` with a bit flipped, a part cut out, or bytes between."""
    rng = random.Random(seed)  # noqa: S311 - no secret
    for number in range(count):
        changed = bytearray(data)
        at = rng.randrange(len(data))
        match number % 3:
            case 0:
                changed[at] ^= 1 << rng.randrange(8)
            case 1:
                del changed[at : at + rng.randrange(1, 3_000)]
            case 2:
                changed[at:at] = rng.randbytes(rng.randrange(1, 3_000))
        yield bytes(changed)


def crawl(records: int) -> list[bytes]:
    """Return records of pages that pack badly, so that they span the chunks that are read."""
    rng = random.Random(1)  # noqa: S311 - no secret
    words = ["".join(rng.choices("abcdefghij", k=6)) for _ in range(1_000)]
    texts = [" ".join(rng.choices(words, k=250)) for _ in range(records)]
    return [record(n, answer(b"<p>" + text.encode())) for n, text in enumerate(texts)]


@pytest.mark.parametrize(
    "pack", [bytes, lambda data: gzip.compress(data, mtime=0)], ids=["plain", "gzip"]
)
def test_damage_anywhere_in_a_crawl_costs_what_it_hit(pack: Callable[[bytes], bytes]) -> None:
    """A few records, which are told, unless an end is lost, which is told as well."""
    data = b"".join(map(pack, crawl(100)))
    assert len(data) > 1 << 16
    for changed in mutations(data, 7, 60):
        items = held("crawl.warc.gz", changed)
        found = list(reasons(items).values())
        lost = 100 - found.count("")
        assert not lost or any(found)
        assert lost <= 4 or "truncated" in found
        assert "one-key" not in found


@pytest.mark.parametrize("name", ["x.zip", "x.tar", "x.tar.gz", "x.jsonl.zst", "x.parquet"])
def test_damage_anywhere_else_is_documents_or_reasons(name: str) -> None:
    """Whatever libraries raise: no exception comes through, and no two documents have one id."""
    rows = b"".join(b'{"text": "row %d of some"}\n' % n for n in range(50))
    files = {f"{n}.txt": b"text %d" % n * 50 for n in range(20)} | {"rows.jsonl": rows}
    table = io.BytesIO()
    text = [f"row {n}" * 20 for n in range(50)]
    pq.write_table(pa.table({"text": text, "n": list(range(50))}), table, row_group_size=10)
    data = {
        "x.zip": zipped(files),
        "x.tar": tarred(files),
        "x.tar.gz": gzip.compress(tarred(files), mtime=0),
        "x.jsonl.zst": bytes(pa.compress(rows, codec="zstd", asbytes=True)),
        "x.parquet": table.getvalue(),
    }[name]
    for changed in mutations(data, 8, 150):
        assert held(name, changed)


def test_workers_do_not_reach_the_bytes(folder: Path, tmp_path: Path) -> None:
    """Not the broken inputs' either."""
    for workers in (1, 2):
        run([folder], tmp_path / f"{workers}", CONFIG, workers=workers)
    one, two = ((tmp_path / name / "manifest.json").read_bytes() for name in "12")

    assert one == two
