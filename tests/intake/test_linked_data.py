"""JSON-LD out of scripts, whatever they hold."""

from __future__ import annotations

import json
from typing import Any

import pytest

from clean_ingest.intake.linked_data import linked_data


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ('{"@type": "NewsArticle"}', [{"@type": "NewsArticle"}]),
        ('[{"a": 1}, [{"b": 2}], 3, "c"]', [{"a": 1}, {"b": 2}]),
        ('{"@context": "x", "@graph": [{"a": 1}, {"b": 2}]}', [{"a": 1}, {"b": 2}]),
        ('{"a": 1}\n{"b": 2};', [{"a": 1}, {"b": 2}]),
        ('{"a": NaN, "b": -Infinity}', [{"a": None, "b": None}]),
        ('{"a": 1, "a": 2}', [{"a": 2}]),
        ('{"текст": "две\nстроки\tи"}', [{"текст": "две\nстроки\tи"}]),
        ('{"a": [1, 2,], }', [{"a": [1, 2]}]),
        ('{"a": [1, 2,], }\n[{"b": 1}]', [{"a": [1, 2]}, {"b": 1}]),
        ('{"a": 1} и прочее', [{"a": 1}]),
        ('//<![CDATA[\n{"a": 1}\n//]]>', [{"a": 1}]),
        ('/*<![CDATA[*/{"a": 1}/*]]>*/', [{"a": 1}]),
        ('<!--\n{"a": 1}\n-->', [{"a": 1}]),
        ("{&quot;a&quot;: &quot;b&quot;}", [{"a": "b"}]),
        ('{"a": ' + "9" * 5_000 + "}", [{"a": None}]),
        ("[" * 100_000, []),
        ('{"a": ' * 100_000 + "1" + "}" * 100_000, []),
        ('{"a": "\\ud800 \\uD83D\\uDE00 \\udc00"}', [{"a": "\ufffd 😀 \ufffd"}]),
        ('{"a": "' + "x" * 4_000_000 + '"}', []),
        ("var a = {};", []),
        ('{"a": ', []),
        ("", []),
    ],
)
def test_objects_are_found(script: str, expected: list[dict[str, Any]]) -> None:
    """Lists and graphs are flat, common mistakes are mended, the rest is passed over."""
    assert tuple(expected) == linked_data([script])


def test_scripts_stand_for_themselves() -> None:
    """A broken one costs no other."""
    assert ({"a": 1}, {"b": 2}) == linked_data(['{"a": 1}', "{", '{"b": 2}'])


def test_there_are_not_too_many() -> None:
    """A page of a million objects is no page."""
    assert 1_000 == len(linked_data([json.dumps([{"n": n} for n in range(5_000)])] * 2))
