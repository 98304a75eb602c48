"""The JSON-LD of a page: what its scripts say in JSON, as far as it can be read."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

_LONGEST = 4_000_000  # code points of one script
_MOST = 1_000  # objects of a page

# What templates put around the JSON: comments and CDATA marks of XHTML, a last semicolon.
_AROUND = re.compile(r"^[\s;]*(?:(?:/\*+|//)?\s*<!\[CDATA\[\s*(?:\*+/)?|<!--)?[\s;]*")
_TRAILING_COMMA = re.compile(r",(?=\s*[}\]])")
_LONG_NUMBER = 300  # digits; Python itself refuses 4,300, and a float holds 308


def linked_data(scripts: Iterable[str]) -> tuple[dict[str, Any], ...]:
    """The JSON objects in `scripts`, in their order; lists and `@graph` are laid flat.

    What is no JSON is mended where templates commonly break it (trailing commas, line breaks
    in strings, escaped quotes, CDATA marks) and passed over where that does not help. NaN and
    the infinities are None; of equal keys the last counts, as in every reader of JSON-LD.
    """
    objects: list[dict[str, Any]] = []
    for script in scripts:
        if len(script) <= _LONGEST:
            for value in _values(script):
                objects += _flat(value, _MOST - len(objects))
    return tuple(objects)


def _values(script: str) -> Iterator[Any]:
    """The JSON values that stand one after another in a script."""
    text = script[_AROUND.match(script).end() :]  # type: ignore[union-attr]  # it matches nothing, too
    if text[:1] not in {"{", "["}:
        return
    at = 0
    for _ in range(_MOST):
        found = _decoded(text, at) or (at == 0 and _decoded(_mended(text), 0))
        if not found:
            return
        value, end = found
        yield value
        at = _next_value(text, end)
        if at < 0:
            return


def _next_value(text: str, end: int) -> int:
    """Where another value begins behind `end`, -1 where something else stands there."""
    found = _GAP.match(text, end)
    return found.end() if found else -1


_GAP = re.compile(r"[\s,;]*+(?=[{\[])")


def _decoded(text: str, at: int) -> tuple[Any, int] | None:
    try:
        return _DECODER.raw_decode(text, at)
    except (ValueError, RecursionError):  # too deeply nested is no use to anybody
        return None


def _mended(text: str) -> str:
    """The text with what templates commonly break put right."""
    if "&quot;" in text and text.count('"') < text.count("&quot;"):
        text = html.unescape(text)
    return _TRAILING_COMMA.sub("", text)


def _flat(value: Any, room: int) -> list[dict[str, Any]]:
    """The objects of a value: itself, those of its list, those of its `@graph`."""
    objects: list[dict[str, Any]] = []
    waiting = [value]
    while waiting and len(objects) < room:
        item = waiting.pop()
        if isinstance(item, list):
            waiting += reversed(item)
        elif isinstance(item, dict):
            graph = item.get("@graph")
            if isinstance(graph, list | dict):
                waiting.append(graph)
            if not isinstance(graph, list | dict) or len(item) > 2:  # more than the @context
                objects.append(item)
    return objects


def _constant(_name: str) -> None:
    """NaN and the infinities, which are no JSON."""


def _integer(digits: str) -> int | None:
    return int(digits) if len(digits) <= _LONG_NUMBER else None


_DECODER = json.JSONDecoder(parse_constant=_constant, parse_int=_integer, strict=False)
