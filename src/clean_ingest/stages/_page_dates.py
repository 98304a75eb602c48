"""When a page was published, where its markup or its address says so; never when it was changed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from email.utils import parsedate_to_datetime

from clean_ingest.stages._dates import date_of
from clean_ingest.stages._declared import Declared, Linked, Moment
from clean_ingest.stages._values import text_of

EARLIEST = "1990-01-01"
"""Markup that says more is a template that nobody filled in (0001, 1900, 1970)."""
_LONGEST = 100

_METAS = (
    *("article:published_time", "og:article:published_time", "datepublished", "published_time"),
    *("og:published_time", "article.published", "article:published", "citation_publication_date"),
    *("citation_date", "citation_online_date", "dc.date.issued", "dcterms.issued"),
    *("dc.date.created", "dcterms.created", "dc.date", "dcterms.date", "dc.issued"),
    *("parsely-pub-date", "sailthru.date", "publishdate", "publish-date", "publish_date"),
    *("pubdate", "article_date_original", "article.created", "cxenseparse:recs:publishtime"),
    *("cxenseparse:publishtime", "publication_date", "published-date", "release_date", "date"),
)
_ISO = re.compile(
    r"(?P<year>\d{4})(?:(?P<mark>[-/.])(?P<month>\d\d?)(?:(?P=mark)(?P<day>\d\d?))?)?"
    r"(?:[T\s]+(?P<clock>\d\d?:\d\d(?::\d\d)?)(?:[.,]\d+)?\s*(?P<offset>Z|[+-]\d\d(?::?\d\d)?)?"
    r"(?:\s*[A-Z]{3,4})?)?",
    re.IGNORECASE | re.ASCII,
)
_BASIC = re.compile(
    r"(?P<date>(?:19|20)\d{6})(?:T?(?P<clock>\d{4}(?:\d\d)?)(?P<offset>Z|[+-]\d{4})?)?", re.ASCII
)
_SINCE_1970 = re.compile(r"(\d{10})(?:\d{3})?", re.ASCII)
# Fri May 03 2024 10:15:00 GMT+0200 (CEST), as JavaScript writes it.
_SCRIPTED = re.compile(
    r"[A-Z][a-z]{2} ([A-Z][a-z]{2}) (\d\d) (\d{4}) (\d\d:\d\d:\d\d)(?: (?:GMT|UTC)([+-]\d{4})?)?.*",
    re.ASCII,
)
_IN_ADDRESS = re.compile(r"/(20\d\d)([-/])(0?[1-9]|1[0-2])\2(0?[1-9]|[12]\d|3[01])(?=[/_.-]|$)")


def published_of(
    found: Declared, url: str | None, latest: str, language: Callable[[], str]
) -> str | None:
    """The date of publication in ISO 8601, with the time where the page gives one.

    From 1990 to `latest` (a day). That of the text counts before that of the page around it,
    the address before elements of the text. `language` is asked for a BCP 47 tag where a date
    is written out for people and nothing else decides.
    """
    for value in _declared_values(found):
        if moment := moment_of(value, latest, language):
            return moment
    days: Iterable[str] = ()
    if at := _IN_ADDRESS.search(url or ""):
        days = [f"{at[1]}-{int(at[3]):02}-{int(at[4]):02}"]
    for value in (*days, *_marked(found)):
        if moment := moment_of(value, latest, language):
            return moment
    return None


def _declared_values(found: Declared) -> Iterator[object]:
    articles = _first(found.articles, "datePublished")
    yield from (each.data["datePublished"] for each in articles)
    yield from found.metas_of(*_METAS)
    yield from (each.data.get("datePublished") for each in found.linked if each.is_page)
    for key in ("dateCreated", "uploadDate"):
        yield from (each.data[key] for each in _first(found.articles, key))


def _first(articles: Iterable[Linked], key: str) -> list[Linked]:
    """The first with that field; none of many, which are a list of articles."""
    dated = [each for each in articles if each.data.get(key)]
    return dated[:1] if len(dated) < 3 else []


def _marked(found: Declared) -> Iterator[str]:
    properties = found.properties.get("datepublished", [])
    if len({value[:10] for value in properties}) == 1:
        yield properties[0]
    published = [each for each in found.moments if each.is_published]
    if len({_said(each)[:10] for each in published}) == 1:
        yield _said(published[0])


def _said(moment: Moment) -> str:
    return moment.value or moment.text


def moment_of(value: object, latest: str, language: Callable[[], str]) -> str | None:
    """A date and time as machines and people write them, in ISO 8601 as far as known, or None."""
    text = text_of(value, _LONGEST) if isinstance(value, str) else ""
    if isinstance(value, int) and not isinstance(value, bool):
        text = str(value)
    found = _written(text) or date_of(text, language) if text else None
    return found if found and EARLIEST[: len(found)] <= found and found[:10] <= latest else None


def _written(text: str) -> str | None:
    try:
        return _parsed(text)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None


def _parsed(text: str) -> str | None:
    if found := _ISO.fullmatch(text):
        if not found["day"]:
            return _month(found["year"], found["month"]) if not found["clock"] else None
        day = date(int(found["year"]), int(found["month"]), int(found["day"]))
        return _joined(day, found["clock"], found["offset"])
    if _SINCE_1970.fullmatch(text):
        return datetime.fromtimestamp(int(text[:10]), UTC).isoformat()
    if found := _BASIC.fullmatch(text):
        return _joined(datetime.strptime(found["date"], "%Y%m%d").date(), None, None)
    if found := _SCRIPTED.fullmatch(text):
        text = f"{found[2]} {found[1]} {found[3]} {found[4]} {found[5] or '+0000'}"
    if not text.isascii() or not text[:1].isalnum() or ":" not in text:
        return None
    return parsedate_to_datetime(text).replace(microsecond=0).isoformat()


def _month(year: str, month: str | None) -> str:
    return date(int(year), int(month), 1).isoformat()[:7] if month else year


def _joined(day: date, clock: str | None, offset: str | None) -> str:
    if clock is None:
        return day.isoformat()
    hour, _, rest = clock.partition(":")
    moment = datetime.fromisoformat(f"{day.isoformat()}T{int(hour):02}:{rest}{_offset(offset)}")
    return moment.isoformat()


def _offset(offset: str | None) -> str:
    return (offset or "").upper()


def latest_day(fetched_at: str | None, latest_year: int) -> str:
    """The last day on which a page can have been published: a day after it was fetched.

    A day, for the zones of the world; the last of `latest_year` where nobody knows when.
    """
    try:
        return (date.fromisoformat((fetched_at or "")[:10]) + timedelta(days=1)).isoformat()
    except (ValueError, OverflowError):
        return f"{latest_year}-12-31"
