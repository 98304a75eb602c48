"""The fold: one code point to one, and keys that forgive what scrapers and writers vary."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clean_ingest.rules.fold import Folding, key_of, keys_of, numbers_of

FOLDING = Folding.of({"ё": "е", "ي": "ی", "ك": "ک"})


@given(st.text(st.characters()))
def test_folding_keeps_the_length(text: str) -> None:
    """Offsets in the folded text are offsets in the text, lone surrogates and all."""
    assert len(text) == len(FOLDING.fold(text))


@given(st.text(st.characters()))
def test_folded_text_can_be_utf8(text: str) -> None:
    """The pattern engine can read whatever comes out."""
    assert FOLDING.fold(text).encode("utf-8").decode("utf-8") == FOLDING.fold(text)


@given(st.text())
def test_folding_twice_is_folding_once(text: str) -> None:
    """A folded text is its own fold, so that phrases and lines meet in one form."""
    once = FOLDING.fold(text)
    assert once == FOLDING.fold(once)


@pytest.mark.parametrize(
    ("folded", "text"),
    [
        ("skip to content", "SKIP to Content"),
        ("a lire aussi", "À lire aussi"),
        ("ilgili haberler", "İLGİLİ HABERLER"),
        ("γιατι", "ΓΙΑΤΊ"),
        ("еще новости", "Ещё новости"),
        ("йод", "ЙОД"),
        ("کپی", "كپي"),
        ("12:45", "١٢:٤٥"),
        ("abc 1", "ＡＢＣ　１"),
        ('it\'s - "so"', "It’s – “so”"),
    ],
)
def test_what_writers_vary_is_one(folded: str, text: str) -> None:
    """Case, accents, width, digits, quotes, dashes, spaces, and the letters of rule files."""
    assert folded == FOLDING.fold(text)


@pytest.mark.parametrize(
    ("phrase", "line"),
    [
        ("Share this", "  » Share  this: "),
        ("# comments", "1,204 comments"),
        ("# views", "12.5K views"),
        ("Комментарии (#)", "КОММЕНТАРИИ (٣)"),
        ("Back to top", "↑ Back to top ↑"),
        ("اترك تعليقا", "اترك تعليقاً"),
        ("اشتراک‌گذاری", "اشتراک‌گذاری:"),
        ("返回顶部", "返回顶部 ▲"),
        ("Բոլոր իրավունքները պաշտպանված են", "Բոլոր իրավունքները պաշտպանված են։"),
    ],
)
def test_a_phrase_and_its_line_have_one_key(phrase: str, line: str) -> None:
    """Marks around a line, runs of spaces, numbers, vowel signs and joiners do not matter."""
    assert FOLDING.key(numbers_of(phrase)) == FOLDING.key(line)


@pytest.mark.parametrize("line", ["'/login'", "> login", "login()", "login="])
def test_code_is_no_phrase(line: str) -> None:
    """The marks of code and quotation are part of the key."""
    assert FOLDING.key("login") != FOLDING.key(line)


def test_the_fold_knows_its_letters_only() -> None:
    """A letter that no rule file names stays what it is."""
    assert "ё" == Folding.of({}).fold("Ё")


@given(st.lists(st.text(st.characters(exclude_characters="\n"), min_size=1)))
def test_keys_together_are_the_keys_alone(lines: list[str]) -> None:
    """What is faster for many lines says the same of each."""
    folded = [FOLDING.fold(line).replace("\n", " ") for line in lines]
    assert [key_of(line) for line in folded] == keys_of(folded)


def test_keys_together_keep_their_lines() -> None:
    """Marks, runs of spaces, digits and silent signs of one line leave the others alone."""
    lines = ["» a  b", "c\td", "12 e", "ab", "a\u0640b", "...", "f:"]
    assert ["a b", "c d", "# e", "ab", "ab", "...", "f"] == keys_of(lines)
    assert [] == keys_of([])
