"""What a page says about itself, as one: sources in their order, and pages that are broken."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml.html import tostring

from clean_ingest import clean
from clean_ingest.core.document import Document, Page
from clean_ingest.core.document import Metadata as Known
from clean_ingest.stages import _page
from clean_ingest.stages.metadata import Metadata

TagsOf = Callable[..., dict[str, Any]]
PageOf = Callable[..., Document]

GREEK = """<!DOCTYPE html><html lang="el"><head>
<title>Έκλεισε η γέφυρα του λιμανιού | Ακτή</title>
<link rel="canonical" href="/nea/gefyra"><meta property="og:site_name" content="Ακτή">
<script type="application/ld+json">{"@context": "https://schema.org", "@graph": [
 {"@type": "NewsArticle", "headline": "Έκλεισε η γέφυρα του λιμανιού", "articleSection": "Ελλάδα",
  "author": {"@id": "#a"}, "datePublished": "2024-05-03T10:15:00+03:00", "keywords": ["γέφυρα"],
  "license": "https://creativecommons.org/licenses/by/4.0/"},
 {"@type": "Person", "@id": "#a", "name": "Άννα Παραδείγματος"}]}</script></head>
<body><header>Ακτή</header><article><h1>Έκλεισε η γέφυρα του λιμανιού</h1>
<p>Η γέφυρα έκλεισε τη Δευτέρα, αφού οι μηχανικοί βρήκαν ρωγμές σε δύο από τους πυλώνες της.</p>
<p>Τα πλοία θα μεταφέρουν τους επιβάτες μέχρι να τελειώσουν οι εργασίες στη γέφυρα.</p>
</article></body></html>"""


def test_all_fields(tags_of: TagsOf) -> None:
    """Each from where it is surest."""
    assert {
        "title": "Έκλεισε η γέφυρα του λιμανιού",
        "author": "Άννα Παραδείγματος",
        "published": "2024-05-03T10:15:00+03:00",
        "site": "Ακτή",
        "url": "https://akti.example/nea/gefyra",
        "declared_language": "el",
        "categories": ("Ελλάδα",),
        "tags": ("γέφυρα",),
        "license": "CC-BY-4.0",
    } == tags_of(GREEK, url="https://akti.example/nea/gefyra?x=1")


def test_what_the_input_knew_is_left_alone(tags_of: TagsOf) -> None:
    """A field that the reader filled is not tagged again."""
    known = Known(title="T", url="https://a.example/", tags=("x",), published="2001-01-01")
    found = tags_of(GREEK, known=known)
    assert {"author", "site", "declared_language", "categories", "license"} == set(found)


def test_a_known_title_shows_where_to_look(tags_of: TagsOf) -> None:
    """Author and date beside it are found in the text of the page."""
    html = (
        "<html lang=en><title>Something else</title><h1>Ferries run again</h1>"
        "<p>By Ann Example</p><p>3 May 2024</p>"
        + "<p>The ferries run again, and nobody on the quay was surprised by that.</p>"
        * 3
    )
    found = tags_of(html, known=Known(title="Ferries run again"))
    assert ("Ann Example", "2024-05-03") == (found["author"], found["published"])


def test_the_headline_is_not_its_copy_in_a_menu(tags_of: TagsOf) -> None:
    """What stands beside the `h1` counts, however far below."""
    menu = "<p>Ferries run again</p>" + "".join(f"<p>Line {n}</p>" for n in range(30))
    text = "<p>The ferries run again, and nobody on the quay was surprised by that.</p>" * 3
    html = f"<title>Ferries run again</title>{menu}<h1>Ferries run again</h1><p>By Ann Example</p>"
    assert "Ann Example" == tags_of(html + text)["author"]


def test_behind_a_stage_that_edits(page_of: PageOf) -> None:
    """Places fit no line any more; what the markup says is there all the same."""
    html = "<title>Ferries</title><h1>Ferries</h1><p>By Ann Example</p><p>They run.</p>"
    document = replace(page_of(html), text="x\n" * 10 + "Ferries\nBy Ann Example\n")
    tags = {tag.field: tag.value for tag in Metadata().propose(document)}
    assert {"title": "Ferries", "url": "https://harbour.example/news/bridge"} == tags


def test_options(tags_of: TagsOf) -> None:
    """Each field can be left out, and markup as a whole."""
    without = Metadata(title=False, author=False, published=False, site=False)
    assert {"url", "declared_language", "categories", "tags", "license"} == set(
        tags_of(GREEK, without)
    )
    plain = tags_of(GREEK, Metadata(markup=False))
    assert {"title": "Έκλεισε η γέφυρα του λιμανιού"} == plain


def test_site_of_a_copyright_line(tags_of: TagsOf) -> None:
    """Where the markup names none."""
    text = "<p>The ferries run again, and nobody on the quay was surprised by that.</p>" * 3
    html = f"<title>Ferries</title><p>Coast Gazette</p>{text}<p>© 2024 Coast Gazette</p>"
    assert "Coast Gazette" == tags_of(html)["site"]


def test_the_whole_pipeline_keeps_what_the_page_says() -> None:
    """No later stage guesses anew."""
    metadata = clean(GREEK).document.metadata
    assert "Έκλεισε η γέφυρα του λιμανιού" == metadata.title
    assert ("Ελλάδα",) == metadata.categories


def test_values_are_repaired_and_bare(tags_of: TagsOf) -> None:
    """Mojibake, control characters and presentation forms go from values as from text."""
    html = (
        "<title>FerrÃ­es run\u200b again</title>"
        "<meta property=og:site_name content='Coast\x07&#8203; \u202eGazette'><p>x"
    )
    found = tags_of(html)
    assert ("Ferríes run again", "Coast Gazette") == (found["title"], found["site"])


def test_the_tree_is_left_as_it_was(page_of: PageOf) -> None:
    """The stages after this one see the page that was parsed."""
    document = page_of(GREEK)
    assert document.page is not None
    before = tostring(document.page.tree)
    list(Metadata().propose(document))
    assert before == tostring(document.page.tree)


def test_a_tree_that_cannot_be_read_costs_metadata_only(page_of: PageOf) -> None:
    """The document is flagged, and goes on."""
    document = replace(page_of(GREEK), page=Page((), None))
    tags = {tag.field: tag.value for tag in Metadata().propose(document)}
    assert {"flag": "metadata-failed"} == tags


def test_a_field_that_cannot_be_read_costs_itself_only(
    tags_of: TagsOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All others are there."""

    def fail(*_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(_page, "license_of", fail)
    found = tags_of(GREEK)
    assert "metadata-failed" == found.pop("flag")
    assert 8 == len(found)
    assert "license" not in found


KEYS = (
    *("@type", "@id", "headline", "name", "author", "creator", "datePublished", "dateCreated"),
    *("publisher", "isPartOf", "inLanguage", "articleSection", "keywords", "license", "url"),
    *("mainEntity", "mainEntityOfPage"),
)
ODD = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=9),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from((*KEYS, "familyName", "x")), inner, max_size=3)
    ),
    max_leaves=6,
)


@settings(max_examples=60)
@given(st.lists(st.dictionaries(st.sampled_from(KEYS), ODD, max_size=6), max_size=4))
def test_odd_linked_data_never_fails(page_of: PageOf, objects: list[dict[str, Any]]) -> None:
    """Whatever stands where: every value that comes out is one that its column holds."""
    for data in objects:
        data.setdefault("@type", ["Article", "QAPage"])
    script = json.dumps(objects).replace("</", "<\\/")
    html = f'<title>x</title><script type="application/ld+json">{script}</script><p>y'
    tags = list(Metadata().propose(page_of(html)))
    assert "metadata-failed" not in {tag.value for tag in tags}
    for tag in tags:
        values = tag.value if isinstance(tag.value, tuple) else (tag.value,)
        assert all(isinstance(value, str) and value == " ".join(value.split()) for value in values)
        assert all(values)


@pytest.mark.parametrize(
    "markup",
    [
        "<h1>x</h1>" * 20_000,
        "<meta name=author content='Ann Example'>" * 20_000,
        "<a rel=author href=/authors/ann-example>Ann Example</a>" * 20_000,
        "<time datetime=2024-05-03>x</time>" * 20_000,
        "<p itemprop='author datePublished'>x</p>" * 20_000,
        f"<h1>{'<b>' * 1_500}x",
        f"<h1>{'<b></b>' * 100_000}x</h1>",
        f"<title>{'a | ' * 100_000}</title>",
        f"<meta name=author content='{'a, b; ' * 100_000}'>",
        f"<meta name=keywords content='{'a,' * 500_000}'>",
        f"<link rel=canonical href='{'/..' * 500_000}'>",
        f"<html lang='{'en-' * 300_000}'>",
        f"<p itemprop=author itemscope>{'<i itemscope>' * 1_000}Ann Example",
    ],
    ids=range(13),
)
def test_pages_of_very_much(markup: str, tags_of: TagsOf) -> None:
    """They are read to a bound, and what comes out is short."""
    found = tags_of(f"<title>Ferries</title>{markup}<p>They run.")
    assert "flag" not in found
    assert 20_000 > len(str(found))
