"""The containers with the prose of a page overrule single votes, and only these."""

from __future__ import annotations

import pytest

from clean_ingest.core.document import Place
from clean_ingest.stages._containers import LINKS, OUTSIDE, judge, without_votes

PROSE = [("article/p", 150, 0.0)] * 4
MENU = ("nav/li", 9, 1.0)
CLAIM = ("header/p", 30, 0.0)


def judged(lines: list[tuple[str, int, float]]) -> dict[int, str]:
    """Path, columns and share of links of lines that were all voted for, to what goes."""
    places = [Place(path, 4, index, links) for index, (path, _, links) in enumerate(lines)]
    return judge([width for _, width, _ in lines], places, [True] * len(lines)).against


def test_the_prose_and_what_stands_amid_it_stay() -> None:
    """Short lines of other elements too: cells, items, captions."""
    assert {} == judged([*PROSE[:2], ("article/ul/li", 12, 0.0), ("article/h2", 20, 0.0), *PROSE])


def test_what_stands_before_and_after_the_prose_goes() -> None:
    """Links or not."""
    assert {0: OUTSIDE, 1: OUTSIDE, 6: OUTSIDE} == judged([MENU, CLAIM, *PROSE, CLAIM])


def test_links_amid_the_prose_go_where_they_are_not_of_it() -> None:
    """A link that is a paragraph of the body stays."""
    lines = [*PROSE[:2], ("aside/a", 40, 1.0), ("article/p", 40, 1.0), *PROSE]
    assert {2: LINKS} == judged(lines)


def test_links_amid_the_prose_stay_where_they_are_wanted() -> None:
    """Those before and behind it go all the same."""
    lines = [MENU, *PROSE[:2], ("aside/a", 40, 1.0), *PROSE]
    places = [Place(path, 4, index, links) for index, (path, _, links) in enumerate(lines)]
    widths = [width for _, width, _ in lines]

    kept = judge(widths, places, [True] * len(lines), links=True)
    assert ({0: OUTSIDE}, [False] + [True] * 7) == (kept.against, kept.keeps)


@pytest.mark.parametrize("path", ["article/ul/li", "article/ol/li"])
def test_a_list_of_links_among_the_paragraphs_stays(path: str) -> None:
    """It was written with them, as the goods that a text speaks of."""
    assert {} == judged([*PROSE[:2], (path, 40, 1.0), *PROSE[2:]])
    assert {2: LINKS} == judged([*PROSE[:2], (f"article/div/{path}", 40, 1.0), *PROSE[2:]])


@pytest.mark.parametrize("level", range(1, 7))
def test_a_heading_stays_with_what_it_stands_above(level: int) -> None:
    """Though it links, as in a list of articles; behind all prose it heads something else."""
    heading = (f"header/h{level}", 40, 1.0)
    assert {6: OUTSIDE} == judged([heading, *PROSE[:2], heading, *PROSE[2:], heading])


def test_what_stands_amid_the_prose_too_is_not_outside() -> None:
    """The name above the first post of a thread stays as all the others do, if it is no link."""
    name = ("table/tr/td", 12, 0.0)
    assert {} == judged([name, *PROSE[:2], name, *PROSE[2:], name])
    linked = ("table/tr/td", 12, 0.9)
    assert {0: OUTSIDE} == judged([linked, *PROSE[:2], name, *PROSE[2:]])


def test_the_title_stays_wherever_it_stands_above_the_prose() -> None:
    """Between it and the prose there may be other things."""
    assert {1: OUTSIDE} == judged([("header/h1", 40, 0.0), CLAIM, *PROSE])


@pytest.mark.parametrize(
    "lines",
    [
        [MENU, CLAIM, *PROSE[:2]],
        [CLAIM] * 60 + PROSE,
        [(f"ul/li/{'x' * (n % 2)}", 110, 1.0) for n in range(20)] + PROSE,
    ],
    ids=["little prose", "many short lines", "long links"],
)
def test_without_the_bulk_in_prose_the_vote_stands(lines: list[tuple[str, int, float]]) -> None:
    """The page may be a list, whose items are what it is about."""
    assert {} == judged(lines)


def test_classes_part_containers() -> None:
    """Pages of nothing but cells are told apart by them."""
    path = "table/tr/td"
    places = [Place(path, 4, 0, 0.0, ("top",)), *[Place(path, 4, 1, 0.0, ("text",))] * 4]
    assert {0: OUTSIDE} == judge([40, 150, 150, 150, 150], places, [True] * 5).against


def test_a_line_without_a_vote_comes_back_amid_its_like() -> None:
    """Not if it is hidden, links, or most of its container had no vote."""
    like = Place("article/p", 3, 0, 0.0)
    places = [
        *[like] * 4,
        like,
        like._replace(hidden=True),
        like._replace(links=0.9),
        like._replace(origin="option"),
        Place("aside/p", 3, 1, 0.0),
    ]
    votes = [True] * 4 + [False] * 5
    assert [True] * 5 + [False] * 4 == judge([150] * 9, places, votes).keeps
    assert votes == judge([150] * 4 + [900] * 5, places, votes).keeps


def test_without_votes_the_prose_stays() -> None:
    """With what stands amid it and its title; menus amid it go as well."""
    lines = [
        MENU,
        ("header/h1", 20, 0.0),
        CLAIM,
        *PROSE[:2],
        MENU,
        ("ul/li", 9, 0.0),
        *PROSE,
        CLAIM,
    ]
    places = [Place(path, 4, index, links) for index, (path, _, links) in enumerate(lines)]
    keeps = without_votes([width for _, width, _ in lines], places, [True] * len(lines))
    assert [1, 3, 4, 6, 7, 8, 9, 10] == [index for index, keep in enumerate(keeps) if keep]


def test_without_votes_and_prose_all_that_was_shown_stays() -> None:
    """There is nothing to go by."""
    places = [Place("body/div", 2, 0, 1.0)] * 3
    assert [True, False, True] == without_votes([9, 9, 9], places, [True, False, True])
