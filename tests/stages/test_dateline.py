"""Dates of publication: behind labels, beside authors, and not those of other things."""

from __future__ import annotations

import pytest

from clean_ingest.core.document import Document
from clean_ingest.stages.metadata import Metadata

HEADLINE = "Harbour bridge closed after engineers find cracks"
BODY = (
    "The harbour bridge was closed on Monday after engineers found cracks in two of its piers.\n"
    "Ferries will carry commuters until the repairs to the bridge are done, the council said.\n"
    "Engineers expect that the cracks can be closed within a month if the weather stays dry.\n"
    "The harbour authority had asked for money for the old piers three times since spring.\n"
)


def published(text: str) -> object:
    """The date of publication of a text, or None."""
    found = {tag.field: tag.value for tag in Metadata().propose(Document.from_text(text))}
    return found.get("published")


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Published: 12 March 2024, 10:15", "2024-03-12T10:15:00"),
        ("Published\xa012\xa0March 2024", "2024-03-12"),
        ("Updated 14 March 2024 | Published 12 March 2024", "2024-03-12"),
        ("Published 12 March 2024 Updated 14 March 2024", "2024-03-12"),
        ("Published 12 March 2024 by Anna Example", "2024-03-12"),
        ("Published 10:15 AM EDT, Mar 12, 2024", "2024-03-12T10:15:00-04:00"),
        ("By Anna Example | 12 March 2024 | 4 min read", "2024-03-12"),
        ("By Anna Example on 12 March 2024", "2024-03-12"),
        ("Coast · 12 March 2024 · 3 comments", "2024-03-12"),
        ("Date: 2024-03-12", "2024-03-12"),
        ("Updated 14 March 2024", None),
        ("Last updated on March 14, 2024 at 10:15 AM", None),
        ("12 March 2024 – 14 March 2024", None),
        ("Open 2024-03-12 - 2024-03-14", None),
        ("Published 03/04/2024", None),
        ("Published on the coast since 2024", None),
        ("Posted by Anna Example 2 days ago", None),
    ],
)
def test_lines_below_the_title(line: str, expected: str | None) -> None:
    """The date of publication is read; a later version's, a span and an open one are not."""
    assert expected == published(f"{HEADLINE}\n\n{line}\n\n{BODY}")


def test_a_label_counts_more_than_a_line() -> None:
    """Whichever stands first."""
    page = f"{HEADLINE}\n\n14 March 2024\nBy a reporter\nPublished 12 March 2024\n\n{BODY}"
    assert "2024-03-12" == published(page)


def test_many_dates_are_a_list() -> None:
    """Where more than three days stand around a title, none is its own."""
    days = "\n".join(f"{day} March 2024\nAnother story of the coast" for day in range(1, 5))
    assert published(f"{HEADLINE}\n\n{days}\n{BODY}") is None


def test_a_date_below_the_byline() -> None:
    """Without a title, the author's line tells where the date belongs."""
    menu = "Home\nNews\n1 May 2023\nSport\nOpinion\nWeather\nTravel\n"
    assert "2024-03-12" == published(f"{menu}By Anna Example\n12 March 2024\n")
    assert published(f"{menu}12 March 2024\n") is None


def test_the_day_in_a_masthead_is_today() -> None:
    """A weekday and a date without a time, above a text without a title, are the reader's."""
    assert published(f"Tuesday, 12 March 2024\n{BODY}") is None
    assert "2024-03-12" == published(f"12 March 2024\n{BODY}")


def test_the_label_tells_the_language() -> None:
    """Months and the order of numbers are those of the label, in a text of another language."""
    assert "2021-10-05" == published(f"{HEADLINE}\n\nDatum objave: 5. listopada 2021.\n\n{BODY}")
    assert "2024-04-03" == published(f"{HEADLINE}\n\nVeröffentlicht am 03.04.2024\n\n{BODY}")
