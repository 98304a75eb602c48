"""Who wrote a page, as its markup says: a wrong name is worse than none."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

TagsOf = Callable[..., dict[str, Any]]

PERSON = {"@type": "Person", "name": "Ann Example"}


def linked(data: object, more: str = "") -> str:
    """A page with JSON-LD."""
    script = f'<script type="application/ld+json">{json.dumps(data)}</script>'
    return f"<html lang=sv><title>Ferries</title>{script}{more}<body><p>The ferries run again, and nobody is surprised."


def article(author: object, kind: str = "NewsArticle") -> dict[str, object]:
    return {"@type": kind, "headline": "Ferries", "author": author}


@pytest.mark.parametrize(
    ("names", "author"),
    [
        ("Ann Example", PERSON),
        ("Ann Example", "By Ann Example"),
        ("Ann Example, Tom Sample", [PERSON, {"name": "Tom Sample"}, PERSON]),
        ("Ann Example, Tom Sample", "Ann Example and Tom Sample"),
        ("Ann Example, Tom Sample", {"name": ["Ann Example", "Tom Sample"]}),
        ("Ann Example, MD", "Ann Example, MD"),
        ("Ånn Øster, Per Ås", "Ånn Øster og Per Ås"),
        ("Per Olov Ås", "Per Olov Ås"),
        ("Анна Примерова", {"@type": "Person", "givenName": "Анна", "familyName": "Примерова"}),
        ("王小明", {"name": "王小明"}),
        ("Harbour Institute", {"@type": "Organization", "name": "Harbour Institute"}),
    ],
)
def test_of_linked_data(names: str, author: object, tags_of: TagsOf) -> None:
    """Persons and houses, one or more, in the ways in which they are written."""
    assert names == tags_of(linked(article(author)))["author"]


def test_by_reference(tags_of: TagsOf) -> None:
    """An author may be described elsewhere in the graph."""
    graph = [article({"@id": "#ann"}), {"@type": "Person", "@id": "#ann", "name": "Ann Example"}]
    assert "Ann Example" == tags_of(linked({"@graph": graph}))["author"]


@pytest.mark.parametrize(
    "name",
    [
        "admin",
        "Administrator",
        "Redaktion",
        "https://facebook.example/ann",
        "www.harbour.example",
        "ann@harbour.example",
        "@ann",
        "12345678",
        "ann.example",
        "annexample9000",
        "undefined",
        "",
        "Ann Example is a reporter who has been at sea for twenty years",
        "x" * 90,
        None,
        7,
        {"name": {"name": []}},
    ],
)
def test_what_is_no_name(name: object, tags_of: TagsOf) -> None:
    """Roles, addresses, accounts, and what a template left empty."""
    assert "author" not in tags_of(linked(article(name)))
    if isinstance(name, str):
        meta = f"<meta name=author content='{name}'>"
        assert "author" not in tags_of(f"<title>Ferries</title>{meta}<p>They run.")


def test_accounts_are_names_in_a_forum(tags_of: TagsOf) -> None:
    """There nobody has another."""
    found = tags_of(linked(article({"name": "sea_wolf77"}, "DiscussionForumPosting")))
    assert "sea_wolf77" == found["author"]


@pytest.mark.parametrize(
    "markup",
    [
        "<meta name=author content='Ann Example'>",
        "<meta property=article:author content='https://social.example/ann'>"
        "<meta name=parsely-author content='Ann Example'>",
        "<meta name=twitter:label1 content='Written by'>"
        "<meta name=twitter:data1 content='Ann Example'>",
        "<meta name=twitter:label1 content='Verfasst von'>"
        "<meta name=twitter:data1 content='Ann Example'>",
        "<p itemprop=author itemscope>By <b itemprop=name>Ann Example</b>, of this paper</p>",
        "<a rel=author href=/ann>View all posts by Ann Example</a>",
        "<a href=/authors/ann-example/>Ann Example</a><a href=/authors/>All authors</a>",
        "<a href=/autor/7/ann-ex%C3%A1mple>Von Ann Example</a>",
        "<h1>Ferries</h1><p>Von Ann Example</p>",
    ],
)
def test_of_other_markup(markup: str, tags_of: TagsOf) -> None:
    """Metas, microdata, links to the page of the author, and a byline below the headline."""
    text = "<p lang=de>Die Fähren fahren wieder, und niemand am Kai wundert sich darüber.</p>" * 3
    assert "Ann Example" == tags_of(f"<html lang=de><title>Ferries</title>{markup}{text}")["author"]


def test_what_else_is_labelled_is_no_author(tags_of: TagsOf) -> None:
    """A reading time stands where the author stands on other pages."""
    html = (
        "<title>Ferries</title><meta name=twitter:label1 content='Time to read'>"
        "<meta name=twitter:data1 content='Four Minutes'><p>They run."
    )
    assert "author" not in tags_of(html)


def test_lists_have_no_author(tags_of: TagsOf) -> None:
    """Those of the articles in a list did not write the list; nor did all whom a page names."""
    names = ["Ann Example", "Tom Sample", "Pia Muster", "Joe Bloggs"]
    assert "author" not in tags_of(linked([article({"name": name}) for name in names]))
    links = "".join(f"<a href=/authors/{n.lower().replace(' ', '-')}>{n}</a>" for n in names)
    assert "author" not in tags_of(f"<title>People</title>{links}<p>They write.")
    links = "".join(f"<a rel=author href=/x>{name}</a>" for name in names)
    assert "author" not in tags_of(f"<title>People</title>{links}<p>They write.")


def test_a_link_that_is_no_name(tags_of: TagsOf) -> None:
    """What such a link says has to be spelt in its address."""
    html = "<title>Shop</title><a href=/authors/apply>Authorized Dealer</a><p>Boats for sale."
    assert "author" not in tags_of(html)


def test_who_opened_a_thread(tags_of: TagsOf) -> None:
    """Of all who wrote in it, the first."""
    posts = "".join(f"<p itemprop=author>{name}</p>" for name in ("wolf", "fox", "hare", "owl"))
    html = linked({"@type": "DiscussionForumPosting", "headline": "Ferries"}, f"<body>{posts}")
    assert "wolf" == tags_of(html)["author"]


def test_the_site_itself_comes_last(tags_of: TagsOf) -> None:
    """Whoever else is named wrote the text; where nobody is, the site did."""
    site = "<meta property=og:site_name content='Coast Gazette'>"
    html = linked(article({"@type": "Organization", "name": "Coast Gazette"}), site)
    assert "Coast Gazette" == tags_of(html)["author"]
    for person in (
        "<meta name=author content='Ann Example'>",
        "<h1>Ferries</h1><p>By Ann Example</p>",
        "<h1>Ferries</h1><p class=post-author>Ann Example</p>",
    ):
        assert "Ann Example" == tags_of(html + person)["author"]


def test_what_classes_call_the_author(tags_of: TagsOf) -> None:
    """A name on a line of its own near the headline, shown, and of no dealer."""

    def author(line: str, between: str = "") -> object:
        text = "<p>The ferries run again, and nobody on the quay is surprised by that.</p>" * 3
        return tags_of(f"<title>Ferries</title><h1>Ferries</h1>{between}{line}{text}").get("author")

    assert "Ann Example" == author("<div class=hero__author>Ann Example</div>")
    assert "山田花子" == author("<div class=Byline><span>山田花子</span></div>")
    assert author("<div class=authorized>Dealer Example</div>") is None
    assert author("<div class=hero__author hidden>Ann Example</div>") is None
    assert author("<div class=hero>Ann Example</div>") is None
    assert author("<div class=hero__author>Ann Example</div>", "<p>x</p>" * 20) is None
