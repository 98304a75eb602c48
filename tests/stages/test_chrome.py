"""Chrome goes, text stays: positions, company, and the guard."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clean_ingest.core.document import Document, Metadata
from clean_ingest.core.ledger import Ledger
from clean_ingest.core.stage import EVIDENCE_LIMIT, Edit, Stage, Tag
from clean_ingest.rules.load import rulebook
from clean_ingest.stages.chrome import GUARD_FLAG, Chrome

ONE = "The river rose by two metres in a night, and the bridge at the mill was closed."
TWO = "In the morning nobody could say who had shut the sluice, or who had opened it."
THREE = "The miller said that it had not been him, and that he had slept through all of it."


def edits_of(text: str, stage: Chrome | None = None, title: str | None = None) -> list[Edit]:
    """What the stage proposes for `text`, tags left aside."""
    document = Document.from_text(text)
    document = Document(document.id, document.source, text, metadata=Metadata(title=title))
    return [p for p in (stage or Chrome()).propose(document) if isinstance(p, Edit)]


def cleaned(text: str, stage: Chrome | None = None, title: str | None = None) -> str:
    """`text` without what the stage removes."""
    return Ledger.of(text).apply(sorted(edits_of(text, stage, title)), "chrome").text


def page(*lines: str) -> str:
    """Lines as a text, each with its ending."""
    return "".join(f"{line}\n" for line in lines)


def test_it_is_a_stage_that_travels() -> None:
    """Picklable, by value, and what the protocol asks for."""
    stage = Chrome(guard=0.5)
    assert isinstance(stage, Stage)
    assert stage == pickle.loads(pickle.dumps(stage))  # noqa: S301 - our own pickle


def test_a_line_goes_with_its_ending() -> None:
    """No hole is left, whatever ends the lines."""
    assert page(ONE, TWO) == cleaned(page(ONE, "Share this article", TWO))
    assert f"{ONE}\r\n{TWO}" == cleaned(f"{ONE}\r\nShare this article\r\n{TWO}")
    assert f"{ONE}\n" == cleaned(f"{ONE}\nShare this article")


def test_the_evidence_is_what_matched() -> None:
    """A person sees the phrase of the rulebook, and which rule it is."""
    (edit,) = edits_of(page(ONE, "» SHARE THIS ARTICLE:", TWO))
    assert ("chrome/en/share", "Share this article") == (edit.rule, edit.evidence)


@pytest.mark.parametrize(
    "word", ["Home", "Search", "Share", "Email", "Поиск", "Teilen", "登录", "14"]
)
def test_a_lone_weak_signal_inside_prose_removes_nothing(word: str) -> None:
    """A common word between paragraphs may be a heading."""
    assert [] == edits_of(page(ONE, word, TWO))


def test_a_weak_signal_beside_a_strong_one_goes() -> None:
    """In the middle of the text only without a break between them."""
    text = page(ONE, "Share this article", "Facebook", "Email", TWO)
    assert page(ONE, TWO) == cleaned(text)
    assert "Email" in cleaned(page(ONE, "Share this article", "The miller's wife", "Email", TWO))


def test_menu_words_go_together_at_the_head() -> None:
    """Three of them above the headline are a menu; the headline stays."""
    text = page("Home", "News", "Contact", "The Bridge at the Mill Is Closed", ONE)
    assert page("The Bridge at the Mill Is Closed", ONE) == cleaned(text)


def test_the_head_does_not_lean_on_the_text_below() -> None:
    """Chrome under the first paragraph says nothing of the line above it."""
    text = page("Privacy policy", ONE, "Share this article", "Privacy policy too", TWO)
    assert cleaned(text).startswith("Privacy policy\n")


def test_the_title_stays_even_as_a_weak_word() -> None:
    """What the metadata call the title is no menu word."""
    text = page("Home", "News", "Weather", "Log in", ONE)
    assert page(ONE) == cleaned(text)
    assert page("Weather", ONE) == cleaned(text, title="Weather")


def test_a_button_of_one_word_goes_where_it_cannot_be_a_heading() -> None:
    """At the tail, or where it stands again and again."""
    assert page(ONE) == cleaned(page(ONE, "Share"))
    assert page(ONE, TWO, THREE) == cleaned(page(ONE, "Reply", TWO, "Reply", THREE, "Reply"))
    assert [] == edits_of(page(ONE, "Reply", TWO))


def test_labels_between_chrome_go_above_the_headline_only() -> None:
    """Below it stand names and dates."""
    headline = "The Bridge at the Mill Is Closed Until May"
    text = page(
        "Skip to content", "Valley", "Log in", headline, "Share this", "Ann Lee", "Copy link", ONE
    )
    assert page(headline, "Ann Lee", ONE) == cleaned(text)


def test_a_heading_of_links_takes_the_links_below_it() -> None:
    """At the tail, as long as nothing there speaks."""
    links = ("Mill stones, and where they come from", "Ten walks in the valley")
    assert page(ONE, TWO) == cleaned(page(ONE, TWO, "You may also like", *links))
    told = page(ONE, TWO, "You may also like", *links, "She stayed.")
    assert page(ONE, TWO, *links, "She stayed.") == cleaned(told)
    assert page(ONE, *links, TWO) == cleaned(page(ONE, "You may also like", *links, TWO))


def test_a_page_that_is_a_list_keeps_its_list() -> None:
    """Where the links are more than the text, they are the text."""
    links = [f"A headline of a story that is told elsewhere, number {n}" for n in "abcdef"]
    assert page(ONE, *links) == cleaned(page(ONE, "Latest news", *links))


@pytest.mark.parametrize(
    "text",
    [
        page("The Road Home", "I walked the road,", "Home,", "Home,", "And no one there to know."),
        page(ONE, "Anna: Will you stay?", "Peter: Yes.", "Anna: And then?", TWO),
        page(ONE, "Home", "Away", "Points", "12", "3", "41", TWO),
        page("9:00", "Breakfast", "10:30", ONE),
        page("мост", "bridge", "мельница", "mill", "река", "river", ONE),
        page(ONE, "Эй, ухнем", TWO),
        page(ONE, "Two eggs", "Salt", "Pepper", "Butter", TWO),
        page("How do I log in?", "With the number on your card.", "Can I share it?", "No.", ONE),
        page(ONE, "login()", "'/share'", "> reply", "--print", TWO),
        page("静夜思", "床前明月光", "疑是地上霜", "举头望明月", "低头思故乡"),
    ],
    ids=[
        "poem",
        "interview",
        "table",
        "programme",
        "glossary",
        "song",
        "recipe",
        "faq",
        "code",
        "verse",
    ],
)
def test_short_lines_that_are_text_stay(text: str) -> None:
    """Nothing of these is chrome."""
    assert text == cleaned(text)


def test_a_suffix_goes_without_touching_its_line() -> None:
    """Only the span of the suffix is proposed."""
    (edit,) = edits_of(page("The river rose in the night… Read more", TWO))
    assert (" Read more", "") == (
        page("The river rose in the night… Read more")[edit.start : edit.end],
        edit.replacement,
    )


def test_the_site_shows_its_suffix_by_repeating_it() -> None:
    """Behind the headline that also stands without it, and nowhere else."""
    headline = "The Bridge at the Mill Is Closed"
    text = page(f"{headline} | Valley Post", headline, ONE)
    assert page(headline, headline, ONE) == cleaned(text)
    assert [] == edits_of(page(f"{headline} | Valley Post", ONE))


def test_a_headline_is_claimed_only_where_it_stands() -> None:
    """A count of comments on something else is a sentence."""
    headline = "The Bridge at the Mill Is Closed"
    assert page(headline, ONE) == cleaned(page(headline, f"News, 4 Comments on {headline}", ONE))
    assert "4 Comments on" in cleaned(page(headline, "There were 4 Comments on the Mill", ONE))


PITCH = "Sign up for our newsletter and get the best of the valley in your inbox every Friday."


def _weak(path: Path) -> str:
    path.write_text(
        '[[rule]]\nid = "chrome/mine/miller"\nkind = "notice"\nstrength = "weak"\n'
        'why = "Test."\nsince = "1.0.0"\nstarts = ["the miller said"]\n'
        'removes = ["a", "b"]\nkeeps = ["c", "d"]\n',
        encoding="utf-8",
    )
    return str(path)


def test_the_guard_withholds_weak_rules_from_prose(tmp_path: Path) -> None:
    """Two weak lines of four are too many: they stay, the strong one goes, the flag is set."""
    stage = Chrome(rule_files=(_weak(tmp_path / "weak.toml"),))
    text = page(ONE, TWO, PITCH, THREE, THREE)
    document = Document.from_text(text)
    assert Tag("flag", GUARD_FLAG) in list(stage.propose(document))
    assert page(ONE, TWO, THREE, THREE) == cleaned(text, stage)
    wide = Chrome(guard=1.0, rule_files=stage.rule_files)
    assert page(ONE, TWO) == cleaned(text, wide)
    assert not [p for p in wide.propose(document) if isinstance(p, Tag)]


def test_a_rule_file_of_a_user_counts(tmp_path: Path) -> None:
    """Its rules stand beside ours."""
    stage = Chrome(guard=1.0, rule_files=(_weak(tmp_path / "weak.toml"),))
    assert ["chrome/mine/miller"] == [e.rule for e in edits_of(page(ONE, THREE, PITCH), stage)][:1]


def test_a_long_line_in_a_foreign_script_is_no_label() -> None:
    """How long a label may be is an option."""
    text = page("Skip to content", "Главный заголовок страницы", "Log in", ONE)
    assert page(ONE) == cleaned(text)
    assert page("Главный заголовок страницы", ONE) == cleaned(text, Chrome(max_short=20))


PHRASES = sorted(phrase for rule in rulebook().rules.values() for phrase in rule.phrases)
LINES = st.one_of(
    st.sampled_from(PHRASES),
    st.sampled_from([ONE, TWO, THREE, "", "Ann Lee", "Мельница", "© Miller", "12", " - Valley"]),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=40),
)


@given(st.lists(LINES, max_size=30), st.sampled_from(["\n", "\r\n", "\r"]))
def test_whatever_the_page_edits_fit_and_tell(lines: list[str], ending: str) -> None:
    """Removals only, inside the text, by rules that exist, the same twice, and applicable."""
    text = ending.join(lines)
    edits = edits_of(text)
    assert edits == edits_of(text)
    for edit in edits:
        assert 0 <= edit.start < edit.end <= len(text)
        assert "" == edit.replacement
        assert edit.rule in rulebook().rules
        assert 0 < len(edit.evidence) <= EVIDENCE_LIMIT
    assert len(cleaned(text)) <= len(text)


@given(st.lists(st.sampled_from([ONE, TWO, THREE]), max_size=12))
def test_prose_alone_is_left_alone(lines: list[str]) -> None:
    """Text without chrome gives no edit."""
    assert [] == edits_of(page(*lines))


@pytest.mark.parametrize(
    "line", ["Home", "12", "Share this", "a - b", "© x", "5 comments on x…", "«»"]
)
def test_the_work_grows_with_the_page(line: str) -> None:
    """Four times the lines need about four times the calls, not sixteen."""
    import sys
    from types import FrameType

    def calls(count: int) -> int:
        document = Document.from_text(page(ONE, *[line] * count, TWO))
        found = 0

        def count_call(frame: FrameType, event: str, arg: object) -> None:
            nonlocal found
            found += 1

        before = sys.getprofile()
        sys.setprofile(count_call)
        try:
            list(Chrome().propose(document))
        finally:
            sys.setprofile(before)
        return found

    calls(1)
    assert calls(800) < 5 * calls(200)


PROSE = (
    "The river rose by two metres in a night, and the bridge at the mill was closed until Friday."
)
REST = "In the morning nobody could say who had shut the sluice, or who had opened it, or when."


@pytest.mark.parametrize(
    "text",
    [
        # A heading of which the text below speaks.
        f"{PROSE}\nSubscribe\nThe Subscribe button adds the calendar of the mill to yours, for a year.\n{REST}",
        f"{PROSE}\nРеклама\nРеклама в посёлке была одна: щит у мельницы, и тот покосился ещё весной.\n{REST}",
        f"{PROSE}\nホーム\nホームに戻る列車は一日に三本しかなく、最後の列車は夕方の五時に出てしまいます。\n{REST}",
        # The items of a list that a sentence announces.
        f"{PROSE}\nThe menu of the old terminal shows four words:\nHome\nSearch\nHelp\nLog in\n{REST}",
        f"{PROSE}\nВ меню старого терминала четыре слова:\nГлавная\nПоиск\nПомощь\nВойти\n{REST}",
        # More than the one sentence of a linked headline.
        f"{PROSE}\nRead more: nobody had asked for it. The children did it all the same, every night.\n{REST}",
        # A list of another kind below a list of links.
        f"{PROSE}\n{REST}\n{PROSE}\nRoads that are closed today, and for how long:\nMill Lane\nHigh Street",
        # Figures that count nothing.
        f"{PROSE}\n{REST}\nShare this page\n+47 22 00 00 00\n23 31 19 44\n03.11.2021",
    ],
)
def test_what_the_text_itself_speaks_of_stays(text: str) -> None:
    """Labels that are headings, items or figures of the text are no chrome."""
    assert text.replace("Share this page\n", "") == cleaned(text)


def test_an_unknown_imprint_does_not_end_the_text() -> None:
    """Prose that stands alone below chrome is no body: what stands above it is still the tail."""
    tail = "Share this page\nLeave a comment\nSubscribe to our newsletter\nRelated articles\nMill reopens"
    imprint = "The Valley Post is made by nine people in a former bakery, and has been since 1911."
    text = f"{PROSE}\n{REST}\n{PROSE}\n{tail}\nBack to top\n{imprint}"
    assert f"{PROSE}\n{REST}\n{PROSE}\n{imprint}" == cleaned(text)


@pytest.mark.parametrize("text", ["\t", "|", " | \n\t", "»\n\n/"])
def test_separators_alone_are_no_menu(text: str) -> None:
    """A text without a line that has anything on it is left as it is, and is no error."""
    assert [] == list(Chrome().propose(Document.from_text(text)))


def test_hashtags_need_no_company_in_the_last_lines_alone() -> None:
    """Further up in the tail they may be the tags of one entry of a list."""
    rest = "\n".join(["Mill", "River", "Valley", "Bridge", "Harbour"])
    assert PROSE == cleaned(f"{PROSE}\n#river #flood").rstrip()
    assert f"{PROSE}\n#river #flood\n{rest}" == cleaned(f"{PROSE}\n#river #flood\n{rest}")


def test_the_evidence_of_a_weak_rule_names_what_stands_beside() -> None:
    """What goes only in company says in which."""
    text = f"{PROSE}\nShare this article\nHome"
    edits = [p for p in Chrome().propose(Document.from_text(text)) if isinstance(p, Edit)]
    assert "Home; beside: Share this article" == edits[-1].evidence
