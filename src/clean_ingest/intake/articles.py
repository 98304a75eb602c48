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
_MOST_VALUES = 100_000
_MARKUP = re.compile(r"</?[a-zA-Z][^<>]{0,1000}>")
_ENDINGS = re.compile(r"[\r\n]+")

_Run = tuple[str, ...]


def missing_articles(objects: Iterable[dict[str, Any]], lines: list[str]) -> Iterator[str]:
    """The lines of each `articleBody` in `objects` that is not in `lines`, the rendered ones.

    One of fewer than four words is no article. Linear in the length of all texts.
    """
    bodies = list(dict.fromkeys(_bodies(objects)))
    if not bodies:
        return
    seen = set(_runs("\n".join(lines)))
    for body in bodies:
        runs = _runs(_plain(body)) if len(body) <= _LONGEST else []
        if runs and not _has(seen, runs):
            yield from _texts(body)
            seen.update(runs)


def _bodies(objects: Iterable[dict[str, Any]]) -> Iterator[str]:
    """Every article body, of the parts of an object as well (the posts of a live blog)."""
    waiting: list[Any] = [list(objects)]
    for _ in range(_MOST_VALUES):
        if not waiting:
            return
        value = waiting.pop()
        if isinstance(value, dict):
            body = value.get("articleBody")
            if isinstance(body, list):
                body = "\n".join(part for part in body if isinstance(part, str))
            if isinstance(body, str):
                yield body
            value = list(value.values())
        waiting += [item for item in reversed(value) if isinstance(item, dict | list)]


def _runs(text: str) -> list[_Run]:
    """The runs of words of a text, folded."""
    words = _WORD.findall(text.casefold())
    return list(zip(*(words[start:] for start in range(_RUN)), strict=False))


def _has(seen: set[_Run], runs: list[_Run]) -> bool:
    """Whether a page has an article, by some of its runs."""
    last = len(runs) - 1
    probes = {last * number // (_PROBES - 1) for number in range(_PROBES)}
    return sum(runs[at] in seen for at in probes) >= _SHARE * len(probes)


def _plain(body: str) -> str:
    return _MARKUP.sub(" ", html.unescape(body)) if "<" in body or "&" in body else body


def _texts(body: str) -> Iterator[str]:
    """The lines of an article, which may be written as HTML."""
    if _MARKUP.search(body) or "&" in body:
        tree = parse(body).tree
        if tree is not None:
            walk = Walk()
            walk.page(tree)
            yield from (record.text for record in walk.records if record.text)
        return
    for line in _ENDINGS.split(body):
        if text := line.strip(WHITE):
            yield text
