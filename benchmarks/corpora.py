"""The texts that benchmarks run on: our own pages always, the larger sets where they are found.

The larger sets are third-party pages; they lie beside the repository, in `../shared/bench`,
and nothing of them is copied here.
"""

from __future__ import annotations

import gzip
import html
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
BENCH = ROOT.parent / "shared" / "bench"
GOLD_SETS = ("wcxb_dev", "fundus", "newspaper4k_set", "chinese_wce", "waddle", "ir_research")

_UNSEEN = re.compile(r"<(script|style|noscript|template|head)\b.*?</\1\s*>|<!--.*?-->", re.S | re.I)
_INLINE = re.compile(
    r"</?(?:a|abbr|b|cite|code|em|font|i|mark|q|s|small|span|strong|sub|sup|u)\b[^>]*>", re.I
)
_TAG = re.compile(r"<[^>]*>")
_SPACE = re.compile(r"[ \t\r\f\v]*\n\s*")


def rows(name: str) -> Iterator[dict[str, Any]]:
    """Yield the rows of one set of `../shared/bench`; none where the set is not there."""
    path = BENCH / f"{name}.jsonl.gz"
    if path.exists():
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            yield from map(json.loads, lines)


def own(pattern: str) -> list[str]:
    """Texts of this repository."""
    return [path.read_bytes().decode("utf-8", "replace") for path in sorted(ROOT.glob(pattern))]


def dump(page: str) -> str:
    """A page as a crude scraper dumps it: all text, a line a block, chrome and all."""
    text = _INLINE.sub("", _UNSEEN.sub("\n", page).replace("\n", " "))
    return _SPACE.sub("\n", html.unescape(_TAG.sub("\n", text))).strip()


def corpora(limit: int) -> Iterator[tuple[str, list[str]]]:
    """Yield (set, texts): our own, gold texts, crude dumps, documents in 75 languages."""
    yield "seeds", own("seeds/*.txt")
    yield "golden pages", own("tests/pages/*/input.txt")
    for name in GOLD_SETS:
        texts = [row["gold_text"] for row in rows(name) if row["gold_text"]]
        if texts:
            yield f"{name} gold", texts[:limit]
    for name in ("wcxb_dev", "fundus", "waddle"):
        texts = [dump(row["html"]) for row in list(rows(name))[: limit // 4] if "html" in row]
        if texts:
            yield f"{name} dump", texts
    texts = [row["text"] for row in rows("langid/lingua_docs")]
    if texts:
        yield "lingua docs", texts[:: max(1, len(texts) // limit)]
