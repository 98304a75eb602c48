from __future__ import annotations

import pytest

from clean_ingest.engine.verify import Damage
from clean_ingest.report import json


def test_a_line_is_one_line_to_every_reader() -> None:
    """Text stays as itself but for what some readers take for the end of a line."""
    assert '{"текст": "a\\u0085\\u2028\\u2029\\n"}\n' == json.line({"текст": "a\x85\u2028\u2029\n"})


def test_a_dataclass_is_an_object() -> None:
    """Its fields in their order, also deep inside."""
    assert '[{"code": "c", "where": "w", "detail": "d"}]\n' == json.line([Damage("c", "w", "d")])


@pytest.mark.parametrize("value", [b"bytes", {1, 2}, Damage, object()])
def test_what_json_has_no_form_for_is_refused(value: object) -> None:
    """Nothing is written as null, or as an address in memory."""
    with pytest.raises(TypeError, match="has no form in JSON"):
        json.line({"value": value})
