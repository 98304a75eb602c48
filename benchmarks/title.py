"""Titles: how often the `metadata` stage finds the title of a scraped text, or a wrong one.

    python benchmarks/title.py [--pages N] [--bench FOLDER]

Each article of the development data that has a title is shown in three forms: its main text
under its title, its main text alone (where nearly every title found is a false one, most
often the first subheading), and the whole page with all its chrome, one line a block. `same`
and `overlap` compare letters and digits only. Reads `../shared/bench` where it is there,
else a small sample, in its one form.
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
import sys
import time
from collections import Counter
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from clean_ingest.core.document import Document
from clean_ingest.stages.metadata import Metadata

ROOT = Path(__file__).resolve().parents[1]
SETS = ("wcxb_dev", "fundus", "newspaper4k_set")
SAMPLE = ROOT / "benchmarks/samples/titles.jsonl"
_HIDDEN = frozenset({"script", "style", "noscript", "template", "svg", "head"})
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


def scraped(html: str) -> str:
    """The text of a page as a plain scraper leaves it."""
    parser = _Lines()
    parser.feed(html)
    lines = (line.strip() for line in "".join(parser.parts).split("\n"))
    return re.sub("\n{3,}", "\n\n", "\n".join(lines))


def forms(folder: Path, limit: int) -> Iterator[tuple[str, str, str]]:
    """Form, text and true title of each page, at most `limit` (0: all) pages a set."""
    if not folder.is_dir():
        for line in SAMPLE.read_text("utf-8").split("\n"):
            if line:
                record = json.loads(line)
                yield "sample", record["text"], record["title"]
        return
    for name in SETS:
        data = gzip.decompress((folder / f"{name}.jsonl.gz").read_bytes()).decode("utf-8")
        pages = [page for page in map(json.loads, data.split("\n")[:-1]) if _is_article(page)]
        for page in pages[:: max(1, len(pages) // limit) if limit else 1]:
            title, text = page["title"].strip(), page["gold_text"]
            yield "under its title", f"{title}\n\n{text}", title
            yield "text alone", text, title
            yield "whole page", scraped(page["html"]), title


def _is_article(page: dict[str, Any]) -> bool:
    fits = page.get("page_type", "article") == "article"
    return fits and all(page.get(key) for key in ("title", "gold_text", "html"))


def compare(found: str | None, true: str) -> str:
    """`same`, `overlap`, `wrong` or `none`."""
    if found is None:
        return "none"
    mine, theirs = (re.sub(r"\W+", " ", text.casefold()).strip() for text in (found, true))
    if mine == theirs:
        return "same"
    shorter, longer = sorted((mine, theirs), key=len)
    return (
        "overlap" if shorter and shorter in longer and 2 * len(shorter) > len(longer) else "wrong"
    )


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--pages", type=int, default=100, help="pages a set, 0 for all (100)")
    parser.add_argument("--bench", type=Path, default=ROOT / "../shared/bench")
    options = parser.parse_args()
    stage = Metadata(published=False)
    counts: dict[str, Counter[str]] = {}
    seconds: dict[str, float] = {}
    list(stage.propose(Document.from_text("Warm up\n\nby loading whatever there is to load.")))
    for form, text, true in forms(options.bench, options.pages):
        document = Document.from_text(text)
        _ = document.lines
        start = time.process_time()
        found = [str(tag.value) for tag in stage.propose(document)]
        seconds[form] = seconds.get(form, 0.0) + time.process_time() - start
        outcome = compare(found[0] if found else None, true)
        counts.setdefault(form, Counter())[outcome] += 1
    print(
        f"{'form':16} {'pages':>5} {'same %':>7} {'overlap %':>9} {'wrong %':>7} {'none %':>7} {'µs':>6}"
    )
    for form, counted in counts.items():
        total = counted.total()
        same, overlap, wrong, none = (
            100 * counted[outcome] / total for outcome in ("same", "overlap", "wrong", "none")
        )
        cost = seconds[form] / total * 1e6
        print(
            f"{form:16} {total:5} {same:7.1f} {overlap:9.1f} {wrong:7.1f} {none:7.1f} {cost:6.0f}"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
