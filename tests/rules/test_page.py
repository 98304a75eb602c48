"""What is known of a line from one document to the next changes nothing but the time."""

from __future__ import annotations

from clean_ingest.core.document import Document
from clean_ingest.rules import page
from clean_ingest.rules.compile import matcher_for
from clean_ingest.rules.load import rulebook
from clean_ingest.rules.page import Page, read_page

MENU = "Home\nSport\nRead more\nＬｏｇ ｉｎ\nПодписаться\n購読する\n"


def _read(text: str, max_short: int = 60) -> Page:
    return read_page(Document.from_text(text), matcher_for(rulebook()), max_short, "")


def test_lines_known_from_another_document_are_read_the_same() -> None:
    """A page reads the same first, and after another one that has some of its lines."""
    text = f"{MENU}The ferry did not sail, and nobody on the pier was told why it stayed in port.\n"
    page.forget()
    first = _read(text)
    page.forget()
    _read(f"東京の天気\n{MENU}Another line\n")
    assert first == _read(text)


def test_lines_are_known_by_the_width_that_counts_as_short() -> None:
    """What was long for one setting is not long for another."""
    line = "A line of forty columns and no full stop"
    assert ["short"] == [row.shape for row in _read(line, 60).rows]
    assert ["long"] == [row.shape for row in _read(line, 30).rows]


def test_memory_is_bounded() -> None:
    """A crawl of ever new lines does not fill the memory."""
    matcher = matcher_for(rulebook())
    page.forget()
    for start in range(0, 3 * page._REMEMBERED, page._REMEMBERED):
        _read("\n".join(f"Line {start + n}" for n in range(page._REMEMBERED + 1)))
    assert len(page._seen(matcher, 60)) <= page._REMEMBERED + 1


def test_a_text_of_one_column_a_character_is_told_from_one_of_two() -> None:
    """Widths are those of the characters, whatever else stands in the text."""
    assert [4, 8] == [row.width for row in _read("abcd\n天気予報").rows]
    assert [4, 4] == [row.width for row in _read("abcd\nпого").rows]
