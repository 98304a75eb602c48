"""What a text did not show among its chrome, asked again once the chrome is gone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from clean_ingest.core.document import Document
from clean_ingest.core.stage import Tag, option
from clean_ingest.stages._beside import beside
from clean_ingest.stages._title import find_title

_PRIOR = 0.5
"""In nats, the best of 0, 0.5, 1 and 1.5 on 60 scraped texts written for a test (6 have no
title): 37 right instead of 32 at 4 wrong; at 1 as many right, and 8 wrong. It is not free: of
194 public pages dumped whole, with all their chrome, it makes 48 wrong instead of 42."""
_WITHIN = 60
"""Lines at the top among which the title that `metadata` found is looked up."""


@dataclass(frozen=True, slots=True)
class Headline:
    """Tags `title`, `author` and `published` where `metadata` found none, from what is left.

    `metadata` has to see dates and titles before any line goes, and says nothing where a
    menu might as well be the title. Below the menu that is gone, the same measure finds
    it, and what stands beside it (docs/decisions/0002-metadata.md has the figures).
    """

    name: ClassVar[str] = "headline"

    author: bool = option(True, "Find who wrote the text, where `metadata` did not.")
    published: bool = option(True, "Find the date of publication, where `metadata` did not.")

    def propose(self, document: Document) -> Iterator[Tag]:
        """Yield a tag for what was found."""
        known = document.metadata
        wanted = {
            key for key in ("author", "published") if getattr(self, key) and not getattr(known, key)
        }
        if known.title:
            at = _line_of(known.title, document) if wanted else None
        else:
            at = find_title(document.lines, _is_chrome, prior=_PRIOR)
            if at is not None:
                yield Tag("title", " ".join(document.lines[at].text.split()))
        yield from beside(document, at, wanted)


def _line_of(title: str, document: Document) -> int | None:
    lines = document.lines[:_WITHIN]
    return next((at for at, line in enumerate(lines) if " ".join(line.text.split()) == title), None)


def _is_chrome(_line: str) -> bool:
    """What the rules take is gone already."""
    return False
