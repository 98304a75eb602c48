"""Reading rule files: what is refused, and that all of it is said at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from clean_ingest.core.errors import RulebookError
from clean_ingest.rules.load import _Reading, load, rulebook

GOOD = """
[[rule]]
id = "chrome/mine/ferry-notice"
kind = "phrase"
why = "The ferry company's banner."
since = "1.0.0"
phrases = ["Check ferry times"]
removes = ["Check ferry times", "CHECK FERRY TIMES!"]
keeps = ["Check ferry times before you leave.", "Ferry times"]
"""


def _file(folder: Path, text: str, name: str = "mine.toml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_the_rulebook_of_the_package_is_read_once() -> None:
    """All stages' rules are there, and asking again gives the same object."""
    stages = {rule.stage for rule in rulebook().rules.values()}
    assert {"chrome", "characters", "mojibake", "repeats", "whitespace"} <= stages
    assert rulebook() is rulebook()


def test_a_rule_file_of_a_user_adds_to_it(tmp_path: Path) -> None:
    """The rule arrives with its values, beside all others, and changes the hash."""
    book = load([_file(tmp_path, GOOD)])
    rule = book.rules["chrome/mine/ferry-notice"]
    assert ("mine.toml", "strong", "any") == (rule.file, rule.strength, rule.where)
    assert len(rulebook().rules) + 1 == len(book.rules)
    assert rulebook().sha256 != book.sha256


def test_the_hash_follows_the_content_and_not_the_place(tmp_path: Path) -> None:
    """Another file name gives the same hash, another word another one."""
    one = load([_file(tmp_path, GOOD)]).sha256
    assert one == load([_file(tmp_path, GOOD, "other.toml")]).sha256
    assert one != load([_file(tmp_path, GOOD.replace("banner", "flag"))]).sha256


@pytest.mark.parametrize(
    ("said", "old", "new"),
    [
        ("colour: unknown key", 'kind = "phrase"', 'kind = "phrase"\ncolour = "red"'),
        ("why: missing", 'why = "The ferry company\'s banner."', ""),
        ("since: missing", 'since = "1.0.0"', ""),
        ("since: 'soon' is not of the form", 'since = "1.0.0"', 'since = "soon"'),
        ("why: must be a text", 'why = "The ferry company\'s banner."', "why = 3"),
        ("phrases: must be a list", 'phrases = ["Check ferry times"]', 'phrases = "Check"'),
        ("removes: must be a list", 'removes = ["Check ferry times", "CHECK', "removes = [] #"),
        ("kind: 'sentence' is none of", 'kind = "phrase"', 'kind = "sentence"'),
        ("where: 'foot' is none of", 'since = "1.0.0"', 'since = "1.0.0"\nwhere = "foot"'),
        ("longest: must be a whole", 'since = "1.0.0"', 'since = "1.0.0"\nlongest = true'),
        ("starts: a rule of kind phrase", 'since = "1.0.0"', 'since = "1.0.0"\nstarts = ["a"]'),
        ("phrases: a rule of kind phrase needs", 'phrases = ["Check ferry times"]', ""),
        ("is not of the form stage/language", "chrome/mine/ferry-notice", "Ferry Notice"),
        ("id: stands twice", "chrome/mine/ferry-notice", "chrome/en/share"),
        ("unknown table or key 'rules'", "[[rule]]", "[[rules]]"),
        ("unknown table or key 'label'", "[[rule]]", "[[label]]"),
        ("is no TOML", "[[rule]]", "[[rule"),
    ],
)
def test_a_mistake_is_named_with_its_file(said: str, old: str, new: str, tmp_path: Path) -> None:
    """Every kind of mistake ends in an error that says where it is."""
    with pytest.raises(RulebookError) as caught:
        load([_file(tmp_path, GOOD.replace(old, new, 1))])
    assert said in str(caught.value)
    assert "mine.toml: " in str(caught.value)


def test_all_mistakes_of_all_files_come_at_once(tmp_path: Path) -> None:
    """Two files, three mistakes, a missing file: one error with four lines."""
    one = _file(tmp_path, GOOD.replace('kind = "phrase"', 'kind = "x"').replace("1.0.0", "x"))
    two = _file(tmp_path, "[letters]\nab = 'c'\n", "two.toml")
    with pytest.raises(RulebookError) as caught:
        load([one, two, tmp_path / "none.toml"])
    assert 5 == len(caught.value.message.splitlines())


def test_two_files_cannot_fold_a_letter_differently(tmp_path: Path) -> None:
    """The fold is one for all languages, so that a quarrel about a letter is a mistake."""
    with pytest.raises(RulebookError, match="folds it differently"):
        load([_file(tmp_path, '[letters]\n"ё" = "о"\n')])


@pytest.mark.parametrize(
    ("said", "entry"),
    [
        ("xx: a label needs a language, and what it reads", 'language = "xx"'),
        ("label 1: a label needs a language", 'reads = ["By A B = A B"]'),
        ("xx: colour: no list", 'language = "xx"\nreads = ["By A B = A B"]\ncolour = ["red"]'),
        ("xx: by: no list", 'language = "xx"\nreads = ["By A B = A B"]\nby = "by"'),
    ],
)
def test_a_mistake_in_a_label_is_named(said: str, entry: str) -> None:
    """With the language, or the number where there is none."""
    reading = _Reading()
    reading.read("metadata.toml", f"[[label]]\n{entry}\n".encode(), prefix="metadata")
    assert [] == reading.labels
    assert any(said in mistake for mistake in reading.mistakes)


def test_a_language_has_one_label() -> None:
    """A second table for it is a mistake."""
    reading = _Reading()
    entry = '[[label]]\nlanguage = "xx"\nreads = ["By A B = A B"]\nby = ["by"]\n'
    reading.read("metadata.toml", (entry * 2).encode(), prefix="metadata")
    assert ["xx"] == [label.language for label in reading.labels]
    assert ["metadata.toml: xx: stands twice"] == reading.mistakes
