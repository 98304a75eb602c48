"""From a row of named fields to a document: what JSON Lines and Parquet have in common."""

from __future__ import annotations

import base64
import hashlib
import math
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from clean_ingest.core.document import Metadata, RawDocument, Source
from clean_ingest.core.spelling import canonical_json
from clean_ingest.readers.items import TOO_LARGE, Item, Rejected, Settings
from clean_ingest.readers.keys import Keys
from clean_ingest.readers.sniff import HEAD_BYTES, HTML, TEXT, is_html_root, media_type

NO_TEXT = "no-text"
WRONG_TYPE = "wrong-type"

TOO_DEEP = "too-deep"

KEY_CHARS = 1000
"""Longest id of a row, in code points; a longer one is no name but some content."""

DEPTH = 100
"""Deepest nesting of a row: what Python's own limit is hangs on who called whom."""


class Rows:
    """Makes documents of the rows of one container, numbered from 1.

    The record key is the row's own id where the settings name a field for it and the row
    has one, else its number.
    """

    def __init__(self, name: str, settings: Settings) -> None:
        self._name = name
        self._settings = settings
        self._keys = Keys() if settings.id_field else None

    def item(self, number: int, row: Mapping[str, Any]) -> Item:
        """Return the document of a row, or why it has none."""
        own = _key(value_at(row, self._settings.id_field)) if self._keys else ""
        source = Source(self._name, own or str(number))
        found = self._made(source, row)
        return self._keys.unique(found, source.record, number) if self._keys else found

    def rejected(
        self, number: int, reason: str, detail: str, size: int = 0, sha256: str = ""
    ) -> Rejected:
        """Return why the row, of `size` bytes, could not be read; its id is not known."""
        source = Source(self._name, str(number), bytes=size, sha256=sha256)
        return self._named(Rejected(source, reason, detail), number)

    def lost(self, first: int, last: int, reason: str, detail: str) -> Rejected:
        """Return why rows from `first` to `last` could not be read, or those after the last."""
        which = f"rows {first} to {last}" if first <= last else f"rows after {last}"
        detail = f"{detail}; {which} were not read"
        item = Rejected(Source(self._name, which), reason, detail, rest=True)
        return self._named(item, first)

    def _named(self, item: Rejected, number: int) -> Rejected:
        return self._keys.named(item, number) if self._keys else item

    def _made(self, source: Source, row: Mapping[str, Any]) -> Item:
        settings = self._settings
        field = self._body(row)
        if not field:
            wanted = " or ".join(repr(name) for name in self._bodies())
            has = ", ".join(row)[:100] or "none"
            return Rejected(source, NO_TEXT, f"the row has nothing in {wanted}; its fields: {has}")
        data = value_at(row, field)
        if not isinstance(data, (str, bytes)):
            what = f"{field!r} holds {_type(data)}, not text"
            return Rejected(source, WRONG_TYPE, what)
        raw = data.encode("utf-8", "surrogatepass") if isinstance(data, str) else data
        url = value_at(row, settings.url_field)
        url = url if isinstance(url, str) and url else None
        fetched = iso(value_at(row, settings.date_field))
        published = iso(value_at(row, settings.published_field))
        is_own = source.record == _key(value_at(row, settings.id_field))
        taken = [
            field,
            *(name for name in self._bodies() if value_at(row, name) is None),
            settings.id_field if is_own else "",
            settings.url_field if url else "",
            settings.date_field if fetched else "",
            settings.published_field if published else "",
        ]
        source = replace(
            source,
            media_type=HTML if field == settings.html_field else _media_type(data),
            bytes=len(raw),
            sha256=hashlib.sha256(raw).hexdigest(),
            url=url,
            fetched_at=fetched,
        )
        if len(raw) > settings.document_bytes:
            what = f"more than the limit of {settings.document_bytes} bytes"
            return Rejected(source, TOO_LARGE, what)
        rest = row
        for name in filter(None, taken):
            rest = _without(rest, name)
        try:
            extra = canonical_json(plain(rest)) if rest else None
        except RecursionError:
            return Rejected(source, TOO_DEEP, f"the row is nested more than {DEPTH} deep")
        return RawDocument(source, data, Metadata(published=published, extra=extra))

    def _bodies(self) -> list[str]:
        return [name for name in (self._settings.html_field, self._settings.text_field) if name]

    def _body(self, row: Mapping[str, Any]) -> str:
        """Return the field with the page or text of a row; an empty one only where it has no other.

        The page goes first: a text beside it is what somebody else made of it.
        """
        there = [name for name in self._bodies() if value_at(row, name) is not None]
        return next((name for name in there if value_at(row, name)), there[0] if there else "")


def value_at(row: Mapping[str, Any], name: str) -> Any:
    """Return what a field holds, or None; `a.b` is field `b` in `a` where none is called `a.b`."""
    if not name:
        return None
    if name in row:
        return row[name]
    first, dot, rest = name.partition(".")
    inner = row.get(first) if dot else None
    return value_at(inner, rest) if isinstance(inner, Mapping) else None


def _without(row: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """Return a row without the field at which `value_at` looked, and what that leaves empty."""
    rest = dict(row)
    if name in rest:
        del rest[name]
        return rest
    first, _, name = name.partition(".")
    if isinstance(inner := rest.pop(first, None), Mapping) and (left := _without(inner, name)):
        rest[first] = left
    return rest


def plain(value: Any, depth: int = 0) -> Any:
    """Return a value as JSON has it: bytes in base64, NaN and infinities as null.

    Raises:
        RecursionError: it is nested deeper than any row has a reason to be.

    """
    if depth > DEPTH:
        raise RecursionError
    if isinstance(value, Mapping):
        return {str(key): plain(item, depth + 1) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item, depth + 1) for item in value]
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if value is None or isinstance(value, (bool, int, str)):
        return value
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    return value.isoformat() if isinstance(value, date) else str(value)


def _key(value: Any) -> str:
    """Return a row's own id as text; empty where it has none that could be one."""
    if isinstance(value, str):
        return value if len(value) <= KEY_CHARS else ""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else ""


def _media_type(data: str | bytes) -> str:
    """Return what a field for text holds: bytes may be anything, text is what it is called.

    Only a whole page is no text, whatever its field is called.
    """
    if isinstance(data, bytes):
        return HTML if media_type(data[:HEAD_BYTES], "") == HTML else TEXT
    return HTML if is_html_root(data[:HEAD_BYTES]) else TEXT


_ISO = re.compile(r"\d{4}-\d{2}(?:-\d{2}(?:[T ]\d{2}:\d{2}.{0,40})?)?", re.ASCII)


def iso(value: Any) -> str | None:
    """Return a date as ISO 8601, or None for what is no date; then it stays in the metadata."""
    if isinstance(value, date):  # datetime is one too
        return value.isoformat()
    if isinstance(value, str) and _ISO.fullmatch(value):
        try:
            datetime.fromisoformat(value if len(value) > 7 else f"{value}-01")
        except ValueError:
            return None
        return value
    return None


def _type(value: Any) -> str:
    names = {bool: "true or false", int: "a number", float: "a number", list: "a list"}
    return "an object" if isinstance(value, Mapping) else names.get(type(value), "something")
