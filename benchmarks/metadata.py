"""Metadata: how often the `metadata` stage finds title, author, date and site, or wrong ones.

    python benchmarks/metadata.py [--pages N] [--half a|b|all] [--bench FOLDER]

Each article of the development data is shown in four forms: its main text under its title,
its main text alone (where nearly every title found is a false one, most often the first
subheading), the whole page with all its chrome as text, one line a block, and the page as
HTML. Author, date and site are measured on the whole page only, for the other texts hold none;
the site, which is the page's own `og:site_name`, on its text. What is true comes from the sets
(mostly out of the markup of the pages, so that much of it is not in their text at all: `said`
counts the pages whose text holds it, and recall is of these; of HTML it is of all). Beside it stands what trafilatura's `extract_metadata`
finds; `more` counts what was found where the set has nothing, which may be right.

`same` and `overlap` compare letters and digits only; of several authors some are an overlap.
Dates are compared by day, and `overlap` is a day apart, as of zones. Pages fall into two halves
by the hash of their id: labels were chosen on a, so that b is what is reported. Reads
`../shared/bench` where it is there, else a small sample.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import html
import json
import re
import sys
import time
from collections import Counter
from collections.abc import Iterator
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

from clean_ingest.core.document import Document, RawDocument, Source
from clean_ingest.intake.take_in import take_in
from clean_ingest.stages.metadata import Metadata

ROOT = Path(__file__).resolve().parents[1]
FIELDS = ("title", "author", "published", "site")
SETS = ("wcxb_dev", "fundus", "newspaper4k_set")
_OF_MARKUP = ("HTML", "trafilatura")
SAMPLE = ROOT / "benchmarks/samples/metadata.jsonl"
# Its date asks for the language, and dateparser for its words.
WARM_UP = "12. Mrz. 2024\n\n" + "Die Fähre legt am Morgen ab und kommt am Abend wieder zurück. " * 9
_HIDDEN = frozenset({"script", "style", "noscript", "template", "svg", "head"})
_SITE = re.compile(
    r"""<meta\b[^>]*og:site_name[^>]*?content\s*=\s*(?:"([^"]+)"|'([^']+)')""", re.IGNORECASE
)
# The start or end of one of these is the end of a line.
_BLOCK = re.compile(
    "p|div|h[1-6]|li|[uo]l|section|article|header|footer|nav|aside|main|fig(ure|caption)|table"
    "|t[rdh]|[bh]r|blockquote|form|d[ltd]|pre|button|option|label"
)


class _Lines(HTMLParser):
    """A plain scraper: all text of a page, one line a block, blank lines between."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self.hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 - a callback
        self.hidden += tag in _HIDDEN
        if _BLOCK.fullmatch(tag):
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self.hidden -= tag in _HIDDEN and self.hidden > 0
        if _BLOCK.fullmatch(tag):
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        if not self.hidden:
            self.parts.append(re.sub(r"\s+", " ", data))


def scraped(page: str) -> str:
    """The text of a page as a plain scraper leaves it."""
    parser = _Lines()
    parser.feed(page)
    lines = (line.strip() for line in "".join(parser.parts).split("\n"))
    return re.sub("\n{3,}", "\n\n", "\n".join(lines))


class Form(NamedTuple):
    """A page in one form, and what is true of it, by field; nothing where nobody knows."""

    name: str
    document: Document
    true: dict[str, str]


def _text(name: str, text: str, true: dict[str, str]) -> Form:
    return Form(name, Document.from_text(text), true)


def _page(page: dict[str, Any]) -> Form:
    data = page["html"].encode("utf-8", "replace")
    source = Source("page.html", "", "text/html", len(data), url=page.get("url") or None)
    true = _true(page)
    true.pop("site", None)
    return Form(_OF_MARKUP[0], take_in(RawDocument(source, data)), true)


def forms(folder: Path, limit: int, half: str) -> Iterator[Form]:
    """Each page in its forms, at most `limit` (0: all) pages a set."""
    if not folder.is_dir():
        for line in SAMPLE.read_text("utf-8").split("\n"):
            if line:
                record = json.loads(line)
                yield (
                    _page(record)
                    if "html" in record
                    else _text("sample", record.pop("text"), record)
                )
        return
    for name in SETS:
        data = gzip.decompress((folder / f"{name}.jsonl.gz").read_bytes()).decode("utf-8")
        pages = [page for page in map(json.loads, data.split("\n")[:-1]) if _is_article(page)]
        pages = [page for page in pages if half in ("all", _half_of(page))]
        for page in pages[:: max(1, len(pages) // limit) if limit else 1]:
            title, text = page["title"].strip(), page["gold_text"]
            yield _text("under its title", f"{title}\n\n{text}", {"title": title})
            yield _text("text alone", text, {"title": title})
            yield _text("whole page", scraped(page["html"]), _true(page))
            yield _page(page)


def _half_of(page: dict[str, Any]) -> str:
    return "ab"[int(hashlib.sha256(str(page["id"]).encode()).hexdigest()[:8], 16) % 2]


def _is_article(page: dict[str, Any]) -> bool:
    fits = page.get("page_type", "article") == "article"
    return fits and all(page.get(key) for key in ("title", "gold_text", "html"))


def _true(page: dict[str, Any]) -> dict[str, str]:
    authors = page.get("authors") or page.get("author") or ""
    site = _SITE.search(page["html"])
    true = {
        "title": page["title"].strip(),
        "author": authors if isinstance(authors, str) else ", ".join(authors),
        "published": (page.get("date") or "")[:10],
        "site": html.unescape(site[1] or site[2]).strip() if site else "",
    }
    return {field: value for field, value in true.items() if value}


def compare(field: str, found: str | None, true: str) -> str:
    """`same`, `overlap`, `wrong` or `none`."""
    if found is None:
        return "none"
    if field == "published":
        if len(found) < 10 or len(true) < 10:
            return "same" if true.startswith(found) or found.startswith(true) else "wrong"
        days = abs((date.fromisoformat(found[:10]) - date.fromisoformat(true)).days)
        return ("same", "overlap")[days] if days < 2 else "wrong"
    mine, theirs = _plain(found), _plain(true)
    if mine == theirs:
        return "same"
    if field == "author":
        names = [_plain(name) for name in found.split(", ")]
        return "overlap" if any(name in theirs for name in names) else "wrong"
    shorter, longer = sorted((mine, theirs), key=len)
    enough = field == "site" or 2 * len(shorter) > len(longer)
    return "overlap" if shorter and shorter in longer and enough else "wrong"


def _plain(text: str) -> str:
    return re.sub(r"\W+", " ", text.casefold()).strip()


def _is_said(field: str, true: str, text: str) -> bool:
    """Whether the text holds it, in any place; of a date, a line with its year and day."""
    if field == "published":
        year, _, day = (*true.split("-"), "1", "1")[:3]
        return bool(re.search(rf"(?<!\d)0?{int(day)}(?!\d)[^\n]*{year}|{year}[^\n]*{day}", text))
    return _plain(true.split(", ", maxsplit=1)[0]) in _plain(text)


def trafilatura(document: Document) -> dict[str, str]:
    """What trafilatura finds in the tree of a page."""
    from trafilatura.metadata import extract_metadata

    assert document.page is not None
    found = extract_metadata(document.page.tree, document.source.url)
    values = {
        "title": found.title,
        "author": (found.author or "").replace("; ", ", "),
        "published": found.date,
    }
    return {field: str(value) for field, value in values.items() if value}


def _count(counted: Counter[str], field: str, found: str | None, form: Form) -> None:
    true = form.true.get(field)
    if true is None:
        counted["more"] += found is not None
        return
    counted[compare(field, found, true)] += 1
    counted["said"] += _is_said(field, true, form.document.text)


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--pages", type=int, default=100, help="pages a set, 0 for all (100)")
    parser.add_argument("--half", choices=("a", "b", "all"), default="b", help="which pages (b)")
    parser.add_argument("--bench", type=Path, default=ROOT / "../shared/bench")
    options = parser.parse_args()
    stage = Metadata()

    def ours(document: Document) -> dict[str, str]:
        tags = [tag for tag in stage.propose(document) if tag.field in FIELDS]
        return {tag.field: str(tag.value) for tag in tags}

    counts: dict[tuple[str, str], Counter[str]] = {}
    seconds: dict[str, list[float]] = {}
    list(stage.propose(Document.from_text(WARM_UP)))
    for form in forms(options.bench, options.pages, options.half):
        _ = form.document.lines
        readers = {form.name: ours}
        if form.document.page is not None:
            readers[_OF_MARKUP[1]] = trafilatura
        for name, reader in readers.items():
            start = time.process_time()
            found = reader(form.document)
            seconds.setdefault(name, []).append(time.process_time() - start)
            for field in FIELDS:
                counted = counts.setdefault((name, field), Counter())
                _count(counted, field, found.get(field), form)
    print(
        f"{'form':16} {'field':10} {'pages':>5} {'said':>5} {'same':>5} {'overlap':>7} {'wrong':>5} {'more':>5} {'precision':>9} {'recall':>7}"
    )
    for (name, field), counted in counts.items():
        right = counted["same"] + counted["overlap"]
        # What stands in markup need not be said in the text.
        whole = (
            counted["said"]
            if name not in _OF_MARKUP
            else counted["none"] + counted["wrong"] + right
        )
        answers = right + counted["wrong"]
        if not answers + counted["none"]:
            continue
        print(
            f"{name:16} {field:10} {answers + counted['none']:5} {counted['said']:5} {counted['same']:5}"
            f" {counted['overlap']:7} {counted['wrong']:5} {counted['more']:5}"
            f" {_percent(right, answers):>9} {_percent(right, whole):>7}"
        )
    for name, spent in seconds.items():
        print(f"{name:16} {median(spent) * 1e6:6.0f} µs a page, the median")
    return 0


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f} %" if whole else "-"


if __name__ == "__main__":
    sys.exit(main())
