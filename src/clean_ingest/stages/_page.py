"""What a page says about itself: the fields of `Metadata` that its markup declares."""

from __future__ import annotations

import functools
from collections.abc import Callable, Collection, Iterator
from typing import NamedTuple

from clean_ingest.core.document import Document, Page
from clean_ingest.core.stage import Tag
from clean_ingest.stages._beside import beside, language_of_text
from clean_ingest.stages._declared import Declared, declared
from clean_ingest.stages._page_author import author_near, author_of
from clean_ingest.stages._page_dates import latest_day, published_of
from clean_ingest.stages._page_facts import (
    categories_of,
    language_of,
    license_of,
    tags_of,
    url_of,
)
from clean_ingest.stages._page_site import site_names, site_of
from clean_ingest.stages._page_title import title_of

FAILED = "metadata-failed"
"""The flag of a document of whose markup a part could not be read."""


class _Reading(NamedTuple):
    """A page, what it declares, and what its readers ask for more than once."""

    document: Document
    page: Page
    found: Declared
    sites: list[str]
    latest: str
    language: Callable[[], str]


def of_page(
    document: Document, page: Page, wanted: Collection[str], latest_year: int
) -> Iterator[Tag]:
    """Yield the tags of `wanted` that the markup gives, and what stands beside its title.

    A field whose reading fails is left out, and the document flagged: whatever a tree holds,
    the text of the page is worth more than what is known about it.
    """
    try:
        reading = _reading(document, page, latest_year)
    except Exception:
        yield Tag("flag", FAILED)
        return
    values: dict[str, str | tuple[str, ...]] = {}
    for field, read in _READERS.items():
        # The title shows where to look for others.
        if field not in wanted and field != "title":
            continue
        try:
            value = read(reading)
        except Exception:
            yield Tag("flag", FAILED)
            continue
        if value:
            values[field] = value
    title = document.metadata.title or values.get("title")
    missing = {field for field in ("author", "published") if field in wanted - values.keys()}
    if missing:
        values |= _beside(reading, str(title or ""), missing)
    yield from (Tag(field, value) for field, value in values.items() if field in wanted)


def _reading(document: Document, page: Page, latest_year: int) -> _Reading:
    source, found = document.source, declared(page)
    sites = [*site_names(found, source.url), *filter(None, [document.metadata.site])]

    def language() -> str:
        """What the page claims, as two or three letters; where it claims nothing its text's."""
        return (language_of(found) or language_of_text(document)).partition("-")[0]

    latest = latest_day(source.fetched_at, latest_year)
    return _Reading(document, page, found, sites, latest, functools.cache(language))


_READERS: dict[str, Callable[[_Reading], str | tuple[str, ...] | None]] = {
    "title": lambda of: title_of(of.found, of.sites),
    "author": lambda of: author_of(of.found, of.sites, of.language),
    "published": lambda of: published_of(of.found, of.document.source.url, of.latest, of.language),
    "site": lambda of: site_of(of.found),
    "url": lambda of: url_of(of.found, of.document.source.url),
    "declared_language": lambda of: language_of(of.found),
    "categories": lambda of: categories_of(of.found),
    "tags": lambda of: tags_of(of.found),
    "license": lambda of: license_of(of.found, of.document.source.url),
}


def _beside(of: _Reading, title: str, missing: Collection[str]) -> dict[str, str]:
    """What of the `missing` stands beside the title; else the site as the author of the page."""
    found: dict[str, str] = {}
    at = _line_of(title, of) if title else None
    if at is not None:
        lines, places = of.document.lines, of.page.places
        tags = beside(of.document, at, missing, of.language)
        found = {tag.field: str(tag.value) for tag in tags}
        if found.get("published", "")[:10] > of.latest:
            del found["published"]
        near = author_near(lines, places, at, of.language) if "author" in missing else None
        if near:
            found["author"] = near
    if "author" in missing and "author" not in found:
        itself = author_of(of.found, (), of.language)
        found |= {"author": itself} if itself else {}
    return found


def _line_of(title: str, of: _Reading) -> int | None:
    """Where the title stands in the text: in an `h1`, if any line of these is it."""
    lines, places = of.document.lines, of.page.places
    if len(places) != len(lines):
        return None
    at = [index for index, line in enumerate(lines) if " ".join(line.text.split()) == title]
    headings = [index for index in at if "h1" in places[index].path.split("/")]
    return next(iter(headings or (index for index in at if not places[index].hidden)), None)
