"""Values as pages write them into their markup, made fit for a column, or refused."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator
from urllib.parse import urljoin, urlsplit, urlunsplit

from clean_ingest.stages.characters import normalise
from clean_ingest.stages.mojibake import repair

_LONGEST_SEEN = 10_000
_LONGEST_URL = 2_000
_MOST, _LONGEST_ITEM = 100, 100

_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,300}>")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#x[0-9a-fA-F]{1,6}|[a-zA-Z]{2,32}\d{0,2});")
_NO_URL = re.compile(r"[\x00-\x20\x7f-\x9f<>\"{}|\\^`]")
_HOST = re.compile(r"[^\W_](?:[\w.-]*[\w-])?[.]?|\[[0-9a-f:.]+\]")
_LIST = re.compile(r"\s*[,;،、，；\n|]\s*")
_LANGUAGE = re.compile(
    r"(?P<language>[a-z]{2,3})(?:[-_](?P<script>[a-z]{4}))?(?:[-_](?P<region>[a-z]{2}|\d{3}))?"
    r"(?:[-_](?P<variant>[a-z0-9]{5,8}|\d[a-z0-9]{3}))?(?:[.@].*)?",
    re.IGNORECASE | re.ASCII,
)
# Not determined, several, no language: what says nothing.
_NO_LANGUAGE = frozenset({"und", "mul", "zxx", "mis"})


def one_line(text: str) -> str:
    """Repaired and normalised as the stages do with the text, on one line."""
    return " ".join(normalise(repair(text)).split())


def text_of(value: object, longest: int) -> str:
    """A text out of markup or JSON: without tags, entities and control characters, on one line.

    Empty where the value is no text, or longer than `longest` code points: what is too long
    to be a title is none, and half of it even less.
    """
    if not isinstance(value, str) or len(value) > _LONGEST_SEEN:
        return ""
    # Twice: JSON-LD made by a template is often encoded for HTML once more.
    for _ in range(2):
        if "&" in value and _ENTITY.search(value):
            value = html.unescape(value)
    if "<" in value:
        value = _TAG.sub(" ", value)
    value = one_line(value.encode("utf-8", "replace").decode("utf-8"))
    return value if len(value) <= longest else ""


def list_of(values: Iterable[object]) -> tuple[str, ...]:
    """The items of lists, or of texts that are lists, in order, none twice.

    The first spelling of an item counts. At most 100 items of 100 code points each.
    """
    found: dict[str, str] = {}
    for item in _items(values):
        text = text_of(item, _LONGEST_ITEM).strip(" \"'#")
        if text:
            found.setdefault(text.casefold(), text)
        if len(found) == _MOST:
            break
    return tuple(found.values())


def _items(values: Iterable[object]) -> Iterator[object]:
    for value in values:
        if isinstance(value, str):
            # Before it is cut: a separator may stand in an entity (&amp;), but not in two.
            yield from _LIST.split(html.unescape(value[:_LONGEST_SEEN]))
        elif isinstance(value, list):
            yield from _items(value[:_MOST])
        elif isinstance(value, dict):
            yield value.get("name")


def web_url(value: object, base: str | None = None) -> str | None:
    """An absolute http or https URL, or None; a relative one is resolved against `base`.

    Without fragment, user and password. None where it is longer than 2,000 code points, holds
    characters that no URL has, or has no host.
    """
    if not isinstance(value, str):
        return None
    value = value.strip()
    if not value or len(value) > _LONGEST_URL or _NO_URL.search(value):
        return None
    try:
        parts = urlsplit(urljoin(base or "", value))
        host, port = parts.hostname or "", parts.port
    except ValueError:  # a port that is no number, half of an IPv6 address
        return None
    if parts.scheme not in {"http", "https"} or not host:
        return None
    if ":" in host:
        host = f"[{host}]"
    if not _HOST.fullmatch(host):
        return None
    place = host if port is None else f"{host}:{port}"
    url = urlunsplit((parts.scheme, place, parts.path or "/", parts.query, ""))
    return url if len(url) <= _LONGEST_URL else None


def language_tag(value: object) -> str | None:
    """A BCP 47 tag in its usual spelling out of `en_US`, `EN-us` or `zh-hant-tw`, or None."""
    found = _LANGUAGE.fullmatch(value.strip()) if isinstance(value, str) else None
    if found is None or found["language"].lower() in _NO_LANGUAGE:
        return None
    parts = (
        found["language"].lower(),
        (found["script"] or "").title(),
        (found["region"] or "").upper(),
        (found["variant"] or "").lower(),
    )
    return "-".join(filter(None, parts))
