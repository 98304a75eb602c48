"""Repairing text that was decoded with the wrong encoding."""

from __future__ import annotations

import itertools
import pickle
import sys
from collections import Counter
from collections.abc import Callable

import ftfy
import pytest
from ftfy.badness import MOJIBAKE_CATEGORIES, is_bad
from hypothesis import given
from hypothesis import strategies as st

from clean_ingest.core.document import Document
from clean_ingest.core.stage import Edit, Tag
from clean_ingest.stages._round_trip import round_trip
from clean_ingest.stages.mojibake import FLAG, Mojibake, repair

# What the stage asks of ftfy, spelt out once more so that a change of it shows.
SAFE = ftfy.TextFixerConfig(
    unescape_html=False,
    remove_terminal_escapes=False,
    fix_latin_ligatures=False,
    fix_character_width=False,
    uncurl_quotes=False,
    fix_line_breaks=False,
    fix_surrogates=False,
    remove_control_chars=False,
    normalization=None,
)

SENTENCES = (
    "Le garçon a déjà mangé à l’hôtel, près du château.",
    "Größere Bäume müssen übers Jahr geschnitten werden – süß!",
    "La niña comió piñones en el jardín del señor Núñez.",
    "Žluťoučký kůň příšerně úpěl ďábelské ódy.",
    "Zażółć gęślą jaźń, powiedział Łukasz z Łodzi.",
    "Этой осенью в саду созрели поздние яблоки.",
    "Цієї осені в саду достигли пізні яблука, і їх багато.",
    "Το φθινόπωρο ωρίμασαν τα μήλα στον κήπο μας.",
    "בסתיו הבשילו התפוחים בגינה שלנו.",
    "في الخريف نضج التفاح في حديقتنا الكبيرة.",
    "پاییز امسال سیب‌های باغ ما خوب رسیدند.",
    "इस पतझड़ में हमारे बाग के सेब पक गए।",
    "ฤดูใบไม้ร่วงนี้แอปเปิลในสวนของเราสุกแล้ว",
    "今年秋天，我们花园里的苹果熟了。",
    "この秋、庭のりんごがたくさん実りました。",
    "올가을 우리 정원의 사과가 잘 익었습니다.",
    "Mùa thu này táo trong vườn nhà tôi đã chín đỏ.",
    "Geçen sonbaharda bahçemizdeki elmalar olgunlaştı, çok güzel.",
    "ამ შემოდგომაზე ჩვენს ბაღში ვაშლი დამწიფდა.",
    "Այս աշնանը մեր այգում խնձորները հասունացան։",
)
CODECS = (
    "latin-1",
    "sloppy-windows-1252",
    "sloppy-windows-1251",
    "cp1256",
    "koi8-r",
    "cp866",
    "mac-roman",
    "sloppy-windows-1255",
)


def cleaned(text: str, stage: Mojibake | None = None) -> str:
    """The text with the stage's edits applied."""
    proposals = (stage or Mojibake()).propose(Document.from_text(text))
    for edit in sorted((p for p in proposals if isinstance(p, Edit)), reverse=True):
        text = text[: edit.start] + edit.replacement + text[edit.end :]
    return text


@pytest.mark.parametrize("codec", CODECS)
@pytest.mark.parametrize("sentence", SENTENCES)
def test_round_trips(sentence: str, codec: str) -> None:
    """UTF-8 read with one wrong codec comes back exactly, in every script."""
    assert sentence == cleaned(sentence.encode().decode(codec))


@pytest.mark.parametrize("sentence", SENTENCES)
def test_double_mojibake(sentence: str) -> None:
    """Text that went through the wrong hands twice comes back too."""
    once = sentence.encode().decode("sloppy-windows-1252")
    assert sentence == cleaned(once.encode().decode("sloppy-windows-1252"))


@pytest.mark.parametrize(
    "text",
    [
        *SENTENCES,
        "рад сам сад",
        "│ рад │ сам │ сад │\n├─────┼─────┤",
        "──── Глава первая ────",
        "■ Öffnungszeiten ▪ Straße ░▒▓",
        "√9 = 3, 2 ≤ x ≤ 3 ± 0,5",
        "—А что? —Да так. –Угу.",
        "شركة «آب»، وأين؟ لا أدري؛ ربما…",
        "می‌خواهم، چگونه؟ پاک و ژرف",
        "เธอ เธอ เธอ เน้น ลด ลด ลด",
        "ÉTÉ À L’ÉCOLE « ÇA VA »",
        "SÃO PAULO E SÃO TOMÉ, IRMÃ!",
        "(╯°□°)╯︵ ┻━┻ ¯\\_(ツ)_/¯",
        "50 °C, 3 µm, §§ 3–5, ¶ 2, №5",
        "T恤 K歌 A股",
        "¿Qué? ¡Ay! «Sí»… ‘ok’ “ok”",
    ],
)
def test_clean_text_stays(text: str) -> None:
    """Clean text of any script, tables and faces included, is not touched."""
    assert [] == list(Mojibake().propose(Document.from_text(text)))


def test_edits_are_minimal_and_name_their_rule() -> None:
    """Only the wrong characters are rewritten, under the name of the codec."""
    document = Document.from_text("ok\ncafÃ© noir â€“ 3\n")
    assert [
        Edit(6, 8, "mojibake/utf8-as-windows-1252", "é"),
        Edit(14, 17, "mojibake/utf8-as-windows-1252", "–"),
    ] == [
        Edit(edit.start, edit.end, edit.rule, edit.replacement)
        for edit in Mojibake().propose(document)
        if isinstance(edit, Edit)
    ]


def test_next_line_after_a_sentence_is_left_to_characters() -> None:
    """NEL ends lines on mainframes; inside a sentence it was an ellipsis."""
    assert "One.\x85Two.\nWait… what" == cleaned("One.\x85Two.\nWait\x85 what")


def test_next_line_inside_a_sequence() -> None:
    """NEL is half of a mojibake, so lines are not cut there."""
    assert "Ålesund" == cleaned("Ã\x85lesund")


def test_spoilt_line_is_repaired_in_part() -> None:
    """Clean text beside mojibake on one line stays, the mojibake goes."""
    assert "北京 – café и “да”" == cleaned("北京 â€“ cafÃ© и “да”")


def test_single_byte_swaps_are_flagged_only() -> None:
    """Cyrillic read as Latin-1 is too uncertain to rewrite, and too bad to pass in silence."""
    text = "Привет всем читателям нашего журнала".encode("cp1251").decode("latin-1")
    assert [Tag("flag", FLAG)] == list(Mojibake().propose(Document.from_text(text)))


def test_round_trips_can_be_left_out() -> None:
    """With the option off, only what ftfy knows is repaired."""
    text = "Осенний лес".encode().decode("koi8-r")
    assert (text, "Осенний лес") == (cleaned(text, Mojibake(round_trips=False)), cleaned(text))


def test_stage_is_picklable() -> None:
    """A worker process gets the stage by pickle."""
    assert Mojibake() == pickle.loads(pickle.dumps(Mojibake()))  # noqa: S301 - our own bytes


@pytest.mark.parametrize("value", ["", "plain", "Привет", "lone \ud800 surrogate é"])
def test_repair_leaves_clean_values(value: str) -> None:
    """Metadata values that are right come back as they are."""
    assert value == repair(value)


def test_repair_of_a_value() -> None:
    """A title is repaired as a line of text would be."""
    assert "Ärger im Café…" == repair("Ã„rger im CafÃ©â€¦")


BAD_ALPHABET = (
    "".join(sorted({char for name in MOJIBAKE_CATEGORIES for char in MOJIBAKE_CATEGORIES[name]}))
    + "ÂÃÎÐØÙà×√≈‚ЂГўВвСβΒΓΞΟā€œŒ aZ.,1_\n"
)
BAD_TEXT = st.text(st.sampled_from(BAD_ALPHABET), max_size=12)


def by_line(text: str) -> str:
    """What ftfy alone makes of the text, line by line."""
    return "\n".join(ftfy.fix_and_explain(line, SAFE).text for line in text.split("\n"))


@given(BAD_TEXT)
def test_pre_check_never_hides_work_from_ftfy(text: str) -> None:
    """Without our own round trips, the outcome is that of plain ftfy by line."""
    stage = Mojibake(round_trips=False)
    assert "\x85" in text or by_line(text) == cleaned(text, stage) or odd(by_line(text))


def odd(text: str) -> bool:
    """Whether ftfy guessed its way to characters that nobody writes, which we refuse."""
    return not text.replace("\n", "").isprintable()


def test_pre_check_over_all_pairs() -> None:
    """Every pair of suspicious characters that ftfy calls bad is suspicious to us."""
    contexts = itertools.cycle(
        [("", ""), ("a", ""), (" ", "a"), ("", " "), ("A ", "b"), (".", ".")]
    )
    missed = []
    for (first, second), (left, right) in zip(
        itertools.product(BAD_ALPHABET, repeat=2), contexts, strict=False
    ):
        text = f"{left}{first}{second}{right}"
        # The tag-free way to see the pre-check: a document that it lets through is repaired
        # exactly as ftfy alone repairs it.
        if is_bad(text) and "\x85" not in text and "\n" not in text:
            fixed = ftfy.fix_and_explain(text, SAFE).text
            if (
                fixed != text
                and not odd(fixed)
                and cleaned(text, Mojibake(round_trips=False)) != fixed
            ):
                missed.append(text)
    assert [] == missed


@pytest.mark.parametrize(
    "text",
    [
        "Ã©" * 200_000,
        "Ã" * 200_000,
        "â€" * 100_000 + "中",
        "╨┐" * 100_000,
        "\x85" * 200_000,
        "é" * 300_000,
    ],
    ids=["repairable", "halves", "mixed", "box", "next line", "accents"],
)
def test_long_lines_end(text: str) -> None:
    """One line of hostile text costs time linear in its length."""
    assert len(cleaned(text)) <= len(text)


def calls(work: Callable[[], object]) -> int:
    """How many Python functions `work` calls."""
    count: Counter[str] = Counter()
    sys.setprofile(lambda frame, event, argument: count.update((event,)))
    try:
        work()
    finally:
        sys.setprofile(None)
    return count["call"]


# More of them than any of the stage's caches holds, so that the second run of a test costs
# what the first does.
BAD_WORDS = [
    f"{before}{letter.encode().decode('latin-1')}{after}"
    for before, letter, after in itertools.product(
        "bcdfghjklmnpqrstvwxz", "áéíóú", "bcdfghjklmnpqrstvwxz"
    )
]


def test_lines_that_come_again_are_repaired_once() -> None:
    """Two thousand bad bullets are cheap."""
    same, other = (
        Document.from_text("\n".join(w)) for w in (BAD_WORDS[:1] * len(BAD_WORDS), BAD_WORDS)
    )
    stage = Mojibake()
    assert len(BAD_WORDS) == len(list(stage.propose(same)))
    assert calls(lambda: list(stage.propose(same))) < calls(lambda: list(stage.propose(other))) / 4


def test_parts_that_come_again_are_tried_once() -> None:
    """What a code page cannot hold may part a line into the same part many times."""
    same, other = ("中".join(words) for words in (BAD_WORDS[:1] * len(BAD_WORDS), BAD_WORDS))
    round_trip(other)  # what is imported and compiled at first use belongs to neither
    assert calls(lambda: round_trip(same)) < calls(lambda: round_trip(other)) / 4


@pytest.mark.parametrize(
    ("damaged", "repaired"),
    [
        ("â€œPeggyâ€ Hughes came.", "“Peggy” Hughes came."),
        ("â€œit is overâ€, and left", "“it is over”, and left"),
        ("Er sagte: â€œGenug.â€", "Er sagte: “Genug.”"),
        ("the noteâ€\u00a0 says so", "the note† says so"),
    ],
)
def test_a_closing_quote_that_lost_its_last_byte(damaged: str, repaired: str) -> None:
    """Behind an opening quote it is one, and the space behind it stays; else it is a dagger."""
    assert repaired == repair(damaged)
