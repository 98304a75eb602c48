"""The title of a page: its headline, without the name of the site, where that can be proved."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

TagsOf = Callable[..., dict[str, Any]]


@pytest.mark.parametrize(
    ("title", "heading", "declared", "site"),
    [
        (
            "Harbour bridge closed after cracks are found",
            "Harbour bridge closed after cracks are found",
            "Harbour bridge closed: cracks found | Coast Gazette",
            "",
        ),
        (
            "Мост через гавань закрыли из-за трещин",
            "Мост через гавань закрыли из-за трещин",
            "Мост через гавань закрыли — Береговой вестник",
            "",
        ),
        ("港口大桥桥墩出现裂缝", "港口大桥桥墩出现裂缝", "港口大桥桥墩出现裂缝_海岸日报", ""),
        ("إغلاق جسر الميناء", "إغلاق جسر الميناء", "إغلاق جسر الميناء - صحيفة الساحل", ""),
        ("बंदरगाह का पुल बंद", "बंदरगाह का पुल बंद", "बंदरगाह का पुल बंद | तट समाचार", ""),
        ("Η γέφυρα του λιμανιού έκλεισε", "Ακτή", "Η γέφυρα του λιμανιού έκλεισε | Ακτή", "Ακτή"),
        ("Zamknięto most w porcie", "", "Głos Wybrzeża: Zamknięto most w porcie", "Głos Wybrzeża"),
        ("Die Brücke - ein Nachruf", "", "Die Brücke - ein Nachruf", ""),
        ("Die Brücke", "", "Die Brücke - Küstenbote", "Küstenbote"),
    ],
)
def test_title(title: str, heading: str, declared: str, site: str, tags_of: TagsOf) -> None:
    """The headline as readers see it, in any script; the site goes where it is proved to be one."""
    found = tags_of(
        f"<title>{declared}</title><meta property='og:site_name' content='{site}'>"
        f"<body><h1>{heading}</h1><p>Ferries carry commuters.</p>"
    )
    assert title == found["title"]


def test_site_is_told_by_its_address_as_well(tags_of: TagsOf) -> None:
    """The host of the page is one of the names that its site goes by."""
    html = "<title>Bridge closed - harbour.example</title><p>Ferries carry commuters."
    assert "Bridge closed" == tags_of(html)["title"]
    assert "Bridge closed - harbour.example" == tags_of(html, url=None)["title"]


def test_headline_that_is_the_name_of_the_site(tags_of: TagsOf) -> None:
    """A logo in an `h1` is no headline, nor is the heading of a box."""
    html = (
        "<title>Ferries are late again - Coast Gazette</title>"
        "<h1>Coast Gazette</h1><h1>Ferries are late again</h1><h1>Most read</h1>"
    )
    assert "Ferries are late again" == tags_of(html)["title"]
    html = "<title>Ferries are late again today</title><h1>Most read today</h1>"
    assert "Ferries are late again today" == tags_of(html)["title"]
    html = (
        "<meta property=og:site_name content='Coast Gazette'>"
        "<title>The Coast Gazette is late again</title><h1>Coast Gazette</h1>"
    )
    assert "The Coast Gazette is late again" == tags_of(html)["title"]
    html = "<title>Ferries are late again - Coast Gazette</title><h1>Coast Gazette</h1>"
    assert "Ferries are late again" == tags_of(html)["title"]


def test_what_the_linked_data_says_of_the_article(tags_of: TagsOf) -> None:
    """Entities that a template encoded twice are read, and markup is not."""
    html = (
        '<script type="application/ld+json">{"@type": "NewsArticle",'
        ' "headline": "Nets &amp;amp; lines: <i>a day<\\/i> at sea"}</script><title>Page</title><p>x'
    )
    assert "Nets & lines: a day at sea" == tags_of(html)["title"]


def test_a_lone_headline(tags_of: TagsOf) -> None:
    """It is the title where the head says nothing; of several none is."""
    assert "Ferries" == tags_of("<h1>Ferries</h1><p>They run.")["title"]
    assert "title" not in tags_of("<h1>Ferries</h1><h1>Bridges</h1><p>They run.")


def test_too_long_is_no_title(tags_of: TagsOf) -> None:
    """A page that puts its text there has another, or none."""
    assert "title" not in tags_of(f"<title>{'word ' * 100}</title><p>x")
    long = f"<title>{'word ' * 100}</title><meta property=og:title content='Ferries'><p>x"
    assert "Ferries" == tags_of(long)["title"]


def test_titles_of_drawings_are_none(tags_of: TagsOf) -> None:
    """An `svg` in the head of a broken page has a title of its own."""
    html = "<body><svg><title>Menu</title></svg><title>Ferries</title><p>They run."
    assert "Ferries" == tags_of(html)["title"]
