"""The smallest edits between two texts."""

from __future__ import annotations

import itertools

import pytest
import regex  # type: ignore[import-untyped] # ships no types; only its \X is asked here
from hypothesis import given
from hypothesis import strategies as st

from clean_ingest.core.minimal import is_boundary, minimal_edits
from clean_ingest.core.stage import Edit


def apply(text: str, edits: list[Edit]) -> str:
    """What the pipeline would make of the edits, written as plainly as possible."""
    for edit in sorted(edits, reverse=True):
        text = text[: edit.start] + edit.replacement + text[edit.end :]
    return text


def spans(before: str, after: str) -> list[tuple[str, str]]:
    """Each edit as what it takes and what it puts there."""
    edits = minimal_edits(before, after, 0, "test/rule")
    return [(before[edit.start : edit.end], edit.replacement) for edit in edits]


TRICKY = st.text(
    st.sampled_from("ab \u0301\u0327é中文ÃâΩкิ\u200d\r\n👨👩🇩🇪가각ᅡᆨ\u0e33\u094dक"), max_size=40
)


@given(TRICKY, TRICKY)
def test_edits_rebuild_the_text_after(before: str, after: str) -> None:
    """Applied to the text before, the edits give the text after, whatever the two are."""
    assert after == apply(before, minimal_edits(before, after, 0, "test/rule"))


@given(TRICKY, st.data())
def test_edits_respect_graphemes(before: str, data: st.DataObject) -> None:
    """No edit starts or ends inside a grapheme cluster of the text before."""
    at = data.draw(st.integers(0, len(before)))
    after = before[:at] + data.draw(TRICKY) + before[at:][1:]
    ends = {0, *(match.end() for match in regex.finditer(r"\X", before))}
    for edit in minimal_edits(before, after, 0, "test/rule"):
        assert {edit.start, edit.end} <= ends


@given(TRICKY, TRICKY)
def test_edits_are_sorted_and_disjoint(before: str, after: str) -> None:
    """Edits come in order and no two of them touch."""
    edits = minimal_edits(before, after, 0, "test/rule")
    assert all(a.end < b.start for a, b in itertools.pairwise(edits))


@given(TRICKY)
def test_same_text_needs_nothing(text: str) -> None:
    """Equal texts give no edit."""
    assert [] == minimal_edits(text, text, 7, "test/rule")


def test_each_repaired_word_is_its_own_edit() -> None:
    """ASCII between two repairs stays untouched."""
    assert [("Ã©", "é"), ("â€¦", "…")] == spans("cafÃ© au laitâ€¦", "café au lait…")


def test_words_of_another_script_are_cut_at_the_spaces() -> None:
    """A line where everything changed still gives one edit a word."""
    before = "Ð´Ð° Ð¸ Ð½ÐµÑ‚"
    assert [("Ð´Ð°", "да"), ("Ð¸", "и"), ("Ð½ÐµÑ‚", "нет")] == spans(before, "да и нет")


def test_a_mark_takes_its_base_with_it() -> None:
    """Taking an accent off rewrites the whole visible character."""
    assert [("x\u0323", "x")] == spans("axb x\u0323 c", "axb x c")


def test_offset_rule_and_evidence_are_passed_on() -> None:
    """Edits speak of the text in which `before` stands."""
    expected = [Edit(101, 102, "test/rule", "B", "seen")]
    assert expected == minimal_edits("abc", "aBc", 100, "test/rule", "seen")


def test_far_apart_changes_in_unbroken_script_stay_apart() -> None:
    """Without spaces, characters that occur once are the anchors."""
    han = "".join(chr(0x4E00 + i) for i in range(600))
    before = han[:100] + "ﾀ" + han[100:500] + "ﾁ" + han[500:]
    after = han[:100] + "タ" + han[100:500] + "チ" + han[500:]
    assert [("ﾀ", "タ"), ("ﾁ", "チ")] == spans(before, after)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a" * 300_000, "b" * 300_000),
        ("ab" * 150_000, "ba" * 150_000 + "c"),
        ("é " * 100_000, "è " * 100_000 + "x"),
        ("a" + "\u0301" * 400_000, "a" + "\u0301" * 399_000),
        ("x" * 3_000_000 + "Ã©" + "y", "x" * 3_000_000 + "é" + "y"),
    ],
    ids=["nothing in common", "shifted", "repeated", "marks", "long line"],
)
def test_long_differences_end(before: str, after: str) -> None:
    """No input makes the alignment quadratic: each of these would take hours if it were."""
    assert after == apply(before, minimal_edits(before, after, 0, "test/rule"))


@pytest.mark.parametrize(
    ("text", "at", "expected"),
    [
        ("ab", 1, True),
        ("\r\n", 1, False),
        ("e\u0301", 1, False),
        ("नि", 1, False),
        ("क्ष", 2, False),
        ("한", 0, True),
        ("\u1112\u1161", 1, False),
        ("👨\u200d👩", 1, False),
        ("👨\u200d👩", 2, False),
        ("👍🏽", 1, False),
        ("中文", 1, True),
        ("กำ", 1, False),
        ("می\u200cروم", 2, False),
    ],
)
def test_boundaries(text: str, at: int, expected: bool) -> None:
    """What a reader sees as one character is not cut."""
    assert expected == is_boundary(text, at)


def test_text_that_repeats_itself_still_gets_small_edits() -> None:
    """No run of it is unique, so that nothing but walking in step can align it."""
    line = "The bridge was opened on Monday. " * 3 + "cafÃ© itâ€™s open. "
    before, after = line * 300, line.replace("Ã©", "é").replace("â€™", "’") * 300
    edits = minimal_edits(before, after, 0, "r")
    assert [("é", "’")] * 300 == [
        (one.replacement, other.replacement)
        for one, other in zip(edits[::2], edits[1::2], strict=True)
    ]
