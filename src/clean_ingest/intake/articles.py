"""Articles that a page holds in its JSON-LD: what of them the rendered text lacks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from clean_ingest.intake.html import parse
from clean_ingest.intake.lines import WHITE
from clean_ingest.intake.walk import Walk

_WORD = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\ua4cf\uf900-\ufaff]|[^\W_]+")
_RUN = 4
"""Words in a row; two texts that share none of these share no sentence."""
_SHARE = 0.5
"""Share of an article's runs that the page has where the article is on it: quotes, links and
headings between its paragraphs break some, in the copy or in the page."""
_LONGEST = 2_000_000
_MARKUP = re.compile(r"</?[a-zA-Z][^<>]{0,1000}>")
_ENDINGS = re.compile(r"[\r\n]+")


def missing_articles(objects: Iterable[dict[str, Any]], lines: list[str]) -> Iterator[str]:
    """The lines of each `articleBody` in `objects` that is not in `lines`, the rendered ones."""
    bodies = [body for item in objects if isinstance(body := item.get("articleBody"), str)]
    bodies = [body for body in dict.fromkeys(bodies) if 0 < len(body) <= _LONGEST]
    if not bodies:
        return
    seen = _runs("\n".join(lines))
    for body in bodies:
        texts = list(_texts(body))
        runs = _runs("\n".join(texts))
        if len(runs & seen) < _SHARE * len(runs):
            yield from texts
            seen |= runs


def _runs(text: str) -> set[int]:
    """The runs of words of a text; a shorter text is one run."""
    words = [hash(word) for word in _WORD.findall(text.casefold())]
    return {hash(tuple(words[at : at + _RUN])) for at in range(max(1, len(words) - _RUN + 1))}


def _texts(body: str) -> Iterator[str]:
    """The lines of an article, which may be written as HTML."""
    if _MARKUP.search(body) or "&" in body:
        tree = parse(body)
        if tree is not None:
            walk = Walk()
            walk.page(tree)
            yield from (record.text for record in walk.records if record.text)
        return
    for line in _ENDINGS.split(body):
        if text := line.strip(WHITE):
            yield text
