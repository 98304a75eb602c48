"""Making characters the same everywhere."""

from __future__ import annotations

import itertools
import pickle
import re
import sys
import unicodedata

import pytest
import re2
from hypothesis import given
from hypothesis import strategies as st

from clean_ingest.core.document import Document
from clean_ingest.core.stage import Edit
from clean_ingest.stages.characters import MARK_RUN, Characters, normalise


def edits(text: str, stage: Characters | None = None) -> list[Edit]:
    """The edits that the stage asks for."""
    proposals = (stage or Characters()).propose(Document.from_text(text))
    return [proposal for proposal in proposals if isinstance(proposal, Edit)]


def cleaned(text: str, stage: Characters | None = None) -> str:
    """The text with the stage's edits applied, and the check that none overlaps another."""
    out, end = [], 0
    for edit in edits(text, stage):
        assert end <= edit.start < edit.end
        out += [text[end : edit.start], edit.replacement]
        end = edit.end
    return "".join((*out, text[end:]))


def changes(text: str) -> list[tuple[str, str, str]]:
    """Each edit as what it takes, what it puts there, and the last word of its rule."""
    return [
        (text[edit.start : edit.end], edit.replacement, edit.rule.removeprefix("characters/"))
        for edit in edits(text)
    ]


def reference(text: str) -> str:
    """The passes over plain text, written without any of the stage's code."""
    text = re.sub("\x1b\\[[0-9;:?]*[ -/]*[@-~]", "", text)
    text = re.sub("\r\n|[\r\x0b\x0c\x85\u2028\u2029]", "\n", text)
    out = []
    for char in text:
        name, kind, code = unicodedata.name(char, ""), unicodedata.category(char), ord(char)
        if char in "\n\t\u061c" or 0x200B <= code <= 0x200F or 0xE0000 <= code <= 0xE007F:
            out.append(char)
        elif kind == "Cs":
            out.append("\ufffd")
        elif "ARABIC" in name and "FORM" in name:
            out.append(unicodedata.normalize("NFKC", char))
        elif kind not in {"Cc", "Cf", "Co"} and char != "\ufffc" and not is_noncharacter(code):
            out.append(char)
    text = capped("".join(out))
    leaning = "[\u200b\u200e\u200f\u061c\U000e0000-\U000e007f]+"
    parts, end = [], 0
    for run in re.finditer(leaning, text):
        parts += [text[end : run.start()], needed(text, run)]
        end = run.end()
    return unicodedata.normalize("NFC", "".join((*parts, text[end:])))


def is_noncharacter(code: int) -> bool:
    """Whether Unicode promises never to assign the code point."""
    return code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF


def needed(text: str, run: re.Match[str]) -> str:
    """What stays of a run of characters that depend on their neighbours."""
    before, after = text[: run.start()][-1:], text[run.end() :][:1]
    flag = re.match("[\U000e0030-\U000e0039\U000e0061-\U000e007a]{3,6}\U000e007f", run[0])
    kept = flag[0] if flag and before == "🏴" else ""
    rest = run[0][len(kept) :]
    thai = all("THAI" in unicodedata.name(char or " ", "") for char in (before, after))
    line = text[: run.start()].rpartition("\n")[2] + text[run.start() :].partition("\n")[0]
    directed = any(
        unicodedata.bidirectional(char) in {"R", "AL"} for char in line if char.isalpha()
    )
    for char in rest:
        if thai and char == "\u200b" and char not in kept:
            kept += char
        if directed and char in "\u200e\u200f\u061c":
            kept += char
    return kept


def capped(text: str) -> str:
    """At most thirty marks on one base, looking through what may go later."""
    out, count = "", 0
    for char in text:
        parts = unicodedata.normalize("NFD", char)
        tail = sum(1 for _ in itertools.takewhile(unicodedata.combining, reversed(parts)))
        if char == "\u200b" or char in "\u200e\u200f\u061c" or 0xE0000 <= ord(char) <= 0xE007F:
            out += char
        elif tail < len(parts):
            out, count = out + char, tail
        elif count + tail <= 30:
            out, count = out + char, count + tail
    return out


# What the passes act on, and what they may meet there.
ALPHABET = (
    "ae e\t\n\r\x85\u2028\0\x1b[3m\xad\u200b\u200b\u200c\u200d\u200e\u200f\u061c\u2060\ufeff"
    "\u202e\u2067\u0301\u0327\u0323\u0308\u0344éṩ\u212b\u0958한\u1112\u1161\u11ab各\uf900"
    "กขคשب\ufefb\ufdf2\ufe70\ufb2a\u05b0\u0654\ue000\U000f0000\ufdd0\U0001fffe\ud800\ufffd\ufffc"
    "🏴\U000e0067\U000e0062\U000e0065\U000e007f\U000e0041"
)
FLAG = "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f"
PIECES = st.one_of(
    st.sampled_from(ALPHABET),
    st.sampled_from(["\u0301" * 17, "\u0344" * 9, FLAG, "\r\n", "\x1b[31m", "\u200b\u200b"]),
)
TEXTS = st.lists(PIECES, max_size=30).map("".join)


@given(TEXTS)
def test_edits_do_what_the_passes_do(text: str) -> None:
    """The edits, disjoint and in order, give what the passes give one after the other."""
    assert normalise(text) == cleaned(text)


@given(TEXTS)
def test_passes_do_what_they_say(text: str) -> None:
    """An independent version of the passes agrees."""
    assert reference(text) == normalise(text)


@given(TEXTS)
def test_twice_is_once(text: str) -> None:
    """A cleaned text needs no more, and is in NFC."""
    once = normalise(text)
    assert (once, []) == (normalise(once), edits(once))
    assert unicodedata.is_normalized("NFC", once)


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=30))
def test_any_text(text: str) -> None:
    """The same three properties hold for all of Unicode."""
    once = normalise(text)
    assert (once, once) == (cleaned(text), normalise(once))
    assert unicodedata.is_normalized("NFC", once)


@pytest.mark.parametrize(
    "text",
    [
        "The quick brown fox.\n\tIndented — “quoted”.\n",
        "می‌خواهم نامه‌ها را بخوانم",
        "क्‍ष और क्‌ष",
        "👨‍👩‍👧‍👦 👍🏽 ❤️ 🏳️‍🌈",
        FLAG,
        "ភាសា\u200bខ្មែរ ไทย\u200bไทย ລາວ\u200bລາວ မြန်\u200bမာ བོད\u200bཡིག",
        "שלום\u200f! (C++\u200e) 5\u200e",
        "葛\U000e0100城市",
        "محمد ﷺ، 500 ﷼",
        "ｆｕｌｌ ①② ½ ﬁ ㎏ ²",
        "lost: \ufffd",
        "ᠮᠣᠩᠭᠣᠯ\u180e",
        "각 한국어",
    ],
)
def test_what_means_something_stays(text: str) -> None:
    """Joiners, word breaks, flags, selectors and compatibility forms are left alone."""
    assert [] == edits(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a\r\nb\rc\x85d\u2028e\u2029f\x0bg\x0ch", "a\nb\nc\nd\ne\nf\ng\nh"),
        ("a\0b\x08c\x7fd\x9de\ufff9f\ufffcg", "abcdefg"),
        ("\x1b[1;31mError\x1b[0m", "Error"),
        ("in\u200bvisible\ufeff \u2060join", "invisible join"),
        ("a\u202eb\u202c \u2066c\u2069\u200e", "ab c"),
        ("Donau\xaddampf\xadschiff", "Donaudampfschiff"),
        ("\uf09b Share \uf39e", " Share "),
        ("x\ufdd0y\ufffez", "xyz"),
        ("Hi\U000e0068\U000e0069!", "Hi!"),
        ("ﺍﻟﺴﻼﻡ ﻋﻠﻴﻜﻢ ﷲ", "السلام عليكم الله"),
        ("Cafe\u0301 \u212b \u1112\u1161\u11ab \uf900", "Café Å 한 豈"),
        ("e\xad\u0301", "é"),
        ("ﻻ\u064f", "لا\u064f"),
        ("กา\u200b\u200bขา x\u200bก", "กา\u200bขา xก"),
        ("\ud800\udc00", "\ufffd\ufffd"),
    ],
)
def test_what_means_nothing_goes(text: str, expected: str) -> None:
    """One example of each rule, and of some that meet."""
    assert expected == cleaned(text)


def test_edits_are_minimal() -> None:
    """Each edit takes what its rule is about and no more."""
    assert [
        ("\r", "", "line-end"),
        ("\xad", "", "soft-hyphen"),
        ("e\u0301", "é", "nfc"),
        ("\u2060\u2060", "", "zero-width"),
        ("ﻼ", "لا", "presentation-form"),
    ] == changes("one\r\nso\xadft cafe\u0301 a\u2060\u2060b سﻼم")


def test_line_ends_in_a_row_are_one_edit() -> None:
    """As many line ends come out, and none for the CR before an LF."""
    assert [
        ("\r\x85\u2028\r", "\n\n\n\n", "line-end"),
        ("\r", "", "line-end"),
        ("\r\r", "\n\n", "line-end"),
    ] == changes("a\r\x85\u2028\r\r\nb\r\rc")


def test_a_removal_takes_no_replacement_with_it() -> None:
    """Edits of one rule that touch become one only where both remove."""
    assert [
        ("\ufdd0\ufdd1", "", "noncharacter"),
        ("\ud800", "\ufffd", "noncharacter"),
        ("\ufdd2", "", "noncharacter"),
    ] == changes("\ufdd0\ufdd1\ud800\ufdd2")


def test_composition_that_follows_from_a_removal_is_charged_to_it() -> None:
    """Where the text was in NFC before, what parted letter and accent is the cause."""
    assert [("e\xad\u0301", "é", "soft-hyphen")] == changes("e\xad\u0301")


def test_private_use_can_be_kept() -> None:
    """Some scripts have no code points of their own."""
    assert "\ue900 \ue901" == cleaned("\ue900\xad \ue901", Characters(keep_private_use=True))


def test_marks_are_capped() -> None:
    """Thirty marks stay on a base, however they were made."""
    marks = unicodedata.normalize("NFD", cleaned("e" + "\u0323\u0301\u200b" * 50 + "x"))
    assert MARK_RUN == len(marks) - 2


def test_our_marks_are_marks_to_the_scan() -> None:
    """The scan is newer than every supported Python's Unicode data, so it misses no mark."""
    marks = (chr(code) for code in range(sys.maxunicode + 1))
    text = "".join(char for char in marks if unicodedata.category(char)[0] == "M")
    assert re2.fullmatch(r"\pM+", text)


def test_stage_is_picklable() -> None:
    """A worker process gets the stage by pickle."""
    stage = Characters(keep_private_use=True)
    assert stage == pickle.loads(pickle.dumps(stage))  # noqa: S301 - our own bytes


@pytest.mark.parametrize(
    "text",
    [
        "a" + "\u0301" * 400_000,
        "a" + "\u0301\u0323" * 50_000,
        "a" + "\u0301\xad" * 50_000,
        "a" + "\u0301\u200b" * 50_000,
        "\u200e" * 100_000,
        "\0" * 100_000,
        "\x1b[" * 50_000,
        "ᄒ" + "ᅡ" * 100_000,
        "x" * 3_000_000 + "\xad",
    ],
    ids=["marks", "two marks", "parted", "zwsp", "lrm", "nul", "escapes", "jamo", "long line"],
)
def test_hostile_text_ends(text: str) -> None:
    """Time is linear in the text: each of these takes minutes to hours where it is not."""
    assert normalise(text) == cleaned(text)
