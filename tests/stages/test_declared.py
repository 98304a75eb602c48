"""One look at the markup of a page."""

from __future__ import annotations

import pytest

from clean_ingest.core.document import Page
from clean_ingest.intake.render import render
from clean_ingest.stages._declared import Declared, declared


def of(html: str) -> Declared:
    return declared(render(html).page)


@pytest.mark.parametrize(
    ("text", "heading"),
    [
        ("Fähre fährt", "Fäh<!-- - -->re <b>fähr</b>t"),
        ("one two", "one<br>two"),
        ("one two", "<div>one</div><div>two</div>"),
        ("one two", "one <script>no()</script><style>no</style><svg><text>no</text></svg>two"),
        ("one two", "\n one&nbsp;\t two "),
        ("北京港", "<span>北京</span><em>港</em>"),
    ],
)
def test_text_of_an_element(text: str, heading: str) -> None:
    """As it is seen: inline elements part no words, blocks do, code is none."""
    assert (text,) == of(f"<h1>{heading}</h1>tail").headings


def test_an_element_of_very_many() -> None:
    """It is read to a bound."""
    assert ("one",) == of(f"<h1>one {'<b></b>' * 3_000} two</h1>").headings


def test_metas_by_all_their_names() -> None:
    """One meta may be named in two vocabularies; empty ones say nothing."""
    found = of(
        "<meta property=' og:Title ' name=title content=A><meta name=title content=B>"
        "<meta name=title content=' '><meta name=title><meta content=C>"
    )
    assert {"og:title": ["A"], "title": ["A", "B"]} == found.metas
    assert ["A", "A", "B"] == [*found.metas_of("og:title", "none", "title")]


def test_types_of_linked_data() -> None:
    """By their names alone, in lists and addresses, and in what they are about."""
    page = Page(
        (),
        render("<p>x").page.tree,
        (
            {"@type": ["https://schema.org/TechArticle", 7]},
            {"@type": "QAPage", "mainEntity": {"@type": "Question"}},
            {"@type": "JobPosting"},
            {},
        ),
    )
    linked = declared(page).linked
    assert [("techarticle",), ("qapage",), ("question",), ("jobposting",), ()] == [
        each.types for each in linked
    ]
    assert [True, False, True, False, False] == [each.is_article for each in linked]
    assert [False, True, False, False, False] == [each.is_page for each in linked]
    assert [False, False, True, False, False] == [each.is_forum for each in linked]


def test_moments() -> None:
    """With what their other attributes say, and the headlines before them."""
    found = of("<time>a</time><h1>x</h1><time class=PostedOn datetime=2024-05-03>b</time>")
    assert [("", "a", 0, False), ("2024-05-03", "b", 1, True)] == [tuple(m) for m in found.moments]


def test_people() -> None:
    """Links to one person; those to all of them, to tags and to authors' sections are none."""
    found = of(
        "<a href=/authors/ann-example/?x#y>Ann</a><a href='/people/a/tom%20s'>Tom</a>"
        "<a href=/authors/>All</a><a href=/author>A</a><a href=/news/authors-of-old>N</a>"
    )
    assert (("ann-example", "Ann"), ("tom s", "Tom")) == found.people
