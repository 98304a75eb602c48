"""What a page or a scraped text says about itself: tags only, before any line goes."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from clean_ingest.core.document import Document
from clean_ingest.core.stage import Tag, option
from clean_ingest.rules.compile import matcher_for
from clean_ingest.rules.load import rulebook
from clean_ingest.rules.match import Matcher
from clean_ingest.rules.page import shape_of, width_of
from clean_ingest.stages._beside import beside
from clean_ingest.stages._page import of_page
from clean_ingest.stages._site import site
from clean_ingest.stages._title import MAX_SHORT, find_title
from clean_ingest.stages._values import one_line

_MORE = ("url", "declared_language", "categories", "tags", "license")
"""What only markup says."""


@dataclass(frozen=True, slots=True)
class Metadata:
    """Tags what a page declares in its markup, or what a text surely says about itself.

    Of a page: title, author, date of publication, site, canonical URL, declared language,
    sections, tags and licence, from JSON-LD, meta tags and the elements meant for it; author
    and date also from the lines beside the title, the site from a copyright line. Of a text:
    title, author, date and site. What the input already knew is left alone. In texts names
    are taken for authors only behind a label that says so: one on a line by itself may be
    anybody's. Values are repaired and normalised as the stages after this one do with the
    text, and stand on one line. What is chrome is asked of the package's own rulebook, without
    the rule files that a config may name for `chrome`, and so are the labels (`metadata.toml`).
    """

    name: ClassVar[str] = "metadata"

    title: bool = option(True, "Find the title: of a text among its first lines.")
    author: bool = option(
        True, "Find who wrote the text: without markup near the title or at the end."
    )
    published: bool = option(True, "Find the date of publication: without markup near the title.")
    site: bool = option(
        True, "Find the name of the site: without markup in a copyright line at the end."
    )
    markup: bool = option(
        True,
        "Read what the markup of a page declares: all these, and its URL, language, sections, "
        "tags and licence.",
    )
    latest_year: int = option(
        2030,
        "A date after this year is none, on a page of which nobody knows when it was fetched; "
        "of others one after the day on which they were.",
        minimum=1990,
        maximum=2100,
    )

    def propose(self, document: Document) -> Iterator[Tag]:
        """Yield a tag for what was found."""
        known = document.metadata
        wanted = {
            key
            for key in ("title", "author", "published", "site")
            if getattr(self, key) and not getattr(known, key)
        }
        if document.page is not None and self.markup:
            more = {key for key in _MORE if not getattr(known, key)}
            found = list(of_page(document, document.page, wanted | more, self.latest_year))
            yield from found
            wanted = {"site"} & wanted - {tag.field for tag in found}
        elif wanted - {"site"}:
            yield from self._of_the_head(document, wanted)
        if "site" in wanted and (name := site(document.lines, _is_chrome)):
            yield Tag("site", one_line(name))

    def _of_the_head(self, document: Document, wanted: set[str]) -> Iterator[Tag]:
        lines = document.lines
        at = find_title(lines, _is_chrome)
        if at is not None and "title" in wanted:
            yield Tag("title", one_line(lines[at].text))
        for tag in beside(document, at, wanted):
            yield Tag(tag.field, one_line(str(tag.value)))


def _is_chrome(text: str) -> bool:
    """Whether any rule takes the line as a whole."""
    matcher = _matcher()
    width = width_of(text)
    if shape_of(text, width, MAX_SHORT) == "prose":
        hit = matcher.prose(text, width)
    else:
        hit = matcher.short(text, matcher.folding.fold(text), width)
    return hit is not None and hit.start == 0 and hit.end == len(text)


@functools.cache
def _matcher() -> Matcher:
    return matcher_for(rulebook())
