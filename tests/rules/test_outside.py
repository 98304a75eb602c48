"""The block that holds the text of a page, and what goes on either side of it."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

import pytest

from clean_ingest.core.document import Document
from clean_ingest.core.ledger import Ledger
from clean_ingest.core.stage import Edit
from clean_ingest.rules.outside import OUTSIDE
from clean_ingest.stages.chrome import Chrome

PARAGRAPH = (
    "The ferry that links the two shores of the sound did not sail on Monday, nor on the two "
    "days that followed, and the people who wait for it in the morning learned from a note on "
    "the gate that nobody could say when it would leave again, because a part of its engine "
    "has to be made anew on the mainland."
)
STORY = [f"{number}. {PARAGRAPH}" for number in range(1, 7)]
BANNER = ["Skip to content", "Subscribe to our newsletter"]
FOOTER = ["Share this article", "Leave a comment", "All rights reserved."]
SECTIONS = ["Valley", "Harbour", "Lighthouse", "Orchard", "The mill", "The old road"]
STORIES = ["A bridge for the north", "What the wind costs", "The keeper of the light", "Two mills"]


def _left(lines: list[str], title: str = "") -> list[str]:
    """The lines that chrome leaves of a page."""
    text = "\n".join(lines)
    document = Document.from_text(text)
    if title:
        metadata = type(document.metadata)(title=title)
        document = document.tagged(metadata=metadata)
    edits = [edit for edit in Chrome().propose(document) if isinstance(edit, Edit)]
    return Ledger.of(text).apply(edits, "chrome").text.split("\n")


def test_labels_on_both_sides_go_and_the_text_stays() -> None:
    """Of a dumped page its text is left, with the line that may be the headline."""
    page = [*BANNER, *SECTIONS, "The ferry that did not sail", *STORY, *FOOTER, *STORIES]
    assert ["The ferry that did not sail", *STORY, ""] == _left(page)


def test_a_page_without_chrome_keeps_its_lists() -> None:
    """Labels around a text are no menu while nothing else says so."""
    page = [*SECTIONS, "The ferry that did not sail", *STORY, *STORIES]
    assert page == _left(page)


def test_what_somebody_extracted_keeps_its_lists() -> None:
    """A left-over button or two do not make a dumped page."""
    page = [*SECTIONS, "The ferry that did not sail", *STORY, "Share this article", *STORIES]
    assert [*SECTIONS, "The ferry that did not sail", *STORY, *STORIES] == _left(page)


def test_a_list_inside_the_text_stays() -> None:
    """The block runs on across a list between paragraphs."""
    page = [*BANNER, *STORY[:3], *STORIES, *STORY[3:], *FOOTER]
    assert [*STORY[:3], *STORIES, *STORY[3:]] == [line for line in _left(page) if line]


def test_a_list_above_the_first_chrome_of_the_tail_stays() -> None:
    """Below the text, labels go from the first line of chrome on."""
    page = [*BANNER, *STORY, *STORIES, *FOOTER, *SECTIONS]
    assert [*STORY, *STORIES] == [line for line in _left(page) if line]


def test_a_lone_weak_word_begins_no_footer() -> None:
    """A list below the text goes on across a word that menus have too."""
    works = [f"Work of the year {year}" for year in range(1990, 2010)]
    page = [*BANNER, *STORY, "Contact", *works, *FOOTER, *STORIES]
    assert ["Contact", *works] == [line for line in _left(page) if line][len(STORY) :]


def test_what_stands_inside_the_text_too_is_no_border() -> None:
    """Links under each section of a text do not end it."""
    sections = [line for paragraph in STORY for line in (paragraph, "Read more", "Share")]
    page = [*BANNER, *sections, "Sources", "Read more", "The book of the sound", *FOOTER]
    assert "The book of the sound" in _left(page)


def test_a_title_and_the_date_above_it_stay() -> None:
    """With a known title all above it is outside, but for a date right above."""
    page = [*BANNER, *SECTIONS, "3 May 2021", "No ferry", *STORY, *FOOTER]
    assert ["3 May 2021", "No ferry", *STORY] == [x for x in _left(page, "No ferry") if x]


def test_a_short_text_needs_a_title() -> None:
    """Two paragraphs are a text where a title stands above them, and else nobody knows."""
    page = [*BANNER, *SECTIONS, "No ferry", *STORY[:2], *FOOTER, *STORIES]
    assert ["No ferry", *STORY[:2]] == [line for line in _left(page, "No ferry") if line]
    assert [*SECTIONS, "No ferry", *STORY[:2], *STORIES] == [x for x in _left(page) if x]


def test_prose_above_the_block_is_not_outside() -> None:
    """Where no title is known, what is above the first prose is the head, and no more."""
    first = (
        "A short word first: this is the page of the harbour office, and it has all that we know."
    )
    page = [*BANNER, *SECTIONS, "What we know so far of it", first, *SECTIONS, *STORY, *FOOTER]
    left = [line for line in _left(page) if line]
    assert ["What we know so far of it", first] == left[:2]
    assert STORY == left[-len(STORY) :]


@pytest.mark.parametrize("cell", ["Valley\t12", "Harbour\t\t7"])
def test_cells_of_a_table_stay(cell: str) -> None:
    """A line with a tab inside is a row of a table, wherever it stands."""
    page = [*BANNER, *STORY, *FOOTER, cell, *STORIES]
    assert cell in _left(page)


def test_a_summary_between_links_goes_and_a_sentence_beside_text_stays() -> None:
    """Prose goes only where all lines around it go, and never a short sentence."""
    teaser = "The mill stands still since the river has changed its bed in the flood of spring."
    footer = [*FOOTER, *STORIES, *SECTIONS, *STORIES]
    assert teaser not in _left([*BANNER, *STORY, *footer, teaser, *SECTIONS])
    assert teaser in _left([*BANNER, *STORY, *footer, teaser, teaser.replace("mill", "ford")])
    assert "Rest in peace, captain." in _left([*BANNER, *STORY, *footer, "Rest in peace, captain."])


def test_text_that_goes_on_behind_a_box_is_text() -> None:
    """A list between two parts of a text stays, though links to other texts stand above it."""
    times = [f"{hour}:{minute} the pumps start" for hour in (2, 3, 4) for minute in (14, 21, 45)]
    page = [*BANNER, "No ferry", *STORY[:3], *FOOTER, *times, STORY[3], *FOOTER, *STORIES]
    left = [line for line in _left(page, "No ferry") if line]
    assert ["No ferry", *STORY[:3], *times, STORY[3]] == left


def test_a_loud_page_needs_less_of_a_text() -> None:
    """Two paragraphs are enough where chrome of many kinds stands all around."""
    kinds = ["Log in", "Register", "Print", "E-mail", "Privacy policy", "Terms of use", "Sitemap"]
    kinds += ["Cookie policy", "About us", "Contact us", "Follow us on Facebook", "Newsletter"]
    kinds += ["Next article", "Previous article", "Related articles", "Most read", "Share on X"]
    kinds += ["Share on Facebook", "Back to top", "Load more", "Subscribe now", "Advertisement"]
    page = [*BANNER, *kinds, *SECTIONS, "No ferry this week on the sound", *STORY[:2], *FOOTER]
    left = [line for line in _left([*page, *STORIES]) if line]
    assert ["No ferry this week on the sound", *STORY[:2]] == left
    assert SECTIONS[0] in _left([*BANNER, *SECTIONS, *STORY[:2], *FOOTER, *STORIES])


def test_the_evidence_counts_what_was_known() -> None:
    """One reason for a side: how many of its lines rules know by themselves."""
    text = "\n".join([*BANNER, *SECTIONS, "The ferry that did not sail", *STORY, *FOOTER, *STORIES])
    edits = [edit for edit in Chrome().propose(Document.from_text(text)) if isinstance(edit, Edit)]
    told = {edit.evidence for edit in edits if edit.rule == OUTSIDE}
    assert "above the text; 2 of 8 lines are known chrome" in told


def _steps(lines: list[str]) -> int:
    """How many lines of Python the stage runs over a page, each turn of a loop one."""
    document = Document.from_text("\n".join(lines))
    steps = 0

    def count(frame: FrameType, event: str, argument: object) -> Callable[..., Any]:
        nonlocal steps
        steps += 1
        return count

    before = sys.gettrace()
    sys.settrace(count)
    try:
        list(Chrome().propose(document))
    finally:
        sys.settrace(before)
    return steps


def test_the_work_grows_with_the_borders_and_no_faster() -> None:
    """Four times the weak labels far from each other cost about four times the calls."""
    far = [*(f"Apple number {letter}" for letter in "abcdefghijklm"), "Home"]

    def page(count: int) -> list[str]:
        return [*BANNER, *STORY, *far * count, *FOOTER]

    _steps(page(1))
    assert _steps(page(1_200)) < 5 * _steps(page(300))
