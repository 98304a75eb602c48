"""The name of the site that a page belongs to, and other names that it goes by."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from clean_ingest.stages._declared import Declared
from clean_ingest.stages._values import text_of

_LONGEST = 100
_METAS = ("og:site_name", "application-name", "al:android:app_name", "apple-mobile-web-app-title")
_METAS_OF_PUBLISHERS = ("dc.publisher", "dcterms.publisher", "citation_journal_title", "publisher")


def site_of(found: Declared) -> str | None:
    """What the page calls its site, where it says so."""
    return next(_names(found), None)


def site_names(found: Declared, url: str | None) -> list[str]:
    """All names that the site goes by, its host among them: what may stand behind a title."""
    names = list(dict.fromkeys(_names(found)))
    host = (urlsplit(url).hostname or "") if url else ""
    if host:
        host = host.removeprefix("www.")
        names += [host, host.partition(".")[0]]
    return names


def _names(found: Declared) -> Iterator[str]:
    values = [
        *found.metas_of("og:site_name"),
        *(_name(each.data.get("publisher")) for each in found.articles),
        *(_name(each.data) for each in found.linked if "website" in each.types),
        *(_name(each.data.get("isPartOf")) for each in found.linked),
        *found.metas_of(*_METAS, *_METAS_OF_PUBLISHERS),
    ]
    for value in values:
        text = text_of(value, _LONGEST).strip(" |-–—•·")
        if text and not text.startswith(("http:", "https:", "@")):
            yield text


def _name(value: Any) -> Any:
    if isinstance(value, list) and value:
        value = value[0]
    return value.get("name") if isinstance(value, dict) else value
