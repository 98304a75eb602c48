"""Articles that a page holds in its JSON-LD: what of them the rendered text lacks."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator
from typing import Any

from clean_ingest.intake.html import parse
from clean_ingest.intake.lines import WHITE
from clean_ingest.intake.walk import Walk

_WORD = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\ua4cf\uf900-\ufaff]|[^\W_]+")
_RUN = 4
"""Words in a row; two texts that share none of these share no sentence."""
_PROBES = 24
"""Runs of an article that are looked for, evenly spread."""
_SHARE = 0.5
"""Share of them that the page has where the article is on it: quotes, links and headings
between its paragraphs break some, in the copy or in the page."""
_LONGEST = 2_000_000
_MARKUP = re.compile(r"</?[a-zA-Z][^<>]{0,1000}>")
_ENDINGS = re.compile(r"[\r\n]+")


def missing_articles(objects: Iterable[dict[str, Any]], lines: list[str]) -> Iterator[str]:
    """The lines of each `articleBody` in `objects` that is not in `lines`, the rendered ones."""
    bodies = [body for item in objects if isinstance(body := item.get("articleBody"), str)]
    if not bodies:
        return
    seen = _words("\n".join(lines))
    for body in dict.fromkeys(bodies):
        if len(body) <= _LONGEST and not _has(seen, _words(_plain(body))):
            for line in _texts(body):
                yield line
                seen += _words(line)


def _words(text: str) -> str:
    """The words of a text, folded, each between spaces."""
    return f" {' '.join(_WORD.findall(text.casefold()))} "


def _has(page: str, article: str) -> bool:
    """Whether the words of a page have those of an article in them."""
    words = article.split()
    last = max(0, len(words) - _RUN)
    starts = {last * number // (_PROBES - 1) for number in range(_PROBES)}
    hits = sum(f" {' '.join(words[start : start + _RUN])} " in page for start in starts)
    return hits >= _SHARE * len(starts)


def _plain(body: str) -> str:
    return _MARKUP.sub(" ", html.unescape(body)) if "<" in body or "&" in body else body


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
