"""What must hold of a ledger whatever the edits are."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from clean_ingest.core.ledger import Cause, Ledger, check_tiling
from clean_ingest.core.stage import Edit

ALPHABET = st.sampled_from("ab \n\r\u0301é👩\u200dش中")
TEXT = st.text(ALPHABET, max_size=40)
REPLACEMENT = st.text(ALPHABET, max_size=3)
RULE = st.sampled_from(["a/1", "a/2"])
EVIDENCE = st.sampled_from(["", "e"])


@st.composite
def disjoint(draw: st.DrawFn, length: int) -> list[Edit]:
    """Edits of a text of `length` code points that do not overlap; they may touch."""
    cuts = sorted(draw(st.lists(st.integers(0, length), max_size=12)))
    edits: list[Edit] = []
    inserted = False
    for start, end in zip(cuts[::2], cuts[1::2], strict=False):
        inserted = inserted and edits[-1].end == start
        if inserted and start == end:
            continue  # two insertions that meet once the text between them is gone have no order
        inserted = inserted or start == end
        edits.append(Edit(start, end, draw(RULE), draw(REPLACEMENT), draw(EVIDENCE)))
    return edits


@st.composite
def ledgers(draw: st.DrawFn) -> Ledger:
    """A text after up to four stages, each with edits of what it was shown."""
    ledger = Ledger.of(draw(TEXT))
    for stage in range(draw(st.integers(0, 4))):
        ledger = ledger.apply(draw(disjoint(len(ledger.text))), f"s{stage}")
    return ledger


def replace_naively(text: str, edits: list[Edit]) -> str:
    for edit in reversed(edits):
        text = text[: edit.start] + edit.replacement + text[edit.end :]
    return text


def causes(ledger: Ledger) -> list[tuple[Cause, ...]]:
    return [ledger.why(offset) for offset in range(len(ledger.source))]


@given(ledgers())
def test_the_pieces_tile_the_source(ledger: Ledger) -> None:
    """Each source character is in one piece, and the pieces give the clean text."""
    check_tiling(ledger)


@given(ledgers())
def test_clean_text_and_rows_give_the_source_and_the_same_ledger(ledger: Ledger) -> None:
    """Nothing about a ledger is lost by writing it down."""
    assert ledger.source == ledger.restore()
    assert ledger == Ledger.from_rows(ledger.text, ledger.rows())


@given(ledgers())
def test_rows_are_in_order_and_each_changes_something(ledger: Ledger) -> None:
    """Adjacent removals of one cause are one row, and no row says nothing."""
    rows = ledger.rows()
    assert all(row.before != row.after for row in rows)
    for a, b in pairwise(rows):
        assert a.end <= b.start
        both_removed = a.after == b.after == "" and a.end == b.start
        same = (a.stage, a.rule, a.evidence) == (b.stage, b.rule, b.evidence)
        assert not (both_removed and same)


@given(st.data(), TEXT)
def test_what_no_edit_touches_stays_verbatim(data: st.DataObject, text: str) -> None:
    """`apply` is nothing but replacement in the string."""
    edits = data.draw(disjoint(len(text)))
    ledger = Ledger.of(text).apply(edits, "s")
    assert replace_naively(text, edits) == ledger.text
    touched = {i for edit in edits for i in range(edit.start, edit.end)}
    assert all(not ledger.why(i) for i in range(len(text)) if i not in touched)


@given(st.data(), TEXT)
def test_disjoint_edits_in_one_apply_or_two_in_any_order(data: st.DataObject, text: str) -> None:
    """The same text, the same causes, the same rows."""
    edits = data.draw(disjoint(len(text)))
    chosen = data.draw(st.lists(st.booleans(), min_size=len(edits), max_size=len(edits)))
    first = [edit for edit, early in zip(edits, chosen, strict=True) if early]
    later = [
        Edit(
            edit.start + _shift(first, edit),
            edit.end + _shift(first, edit),
            edit.rule,
            edit.replacement,
            edit.evidence,
        )
        for edit, early in zip(edits, chosen, strict=True)
        if not early
    ]
    once = Ledger.of(text).apply(edits, "s")
    twice = Ledger.of(text).apply(first, "s").apply(later, "s")
    assert once.text == twice.text
    assert causes(once) == causes(twice)
    assert once.rows() == twice.rows()


def _shift(applied: list[Edit], edit: Edit) -> int:
    before = [e for e in applied if (e.start, e.end) < (edit.start, edit.end)]
    return sum(len(e.replacement) - (e.end - e.start) for e in before)


@given(st.data(), TEXT)
def test_overlapping_removals_in_any_order(data: st.DataObject, text: str) -> None:
    """The union goes, whoever asked first; each that asked is among the causes."""
    spans = data.draw(
        st.lists(st.tuples(st.integers(0, len(text)), st.integers(0, len(text)), RULE), max_size=8)
    )
    edits = [Edit(min(a, b), max(a, b), rule) for a, b, rule in spans]
    ledger = Ledger.of(text).apply(edits, "s")
    assert ledger == Ledger.of(text).apply(edits[::-1], "s")
    gone = {i for edit in edits for i in range(edit.start, edit.end)}
    assert "".join(c for i, c in enumerate(text) if i not in gone) == ledger.text
    for edit in edits:
        for i in range(edit.start, edit.end):
            assert Cause("s", edit.rule) in ledger.why(i)


@given(ledgers(), st.data())
def test_source_spans_of_kept_text_are_exact(ledger: Ledger, data: st.DataObject) -> None:
    """A clean span lies within its source span, and kept characters map one to one."""
    start = data.draw(st.integers(0, len(ledger.text)))
    end = data.draw(st.integers(start, len(ledger.text)))
    low, high = ledger.source_span(start, end)
    assert 0 <= low <= high <= len(ledger.source)
    if end == start + 1 and high == low + 1 and not ledger.why(low):
        assert ledger.text[start] == ledger.source[low]
