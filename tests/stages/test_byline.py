"""Authors: names behind a label, and all the lines that look like one and are not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clean_ingest.core.document import Document
from clean_ingest.stages._byline import names_in
from clean_ingest.stages.metadata import Metadata

HEADLINE = "Harbour bridge closed after engineers find cracks"
BODY = (
    "The harbour bridge was closed on Monday after engineers found cracks in two of its piers.\n"
    "Ferries will carry commuters until the repairs to the bridge are done, the council said.\n"
    "Engineers expect that the cracks can be closed within a month if the weather stays dry.\n"
    "The harbour authority had asked for money for the old piers three times since spring.\n"
)


def author(text: str) -> object:
    """The author of a text, or None."""
    found = {tag.field: tag.value for tag in Metadata().propose(Document.from_text(text))}
    return found.get("author")


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("By Anna Example", "Anna Example"),
        ("by  \t Anna  Example", None),
        ("By\nAnna Example", "Anna Example"),
        ("Written by\n\nAnna Example", "Anna Example"),
        (
            "By Anna Example, Tom B. Sample and Li O'Neill",
            "Anna Example, Tom B. Sample, Li O'Neill",
        ),
        ("By Anna Example, Staff Writer", "Anna Example"),
        ("By Anna Example, PhD, RD", "Anna Example"),
        ("By Anna Example | 12 March 2024 | 3 min read", "Anna Example"),
        ("By Anna Example on 12 March 2024", "Anna Example"),
        ("By Anna Example Dec 12, 2024", "Anna Example"),
        ("Published 12 March 2024 by Anna Example", "Anna Example"),
        ("12 March 2024 | by Anna Example", "Anna Example"),
        ("✍ By Anna Example", "Anna Example"),
        ("ByAnna Example", "Anna Example"),
        ("By Anna Example Jr.", "Anna Example Jr"),
        ("By ANNA EXAMPLE", "ANNA EXAMPLE"),
        ("By Anna van der Example", "Anna van der Example"),
        ("Anna Example", None),
        ("Photo by Anna Example", None),
        ("By a reporter", None),
        ("By Anna", None),
        ("By Popular Demand", None),
        ("By Category: ferries", None),
        ("By Monday the bridge was empty", None),
        ("By 2024 the bridge will be new", None),
        ("By Harbour Bridge", None),
        ("By Closed Piers", None),
        ("Author Anna Example", None),
        ("Text Anna Example", None),
        ("Text\nAnna Example", None),
        ("By anna example", None),
    ],
)
def test_lines_below_the_title(line: str, expected: str | None) -> None:
    """A label and names make an author; a sentence, a menu or a credit does not."""
    assert expected == author(f"{HEADLINE}\n\n{line}\n\n{BODY}")


def test_label_of_another_language_is_a_word() -> None:
    """`Door` is by in Dutch, and no label in an English text."""
    assert author(f"{HEADLINE}\n\nDoor Anna Example\n\n{BODY}") is None
    dutch = (
        "Havenbrug dicht na vondst van scheuren\n\nDoor Anna Voorbeeld\n\n"
        "De havenbrug is maandag gesloten nadat ingenieurs scheuren vonden in twee van de pijlers.\n"
        "Veerboten brengen forenzen naar de overkant tot de havenbrug hersteld is, zegt de gemeente.\n"
    )
    assert "Anna Voorbeeld" == author(dutch)


def test_the_first_below_the_title_counts() -> None:
    """Those of other articles stand farther down, or above."""
    page = f"By Tom Other\n\n{HEADLINE}\n\nBy Anna Example\n\nBy Li Third\n\n{BODY}"
    assert "Anna Example" == author(page)


def test_without_a_title_all_have_to_agree() -> None:
    """A list of articles has many authors, and is by none of them."""
    assert "Anna Example" == author("Home\nBy Anna Example\nNews\nBy Anna Example\n")
    assert author("Home\nBy Anna Example\nNews\nBy Tom Other\n") is None


def test_at_the_foot() -> None:
    """Where the byline stands below the text, and no other title claims it."""
    assert "Anna Beispiel" == author(f"{BODY}\nAutorin: Anna Beispiel\n")
    korean = (
        "항구 다리가 월요일에 폐쇄됐다. 기술자들이 교각 두 곳에서 균열을 발견했기 때문이다.\n" * 3
    )
    assert "김보기" == author(f"{korean}\n김보기 기자 reporter@example.com\n")
    assert "김보기" == author(f"(서울=보기뉴스) 김보기 기자 = {korean}")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Anna Example", ["Anna Example"]),
        ("José Ortega y Gasset", ["José Ortega y Gasset"]),
        ("Ana Ejemplo y Juan Prueba", ["Ana Ejemplo", "Juan Prueba"]),
        ("Jean-Luc d'Essai", ["Jean-Luc d'Essai"]),
        ("علی رضا نمونه", ["علی رضا نمونه"]),
        ("王小明、李華", ["王小明", "李華"]),
        ("山田 太郎", ["山田 太郎"]),
        ("정보기", ["정보기"]),
        ("नमूना उदाहरण", ["नमूना उदाहरण"]),
        ("Anna Example who lives in Lowhaven", []),
        ("港口大桥桥墩出现裂缝暂停通行", []),
        ("Anna 3 Example", []),
        ("", []),
    ],
)
def test_names(text: str, expected: list[str]) -> None:
    """Two to five words that may be a name, in any script, and several of them."""
    assert expected == names_in(text)


@given(st.text(alphabet="Anna Example,;|·-–()and y 12:王小明기자\t.", max_size=60))
def test_names_never_fail(text: str) -> None:
    """No text raises, and no name is blank or of two lines."""
    assert all(name.strip() == name and name for name in names_in(text))
