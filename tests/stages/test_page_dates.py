"""When a page was published: the same under any clock, and never the day of a change."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clean_ingest.stages._page_dates import moment_of
from clean_ingest.stages.metadata import Metadata

TagsOf = Callable[..., dict[str, Any]]


def of(value: object, latest: str = "2030-12-31", language: str = "und") -> str | None:
    return moment_of(value, latest, lambda: language)


@pytest.mark.parametrize(
    ("moment", "written"),
    [
        ("2024-05-03", "2024-05-03"),
        ("2024-05-03", " 2024/5/3 "),
        ("2024-05-03", "20240503"),
        ("2024-05", "2024-05"),
        ("2024", "2024"),
        ("2024-05-03T10:15:00+02:00", "2024-05-03T10:15:00.123+0200"),
        ("2024-05-03T10:15:00+00:00", "2024-05-03T10:15Z"),
        ("2024-05-03T09:15:00", "2024-05-03 9:15"),
        ("2024-05-03T09:15:00", "2024-05-03 09:15:00 EST"),
        ("2024-05-03T10:15:00+00:00", "Fri, 03 May 2024 10:15:00 GMT"),
        ("2024-05-03T10:15:00+02:00", "Fri May 03 2024 10:15:00 GMT+0200 (CEST)"),
        ("2024-05-03T10:15:00+00:00", "1714731300"),
        ("2024-05-03T10:15:00+00:00", 1714731300000),
        ("2024-05-03", "May 3, 2024"),
        ("2024-05-03", "3 мая 2024 г."),
        ("2024-05-03", "2024年5月3日"),
        (None, "2024-02-30"),
        (None, "2024-13-01"),
        (None, "0001-01-01T00:00:00Z"),
        (None, "1970-01-01"),
        (None, "2031-01-01"),
        (None, "9999999999"),
        (None, "yesterday"),
        (None, "10:15"),
        (None, ""),
        (None, None),
        (None, True),
        (None, ["2024-05-03"]),
        (None, "2024-05-03T25:15:00Z"),
    ],
)
def test_moments(moment: str | None, written: object) -> None:
    """As machines write them and as people do; what is no date, or none that can be, is none."""
    assert moment == of(written, language="ru" if "мая" in str(written) else "und")


def test_which_number_is_the_month() -> None:
    """Only the language can tell, and English does not."""
    assert ("2024-04-03", None) == (
        of("03.04.2024", language="de"),
        of("03/04/2024", language="en"),
    )


@given(st.text(alphabet="0123456789-/.:TZ+ GMTMay年", max_size=25))
def test_moments_never_fail(written: str) -> None:
    """Whatever a page says, it is a date in its bounds or nothing."""
    found = of(written, "2025-06-15")
    assert found is None or "1990" <= found[:10] <= "2025-06-15"


@pytest.mark.parametrize(
    ("day", "markup"),
    [
        (
            "2024-05-03T10:15:00+00:00",
            "<meta property=article:published_time content=2024-05-03T10:15Z>",
        ),
        ("2024-05-03", "<meta itemprop=datePublished content=2024-05-03>"),
        ("2024-05-03", "<meta name=citation_publication_date content=2024/05/03>"),
        ("2024-05-03", "<p itemprop=datePublished>3. Mai 2024</p>"),
        ("2024-05-03", "<time class=entry-date datetime=2024-05-03>vor zwei Tagen</time>"),
        ("2024-05-03", "<time pubdate>3. Mai 2024</time>"),
        ("2024-05-03", "<h1>Fähren</h1><p>Veröffentlicht am 3. Mai 2024</p>"),
        (None, "<meta property=article:modified_time content=2024-05-03T10:15Z>"),
        (None, "<meta name=last-modified content=2024-05-03>"),
        (None, "<time class=updated-published datetime=2024-05-03>3. Mai 2024</time>"),
        (None, "<time datetime=2024-05-03>3. Mai 2024</time>"),
        (
            None,
            "<time class=posted datetime=2024-05-03>1</time>"
            "<time class=posted datetime=2024-05-04>2</time>",
        ),
        (None, "<h1>Fähren</h1><p>Aktualisiert am 3. Mai 2024</p>"),
    ],
)
def test_of_markup(day: str | None, markup: str, tags_of: TagsOf) -> None:
    """Behind names that mean publication only; of a list of days none is the page's."""
    text = "<p>Die Fähren fahren wieder, und niemand am Kai wundert sich darüber.</p>" * 3
    html = f"<html lang=de><title>Fähren</title>{markup}{text}"
    assert day == tags_of(html).get("published")


def test_of_linked_data(tags_of: TagsOf) -> None:
    """That of the text counts before metas, that of the page around it behind them."""

    def page(kind: str, more: str = "") -> str:
        script = (
            f'{{"@type": "{kind}", "datePublished": "2024-05-03", "dateModified": "2024-06-01"}}'
        )
        return f'<title>F</title>{more}<script type="application/ld+json">{script}</script><p>x'

    meta = "<meta name=date content=2024-05-09>"
    assert "2024-05-03" == tags_of(page("BlogPosting", meta))["published"]
    assert "2024-05-09" == tags_of(page("WebPage", meta))["published"]
    assert "2024-05-03" == tags_of(page("WebPage"))["published"]
    assert "published" not in tags_of(page("Event"))


def test_lists_have_no_date(tags_of: TagsOf) -> None:
    """Three articles are a list, and none of their dates is the page's."""

    def page(count: int) -> str:
        article = '{"@type": "NewsArticle", "datePublished": "2024-05-03"}'
        script = f'<script type="application/ld+json">[{", ".join([article] * count)}]</script>'
        return f"<title>F</title>{script}<p>x"

    assert "2024-05-03" == tags_of(page(2))["published"]
    assert "published" not in tags_of(page(3))


def test_of_the_address(tags_of: TagsOf) -> None:
    """Whole days only; archives of a month say nothing of a page."""
    html = "<title>F</title><p>x"
    found = tags_of(html, url="https://harbour.example/2024/05/03/ferries.html")
    assert "2024-05-03" == found["published"]
    assert "published" not in tags_of(html, url="https://harbour.example/2024/05/ferries.html")


def test_no_page_is_published_after_it_was_fetched(tags_of: TagsOf) -> None:
    """A day for the zones of the world; without that day, a year that the config names."""
    html = "<title>F</title><meta name=date content=2024-05-03><p>x"
    assert "2024-05-03" == tags_of(html, fetched_at="2024-05-02T23:00:00Z")["published"]
    assert "published" not in tags_of(html, fetched_at="2024-05-01T23:00:00Z")
    assert "2024-05-03" == tags_of(html, fetched_at="soon")["published"]
    assert "published" not in tags_of(html, Metadata(latest_year=2023))
    html = "<html lang=en><title>Ferries</title><h1>Ferries</h1><p>Published May 3, 2024</p>"
    assert "2024-05-03" == tags_of(html)["published"]
    assert "published" not in tags_of(html, fetched_at="2024-05-01T23:00:00Z")


_CLOCKS = """
import datetime, sys, time
year = int(sys.argv[1])
class Clock(datetime.datetime):
    @classmethod
    def now(cls, tz=None):
        return cls(year, 2, 3, 4, 5, tzinfo=tz)
    utcnow = today = now
class Day(datetime.date):
    @classmethod
    def today(cls):
        return cls(year, 2, 3)
datetime.datetime, datetime.date = Clock, Day
time.time = lambda: (year - 1970) * 31556952.0
import clean_ingest
page = '''<html lang=en><title>Ferries</title><h1>Ferries</h1>{}
<p>The ferries run again, and nobody on the quay is surprised by that, said the harbour.</p>'''
for markup in ("<meta name=date content=2024-05-03>", "<p>Published May 3</p>",
               "<meta name=date content='2 days ago'>", "<meta name=date content='May 3, 2043'>",
               "<p>Published on May 3, 2024</p>", "<time pubdate>yesterday</time>",
               "<meta name=date content='Fri, 03 May 24 10:15:00 GMT'>"):
    print(clean_ingest.clean(page.format(markup)).document.metadata.published)
"""


def test_clock_zone_and_locale_change_nothing() -> None:
    """Under two clocks, two zones and two locales the same pages have the same dates."""
    outputs = {
        subprocess.run(
            [sys.executable, "-c", _CLOCKS, year],
            env={**os.environ, "TZ": zone, "LC_ALL": locale, "PYTHONUTF8": "1"},
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        for year, zone, locale in (("1999", "Asia/Tokyo", "C"), ("2044", "America/Lima", "tr_TR"))
    }
    expected = "2024-05-03\nNone\nNone\nNone\n2024-05-03\nNone\n2024-05-03T10:15:00+00:00\n"
    assert {expected} == outputs
