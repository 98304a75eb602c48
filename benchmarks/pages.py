"""The pages that quality is measured on: `../shared/bench` where it is there, else our own few.

A page has its HTML, the main text that people marked in it (or snippets of it, and of what
is no part of it), its language, and in some sets its title. The larger sets are third-party
pages; nothing of them is copied into this repository.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import html
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from clean_ingest.config.load import load
from clean_ingest.core.document import Document, RawDocument, Source
from clean_ingest.core.pipeline import Pipeline
from clean_ingest.intake.decode import decode
from corpora import ROOT

SAMPLES = ROOT / "benchmarks" / "samples"
SETS = (
    "wcxb_dev",
    "fundus",
    "newspaper4k_set",
    "chinese_wce",
    "waddle",
    "ir_research",
    "trafilatura_eval",
)
NO_TRAINING = frozenset({"waddle", "ir_research"})
"""Sets to be judged on only: no line of them is shown to whoever writes rules."""
_NOT_A_LANGUAGE = frozenset({"", "tz"})  # fundus gives two pages the code of their country

_TITLE = re.compile(r"<title[^>]*>([^<]*)</title>", re.I)


@dataclass(frozen=True, slots=True)
class Page:
    """One page. `gold` is empty where the set has snippets (`kept`, `gone`) instead.

    `title` is the set's, empty in many; `titles` has that of the HTML as well.
    """

    id: str
    site: str
    html: str
    gold: str
    language: str
    title: str
    titles: tuple[str, ...]
    kind: str
    kept: tuple[str, ...]
    gone: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PageSet:
    """The pages of one file, and the SHA-256 of the file."""

    name: str
    digest: str
    pages: tuple[Page, ...]


def path_of(name: str, folder: Path) -> Path:
    """Where the set `name` lies in `folder`: samples are JSON Lines as they are."""
    packed = folder / f"{name}.jsonl.gz"
    return packed if packed.exists() else folder / f"{name}.jsonl"


def names(folder: Path) -> list[str]:
    """The sets that `folder` has."""
    return [name for name in (*SETS, "pages") if path_of(name, folder).exists()]


def read(name: str, folder: Path, limit: int = 0) -> PageSet:
    """Read a set, or `limit` pages of it, spread evenly."""
    path = path_of(name, folder)
    data = path.read_bytes()
    text = (gzip.decompress(data) if path.suffix == ".gz" else data).decode("utf-8")
    lines = [line for line in text.split("\n") if line]
    chosen = lines[:: max(1, len(lines) // limit)][:limit] if limit else lines
    pages = tuple(_page(json.loads(line)) for line in chosen)
    return PageSet(name, hashlib.sha256(data).hexdigest(), pages)


def _page(row: Mapping[str, Any]) -> Page:
    kept, gone = (tuple(row.get(key) or ()) for key in ("with_", "without"))
    gold = row.get("gold_text") or ""
    declared = row.get("lang") or ""
    if declared in _NOT_A_LANGUAGE:
        declared = language_of(gold or "\n".join(kept))
    text = _html(row)
    title = row.get("title") or ""
    declared_titles = (html.unescape(found[1]) for found in _TITLE.finditer(text))
    return Page(
        str(row["id"]),
        urlsplit(row.get("url") or "").hostname or "",
        text,
        gold,
        declared,
        title,
        tuple(dict.fromkeys(filter(str.strip, (title, *declared_titles)))),
        row.get("page_type") or "article",
        kept,
        gone,
    )


def _html(row: Mapping[str, Any]) -> str:
    if "html_b64" not in row:
        return str(row["html"])
    data = base64.b64decode(row["html_b64"])
    digest = hashlib.sha256(data).hexdigest()
    return decode(RawDocument(Source("page", "", "text/html", len(data), digest), data)).text


@lru_cache(maxsize=1)
def _language_stage() -> Pipeline:
    stages = load("default").pipeline().stages
    return Pipeline([stage for stage in stages if stage.name == "language"])


def language_of(text: str) -> str:
    """The language of a text as the `language` stage has it."""
    return _language_stage().run(Document.from_text(text)).document.language
