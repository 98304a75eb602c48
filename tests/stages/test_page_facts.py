"""Address, language, licence, sections and tags of a page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from clean_ingest.stages._page_facts import creative_commons

TagsOf = Callable[..., dict[str, Any]]

HERE = "https://harbour.example/news/bridge?from=feed"


def page(head: str, body: str = "") -> str:
    return f"<head><title>Ferries</title>{head}</head><body>{body}<p>They run again."


@pytest.mark.parametrize(
    ("url", "head"),
    [
        ("https://harbour.example/bridge", "<link rel=canonical href=/bridge>"),
        ("https://harbour.example/news/b", "<link rel='Canonical Alternate' href='b#top'>"),
        ("https://coast.example/b", "<base href=//coast.example/x/><link rel=canonical href=../b>"),
        ("http://coast.example/b", "<meta property=og:url content=http://coast.example/b>"),
        ("https://a.example/b", "<link rel=canonical href='https://ann:secret@a.example/b'>"),
        (HERE, "<link rel=canonical href=https://harbour.example/>"),
        (HERE, "<link rel=canonical href=javascript:alert(1)>"),
        (HERE, "<link rel=canonical href='https://a b.example/'>"),
        (HERE, "<link rel=canonical href=ftp://harbour.example/b>"),
        (HERE, "<link rel=canonical href=https://[::1/>"),
        (HERE, "<link rel=canonical href=https://harbour.example:port/>"),
        (HERE, f"<link rel=canonical href=/{'b' * 2_000}>"),
        (HERE, ""),
    ],
)
def test_url(url: str, head: str, tags_of: TagsOf) -> None:
    """The canonical one, absolute and safe; else that from which the page was fetched."""
    assert url == tags_of(page(head), url=HERE)["url"]


def test_url_of_a_page_from_nowhere(tags_of: TagsOf) -> None:
    """A relative address leads nowhere then; the front page may well be the page itself."""
    assert "url" not in tags_of(page("<link rel=canonical href=/bridge>"), url=None)
    front = page("<link rel=canonical href=https://harbour.example>")
    assert "https://harbour.example/" == tags_of(front, url=None)["url"]
    assert "url" not in tags_of(page(""), url="file:///home/ann/page.html")


@pytest.mark.parametrize(
    ("language", "html"),
    [
        ("de", "<html lang=de>"),
        ("en-US", "<html lang='en_us'>"),
        ("zh-Hant-TW", "<html xml:lang=zh-hant-tw>"),
        ("pt-BR", "<html><meta http-equiv=Content-Language content=pt-br>"),
        ("uk-UA", "<html lang=''><meta property=og:locale content=uk_UA.UTF-8>"),
        (
            "fa",
            '<html><script type="application/ld+json">{"@type":"Article","inLanguage":"fa"}</script>',
        ),
        (None, "<html lang=und>"),
        (None, "<html lang='English (US)'>"),
        (None, "<html><meta http-equiv=content-language content='en, de'>"),
    ],
)
def test_language(language: str | None, html: str, tags_of: TagsOf) -> None:
    """A BCP 47 tag in its usual spelling; what is none is not taken."""
    assert language == tags_of(f"{html}<p>x").get("declared_language")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("CC-BY-SA-4.0", "https://creativecommons.org/licenses/by-sa/4.0/deed.de"),
        ("CC-BY-NC-ND-3.0-DE", "http://creativecommons.org/licenses/by-nc-nd/3.0/de/"),
        ("CC0-1.0", "https://creativecommons.org/publicdomain/zero/1.0/"),
        ("CC-PDM-1.0", "https://creativecommons.org/publicdomain/mark/1.0/"),
        ("CC-BY-4.0", "CC BY 4.0"),
        ("CC-BY-SA-2.5", {"@id": "https://creativecommons.org/licenses/by-sa/2.5/"}),
        (None, "https://creativecommons.org/"),
        (None, "All rights reserved"),
        (None, None),
        (None, 4.0),
    ],
)
def test_creative_commons(name: str | None, value: object) -> None:
    """Identifiers of SPDX, from addresses in their many forms."""
    assert name == creative_commons(value)


@pytest.mark.parametrize(
    ("license", "markup"),
    [
        ("CC-BY-4.0", "<a rel=license href=//creativecommons.org/licenses/by/4.0/>CC</a>"),
        ("https://harbour.example/terms", "<a rel='nofollow license' href=/terms>Terms</a>"),
        (
            "CC-BY-4.0",
            "<footer><a href=https://creativecommons.org/licenses/by/4.0/>x</a></footer>",
        ),
        (
            "CC-BY-4.0",
            "<div class=site-footer><a href=https://creativecommons.org/licenses/by/4.0/>x</a></div>",
        ),
        (None, "<p>Photo: <a href=https://creativecommons.org/licenses/by/4.0/>CC</a></p>"),
        (
            None,
            "<footer><a href=https://creativecommons.org/licenses/by/4.0/>x</a>"
            "<a href=https://creativecommons.org/licenses/by-sa/4.0/>y</a></footer>",
        ),
        (None, "<a rel=license href=javascript:show()>Terms</a>"),
    ],
)
def test_license(license: str | None, markup: str, tags_of: TagsOf) -> None:  # noqa: A002 - the field's name
    """Of the text, or of all that the footer speaks of; that of a picture is none."""
    assert license == tags_of(page("", markup)).get("license")


def test_license_of_linked_data(tags_of: TagsOf) -> None:
    """Of the article, not of its picture."""
    by = "https://creativecommons.org/licenses/by/4.0/"
    for kind, expected in (("Article", "CC-BY-4.0"), ("ImageObject", None)):
        script = f'{{"@type": "{kind}", "license": ["{by}"]}}'
        html = page(f'<script type="application/ld+json">{script}</script>')
        assert expected == tags_of(html).get("license")


def test_sections_and_tags(tags_of: TagsOf) -> None:
    """Lists and texts that are lists, in their order, none twice, none empty or endless."""
    html = page(
        '<script type="application/ld+json">{"@type": "Article", "articleSection": ["News", 7],'
        '"keywords": "Bridges, Ferries &amp; Boats,, #harbour"}</script>'
        "<meta property=article:section content=news>"
        "<meta property=article:tag content='ferries &amp; boats'>"
        f"<meta property=article:tag content='{'x' * 200}'><meta property=article:tag content='پل، بندر'>"
        "<meta name=keywords content='cheap, tickets'>",
        "<a rel='category tag' href=/sea>At sea</a>",
    )
    found = tags_of(html)
    assert ("News", "At sea") == found["categories"]
    assert ("Bridges", "Ferries & Boats", "harbour", "پل", "بندر") == found["tags"]
    plain = tags_of(page("<meta name=keywords content='cheap, tickets'>"))
    assert ("cheap", "tickets") == plain["tags"]
    assert "categories" not in plain


def test_lists_are_bounded(tags_of: TagsOf) -> None:
    """A page that lists a thousand words is about none of them; a hundred are taken."""
    words = ",".join(f"w{n}" for n in range(1_000))
    assert 100 == len(tags_of(page(f"<meta name=keywords content='{words}'>"))["tags"])
