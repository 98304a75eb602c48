"""Rows: what an outcome becomes, and what never reaches Arrow."""

from __future__ import annotations

from dataclasses import replace

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from clean_ingest.core.document import Document, Metadata, Source, split_lines
from clean_ingest.core.ledger import Ledger
from clean_ingest.core.pipeline import KEPT, Outcome
from clean_ingest.core.stage import Edit
from clean_ingest.engine.stored import ledger as from_row
from clean_ingest.writers.rows import (
    cleaning,
    document_row,
    edit_rows,
    excluded_row,
    lines_removed,
    scrub,
    text_sha256,
)
from clean_ingest.writers.schema import DOCUMENTS, EDITS, EXCLUDED

LINES = st.lists(st.sampled_from(["", " ", "a", "bc", "\u4e16\u754c", "\u3000x"]), max_size=8)


def kept(source: str, *edits: Edit, **changes: object) -> Outcome:
    """Return the outcome of `edits` on `source`."""
    ledger = Ledger.of(source).apply(edits, "chrome")
    document = replace(Document.from_text(ledger.text), **changes)  # type: ignore[arg-type]  # fields of Document
    return Outcome(KEPT, document, ledger)


def test_every_row_fits_its_schema() -> None:
    """Sparse and full metadata alike."""
    full = Metadata("t", "u", "s", "a", "2026", "l", ("x",), ("y",), "en", "{}")
    outcomes = [kept("a\nb", Edit(0, 2, "r")), kept("a", metadata=full, flags=("odd",))]
    rows = [document_row(outcome, split_lines(outcome.ledger.source)) for outcome in outcomes]
    edits = edit_rows("id", outcomes[0].ledger)
    left_out = excluded_row(Source("n"), None, outcome="dropped", stage="s", reason="r", detail="d")

    for schema, some in ((DOCUMENTS, rows), (EDITS, edits), (EXCLUDED, [left_out])):
        table = pa.Table.from_pylist(some, schema=schema)
        table.validate(full=True)
        assert some == table.to_pylist()


def test_what_is_not_known_is_null() -> None:
    """An empty string would claim that there is a title, and that it is empty."""
    row = document_row(kept("a"), split_lines("a"))

    assert (None, None, None) == (row["title"], row["metadata"], row["source"]["encoding"])


def test_the_numbers_are_those_of_the_text() -> None:
    """Code points, lines and U+FFFD are counted, each as its name says."""
    source = "Menu\n\nA \ufffd line\nMenu\n"
    outcome = kept(source, Edit(0, 5, "r"), Edit(source.rindex("Menu"), len(source), "r"))

    assert {
        "source_chars": 20,
        "text_chars": 10,
        "lines": 4,
        "lines_removed": 2,
        "edits": 2,
        "replacement_characters": 1,
    } == cleaning(outcome.ledger, split_lines(source))


@given(LINES, st.data())
def test_removed_lines_are_counted_as_reading_line_by_line_does(
    parts: list[str], data: st.DataObject
) -> None:
    """The merge over pieces agrees with asking the ledger for every character."""
    source = "\n".join(parts)
    at = st.integers(0, len(source))
    spans = data.draw(st.lists(st.tuples(at, at).map(sorted), max_size=4))
    ledger = Ledger.of(source).apply([Edit(a, b, "r") for a, b in spans], "s")
    lines = split_lines(source)

    expected = sum(
        not line.is_blank
        and all(ledger.why(n) for n in range(line.start, line.end) if not source[n].isspace())
        for line in lines
    )

    assert expected == lines_removed(ledger, lines)


def test_a_rewritten_line_is_not_a_removed_one() -> None:
    """Something is left of it."""
    ledger = Ledger.of("n\u00c3\u00a9e\nx").apply([Edit(0, 4, "r", "n\u00e9e")], "mojibake")

    assert 0 == lines_removed(ledger, split_lines("n\u00c3\u00a9e\nx"))


@given(st.text(), st.data())
def test_edit_rows_rebuild_the_ledger(source: str, data: st.DataObject) -> None:
    """What is stored is enough for source text, pieces and causes."""
    at = st.integers(0, len(source))
    spans = data.draw(st.lists(st.tuples(at, at).map(sorted), max_size=4))
    ledger = Ledger.of(source).apply([Edit(a, b, "r", evidence="e") for a, b in spans], "s")
    rows = pa.Table.from_pylist(edit_rows("id", ledger), schema=EDITS).to_pylist()

    assert ledger == from_row({"text": ledger.text}, rows)


def test_a_lone_surrogate_is_refused_in_texts_and_replaced_elsewhere() -> None:
    """In a text it would be silent damage, in a title it is none."""
    bad = kept("a", Edit(0, 1, "r", "\ud800"))
    titled = kept("a", metadata=Metadata(title="x\udfff"))

    with pytest.raises(UnicodeEncodeError):
        document_row(bad, split_lines("a"))
    with pytest.raises(UnicodeEncodeError):
        edit_rows("id", bad.ledger)
    assert "x\ufffd" == document_row(titled, split_lines("a"))["title"]


@given(st.text(st.characters()))
def test_scrub_changes_nothing_but_surrogates(text: str) -> None:
    """All other text is as it was, and the result always encodes."""
    scrubbed = scrub(text)

    assert text_sha256(scrubbed)
    assert "".join(c for c in text if not "\ud800" <= c <= "\udfff") == "".join(
        c for c, old in zip(scrubbed, text, strict=True) if not "\ud800" <= old <= "\udfff"
    )
