"""The labels of `rulebook/metadata.toml`: each proves itself, and none is found inside a word."""

from __future__ import annotations

import unicodedata

import pytest

from clean_ingest.core.document import Document
from clean_ingest.rules.load import rulebook
from clean_ingest.rules.model import Label
from clean_ingest.stages._labels import KINDS, opening, rows
from clean_ingest.stages.metadata import Metadata

LABELS = rulebook().labels


@pytest.mark.parametrize("label", LABELS, ids=lambda label: label.language)
def test_every_label_proves_itself(label: Label) -> None:
    """What a line of `reads` says is read from it, and nothing else."""
    for proof in label.reads:
        line, _, expected = proof.partition(" =")
        found = {tag.field: tag.value for tag in Metadata().propose(Document.from_text(line))}
        read = found.get("author") or found.get("published") or found.get("site") or ""
        assert expected.strip() == read, line


@pytest.mark.parametrize("label", LABELS, ids=lambda label: label.language)
def test_every_language_shows_an_author_a_date_and_what_is_neither(label: Label) -> None:
    """The proofs of a language cover what its labels are for."""
    values = [proof.partition(" =")[2].strip() for proof in label.reads]
    assert "" in values or label.author == label.by == ()
    assert any(value[:1].isdigit() for value in values) or not label.published
    assert any(value and not value[0].isdigit() for value in values)


def test_labels_are_written_as_lines_are() -> None:
    """Small letters, NFC, no marks or spaces around them, none twice."""
    for label in LABELS:
        for kind in KINDS:
            texts = getattr(label, kind)
            assert len(set(texts)) == len(texts), (label.language, kind)
            for text in texts:
                assert unicodedata.normalize("NFC", text).lower().strip(" :.") == text


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("By Anna Example", "by", "Anna Example"),
        ("WRITTEN BY: Anna Example", "by", "Anna Example"),
        ("İlk yayın: 12.03.2024", "published", "12.03.2024"),
        ("作者：王小明", "author", "王小明"),
        ("文／王小明", "credit", "王小明"),
        ("Von", "by", ""),
    ],
)
def test_labels_open_lines(text: str, kind: str, value: str) -> None:
    """In any case, with or without a colon; what they label stands behind them."""
    found = opening(text)
    assert found is not None
    assert kind in found.kinds
    assert value == text[found.end :]


@pytest.mark.parametrize(
    "text",
    ["", "B", "Bygone days", "Byzantium", "Vonnegut", "Paris", "文化", "Postmodern", "by-line"],
)
def test_words_are_no_labels(text: str) -> None:
    """A word that only begins like a label is none."""
    assert opening(text) is None


def test_rows_are_bounded() -> None:
    """However long a text is, only its ends, or the lines around the title, are looked at."""
    lines = Document.from_text("By Anna Example\n" * 5000).lines
    assert 60 == len(rows(lines, None))
    assert 34 == len(rows(lines, 2500))


def test_rows_end_where_the_text_is() -> None:
    """Behind four paragraphs of prose nothing is looked for any more."""
    prose = "The ferry leaves at nine. " * 8 + "\n"
    lines = Document.from_text(f"{prose * 5}By Anna Example\n{prose * 40}").lines
    assert [] == rows(lines, None)
