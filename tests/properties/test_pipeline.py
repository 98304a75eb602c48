"""What must hold of the whole default pipeline for any text."""

from __future__ import annotations

import unicodedata
from functools import cache

from hypothesis import example, given
from hypothesis import strategies as st

from clean_ingest.config.load import load
from clean_ingest.core.document import Document
from clean_ingest.core.ledger import Ledger, check_tiling
from clean_ingest.core.pipeline import QUARANTINED, Outcome, Pipeline
from clean_ingest.core.stage import EVIDENCE_LIMIT
from clean_ingest.rules.load import rulebook

# Lines and characters that stages act on, so that they meet each other in odd places.
FRAGMENT = st.sampled_from(
    [
        "Share this post",
        "Subscribe",
        "Leave a comment",
        "Подписаться",
        "تصویر بندانگشتی",
        "分享",
        "icon searchicon close",
        "fa fa-search",
        "0:00",
        "26:12",
        "© Agency / A. Name",
        "Copyright © 2024 A Site",
        "Read more: A headline about something else",
        " - A Site, 2024",
        "The bridge over the harbour was opened to traffic on Monday, three years after it was closed.",
        "The bridge over the harbour was opened to traffic on Monday",
        "Мост через гавань открыли для движения в понедельник, спустя три года после закрытия.",
        "大桥在关闭三年后于周一重新开放，市民纷纷前往参观拍照留念，现场十分热闹。",
        "پل بندر پس از سه سال دوباره باز شد و مردم از آن استقبال کردند.",
        "Itâ€™s fine",
        "Ð¿Ñ€Ð¸Ð²ÐµÑ‚",
        "\u200b",
        "\u200c",
        "\u202e",
        "\u00ad",
        "\ue001",
        "\ufeff",
        "e\u0301",
        "\u0301" * 40,
        "\ufedf",
        "\u0085",
        "\u2028",
        "\x00",
        "\ufffd",
        "👩\u200d👧",
        "  ",
        "\t",
        "\u00a0",
        "\u3000",
        "\r",
        "\r\n",
        "\n",
        "\n\n",
        "\n",
    ]
)
TEXT = st.lists(FRAGMENT | st.characters(exclude_categories=["Cs"]), max_size=30).map("".join)


@cache
def pipeline() -> Pipeline:
    return load("default").pipeline()


def run(text: str) -> Outcome:
    return pipeline().run(Document.from_text(text))


@given(TEXT)
@example("")
@example("\n")
@example("\u0301" * 100)
def test_any_text_is_accounted_for(text: str) -> None:
    """No stage fails, the pieces tile the text, and rows and clean text give it back."""
    outcome = run(text)
    assert outcome.outcome != QUARANTINED, outcome.detail
    check_tiling(outcome.ledger)
    assert outcome.ledger == Ledger.from_rows(outcome.document.text, outcome.ledger.rows())
    assert text == outcome.ledger.restore()


@given(TEXT)
def test_each_change_names_a_rule_of_the_rulebook(text: str) -> None:
    """And its evidence is one short line."""
    rules = rulebook().rules
    for row in run(text).ledger.rows():
        for stage, rule, evidence in [*row.earlier, (row.stage, row.rule, row.evidence)]:
            assert rule in rules
            assert rule.startswith(f"{stage}/")
            assert len(evidence) <= EVIDENCE_LIMIT
            assert evidence.isprintable() or not {"\n", "\r"} & set(evidence)


@given(TEXT)
def test_the_clean_text_is_normal(text: str) -> None:
    """NFC, LF line ends, no blank ends."""
    clean = run(text).document.text
    assert unicodedata.is_normalized("NFC", clean)
    assert not {"\r", "\u0085", "\u2028", "\u2029", "\x00"} & set(clean)
    assert clean == clean.strip("\n")


@given(TEXT)
def test_the_same_text_gives_the_same_outcome(text: str) -> None:
    """No state is kept between documents."""
    first = run(text)
    run("Subscribe\n\nAnother text in between, with a sentence of its own.")
    assert first == run(text)
