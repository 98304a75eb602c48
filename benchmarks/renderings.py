"""Pages as plain text, in the three ways that plain text of pages comes about.

`full` is all visible text, a line a block, as scrapers dump it. `resiliparse` is the main
content that Resiliparse finds, `trafilatura` what trafilatura finds. Extraction is slow, so
its results are kept in `benchmarks/.cache`, under a key of the data, the libraries and this
file's own settings.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import sys
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from importlib.metadata import version
from pathlib import Path

from pages import Page, PageSet

CACHE = Path(__file__).parent / ".cache"
_LIBRARIES = ("courlan", "htmldate", "jusText", "lxml", "resiliparse", "trafilatura")
_SMALL = 10
_SETTINGS = "2"  # to be raised with a change of the functions below


def full(html: str) -> str:
    """All visible text, a line a block."""
    return plain(html, main_content=False)


def resiliparse(html: str) -> str:
    """The main content as Resiliparse finds it."""
    return plain(html, main_content=True)


def plain(html: str, *, main_content: bool, comments: bool = True) -> str:
    """What Resiliparse prints of a page."""
    from resiliparse.extract.html2text import extract_plain_text

    text = extract_plain_text(
        html,
        preserve_formatting=True,
        main_content=main_content,
        comments=comments,
        list_bullets=False,
        alt_texts=False,
        noscript=True,  # a scraper runs no scripts; some forums show it their text there only
    )
    return str(text)


def trafilatura(html: str) -> str:
    """What trafilatura extracts, comments left out; empty where it finds nothing.

    It is handed a tree of our own parsing: libxml2 left to itself drops what is nested more
    than 253 deep, what follows a text of over 10 MB, and all after a lone surrogate.
    """
    from lxml.html import HTMLParser, document_fromstring
    from trafilatura import extract

    data = html.encode("utf-8", "replace")
    if not data.strip():
        return ""
    tree = document_fromstring(data, parser=HTMLParser(huge_tree=True, encoding="utf-8"))
    return str(extract(tree, include_comments=False) or "")


RENDERERS: dict[str, Callable[[str], str]] = {
    "full": full,
    "resiliparse": resiliparse,
    "trafilatura": trafilatura,
}


def render(page: Page, way: str) -> str:
    """One page as text; empty where the library fails on it."""
    try:
        text = RENDERERS[way](page.html.encode("utf-8", "replace").decode("utf-8"))
    except Exception as error:
        # A page that a library cannot read is part of what is measured: it is an empty text.
        print(f"{way}: {page.id}: {type(error).__name__}", file=sys.stderr)
        return ""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def versions() -> dict[str, str]:
    """The libraries that shape the renderings, with their versions."""
    return {name: version(name) for name in _LIBRARIES}


def rendered(pages: PageSet, way: str, pool: ProcessPoolExecutor) -> list[str]:
    """The texts of all pages of a set, from the cache as far as it has them.

    Of small sets nothing is kept.
    """
    shaped_by = json.dumps([pages.digest, _SETTINGS, versions()])
    key = hashlib.sha256(shaped_by.encode()).hexdigest()
    path = CACHE / f"{pages.name}-{way}-{key[:16]}.json.gz"
    texts: dict[str, str] = {}
    if path.exists():
        texts = json.loads(gzip.decompress(path.read_bytes()))
    missing = [page for page in pages.pages if page.id not in texts]
    if missing:
        done = pool.map(render, missing, [way] * len(missing), chunksize=8)
        texts |= {page.id: text for page, text in zip(missing, done, strict=True)}
    if missing and len(pages.pages) > _SMALL:
        CACHE.mkdir(exist_ok=True)
        part = path.with_suffix(".part")
        part.write_bytes(gzip.compress(json.dumps(texts).encode(), mtime=0))
        part.replace(path)
    return [texts[page.id] for page in pages.pages]
