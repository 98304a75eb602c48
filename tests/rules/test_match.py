"""The matcher on single lines, with rules made for the test."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clean_ingest.core.errors import RulebookError
from clean_ingest.rules.classes import joints_of
from clean_ingest.rules.compile import compile_rules, matcher_for
from clean_ingest.rules.fold import keys_of
from clean_ingest.rules.load import rulebook
from clean_ingest.rules.match import Hit, Matcher
from clean_ingest.rules.model import Rule, Rulebook
from clean_ingest.rules.page import width_of


def _rule(**values: Any) -> Rule:
    base: dict[str, Any] = {
        "id": "chrome/test/rule", "why": "Test.", "since": "0.1.0", "removes": (), "keeps": (),
    }  # fmt: skip
    return Rule(**(base | values))


def _hit(line: str, *rules: Rule, prose: bool = False) -> Hit | None:
    matcher = compile_rules(Rulebook({rule.id: rule for rule in rules}))
    width = width_of(line)
    if prose:
        return matcher.prose(line, width)
    return matcher.short(line, matcher.folding.fold(line), width)


def _gone(line: str, *rules: Rule, prose: bool = False) -> str | None:
    hit = _hit(line, *rules, prose=prose)
    return None if hit is None else line[hit.start : hit.end]


def test_a_phrase_takes_a_whole_line_only() -> None:
    """The line goes with its marks; the same words inside a line stay."""
    rule = _rule(kind="phrase", phrases=("Share this",))
    assert "» SHARE THIS:" == _gone("» SHARE THIS:", rule)
    assert _gone("Share this bread", rule) is None


def test_a_long_phrase_takes_a_line_that_looks_like_prose() -> None:
    """Prose is looked at by its opening, and still meets the phrase."""
    line = "Your email address will not be published. Required fields are marked *"
    rule = _rule(kind="phrase", phrases=(line,))
    assert line.upper() == _gone(line.upper(), rule, prose=True)
    assert _gone(line + " And so on.", rule, prose=True) is None


@pytest.mark.parametrize(
    ("line", "goes"),
    [
        ("Read more: The bridge is closed", True),
        ("READ MORE | The bridge is closed", True),
        ("► Read more – the bridge", True),
        ("Read more books", False),
        ("Read more-or-less all of it", False),
        ("Read more:", False),
        ("Read more: " + "a" * 300, False),
    ],
)
@pytest.mark.parametrize("prose", [True, False])
def test_a_lead_in_needs_its_mark_and_a_title(line: str, goes: bool, prose: bool) -> None:
    """A colon or a bar, or a dash with space around it, then a title that is not too long."""
    rule = _rule(kind="lead-in", starts=("read more",))
    assert goes == (_gone(line, rule, prose=prose) == line)


def test_a_notice_says_more_behind_its_opening() -> None:
    """The opening alone may begin any sentence; a word of the trade must follow it."""
    rule = _rule(kind="notice", starts=("subscribe to",), contains=("newsletter",))
    assert "Subscribe to our newsletter" == _gone("Subscribe to our newsletter", rule)
    assert _gone("Subscribe to our view of the river", rule) is None
    assert _gone("Subscribe tomorrow to the newsletter", rule) is None


def test_a_notice_in_a_script_without_spaces_ends_with_a_syllable() -> None:
    """Thai goes on without a space, but no word ends before a vowel sign."""
    rule = _rule(kind="notice", starts=("เว็บไซต์นี้", "เร"), contains=("คุกกี้", "ข่าว"))
    assert "เว็บไซต์นี้ใช้คุกกี้" == _gone("เว็บไซต์นี้ใช้คุกกี้", rule)
    assert _gone("เราอ่านข่าว", rule) is None
    assert _gone("เริ่มอ่านข่าว", rule) is None


def test_a_second_sentence_may_follow_a_vowel_sign() -> None:
    """In Tamil a sentence ends in a sign and a full stop; what follows is text."""
    rule = _rule(kind="lead-in", starts=("மேலும் படிக்க",))
    title = "மேலும் படிக்க: பாலம் மூடப்பட்டது"
    assert title == _gone(title, rule)
    assert _gone(f"{title}. யார் திறந்தார் என்று தெரியவில்லை.", rule) is None


def test_a_notice_may_be_known_by_its_end() -> None:
    """An end needs no more, but it has to begin a word."""
    rule = _rule(kind="notice", ends=("all rights reserved",), contains=("never",))
    line = "Valley Post, 2020. All rights reserved."
    assert line == _gone(line, rule)
    assert (
        _gone("Wall rights reserved", _rule(kind="notice", ends=("all rights reserved",))) is None
    )


@pytest.mark.parametrize(
    ("gone", "line"),
    [
        ("chevron_right ", "chevron_right The mill"),
        ("chevron_right", "chevron_rightThe mill"),
        (None, "chevron_righteous"),
        (None, "The chevron_right"),
        (None, "chevron_right\u09be"),
    ],
)
def test_a_prefix_goes_alone(gone: str | None, line: str) -> None:
    """What follows stays, and the prefix has to end where a word ends or a capital begins."""
    assert gone == _gone(line, _rule(kind="prefix", starts=("chevron_right",)))


@pytest.mark.parametrize(
    ("gone", "line"),
    [
        (" Read more", "The river rose… Read more"),
        (" Read more »", "The river rose. Read more »"),
        ("[edit]", "History[edit]"),
        (None, "He wanted to read more"),
    ],
)
def test_a_suffix_goes_alone(gone: str | None, line: str) -> None:
    """A suffix of words counts behind a mark only: else it is the end of a sentence."""
    rule = _rule(kind="suffix", ends=("[edit]", "read more"))
    assert gone == _gone(line, rule)
    assert gone == _gone(line, rule, prose=True)


@pytest.mark.parametrize("prose", [True, False])
def test_a_suffix_behind_a_vowel_sign_is_the_end_of_a_sentence(prose: bool) -> None:
    """A mark that is part of the last letter is no end of a sentence."""
    rule = _rule(kind="suffix", ends=("आगे पढ़ें",))
    assert _gone("बच्चे ध्यान से आगे पढ़ें", rule, prose=prose) is None
    assert " आगे पढ़ें" == _gone("बच्चे ध्यान से पढ़ते हैं। आगे पढ़ें", rule, prose=prose)


def test_prose_that_opens_as_a_lead_in_needs_its_mark_too() -> None:
    """A lead-in that is an article in another language takes the lines with a mark alone."""
    rule = _rule(kind="lead-in", starts=("Thẻ",))
    line = "the bridge at the mill, and the river that rose by two metres in a night"
    assert _gone(line, rule, prose=True) is None
    assert f"Thẻ: {line}" == _gone(f"Thẻ: {line}", rule, prose=True)
    assert f"Thẻ - {line}" == _gone(f"Thẻ - {line}", rule, prose=True)


def test_a_phrase_of_wide_characters_may_look_like_prose() -> None:
    """Thirty of them are as wide as a line of prose."""
    line = "本报告所载资料来源及观点仅供参考不构成任何投资建议敬请各位读者注意风险。"
    rule = _rule(kind="phrase", phrases=(line,))
    assert line == _gone(line, rule, prose=True)


def test_words_take_a_line_of_such_words_alone() -> None:
    """All words must be listed, and there must be enough of them."""
    rule = _rule(kind="words", words=("facebook", "share", "twitter"), least=2)
    assert "Facebook | Twitter · Share" == _gone("Facebook | Twitter · Share", rule)
    assert _gone("Facebook and Twitter", rule) is None
    assert _gone("Facebook", rule) is None


@pytest.mark.parametrize("line", ["٣ комментария", "12 КОММЕНТАРИЯ", "1 комментария"])
def test_patterns_know_all_scripts(line: str) -> None:
    """Digits of any script are digits, letters of any script letters, case does not matter."""
    assert line == _gone(line, _rule(kind="pattern", patterns=("{digit}+ {letter}+",)))


def test_a_pattern_takes_the_whole_line() -> None:
    """What the pattern does not reach keeps the line."""
    rule = _rule(kind="pattern", patterns=("[0-9]+ views",))
    assert _gone("12 views of the mill", rule) is None


def test_a_strong_rule_comes_before_a_weak_one() -> None:
    """Where a weak phrase and a strong pattern both know a line, the strong one decides."""
    weak = _rule(id="chrome/test/weak", kind="phrase", phrases=("Loading",), strength="weak")
    strong = _rule(id="chrome/test/strong", kind="pattern", patterns=(r"loading\.{2,}",))
    hit = _hit("Loading...", weak, strong)
    assert "chrome/test/strong" == (hit and hit.rule.id)
    hit = _hit("Loading", weak, strong)
    assert "chrome/test/weak" == (hit and hit.rule.id)


@pytest.mark.parametrize("pattern", ["(", "{nosuch}+", r"(a)\1"])
def test_a_pattern_that_cannot_be_is_an_error(pattern: str) -> None:
    """Unknown classes and what a linear engine cannot do are refused by name of the rule."""
    with pytest.raises(RulebookError, match="chrome/test/rule"):
        compile_rules(Rulebook({"r": _rule(kind="pattern", patterns=(pattern,))}))


def test_the_matcher_of_a_rulebook_is_compiled_once() -> None:
    """Asking again gives the same object."""
    assert matcher_for(rulebook()) is matcher_for(rulebook())


def _shorts(matcher: Matcher, lines: Sequence[str]) -> list[Hit | None]:
    folded = [matcher.folding.fold(line) for line in lines]
    return matcher.shorts(lines, folded, keys_of(folded), [width_of(line) for line in lines])


def _one_by_one(matcher: Matcher, lines: Sequence[str]) -> list[Hit | None]:
    return [matcher.short(line, matcher.folding.fold(line), width_of(line)) for line in lines]


@pytest.mark.parametrize(
    "pattern",
    [
        "[0-9]+ views",
        "{space}*[0-9]+{space}views{space}*",
        "[^:]+: [0-9]+",
        "{edge}[0-9]+ views{edge}",
        r"\A[0-9]+ views\z",
        "(?s)[0-9]+ .*s",
        "[0-9]+ views|likes",
        r"\Q12 views",
    ],
)
def test_patterns_find_the_same_lines_together_as_alone(pattern: str) -> None:
    """What may run over the end of a line, or looks at the ends of the text, misses no line."""
    rule = _rule(kind="pattern", patterns=(pattern, "(?P<headline>likes) [0-9]+"))
    matcher = compile_rules(Rulebook({rule.id: rule}))
    lines = [
        "a", "12 views", "b: 2", "c", "13 views", "views", "12", "views", "likes", "likes 3",
        "so 4 views", "d: 5", "12 views",
    ]  # fmt: skip
    alone = _one_by_one(matcher, lines)
    assert alone == _shorts(matcher, lines)
    assert any(alone)


@pytest.mark.parametrize(
    ("gone", "line"),
    [("¶", "The mill¶"), (" rss", "The mill. rss"), ("[ред.]", "[ред.]"), ("[ред.]", "Мост[ред.]")],
)
def test_short_ends_are_found_together(gone: str, line: str) -> None:
    """An end of fewer letters than lines are told by, alone on its line or not."""
    rule = _rule(kind="suffix", ends=("rss", "¶", "[ред.]"))
    matcher = compile_rules(Rulebook({rule.id: rule}))
    (hit,) = _shorts(matcher, [line])
    assert gone == (hit and line[hit.start : hit.end])
    assert [hit] == _one_by_one(matcher, [line])


@pytest.mark.parametrize("line", ["x", "fb", "rss", "fb x", "x rss", "rss | fb", "Twitter rss"])
def test_short_words_are_found_together(line: str) -> None:
    """Words of one, two, three and more letters, alone and in a row."""
    rule = _rule(kind="words", words=("fb", "rss", "twitter", "x"))
    matcher = compile_rules(Rulebook({rule.id: rule}))
    assert [Hit(rule, 0, len(line), line.lower())] == _shorts(matcher, [line])


LINES = st.one_of(
    st.text(st.characters(exclude_characters="\n"), min_size=1, max_size=120),
    st.lists(st.sampled_from(sorted(rulebook().rules["chrome/en/menu"].phrases))).map(" ".join),
)


@given(LINES)
def test_a_hit_lies_inside_its_line(line: str) -> None:
    """Whatever the line, offsets are in it and evidence is one line."""
    matcher = matcher_for(rulebook())
    hits: Sequence[Hit | None] = (
        matcher.prose(line, width_of(line)),
        matcher.short(line, matcher.folding.fold(line), width_of(line)),
    )
    for hit in hits:
        if hit is not None:
            assert 0 <= hit.start < hit.end <= len(line)
            assert "\n" not in hit.evidence


@given(st.lists(LINES.filter(lambda line: bool(line.strip())), max_size=12))
def test_lines_together_are_the_lines_alone(lines: list[str]) -> None:
    """Looking up all lines of a page at once finds what looking up each finds."""
    matcher = matcher_for(rulebook())
    lines = [line for line in lines if "\r" not in line]
    assert _one_by_one(matcher, lines) == _shorts(matcher, lines)


def test_the_bracket_of_a_link_goes_with_it() -> None:
    """`(Read more)` behind a sentence leaves no bracket behind."""
    text = "The council met on Tuesday (Read more)"
    matcher = matcher_for(rulebook())
    folded = matcher.folding.fold(text)
    hit = matcher.short(text, folded, len(text))
    assert hit is not None
    assert "The council met on Tuesday" == text[: hit.start]


@pytest.mark.parametrize("prose", [True, False])
@pytest.mark.parametrize(
    ("start", "line"),
    [
        ("اقرأ أيضا", "اقرأ أيضاً: الطحان يقول إن الجسر سيبقى مغلقا حتى شهر مايو المقبل على الأقل."),
        ("اقرأ أيضاً", "اقرأ أيضا: الطحان يقول إن الجسر سيبقى مغلقا حتى شهر مايو المقبل على الأقل."),
        ("برچسب‌ها", "برچسبها: رودخانه، پل، آسیاب، دره و سیلابی که همه را یک شب با خود برد."),
        ("برچسبها", "برچسب‌ها: رودخانه، پل، آسیاب، دره و سیلابی که همه را یک شب با خود برد."),
        ("קראו גם", "קִרְאוּ גַּם: הטוחן אומר שהגשר שליד הטחנה יישאר סגור לפחות עד לחודש מאי הבא."),
    ],
)
def test_an_opening_is_known_as_it_is_heard(start: str, line: str, prose: bool) -> None:
    """Vowel signs and joiners, which one writer sets and the next does not, make no difference."""
    assert line == _gone(line, _rule(kind="lead-in", starts=(start,)), prose=prose)


@pytest.mark.parametrize("prose", [True, False])
@pytest.mark.parametrize(
    ("gone", "line"),
    [
        ("بیشتر می‌خوانید", "آب رودخانه در یک شب دو متر بالا آمد و پل کنار آسیاب بسته شد…بیشتر می‌خوانید"),
        ("بیشتر میخوانید", "آب رودخانه در یک شب دو متر بالا آمد و پل کنار آسیاب بسته شد…بیشتر میخوانید"),
    ],
)  # fmt: skip
def test_an_end_is_known_as_it_is_heard(gone: str, line: str, prose: bool) -> None:
    """What goes begins where the end does, also where the line has signs that nobody hears."""
    rule = _rule(kind="suffix", ends=("بیشتر می‌خوانید",))
    assert gone == _gone(line, rule, prose=prose)


def test_a_prefix_takes_its_vowel_signs_along() -> None:
    """Nothing of the opening is left behind where the line has more signs than the rule."""
    rule = _rule(kind="prefix", starts=("إعلان",))
    assert "إعلانٌ " == _gone("إعلانٌ الجسر مغلق", rule)


@pytest.mark.parametrize("prose", [True, False])
@pytest.mark.parametrize(
    "line",
    [
        "این وب‌سایت برای بهتر شدن کار خود از کوکی‌ها استفاده می‌کند و چیزی از آن نمی‌فروشد.",
        "این وبسایت برای بهتر شدن کار خود از کوکیها استفاده می‌کند و چیزی از آن نمی‌فروشد.",
    ],
)
def test_what_a_notice_says_is_heard_as_well(line: str, prose: bool) -> None:
    """The word that must follow the opening may be written with its joiner or without."""
    rule = _rule(kind="notice", starts=("این وب‌سایت",), contains=("کوکی‌ها",))
    assert line == _gone(line, rule, prose=prose)


@pytest.mark.parametrize("line", ["در حال بارگذارى…", "در حال بارگـذاری…", "در حال بارگذاري…"])
def test_patterns_are_folded_as_lines_are(line: str) -> None:
    """Letters beyond ASCII may be written in a pattern as their writers do."""
    letters = {"ي": "ی", "ى": "ی"}
    rule = _rule(kind="pattern", patterns=("در حال بارگذاري(?:…|[？])",))
    matcher = compile_rules(Rulebook({rule.id: rule}, letters))
    assert matcher.short(line, matcher.folding.fold(line), len(line)) is not None


@pytest.mark.parametrize("prose", [True, False])
@pytest.mark.parametrize(
    ("start", "line", "goes"),
    [
        (
            "【関連記事】",
            "【関連記事】水車小屋の主は「橋は五月まで通れない」と話し、村人たちは遠回りを続けている",
            True,
        ),
        (
            "圖／",
            "圖／河水一夜之間上漲了兩米，磨坊旁邊的那座橋一直封閉到了週末，村民們只好繞道而行",
            True,
        ),
        (
            "関連記事",
            "【関連記事】水車小屋の主は「橋は五月まで通れない」と話し、村人たちは遠回りを続けている",
            False,
        ),
        ("【関連記事】", "【関連記事】", False),
    ],
)
def test_a_lead_in_may_bring_its_mark(start: str, line: str, goes: bool, prose: bool) -> None:
    """A bracket or a stroke that the rule itself writes is mark enough; the title still follows."""
    assert goes == (_gone(line, _rule(kind="lead-in", starts=(start,)), prose=prose) == line)


def test_brackets_of_wide_scripts_stand_around_a_phrase() -> None:
    """A label in lenticular or full-width brackets is the label."""
    rule = _rule(kind="phrase", phrases=("相关阅读",))
    assert "【相关阅读】" == _gone("【相关阅读】", rule)
    assert "［相关阅读］：" == _gone("［相关阅读］：", rule)


def test_an_end_in_brackets_of_wide_scripts_is_one() -> None:
    """Wide brackets behind an end, in prose, are marks as narrow ones are."""
    line = "磨坊週報的所有文字和圖片，非經磨坊主人的書面同意，任何人都不可以使用（禁止轉載）"
    rule = _rule(kind="notice", ends=("禁止轉載",))
    assert line == _gone(line, rule, prose=True)


def test_patterns_are_cut_into_automata_that_keep_their_memory() -> None:
    """Many patterns make several joints, which find the lines that one would have found."""
    written = [f"{word * 40}[0-9]+" for word in map(chr, range(ord("a"), ord("z") + 1))] * 40
    joints = joints_of(written)
    assert len(joints) > 1
    text = f"none\n{'b' * 40}12\nnone\n{'z' * 40}7".encode()
    assert {b"b" * 40 + b"12", b"z" * 40 + b"7"} == {
        match.group() for joint in joints for match in joint.finditer(text)
    }


def test_a_pattern_without_its_headline_gives_way_to_another() -> None:
    """What needs a headline elsewhere comes first, and asked without it another has its say."""
    claim = _rule(id="chrome/test/a", kind="pattern", patterns=("news > (?P<headline>.+)",))
    other = _rule(id="chrome/test/b", kind="pattern", strength="faint", patterns=("[a-z]+ > .+",))
    matcher = compile_rules(Rulebook({rule.id: rule for rule in (claim, other)}))
    line = "news > the valley"
    hit = matcher.short(line, line, len(line))
    assert (claim, "the valley") == (hit and hit.rule, hit and hit.claims)
    unclaimed = matcher.unclaimed(line, line, len(line))
    assert (other, "") == (unclaimed and unclaimed.rule, unclaimed and unclaimed.claims)


def test_of_patterns_the_surest_counts() -> None:
    """A strong rule takes a line that a faint one with an earlier id matches as well."""
    faint = _rule(id="chrome/test/a", kind="pattern", strength="faint", patterns=("[0-9]+",))
    strong = _rule(id="chrome/test/b", kind="pattern", patterns=("1[0-9]",))
    hit = _hit("12", faint, strong)
    assert hit is not None
    assert "chrome/test/b" == hit.rule.id
