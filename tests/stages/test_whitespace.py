"""White space that says nothing goes; indentation, columns and no-break spaces stay."""

from __future__ import annotations

import pickle
import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clean_ingest.core.document import Document
from clean_ingest.core.stage import Edit, Stage
from clean_ingest.stages.whitespace import Whitespace


def edits_of(text: str, stage: Whitespace | None = None) -> list[Edit]:
    """What the stage proposes for `text`."""
    return list((stage or Whitespace()).propose(Document.from_text(text)))


def cleaned(text: str, stage: Whitespace | None = None) -> str:
    """`text` without what the stage removes."""
    for edit in sorted(edits_of(text, stage), reverse=True):
        text = text[: edit.start] + edit.replacement + text[edit.end :]
    return text


PROSE = "The ferry to the islands leaves at nine in the morning."

CASES = {
    "nothing": ("", ""),
    "nothing but space": ("\u3000\n \t\n\n", ""),
    "clean text": ("one\n\ntwo\nthree", "one\n\ntwo\nthree"),
    "the last line ending": ("one\ntwo\n", "one\ntwo"),
    "blank lines around": ("\n \n\tone\n\n \n", "\tone"),
    "line ends": ("one \ntwo\u00a0\u00a0\nthree\u3000\t\nfour\u202f", "one\ntwo\nthree\nfour"),
    "blank lines between": ("one\n\n\n\n\ntwo", "one\n\ntwo"),
    "blank lines that are not empty": ("one\n \n\u3000\n\t\n\ntwo", "one\n\ntwo"),
    "one blank line that is not empty": ("one\n  \ntwo", "one\n\ntwo"),
    "a blank line and an indentation": ("one\n\n\n    two", "one\n\n    two"),
    "the widest indentation": (f"one\n{' ' * 200}two", f"one\n{' ' * 200}two"),
    "more than an indentation": (f"one\n{' ' * 201}two", "one\ntwo"),
    "a million spaces and tabs": (" \t" * 500_000 + "one\n" + "\u3000" * 300 + "two", "one\ntwo"),
    "blank lines of many spaces": (f"one\n{' ' * 300}\n{' ' * 300}\ntwo", "one\n\ntwo"),
    "doubled spaces behind many": (
        f"one\n{' ' * 300}The ferry  leaves at nine. It is small.",
        "one\nThe ferry leaves at nine. It is small.",
    ),
    "doubled spaces before many": (
        "The ferry  leaves at nine. It is small.\t    \nthree",
        "The ferry leaves at nine. It is small.\nthree",
    ),
    "doubled spaces": (
        "The ferry  leaves at nine.  It is small and slow.",
        "The ferry leaves at nine. It is small and slow.",
    ),
    "plain and no-break space": (
        "Паром \u00a0уходит в\u00a0 девять часов утра, если море спокойно.",
        "Паром уходит в девять часов утра, если море спокойно.",
    ),
    "no-break spaces alone": (
        "Паром\u00a0\u00a0уходит в девять часов.",
        "Паром\u00a0уходит в девять часов.",
    ),
    "no-break space before French punctuation": (
        "Où est le bac \u00a0? Il est parti à neuf heures, madame.",
        "Où est le bac\u00a0? Il est parti à neuf heures, madame.",
    ),
    "no-break space inside a number": (
        "La ville compte 12\u00a0 500 habitants en hiver et bien plus en été.",
        "La ville compte 12\u00a0500 habitants en hiver et bien plus en été.",
    ),
    "a space before a paragraph": (f" {PROSE}\n\u00a0{PROSE}", f"{PROSE}\n{PROSE}"),
    "Hebrew": (
        "המעבורת  יוצאת בתשע בבוקר מן הנמל \nהיא קטנה",
        "המעבורת יוצאת בתשע בבוקר מן הנמל\nהיא קטנה",
    ),
}


@pytest.mark.parametrize(("text", "expected"), CASES.values(), ids=CASES)
def test_space_that_says_nothing_goes(text: str, expected: str) -> None:
    """Each kind of it, in several scripts."""
    assert expected == cleaned(text)


STAYS = {
    "code": "def ferry(hour):\n    if hour == 9:  # the only one\n        return  True\n\n    return False",
    "verse": "The willows stand\n        deep in the river\n   and nobody\n            calls.",
    "columns": "Port          Ferries   Length\nNorthhaven         11       60\nOld Easthaven       2        9",
    "comments behind code": "let last = bytes[i - 1] as usize;  // the first one is the mark\n"
    "return last  # and nothing else, for now",
    "a list of options": "-h, --help            show this help message and exit at once",
    "tabs": "Port\tFerries\t\tLength\nNorthhaven\t11\t\t60",
    "a table with bars": " Port  | Ferries of the day | Length of the pier in metres",
    "a diff": " one\n-two\n+three\n four",
    "Chinese paragraphs": "\u3000\u3000渡轮九点开。\n\u3000\u3000船很小，  票不贵。",
    "Japanese exclamations": "出航だ！\u3000みんな乗れ！",
    "no-break spaces": "Le bac part à 9\u00a0heures\u00a0! Il pèse 10\u202f000\u00a0t.",
}


@pytest.mark.parametrize("text", STAYS.values(), ids=STAYS)
def test_space_that_says_something_stays(text: str) -> None:
    """Indentation, columns, and the spaces of typography."""
    assert text == cleaned(text)


@pytest.mark.parametrize(("blank_lines", "expected"), [(0, "a\nb"), (1, "a\n\nb"), (2, "a\n\n\nb")])
def test_blank_lines_are_an_option(blank_lines: int, expected: str) -> None:
    """As many stay as the option says, and no more than there were."""
    assert expected == cleaned("a\n\n \n\n\nb", Whitespace(blank_lines=blank_lines))
    assert "a\nb" == cleaned("a\nb", Whitespace(blank_lines=blank_lines))


def test_edits_are_small_and_say_their_rule() -> None:
    """The words of a line are never part of an edit."""
    text = f"\n {PROSE}  \n\n\n{PROSE.replace(' leaves', '  leaves')}\n"
    assert [
        Edit(0, 1, "whitespace/edges"),
        Edit(1, 2, "whitespace/stray-space"),
        Edit(57, 59, "whitespace/line-end"),
        Edit(61, 62, "whitespace/blank-lines"),
        Edit(87, 88, "whitespace/doubled-space"),
        Edit(118, 119, "whitespace/edges"),
    ] == sorted(edits_of(text))


def test_the_stage_is_what_the_pipeline_expects() -> None:
    """A frozen, picklable value with a name, as any stage."""
    stage = Whitespace(blank_lines=2)
    assert isinstance(stage, Stage)
    assert stage == pickle.loads(pickle.dumps(stage))  # noqa: S301  # pickled just here
    assert "whitespace" == stage.name


WORDS = (PROSE, "one", "two words", "три", "船", "«", "!", "9", "|")
SPACES = (" ", "  ", "\t", "\u00a0", "\u3000", "\n", "\n\n", "\n\n\n", " " * 201)
SPACED = st.lists(st.sampled_from((*WORDS, *SPACES)), max_size=40).map("".join)


@given(SPACED | st.text(), st.integers(0, 3))
def test_a_second_run_finds_nothing(text: str, blank_lines: int) -> None:
    """What comes out is clean by the stage's own measure."""
    stage = Whitespace(blank_lines=blank_lines)
    assert [] == edits_of(cleaned(text, stage), stage)


@given(SPACED, st.integers(0, 3))
def test_the_text_that_comes_out_has_no_stray_white_space(text: str, blank_lines: int) -> None:
    """Words and their order stay; no line ends in a space, no text in a line ending."""
    clean = cleaned(text, Whitespace(blank_lines=blank_lines))
    assert text.split() == clean.split()
    assert clean == clean.rstrip().lstrip("\n")
    assert "\n" * (blank_lines + 2) not in clean
    assert re.search(r"[ \t\u00a0\u3000]\n", clean) is None


@given(SPACED)
def test_edits_never_overlap(text: str) -> None:
    """Each space is charged to one rule."""
    spans = sorted((edit.start, edit.end) for edit in edits_of(text))
    assert all(start < end for start, end in spans)
    assert all(end <= start for (_, end), (start, _) in pairwise(spans))
