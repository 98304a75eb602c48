from __future__ import annotations

import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clean_ingest.report.visible import quoted, safe, table


@given(st.text())
def test_safe_text_acts_on_no_terminal(text: str) -> None:
    """No control but tab and line feed is left, and no control of direction; all else stays."""
    shown = safe(text)

    left = [c for c in shown if unicodedata.category(c) in ("Cc", "Cs") and c not in "\t\n"]
    marks = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
    assert [] == left + [c for c in shown if unicodedata.bidirectional(c) in marks]
    assert not {"\u200e", "\u200f", "\u061c"} & set(shown)
    if text.isprintable():
        assert text == shown


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_safe_json_is_the_same_json(text: str) -> None:
    """The escapes are JSON's, so that JSON made safe says what it said."""
    line = json.dumps({"text": text}, ensure_ascii=False)

    assert {"text": text} == json.loads(safe(line))


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=100))
def test_quoted_text_is_one_line_that_can_be_read_back(text: str) -> None:
    """What is quoted stands on one line, nothing in it is invisible, and it is all there."""
    shown = quoted(text)

    assert text == json.loads(shown)
    assert all(char.isprintable() or char in "\u200c\u200d" for char in shown)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("می\u200cشود", '"می\u200cشود"'),
        ("\u200c", '"\\u200c"'),
        ("a\u00a0b\u200b", '"a\\u00a0b\\u200b"'),
        ("\U000e0041", '"\\udb40\\udc41"'),
    ],
)
def test_what_is_invisible_is_seen(text: str, shown: str) -> None:
    """Joiners stay inside words, where they spell; alone, and anything else, they are escaped."""
    assert shown == quoted(text)


def test_long_text_shows_both_ends() -> None:
    """Of a long text its beginning and its end are shown, and how long it is."""
    assert quoted("a" * 500 + "z" * 500, 20) == f'"{"a" * 10} … {"z" * 10}" (1,000 code points)'


def test_table_aligns_cells_and_not_code_points() -> None:
    """Wide characters take two cells, combining ones none."""
    assert table([("文字", "x"), ("e\u0301", "y")]) == "文字  x\ne\u0301     y\n"
