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
_GAP = re.compile(r"[\s,;]*+(?=[{\[])")
_TRAILING_COMMA = re.compile(r",(?=\s*[}\]])")
_HALF = re.compile(r"\\u[dD][89a-fA-F]")
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
    halves = _HALF.search(text) is not None
    at = 0
    for _ in range(_MOST):
        found = _decoded(text, at)
        if found is None and at == 0:
            text = _mended(text)
            found = _decoded(text, 0)
        if found is None:
            return
        value, end = found
        yield _without_halves(value) if halves else value
        gap = _GAP.match(text, end)
        if gap is None:
            return
        at = gap.end()


def _decoded(text: str, at: int) -> tuple[Any, int] | None:
    try:
        return _DECODER.raw_decode(text, at)
    except (ValueError, RecursionError):  # too deeply nested is no use to anybody
        return None


def _without_halves(value: Any) -> Any:
    """The value with U+FFFD for each half of a surrogate pair: what no file can hold."""
    try:
        text = json.dumps(value, ensure_ascii=False)
    except RecursionError:  # it was read with a few more levels to spare
        return None
    return json.loads(text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace"))


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
