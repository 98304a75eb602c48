"""Labels glued together are known by their seams, and names with seams are left alone."""

from __future__ import annotations

import pytest

from clean_ingest.rules.compile import matcher_for
from clean_ingest.rules.glue import GLUED, find_glued
from clean_ingest.rules.load import rulebook


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Skip to main contentSkip to navigation", True),
        ("FacebookTwitterLinkedInEmail", True),
        ("Перейти к содержаниюВойти", True),
        ("LinkedIn", False),
        ("HomeOffice", False),
        ("Skip to main contentThe bridge at the mill", False),
        ("JavaScript", False),
    ],
)
def test_only_phrases_are_taken_apart(line: str, expected: bool) -> None:
    """A line counts where all between its seams is known, and enough of it."""
    hits = list(find_glued(["The mill", line], [None, None], matcher_for(rulebook())))
    assert [(1, GLUED, len(line))] * expected == [(i, hit.rule.id, hit.end) for i, hit in hits]
