"""The ledger by example: one behaviour a test."""

from __future__ import annotations

import sys
from collections.abc import Callable

import pytest

from clean_ingest.core.errors import LedgerError
from clean_ingest.core.ledger import Cause, Ledger, Piece, Row, check_tiling
from clean_ingest.core.stage import Edit


def cut(start: int, end: int, rule: str = "r", evidence: str = "") -> Edit:
    return Edit(start, end, rule, evidence=evidence)


def put(start: int, end: int, replacement: str, rule: str = "r") -> Edit:
    return Edit(start, end, rule, replacement)


def spans(ledger: Ledger) -> list[tuple[int, int, str, str]]:
    return [(row.start, row.end, row.after, row.rule) for row in ledger.rows()]


def test_a_removal_is_charged_to_its_rule() -> None:
    """The row has the span, the text before, and who did it."""
    ledger = Ledger.of("Share this\nText").apply([cut(0, 11, "share", "Share this")], "chrome")
    assert "Text" == ledger.text
    assert [Row(0, 0, 11, 0, "Share this\n", "", "chrome", "share", "Share this")] == ledger.rows()


def test_order_of_proposals_does_not_matter() -> None:
    """Edits are sorted before anything happens."""
    edits = [cut(4, 5), put(2, 3, "x"), cut(0, 1)]
    assert Ledger.of("abcdef").apply(edits, "s") == Ledger.of("abcdef").apply(edits[::-1], "s")


def test_overlapping_removals_are_one_removal_of_their_union() -> None:
    """The first decides, the others stand among its causes."""
    ledger = Ledger.of("abcdef").apply([cut(0, 3, "a"), cut(2, 5, "b"), cut(4, 5, "c")], "s")
    (row,) = ledger.rows()
    assert "f" == ledger.text
    assert (0, 5, "a") == (row.start, row.end, row.rule)
    assert {Cause("s", "b"), Cause("s", "c")} == set(row.earlier)


def test_adjacent_removals_of_other_rules_stay_apart() -> None:
    """Each rule answers for its own span."""
    ledger = Ledger.of("abcd").apply([cut(0, 2, "a"), cut(2, 4, "b")], "s")
    assert [(0, 2, "", "a"), (2, 4, "", "b")] == spans(ledger)


def test_adjacent_removals_of_one_rule_and_evidence_are_one_row() -> None:
    """Also when they come one after the other."""
    once = Ledger.of("abcd").apply([cut(0, 2), cut(2, 4)], "s")
    twice = Ledger.of("abcd").apply([cut(2, 4)], "s").apply([cut(0, 2)], "s")
    assert [(0, 4, "", "r")] == spans(once) == spans(twice)
    assert 2 == len(Ledger.of("ab").apply([cut(0, 1, evidence="1"), cut(1, 2)], "s").rows())


@pytest.mark.parametrize(
    "edits",
    [
        [put(0, 3, "x"), cut(2, 4)],
        [cut(0, 3), put(2, 2, "x")],
        [put(0, 2, "x"), put(1, 3, "y")],
        [put(1, 1, "x"), put(1, 1, "y")],
    ],
)
def test_a_rewrite_that_overlaps_anything_is_an_error(edits: list[Edit]) -> None:
    """Which of the two should win could only be guessed."""
    with pytest.raises(LedgerError, match="overlaps"):
        Ledger.of("abcdef").apply(edits, "s")


@pytest.mark.parametrize(("start", "end"), [(-1, 2), (3, 2), (0, 7)])
def test_an_edit_outside_the_text_is_an_error(start: int, end: int) -> None:
    """Offsets are never clipped in silence."""
    with pytest.raises(LedgerError, match="outside"):
        Ledger.of("abcdef").apply([cut(start, end)], "s")


def test_empty_edits_and_rewrites_to_the_same_text_are_nothing() -> None:
    """What changes nothing is not written."""
    ledger = Ledger.of("abc")
    assert ledger is ledger.apply([cut(1, 1), put(0, 2, "ab")], "s")


def test_an_exact_double_counts_once() -> None:
    """A rewrite does not overlap itself."""
    assert "xc" == Ledger.of("abc").apply([put(0, 2, "x"), put(0, 2, "x")], "s").text


def test_insertions_at_both_ends_and_between() -> None:
    """An insertion has an empty span of the source."""
    ledger = Ledger.of("ab").apply([put(0, 0, "<"), put(1, 1, "|"), put(2, 2, ">")], "s")
    assert "<a|b>" == ledger.text
    assert [(0, 0), (1, 1), (2, 2)] == [(row.start, row.end) for row in ledger.rows()]
    assert "ab" == ledger.restore()
    assert "x" == Ledger.of("").apply([put(0, 0, "x")], "s").text


def test_an_insertion_stands_before_the_removals_it_touches() -> None:
    """So that it is the same place whichever edit comes first."""
    once = Ledger.of("abcd").apply([cut(1, 3, "cut"), put(3, 3, "x")], "s")
    twice = Ledger.of("abcd").apply([cut(1, 3, "cut")], "s").apply([put(1, 1, "x")], "s")
    assert [(1, 1, "x", "r"), (1, 3, "", "cut")] == spans(once) == spans(twice)


def test_an_insertion_taken_out_again_leaves_nothing() -> None:
    """Neither a row nor a seam."""
    ledger = Ledger.of("ab").apply([put(1, 1, "xy")], "s").apply([cut(1, 3)], "t")
    assert Ledger.of("ab") == ledger


def test_a_rewrite_taken_back_counts_as_kept() -> None:
    """Rows with the same text before and after are not written."""
    ledger = Ledger.of("abc").apply([put(1, 2, "x")], "s").apply([put(1, 2, "b")], "t")
    assert Ledger.of("abc") == ledger


def test_an_edit_inside_rewritten_text_adds_its_cause() -> None:
    """The piece stays whole: which part of it came from where cannot be told."""
    ledger = Ledger.of("a???d").apply([put(1, 4, "xyz")], "fix").apply([cut(2, 3, "t")], "trim")
    (row,) = ledger.rows()
    assert "axzd" == ledger.text
    assert (1, 4, "xz", "trim") == (row.start, row.end, row.after, row.stage)
    assert (Cause("fix", "r"),) == row.earlier


def test_an_edit_across_kept_rewritten_and_removed_text() -> None:
    """What others removed stays theirs; the replacement stands at the first piece."""
    ledger = Ledger.of("ab??cd--ef").apply([put(2, 4, "x"), cut(6, 8, "dash")], "one")
    assert "abxcdef" == ledger.text
    ledger = ledger.apply([put(1, 6, "_", "two")], "two")
    assert "a_f" == ledger.text
    assert [
        (1, 2, "_", "two"),
        (2, 6, "", "two"),
        (6, 8, "", "dash"),
        (8, 9, "", "two"),
    ] == spans(ledger)
    assert (Cause("one", "r"), Cause("two", "two")) == ledger.why(3)
    check_tiling(ledger)


def test_joined_lines_charge_the_line_end() -> None:
    """A line end replaced by a space is a rewrite of one character."""
    ledger = Ledger.of("one-\ntwo").apply([cut(3, 5, "join")], "s")
    assert ("onetwo", [(3, 5, "", "join")]) == (ledger.text, spans(ledger))


def test_a_prefix_cut_off_a_repaired_line_gives_two_rows() -> None:
    """Each stage is charged with what it did, and with nothing else."""
    ledger = Ledger.of("Share: Itâ€™s fine").apply([put(9, 12, "’", "utf8")], "mojibake")
    ledger = ledger.apply([cut(0, 7, "share")], "chrome")
    assert "It’s fine" == ledger.text
    assert [(0, 7, "", "share"), (9, 12, "’", "utf8")] == spans(ledger)


def test_why_and_source_span_lead_back() -> None:
    """Clean offsets lead to the source, source offsets to causes."""
    ledger = Ledger.of("xxab??cd").apply([cut(0, 2, "cut"), put(4, 6, "!", "fix")], "s")
    assert "ab!cd" == ledger.text
    assert (Cause("s", "cut"),) == ledger.why(1)
    assert () == ledger.why(2)
    assert (3, 7) == ledger.source_span(1, 4)
    assert (4, 6) == ledger.source_span(2, 3)
    assert (2, 2) == ledger.source_span(0, 0)
    assert (8, 8) == ledger.source_span(5, 5)
    assert (0, 0) == Ledger.of("").source_span(0, 0)
    for call in (lambda: ledger.why(8), lambda: ledger.why(-1), lambda: ledger.source_span(0, 6)):
        with pytest.raises(LedgerError):
            call()


def test_rows_that_do_not_fit_are_refused() -> None:
    """A damaged row must never rebuild another text in silence."""
    ledger = Ledger.of("abcdef").apply([cut(1, 2), put(3, 4, "x")], "s")
    first, second = ledger.rows()
    damaged = [
        [second, first],
        [second],
        [Row(0, 1, 2, 0, "b", "", "s", "r", "")],
        [Row(0, 1, 3, 1, "b", "", "s", "r", "")],
        [Row(0, 1, 2, 1, "b", "zz", "s", "r", "")],
    ]
    for rows in damaged:
        with pytest.raises(LedgerError):
            Ledger.from_rows(ledger.text, rows)


def test_tiling_is_checked_for_real() -> None:
    """A hole, a lie about the text and a wrong end are all found."""
    good = Ledger.of("abc").apply([cut(0, 1)], "s")
    check_tiling(good)
    for source, text, pieces in [
        ("abc", "bc", (Piece(1, 3),)),
        ("abc", "xx", good.pieces),
        ("abcd", "bc", good.pieces),
    ]:
        with pytest.raises(LedgerError, match="tile"):
            check_tiling(Ledger(source, text, pieces, ()))


def _calls(work: Callable[[], object]) -> int:
    """Count the calls, Python's and C's, that `work` makes."""
    count = 0

    def count_call(_frame: object, event: str, _arg: object) -> None:
        nonlocal count
        count += event in {"call", "c_call"}

    sys.setprofile(count_call)
    try:
        work()
    finally:
        sys.setprofile(None)
    return count


def five_stages(edits: int) -> None:
    """Removals spread over a text, by five stages."""
    ledger = Ledger.of("x" * edits * 50)
    for stage in range(5):
        step = len(ledger.text) // edits
        places = [i * step + stage for i in range(edits)]
        ledger = ledger.apply([cut(at, at + 1, str(at)) for at in places], str(stage))


def insertions_among_removals(edits: int) -> None:
    """A removal of another rule and an insertion at each character."""
    removals = [cut(i, i + 1, str(i % 2)) for i in range(edits)]
    Ledger.of("x" * edits).apply([*removals, *(put(i, i, "y") for i in range(edits))], "s")


def removal_of_rewrites(edits: int) -> None:
    """One removal over rewrites, each with evidence of its own."""
    rewrites = [Edit(2 * i, 2 * i + 1, "r", "Z", str(i)) for i in range(edits)]
    Ledger.of("ab" * edits).apply(rewrites, "s").apply([cut(0, 2 * edits)], "t")


def overlapping_removals(edits: int) -> None:
    """Removals of ever more, each with evidence of its own."""
    Ledger.of("x" * edits).apply([cut(0, i + 1, evidence=str(i)) for i in range(edits)], "s")


def edits_inside_a_rewrite(edits: int) -> None:
    """Removals of every other character of what was one."""
    ledger = Ledger.of("x").apply([put(0, 1, "y" * 2 * edits)], "s")
    ledger.apply([cut(2 * i, 2 * i + 1) for i in range(edits)], "t")


@pytest.mark.parametrize(
    "work",
    [
        five_stages,
        insertions_among_removals,
        removal_of_rewrites,
        overlapping_removals,
        edits_inside_a_rewrite,
    ],
)
def test_the_cost_grows_linearly_with_the_edits(work: Callable[[int], None]) -> None:
    """Twice the edits are twice the work, not four times."""
    small, large = _calls(lambda: work(400)), _calls(lambda: work(800))
    assert large < 2.2 * small


@pytest.mark.parametrize(
    "edit", [cut(0, 1, ""), cut(0, 1, evidence="a\nb"), cut(0, 1, evidence="x" * 201)]
)
def test_an_edit_needs_a_rule_and_evidence_of_one_short_line(edit: Edit) -> None:
    """A removal without a rule cannot be expressed."""
    with pytest.raises(LedgerError, match="needs a rule"):
        Ledger.of("abc").apply([edit], "s")


def test_causes_inside_a_rewrite_stand_in_the_order_of_the_calls() -> None:
    """Which part of the piece each of them changed cannot be told any more."""
    ledger = Ledger.of("x").apply([put(0, 1, "abc")], "s")
    ledger = ledger.apply([cut(2, 3, "later")], "t").apply([cut(0, 1, "earlier")], "t")
    assert ["r", "later", "earlier"] == [cause.rule for cause in ledger.why(0)]
