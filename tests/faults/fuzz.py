"""Feeds mutated inputs of every kind to every reader and stage, for as long as one likes.

    python tests/faults/fuzz.py [--seconds 3600] [--seed 1]

The samples are the golden pages of tests/pages, alone and inside of every container and
packing, mutated by bytes and by lines. Whatever comes of a mutation must be a row with a
reason that is meant for it, or a text whose source the edits give back. Ends with 1, and says
with which seed to have it again, where anything else happens.
"""

from __future__ import annotations

import argparse
import bz2
import gzip
import io
import json
import lzma
import random
import re
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from clean_ingest.config.load import load
from clean_ingest.config.model import Config
from clean_ingest.core.pipeline import Pipeline
from clean_ingest.engine.documents import Rows, Work, clean_all
from clean_ingest.engine.stored import ledger
from clean_ingest.readers.inputs import InputFile
from clean_ingest.readers.items import Whole
from clean_ingest.writers.rows import text_sha256

sys.path.append(str(Path(__file__).parents[1] / "readers"))  # beside pytest, nobody does
from reading import tarred, zipped

PAGES = sorted((Path(__file__).parents[1] / "pages").glob("*/input.*"))
OURS = frozenset({"internal-error", "stage-error", "surrogate", "memory"})
"""Reasons that stand for what nobody foresaw."""
RAISED = re.compile(r"\w+(?:Error|Exception|Panic\w*): ")
JUNK = (b"\0", b"\r", b"\xff\xfe", b"\xed\xa0\x80", b"<", b'"', b"{", b"WARC/1.0\r\n", b"&#x0;",
        "\u202e".encode(), "\u0301".encode() * 40, "Â€™".encode(), b"\x1b$B", b"PK\x03\x04")  # fmt: skip


@cache
def samples() -> list[tuple[str, bytes]]:
    """Names and contents: pages, containers of pages, packed containers."""
    pages = [(path.name, path.read_bytes()) for path in PAGES]
    texts = [data.decode("utf-8", "replace") for _, data in pages[:12]]
    html = [data.decode("utf-8", "replace") for name, data in pages if name.endswith("html")]
    rows = [{"text": text, "url": f"https://x.org/{n}"} for n, text in enumerate(texts)]
    rows += [{"html": text, "date": "2024-03-12"} for text in html]
    lines = "\n".join(
        json.dumps(row, ensure_ascii=bool(n % 2)) for n, row in enumerate(rows)
    ).encode()
    table = io.BytesIO()
    pq.write_table(pa.table({"text": texts, "id": range(len(texts))}), table, row_group_size=3)
    warc = b"".join(_records(html or texts))
    members = {f"{n}-{name}": data for n, (name, data) in enumerate(pages[:6])}
    containers = [
        ("rows.jsonl", lines),
        ("rows.parquet", table.getvalue()),
        ("crawl.warc", warc),
        (
            "crawl.warc.gz",
            b"".join(gzip.compress(each, mtime=0) for each in _records(html or texts)),
        ),
        ("pages.zip", zipped({**members, "inner.zip": zipped(members)})),
        ("pages.tar", tarred({**members, "rows.jsonl": lines})),
    ]
    packed = [
        (f"rows.jsonl.{kind}", pack(lines))
        for kind, pack in (("gz", gzip.compress), ("bz2", bz2.compress), ("xz", lzma.compress))
    ]
    packed.append(("rows.jsonl.zst", bytes(pa.compress(lines, codec="zstd", asbytes=True))))
    return [*pages, *containers, *packed]


def _records(pages: list[str]) -> Iterator[bytes]:
    for n, page in enumerate(pages):
        body = page.encode()
        head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"
        if n % 2:
            head = head[:-2] + b"Content-Encoding: gzip\r\n\r\n"
            body = gzip.compress(body, mtime=0)
        block = head + body
        yield (
            b"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://x.org/%d\r\n"
            b"WARC-Date: 2024-03-12T10:00:00Z\r\nWARC-Record-ID: <urn:uuid:%d>\r\n"
            b"Content-Type: application/http\r\nContent-Length: %d\r\n\r\n" % (n, n, len(block))
        ) + block + b"\r\n\r\n"  # fmt: skip


def flip(data: bytearray, draw: random.Random) -> None:
    for _ in range(draw.choice((1, 3, 40))):
        data[draw.randrange(len(data))] = draw.randrange(256)


def cut(data: bytearray, draw: random.Random) -> None:
    start, end = sorted(draw.randrange(len(data) + 1) for _ in range(2))
    del data[start : min(end, start + draw.choice((1, 100, len(data))))]


def double(data: bytearray, draw: random.Random) -> None:
    start, end = sorted(draw.randrange(len(data) + 1) for _ in range(2))
    end = min(end, start + 2_000)
    data[start:start] = data[start:end] * draw.choice((1, 1, 30))


def insert(data: bytearray, draw: random.Random) -> None:
    for _ in range(draw.choice((1, 5, 20))):
        at = draw.randrange(len(data) + 1)
        data[at:at] = draw.choice(JUNK)


def shuffle(data: bytearray, draw: random.Random) -> None:
    lines = bytes(data).split(b"\n")
    draw.shuffle(lines)
    data[:] = b"\n".join(lines)


def splice(data: bytearray, draw: random.Random) -> None:
    other = draw.choice(samples())[1]
    start = draw.randrange(len(other))
    at = draw.randrange(len(data) + 1)
    data[at:at] = other[start : start + draw.choice((20, 500, 5_000))]


def recode(data: bytearray, draw: random.Random) -> None:
    codec = draw.choice(
        ("utf-16", "utf-16-be", "cp1251", "gb18030", "shift_jis", "iso2022_jp", "cp1252")
    )
    data[:] = bytes(data).decode("utf-8", "replace").encode(codec, "replace")


MUTATIONS: tuple[Callable[[bytearray, random.Random], None], ...] = (
    flip, flip, cut, double, insert, shuffle, splice, recode,
)  # fmt: skip


def mutated(seed: int) -> InputFile:
    """Return the input that belongs to a seed."""
    draw = random.Random(seed)
    name, sample = draw.choice(samples())
    data = bytearray(sample)
    for _ in range(draw.randint(1, 3)):
        if data:
            draw.choice(MUTATIONS)(data, draw)
    return InputFile(name, "-", len(data), data=bytes(data))


@dataclass(slots=True)
class Fuzz:
    """What was tried, and what came of it."""

    tried: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    found: list[str] = field(default_factory=list)
    slowest: float = 0.0

    def one(self, seed: int) -> None:
        """Clean the input of one seed."""
        config, pipeline = _pipeline()
        file = mutated(seed)
        began = time.process_time()
        self.tried += 1
        last: Rows | Whole | None = None
        try:
            for _, last in clean_all(Work([file]), config, pipeline):
                if isinstance(last, Rows):
                    self._look(last, f"seed {seed}, {file.name}")
        except KeyboardInterrupt:
            raise
        except BaseException as error:  # a panic of a library in Rust is no Exception
            self.found.append(f"seed {seed}, {file.name}: raised {type(error).__name__}: {error}")
        else:
            if not isinstance(last, Whole):
                self.found.append(f"seed {seed}, {file.name}: the input has no end")
        self.slowest = max(self.slowest, time.process_time() - began)

    def _look(self, rows: Rows, where: str) -> None:
        self.outcomes[rows.reason or rows.outcome] += 1
        detail = str(rows.row.get("detail") or "")
        if rows.reason in OURS or (rows.reason == "unreadable" and RAISED.match(detail)):
            self.found.append(f"{where}: {rows.reason}: {detail}")
            return
        whole = ledger(rows.row, rows.edits)
        if whole is not None and text_sha256(whole.source) != rows.row["source"]["text_sha256"]:
            self.found.append(f"{where}: the edits do not give the source back")


@cache
def _pipeline() -> tuple[Config, Pipeline]:
    config = load("default")
    return config, config.pipeline()


def main() -> int:
    """Fuzz for some time; say what was found."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--seconds", type=float, default=3_600)
    parser.add_argument("--seed", type=int, default=1, help="the first; each input has its own")
    options = parser.parse_args()
    fuzz, end, seed = Fuzz(), time.monotonic() + options.seconds, options.seed
    while time.monotonic() < end:
        fuzz.one(seed)
        seed += 1
    outcomes = ", ".join(f"{name} {count:,}" for name, count in sorted(fuzz.outcomes.items()))
    print(f"{fuzz.tried:,} inputs from seed {options.seed}: {outcomes}")
    print(f"slowest input: {fuzz.slowest:.2f} CPU seconds")
    for line in fuzz.found:
        print(line)
    return int(bool(fuzz.found))


if __name__ == "__main__":
    sys.exit(main())
