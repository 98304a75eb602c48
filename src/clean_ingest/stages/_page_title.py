"""The title of a page: its headline as the page shows it, proved by what its head declares."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence

from clean_ingest.stages._declared import Declared
from clean_ingest.stages._values import text_of

_LONGEST = 300
_METAS = ("og:title", "twitter:title", "citation_title", "dc.title", "dcterms.title")
_METAS_MORE = ("parsely-title", "sailthru.title", "headline")
# Between a title and the name of its site.
_BETWEEN = re.compile(r"\s+[^\w\s]{1,2}\s+|\s*[|｜_]\s*|\s+[-–—:]\s*|:\s+")
_WORD = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]|[^\W_]+")
_ALIKE = 0.4


def title_of(found: Declared, sites: Sequence[str]) -> str | None:
    """The title, without the name of the site where one of `sites` or the headline proves it.

    An `h1` that shares words with what the head of the page declares is the headline as its
    readers see it, and counts most; an `h1` without that is the name of the site or of a box.
    """
    names = {_folded(name) for name in sites}
    headings = [text for each in found.headings if (text := text_of(each, _LONGEST))]
    headings = [_without_site(text, names, ()) for text in dict.fromkeys(headings)]
    headings = [text for text in headings if _folded(text) not in names]
    heads = [_without_site(text, names, headings) for text in dict.fromkeys(_heads(found))]
    if not heads:
        return headings[0] if len(headings) == 1 else None
    best, alike = heads[0], _ALIKE
    for heading in headings:
        likeness = max(_likeness(heading, head) for head in heads)
        if likeness > alike:
            best, alike = heading, likeness
    return best


def _heads(found: Declared) -> Iterator[str]:
    articles = found.articles
    declared = [each.data.get("headline") or each.data.get("name") for each in articles]
    values = [
        *(declared if len(declared) == 1 else ()),
        *found.metas_of(*_METAS, *_METAS_MORE),
        found.title,
    ]
    for value in values:
        if text := text_of(value, _LONGEST):
            yield text


def _without_site(text: str, names: Collection[str], headings: Sequence[str]) -> str:
    """The text without the name of the site, before or behind a mark.

    It is that where it is one of `names`, or where the other side is one of the `headings`;
    of two sides that are not proved otherwise the name is the shorter.
    """
    folded = {_folded(heading) for heading in headings}
    for cut in _BETWEEN.finditer(text):
        before, after = text[: cut.start()].strip(), text[cut.end() :].strip()
        if not before or not after:
            continue
        if _folded(after) in names or _folded(before) in folded:
            return before
        if _folded(before) in names:
            return _without_site(after, names, headings)
        if _folded(after) in folded:
            return after if len(after) > len(before) else before
    return text


def _folded(text: str) -> str:
    return " ".join(_WORD.findall(text.casefold()))


def _likeness(one: str, other: str) -> float:
    """How much of their words two texts share, from 0 to 1."""
    mine, theirs = (set(_WORD.findall(text.casefold())) for text in (one, other))
    return 2 * len(mine & theirs) / max(1, len(mine) + len(theirs))
