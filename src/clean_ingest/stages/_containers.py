"""Where the prose of a page stands, and what that says against single lines of a vote.

Lines that stand in the same element, with the same classes above them, are a container. Those
with a fair share of the prose are the body of the text. An extractor that finds no paragraphs
keeps menus and teasers before, behind and amid it (old pages laid out by tables above all);
one that finds too many classes suspicious loses lines in the midst of it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from clean_ingest.core.document import Place

OUTSIDE, LINKS = "extract/outside", "extract/links"

_PROSE = 100
"""Columns of a line outside links that make it prose. A line of that width within links weighs
against it: pages that list articles or goods are made of such."""

_LEAST = 400
"""Columns of prose that a container must have to be the body of a text."""

_FAIR = 0.03
"""Share of the prose of the richest container that another needs to be part of the body."""

_BULK = 0.4
"""Share of the kept text that the body must have. Below, the page is a list of things, and
whatever stands around the prose may be just what it is about."""

_RICH = 0.3
"""As `_FAIR`, where nobody voted."""

_LINKED = 0.9
"""Share of links from which a line amid the body, but not of it, is a link to elsewhere."""

_OPEN = 0.5
"""Share of links below which a line of the body belongs to it, whatever a vote says; also the
share of its own text that a container must have kept for that."""

_RICH_ENOUGH = 0.1
"""Share of what the richest container kept from which another takes lines back."""

_HEADINGS = frozenset(f"/h{level}" for level in range(1, 7))
_LISTS = frozenset({"/ul", "/ol"})

Container = tuple[str, tuple[str, ...]]


def container(place: Place) -> Container:
    """What lines of one container have in common."""
    return place.path.rpartition("/")[0], place.words


class Judged(NamedTuple):
    """Which lines stay, and for those that a vote kept in vain the rule that takes them.

    `first` and `last` are the indices of the lines where the prose begins and ends, if any do.
    """

    keeps: list[bool]
    against: dict[int, str]
    first: int = 0
    last: int = 0


class _Row(NamedTuple):
    """A line: its container, its columns outside links, what it weighs, whether it may stay."""

    where: Container
    width: int
    weight: int
    vote: bool


class _Body(NamedTuple):
    containers: frozenset[Container]
    first: int
    last: int


def judge(
    widths: Sequence[int], places: Sequence[Place], votes: Sequence[bool], *, links: bool = False
) -> Judged:
    """Confirm or overrule a vote; `widths` are the columns of each line.

    Where no container has the bulk of the text, the vote stands. With `links` it also does for
    links amid the prose to elsewhere.
    """
    rows = []
    for width, place, vote in zip(widths, places, votes, strict=True):
        part = round(width * (1 - place.links))
        rows.append(_Row(container(place), part, width if width >= _PROSE else part, vote))
    body = _body(rows, _FAIR, _BULK)
    if body is None:
        return Judged(list(votes), {})
    against = _against(rows, places, body)
    if links:
        against = {index: rule for index, rule in against.items() if rule != LINKS}
    keeps = [vote and index not in against for index, vote in enumerate(votes)]
    for index in _lost(rows, places, keeps):
        keeps[index] = True
    return Judged(keeps, against, body.first, body.last)


def without_votes(
    widths: Sequence[int], places: Sequence[Place], shown: Sequence[bool]
) -> list[bool]:
    """Which lines of a page to keep where no extractor said anything; `shown` may be kept."""
    rows = [
        _Row(container(place), width, width, show and place.links < _OPEN)
        for width, place, show in zip(widths, places, shown, strict=True)
    ]
    body = _body(rows, _RICH, 0)
    if body is None:
        return list(shown)
    return [
        row.vote and (body.first <= index <= body.last or place.path.endswith("/h1"))
        for index, (row, place) in enumerate(zip(rows, places, strict=True))
    ]


def _body(rows: Sequence[_Row], fair: float, bulk: float) -> _Body | None:
    """The containers that hold the prose of the lines voted for, and their first and last line."""
    total: Counter[Container] = Counter()
    prose: Counter[Container] = Counter()
    for where, width, weight, vote in rows:
        if vote:
            total[where] += weight
            if width >= _PROSE:
                prose[where] += width
    most = max(prose.values(), default=0)
    if most < _LEAST:
        return None
    body = frozenset(where for where, width in prose.items() if width >= fair * most)
    if sum(total[where] for where in body) < bulk * total.total():
        return None
    within = [index for index, row in enumerate(rows) if row.vote and row.where in body]
    return _Body(body, within[0], within[-1])


def _against(rows: Sequence[_Row], places: Sequence[Place], body: _Body) -> dict[int, str]:
    """The rules of the lines that were voted for in vain."""
    against = {}
    # What comes amid the prose too is part of it: the names of those who write in a forum.
    amid = {
        row.where
        for index, row in enumerate(rows)
        if row.vote and body.first <= index <= body.last and places[index].links < _OPEN
    }
    leads = False
    for index in reversed(range(len(rows))):
        if not rows[index].vote:
            continue
        if rows[index].where in body.containers:
            leads = True
            continue
        place = places[index]
        heads = place.path[-3:] in _HEADINGS and leads
        leads = False
        if heads:
            continue  # a heading belongs to what it stands above
        if body.first < index < body.last:
            if place.links >= _LINKED and not _is_list_within(rows[index].where, body):
                against[index] = LINKS
        elif (rows[index].where not in amid or place.links >= _OPEN) and not (
            index < body.first and place.path.endswith("/h1")
        ):
            against[index] = OUTSIDE
    return against


def _is_list_within(where: Container, body: _Body) -> bool:
    """Whether a list stands among the paragraphs of the body."""
    path, words = where
    return path[-3:] in _LISTS and any(
        path[:-3] == above and words[: len(classes)] == classes
        for above, classes in body.containers
    )


def _lost(rows: Sequence[_Row], places: Sequence[Place], keeps: Sequence[bool]) -> list[int]:
    """Lines without a vote that stand in a container most of which was kept."""
    kept: Counter[Container] = Counter()
    total: Counter[Container] = Counter()
    for row, keep in zip(rows, keeps, strict=True):
        total[row.where] += row.width
        if keep:
            kept[row.where] += row.width
    most = max(kept.values(), default=0)
    good = {
        where
        for where, width in kept.items()
        if width >= _OPEN * total[where] and width >= _RICH_ENOUGH * most
    }
    return [
        index
        for index, (row, place) in enumerate(zip(rows, places, strict=True))
        if not row.vote
        and row.where in good
        and place.links < _OPEN
        and not place.hidden
        and place.origin == "text"
    ]
