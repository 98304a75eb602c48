"""What stands beside a title: who wrote the text, and when it was published."""

from __future__ import annotations

import functools
from collections.abc import Callable, Collection, Iterator

from clean_ingest.core.document import UNDETERMINED, Document
from clean_ingest.core.stage import Tag
from clean_ingest.stages._byline import byline
from clean_ingest.stages._dateline import published
from clean_ingest.stages._labels import rows
from clean_ingest.stages.language import Language


def beside(
    document: Document,
    title: int | None,
    wanted: Collection[str],
    language: Callable[[], str] | None = None,
) -> Iterator[Tag]:
    """Yield the tags of `wanted`, of `author` and `published`, that lines around the title give.

    `title` is the index of its line, None where none is known; `language` gives a BCP 47 tag,
    where it is given none that of the text.
    """
    if "author" not in wanted and "published" not in wanted:
        return
    language = language or functools.cache(lambda: language_of_text(document))
    near, has_title = rows(document.lines, title), title is not None
    by = byline(document.lines, near, language, has_title=has_title)
    if by and "author" in wanted:
        yield Tag("author", by.names)
    if "published" in wanted:
        distance = by.distance if by else None
        date = published(near, language, has_title=has_title, byline=distance)
        if date:
            yield Tag("published", date)


def language_of_text(document: Document) -> str:
    """The BCP 47 tag that the stage `language` gives the text."""
    tag = next(iter(Language().propose(document)))
    return str(tag.value) if isinstance(tag, Tag) else UNDETERMINED
