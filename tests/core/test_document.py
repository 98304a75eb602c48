"""Lines, ids and sources."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clean_ingest.core.document import Document, Source, split_lines

TEXT = st.text(st.sampled_from("ab é\u0085\u2028\n\r\n"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("a", ["a"]),
        ("a\n", ["a"]),
        ("a\n\nb", ["a", "", "b"]),
        ("a\r\nb\rc\n", ["a", "b", "c"]),
        ("\n\r\r\n", ["", "", ""]),
        ("a\u0085b\u2028c\vd", ["a\u0085b\u2028c\vd"]),
    ],
)
def test_a_line_ends_at_lf_cr_lf_and_cr_only(text: str, expected: list[str]) -> None:
    """Other separators stay inside: U+0085 may be half of a mojibake."""
    assert expected == [line.text for line in split_lines(text)]


@given(TEXT)
def test_lines_agree_with_a_regular_expression(text: str) -> None:
    """The fast cutter and the obvious one find the same spans."""
    expected = [m.span(1) for m in re.finditer(r"([^\r\n]*)(?:\r\n|\r|\n|\Z)", text) if m[0]]
    lines = split_lines(text)
    assert expected == [(line.start, line.end) for line in lines]
    assert all(line.text == text[line.start : line.end] for line in lines)


def test_the_id_depends_on_name_and_record_alone() -> None:
    """Changed bytes leave the id, so that a changed input shows as changed."""
    source = Source("a/b.txt", "7")
    assert source.document_id == Source("a/b.txt", "7", bytes=9, sha256="x").document_id
    assert source.document_id != Source("a/b.txt7").document_id
    assert 32 == len(source.document_id)


def test_the_line_table_is_cut_once_and_survives_a_tag() -> None:
    """All stages that see one text share one table."""
    document = Document.from_text("a\nb")
    assert document.lines is document.lines
    assert document.lines is document.tagged(language="en").lines
