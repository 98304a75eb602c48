"""Values out of markup, made fit for a column."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clean_ingest.stages._values import language_tag, list_of, text_of, web_url


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Nets & lines", "Nets &amp; lines"),
        ("Nets & lines", "Nets &amp;amp; lines"),
        ("AT&T is", "AT&T is"),
        ("1 < 2 > 0", "1 < 2 > 0"),
        ("a b", "<p>a</p><p class='x'>b</p>"),
        ("café", "cafe\u0301"),
        ("a b", "a\r\n\x00\x1b b"),
        ("می\u200cشود", "می\u200cشود"),
        ("", "x" * 11),
        ("", None),
        ("", 7),
        ("", ["x"]),
    ],
)
def test_text(text: str, value: object) -> None:
    """On one line, bare of markup and entities; too long is none, and no text is none."""
    assert text == text_of(value, 12 if "Nets" in str(value) else 10)


def test_surrogates_and_endless_text() -> None:
    """Neither fails, and neither comes out."""
    assert "a?b" == text_of("a\ud800b", 10)
    assert "" == text_of("a" * 10_000_000, 100)
    assert "" == text_of("&amp;" * 3_000, 5_000)


def test_lists() -> None:
    """Of strings, lists and objects with names, in every script's commas."""
    values = ["a, b", ["B", {"name": "c"}, {"x": 1}, None], 7, "д；е、ж،ز", "R&amp;D; c++"]
    assert ("a", "b", "c", "д", "е", "ж", "ز", "R&D", "c++") == list_of(values)


@given(st.text(max_size=40), st.none() | st.just("https://a.example/b/"))
def test_urls_are_absolute_or_none(value: str, base: str | None) -> None:
    """Whatever a page says."""
    url = web_url(value, base)
    assert url is None or (url.startswith(("http://", "https://")) and url == web_url(url))


@pytest.mark.parametrize(
    ("url", "value"),
    [
        ("https://a.example/b?c=d", " https://a.example/b?c=d#e "),
        ("https://a.example/", "HTTPS://A.example"),
        ("https://пример.example/путь", "https://пример.example/путь"),
        ("http://127.0.0.1:8000/", "http://127.0.0.1:8000"),
        ("http://[::1]:8000/", "http://[::1]:8000/"),
        (None, "https://./b"),
        (None, "https://-/b"),
        (None, "//a.example/b"),
        (None, "/b"),
        (None, "mailto:ann@a.example"),
        (None, "data:text/html,x"),
        (None, "https:///b"),
        (None, "https://a.example:99999/"),
        (None, "https://a.example/b\nc"),
        (None, 'https://a.example/"onclick'),
        (None, b"https://a.example/"),
    ],
)
def test_urls(url: str | None, value: object) -> None:
    """Only those of the web, without fragments and secrets."""
    assert url == web_url(value)


@pytest.mark.parametrize(
    ("tag", "value"),
    [
        ("en", "EN"),
        ("sr-Latn-RS", "sr_latn_rs"),
        ("es-419", "es-419"),
        ("de-DE-1996", "de-de-1996"),
        ("ru-RU", "ru_RU.UTF-8"),
        (None, "english"),
        (None, "mul"),
        (None, "x-default"),
        (None, ""),
        (None, 1),
    ],
)
def test_language_tags(tag: str | None, value: object) -> None:
    """As BCP 47 writes them."""
    assert tag == language_tag(value)
