"""A ledger, laid over the lines of its source."""

from __future__ import annotations

from clean_ingest.core.document import split_lines
from clean_ingest.core.ledger import Ledger
from clean_ingest.core.stage import Edit
from cleaning import by_line, clean


def test_each_line_has_what_is_left_of_it_and_the_rule_that_took_most() -> None:
    """A removal over two lines and an ending counts for both."""
    source = "keep\nhalf gone\ngone\nend"
    ledger = Ledger.of(source).apply([Edit(9, 20, "chrome/long"), Edit(5, 6, "chrome/h")], "chrome")
    found = by_line(ledger, split_lines(source))
    assert ["keep", "alf", "", "end"] == found.left
    assert ["", "chrome/long", "chrome/long", ""] == found.rules


def test_a_repair_and_a_soft_hyphen_are_no_losses() -> None:
    """`spared` has the line as it was before them, `left` as it is."""
    source = "caf\u00c3\u00a9\u00ads gone"
    ledger = Ledger.of(source).apply(
        [Edit(3, 5, "mojibake/m", "é"), Edit(5, 6, "characters/c"), Edit(8, 12, "chrome/g")], "any"
    )
    found = by_line(ledger, split_lines(source))
    assert ["cafés "] == found.left
    assert ["caf\u00c3\u00a9\u00ads "] == found.spared


def test_the_default_pipeline_runs() -> None:
    """A line of chrome goes, and its rule is named."""
    found = clean("The ferry was late again on Monday.\nShare this post")
    assert ["The ferry was late again on Monday.", ""] == found.left
    assert found.rules[1].startswith("chrome/")
