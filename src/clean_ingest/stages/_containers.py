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

_PROSE = 90
"""Columns of a line outside links that make it prose."""

_LEAST = 400
"""Columns of prose that a container must have to be the body of a text."""

_FAIR = 0.03
"""Share of the prose of the richest container that another needs to be part of the body."""

_BULK = 0.4
"""Share of the kept text that the body must have. Below, the page is a list of short things,
and whatever stands around the prose may be just what it is about."""

_RICH = 0.3
"""As `_FAIR`, where nobody voted."""

_LINKED = 0.9
"""Share of links from which a line amid the body, but not of it, is a link to elsewhere."""

_OPEN = 0.5
"""Share of links below which a line of the body belongs to it, whatever a vote says; also the
share of its own text that a container must have kept for that."""

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


class _Body(NamedTuple):
    containers: frozenset[Container]
    first: int
    last: int


def judge(widths: Sequence[int], places: Sequence[Place], votes: Sequence[bool]) -> Judged:
    """Confirm or overrule a vote; `widths` are the columns of each line.

    Where no container has the bulk of the text, the vote stands.
    """
    keeps = list(votes)
    against: dict[int, str] = {}
    containers = [container(place) for place in places]
    open_width = [
        round(width * (1 - place.links)) for width, place in zip(widths, places, strict=True)
    ]
    body = _body(open_width, containers, votes, _FAIR, _BULK)
    if body is None:
        return Judged(keeps, against)
    for index in range(len(keeps)):
        if not votes[index] or containers[index] in body.containers:
            continue
        place = places[index]
        if index < body.first or index > body.last:
            if index > body.last or not place.path.endswith("/h1"):
                against[index] = OUTSIDE
        elif place.links >= _LINKED:
            against[index] = LINKS
    for index in against:
        keeps[index] = False
    _rejoin(keeps, votes, places, containers, open_width)
    return Judged(keeps, against, body.first, body.last)


def without_votes(
    widths: Sequence[int], places: Sequence[Place], shown: Sequence[bool]
) -> list[bool]:
    """Which lines of a page to keep where no extractor said anything; `shown` may be kept."""
    votes = [show and place.links < _OPEN for show, place in zip(shown, places, strict=True)]
    containers = [container(place) for place in places]
    body = _body(widths, containers, votes, _RICH, 0)
    if body is None:
        return list(shown)
    return [
        vote and (body.first <= index <= body.last or places[index].path.endswith("/h1"))
        for index, vote in enumerate(votes)
    ]


def _body(
    widths: Sequence[int],
    containers: Sequence[Container],
    votes: Sequence[bool],
    fair: float,
    bulk: float,
) -> _Body | None:
    """The containers that hold the prose of the lines voted for, and their first and last line."""
    total: Counter[Container] = Counter()
    prose: Counter[Container] = Counter()
    for width, where, vote in zip(widths, containers, votes, strict=True):
        if vote:
            total[where] += width
            if width >= _PROSE:
                prose[where] += width
    most = max(prose.values(), default=0)
    if most < _LEAST:
        return None
    body = frozenset(where for where, width in prose.items() if width >= fair * most)
    if sum(total[where] for where in body) < bulk * total.total():
        return None
    rows = [
        index
        for index, (where, vote) in enumerate(zip(containers, votes, strict=True))
        if vote and where in body
    ]
    return _Body(body, rows[0], rows[-1])


def _rejoin(
    keeps: list[bool],
    votes: Sequence[bool],
    places: Sequence[Place],
    containers: Sequence[Container],
    widths: Sequence[int],
) -> None:
    """Take lines back in that stand in a container most of which was kept."""
    kept: Counter[Container] = Counter()
    total: Counter[Container] = Counter()
    for keep, where, width in zip(keeps, containers, widths, strict=True):
        total[where] += width
        if keep:
            kept[where] += width
    most = max(kept.values(), default=0)
    good = {w for w, n in kept.items() if n >= _OPEN * total[w] and 10 * n >= most}
    for index, place in enumerate(places):
        if votes[index] or place.hidden or place.links >= _OPEN:
            continue
        if containers[index] in good and place.origin == "text":
            keeps[index] = True
