"""What a page says about itself: the fields of `Metadata` that its markup declares."""

from __future__ import annotations

import functools
from collections.abc import Callable, Collection, Iterator

from clean_ingest.core.document import Document, Page
from clean_ingest.core.stage import Tag
from clean_ingest.stages._beside import beside, language_of_text
from clean_ingest.stages._declared import Declared, declared
from clean_ingest.stages._page_author import author_of
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


def of_page(
    document: Document, page: Page, wanted: Collection[str], latest_year: int
) -> Iterator[Tag]:
    """Yield the tags of `wanted` that the markup gives, then what stands beside its title.

    A field whose reading fails is left out, and the document flagged: whatever a tree holds,
    the text of the page is worth more than what is known about it.
    """
    values: dict[str, str | tuple[str, ...]] = {}
    try:
        found = declared(page)
    except Exception:
        yield Tag("flag", FAILED)
        return
    for field, read in _readers(document, found, latest_year).items():
        try:
            value = read() if field in wanted or field == "title" else None
        except Exception:
            yield Tag("flag", FAILED)
            continue
        if value:
            values[field] = value
    title = document.metadata.title or values.get("title")
    missing = {field for field in ("author", "published") if field in wanted - values.keys()}
    yield from (Tag(field, value) for field, value in values.items() if field in wanted)
    at = _line_of(str(title), document, page) if title and missing else None
    if at is not None:
        latest = latest_day(document.source.fetched_at, latest_year)
        for tag in beside(document, at, missing, _language(document, found)):
            if tag.field != "published" or str(tag.value)[:10] <= latest:
                yield tag


def _readers(
    document: Document, found: Declared, latest_year: int
) -> dict[str, Callable[[], str | tuple[str, ...] | None]]:
    """What reads each field, in the order in which the fields are filled."""
    source = document.source
    latest = latest_day(source.fetched_at, latest_year)
    sites = functools.cache(
        lambda: [*site_names(found, source.url), *filter(None, [document.metadata.site])]
    )
    return {
        "title": lambda: title_of(found, sites()),
        "author": lambda: author_of(found, sites(), _language(document, found)),
        "published": lambda: published_of(found, source.url, latest, _language(document, found)),
        "site": lambda: site_of(found),
        "url": lambda: url_of(found, source.url),
        "declared_language": lambda: language_of(found),
        "categories": lambda: categories_of(found),
        "tags": lambda: tags_of(found),
        "license": lambda: license_of(found, source.url),
    }


def _language(document: Document, found: Declared) -> Callable[[], str]:
    """What the page claims, as two or three letters; where it claims nothing that of its text."""

    def language() -> str:
        return (language_of(found) or language_of_text(document)).partition("-")[0]

    return functools.cache(language)


def _line_of(title: str, document: Document, page: Page) -> int | None:
    """Where the title stands in the text: in an `h1`, if any line of these is it."""
    lines = document.lines
    at = [index for index, line in enumerate(lines) if " ".join(line.text.split()) == title]
    if len(page.places) == len(lines):
        headings = [index for index in at if "h1" in page.places[index].path.split("/")]
        at = headings or [index for index in at if not page.places[index].hidden]
    return at[0] if at else None
