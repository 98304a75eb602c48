"""Title and date of publication of a scraped text: tags only, before any line goes."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import ClassVar

from clean_ingest.core.document import UNDETERMINED, Document, Line
from clean_ingest.core.stage import Tag, option
from clean_ingest.rules.compile import matcher_for
from clean_ingest.rules.load import rulebook
from clean_ingest.rules.match import Matcher
from clean_ingest.rules.page import shape_of, width_of
from clean_ingest.stages._dates import date_of
from clean_ingest.stages._title import MAX_SHORT, find_title
from clean_ingest.stages.characters import normalise
from clean_ingest.stages.language import Language
from clean_ingest.stages.mojibake import repair

# Lines, not counting blank ones, in which a date belongs to the title. The date above a whole
# menu is that of the day on which the page was fetched.
_BELOW_TITLE, _ABOVE_TITLE = 8, 2
_FROM_THE_TOP = 6


@dataclass(frozen=True, slots=True)
class Metadata:
    """Tags `title` and `published` where the text surely says them, and nothing else.

    What the input already knew is left alone. No author: a name on a line by itself may
    be anybody's. Values are repaired and normalised as the stages after this one do with
    the text, and stand on one line. What is chrome is asked of the package's own rulebook,
    without the rule files that a config may name for `chrome`.
    """

    name: ClassVar[str] = "metadata"

    title: bool = option(True, "Find the title among the first lines.")
    published: bool = option(True, "Find the date of publication beside the title.")

    def propose(self, document: Document) -> Iterator[Tag]:
        """Yield a tag for what was found."""
        known = document.metadata
        if (known.title or not self.title) and (known.published or not self.published):
            return
        at = find_title(document.lines, _is_chrome)
        if at is not None and self.title and not known.title:
            yield Tag("title", _value(document.lines[at].text))
        if self.published and not known.published and (date := _published(document, at)):
            yield Tag("published", date)


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


def _value(text: str) -> str:
    return " ".join(normalise(repair(text)).split())


def _published(document: Document, title: int | None) -> str | None:
    """The date below the title, else right above it; without a title, at the very top."""
    lines = document.lines

    def language() -> str:
        tag = next(iter(Language().propose(document)))
        return str(tag.value) if isinstance(tag, Tag) else UNDETERMINED

    def first(rows: Iterator[str]) -> str | None:
        return next((date for row in rows if (date := date_of(row, language))), None)

    if title is None:
        return first(islice(_written(lines), _FROM_THE_TOP))
    below = islice(_written(islice(lines, title + 1, None)), _BELOW_TITLE)
    above = islice(_written(reversed(lines[:title])), _ABOVE_TITLE)
    return first(below) or first(above)


def _written(lines: Iterable[Line]) -> Iterator[str]:
    return (line.text for line in lines if not line.is_blank)
