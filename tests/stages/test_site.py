"""The site: the name in a copyright line, unless it is a photographer's or an owner's."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clean_ingest.core.document import Document
from clean_ingest.stages.metadata import Metadata

TEXT = "The ferry leaves at nine from the second pier, and it takes no more than forty people.\n"


def site(text: str) -> object:
    """The site of a text, or None."""
    found = {tag.field: tag.value for tag in Metadata().propose(Document.from_text(text))}
    return found.get("site")


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("© 2024 The Example Times. All rights reserved.", "The Example Times"),
        ("Copyright © 2019-2024 Example Times", "Example Times"),
        ("(c) 2024 by Example Times | Terms | Privacy", "Example Times"),
        ("Example Times © 2024", "Example Times"),
        ("All rights reserved © example.com", "example.com"),
        ("© Beispielblatt 2024. Alle Rechte vorbehalten.", "Beispielblatt"),
        ("© 2021 Примерный вестник. Все права защищены.", "Примерный вестник"),
        ("© ۲۰۲۴ نمونه", None),
        ("Copyright © 2024 例報 All Rights Reserved. 版权所有", "例報"),
        ("© Example Pictures", None),
        ("© Anna Example / Example Pictures 2024", None),
        ("© 2024 Reuters. All rights reserved.", None),
        ("© 2024 Getty Images", None),
        ("© 2024 All rights reserved.", None),
        ("Copyright 2024 Privacy Policy", None),
        ("Copyright laws changed in 2024 for everybody who writes.", None),
        ("© 2024 Bennett, Coleman and Others. All rights reserved.", None),
        ("© 2024 Example Media Group", None),
        ("© 2024 Example Verlag GmbH", None),
        ("© 2024", None),
    ],
)
def test_copyright_lines(line: str, expected: str | None) -> None:
    """A year or reserved rights, and a name that is no agency, no menu and no company."""
    assert expected == site(f"{TEXT * 3}{line}\n")


@pytest.mark.parametrize(
    "head",
    [
        "Example Times",
        "Harbour bridge closed | Example Times",
        "Example Times - News from the coast",
    ],
)
def test_a_company_is_the_site_where_the_head_says_so(head: str) -> None:
    """Its name without the legal form is a line of the head, or ends or opens one."""
    foot = "Copyright © 2019-2024 Example Times GmbH & Co. KG. All rights reserved."
    assert "Example Times" == site(f"{head}\n\n{TEXT * 3}{foot}\n")
    assert site(f"Home\n\n{TEXT * 3}{foot}\n") is None
    assert site(f"We read the Example Times\n\n{TEXT * 3}{foot}\n") is None


def test_the_last_one_counts() -> None:
    """Above it stand those of texts that were taken over from elsewhere."""
    assert "Example Times" == site(f"{TEXT}© 2024 Other Paper\n{TEXT}© 2024 Example Times\nTop\n")


def test_only_the_end_is_looked_at() -> None:
    """A copyright line above a long text belongs to something in it."""
    assert site(f"© 2024 Example Times\n{TEXT * 40}") is None


@given(st.text(alphabet="©c() Copyright2024-,.|Example GmbHß年", max_size=60))
def test_sites_never_fail(text: str) -> None:
    """No line raises, and what is found stands in it."""
    found = site(text)
    assert found is None or str(found) in " ".join(text.split())
