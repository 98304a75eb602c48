"""The headline stage: titles that show once the chrome is gone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from clean_ingest.core.document import Document, Metadata
from clean_ingest.core.stage import Tag
from clean_ingest.stages.headline import Headline

CLEAN = [
    (
        "Ferry to Skerra stops for the winter",
        "The ferry between Lowhaven and Skerra will not sail between November and March, the board said.\n\n"
        "People on Skerra will depend on a mail boat, and on the weather of the winter, until spring.",
    ),
    (
        "В Заречье открыли библиотеку на барже",
        "Библиотека на барже открылась в Заречье в субботу, и первыми пришли дети из соседней школы.\n\n"
        "Баржу для библиотеки отдал порт, а книги собирали жители Заречья два года по всем дворам.",
    ),
    (
        "नाव सेवा सर्दियों में बंद रहेगी",
        "द्वीप तक चलने वाली नाव सेवा नवंबर से मार्च तक बंद रहेगी, बंदरगाह बोर्ड ने मंगलवार को यह जानकारी दी।\n\n"
        "सर्दियों में द्वीप के लोग डाक की नाव पर निर्भर रहेंगे, और नाव सेवा वसंत में फिर शुरू होगी, बोर्ड ने कहा।",
    ),
    (
        "渔村小学迎来第一场雪",
        "十二月的早晨，渔村小学的孩子们在操场上迎来了今年的第一场雪，老师们停下了第一节课。\n\n"
        "校长说，渔村已经八年没有下雪，小学的很多孩子是第一次看见雪，大家一直玩到中午才回去。",
    ),
]


@pytest.mark.parametrize(("title", "body"), CLEAN)
def test_the_line_above_the_body_is_the_title(title: str, body: str) -> None:
    """In any script, where the body speaks of it."""
    proposals = list(Headline().propose(Document.from_text(f"{title}\n\n{body}")))
    assert [Tag("title", title)] == proposals


@pytest.mark.parametrize(("title", "body"), CLEAN)
def test_a_title_that_is_known_stays(title: str, body: str) -> None:
    """Whatever the text says."""
    document = replace(Document.from_text(f"{title}\n\n{body}"), metadata=Metadata(title="Known"))
    assert [] == list(Headline().propose(document))


@pytest.mark.parametrize("body", [body for _, body in CLEAN])
def test_a_text_that_begins_with_prose_has_none(body: str) -> None:
    """Its first sentence is no title."""
    assert [] == list(Headline().propose(Document.from_text(body)))


def test_author_and_date_beside_the_title() -> None:
    """Once it is found, or where it is known already, what stands beside it is read."""
    title, body = CLEAN[0]
    text = f"{title}\n\nBy Anna Example\n12 March 2024\n\n{body}"
    beside = [Tag("author", "Anna Example"), Tag("published", "2024-03-12")]
    assert [Tag("title", title), *beside] == list(Headline().propose(Document.from_text(text)))
    known = replace(Document.from_text(text), metadata=Metadata(title=title))
    assert beside == list(Headline().propose(known))
    assert [] == list(Headline(author=False, published=False).propose(known))


def test_author_and_date_that_are_known_stay() -> None:
    """Whatever the text says."""
    title, body = CLEAN[0]
    text = f"{title}\n\nBy Anna Example\n12 March 2024\n\n{body}"
    known = Metadata(title=title, author="Tom", published="2020-01-01")
    assert [] == list(Headline().propose(replace(Document.from_text(text), metadata=known)))
