"""The proof of rules: that it fails where a rule does not do what it says."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from clean_ingest.core.document import Document
from clean_ingest.core.errors import RulebookError
from clean_ingest.rules.check import check, redundant, text_of
from clean_ingest.rules.lint import lint
from clean_ingest.rules.load import rulebook
from clean_ingest.rules.model import Rule, Rulebook
from clean_ingest.stages.proof import propose

RULE = Rule(
    id="chrome/test/ferry",
    kind="phrase",
    why="Test.",
    since="0.1.0",
    phrases=("Ferry times",),
    removes=("Ferry times", "The ferry sails.\n⟦FERRY TIMES⟧\nIt is late."),
    keeps=("Ferry", "Ferry times change."),
)


def _book(*rules: Rule) -> Rulebook:
    return Rulebook({rule.id: rule for rule in rules})


def test_a_sound_rule_passes() -> None:
    """Nothing to say about a rule that does what its examples say."""
    book = _book(RULE)
    assert ([], [], []) == (check(book, propose), redundant(book, propose), lint(book))


@pytest.mark.parametrize(
    ("key", "said", "values"),
    [
        ("removes", "removes nothing", {"removes": ("Ferry",)}),
        ("removes", "should remove", {"removes": ("⟦The ferry⟧\nFerry times",)}),
        ("removes", "should remove", {"removes": ("Ferry times\n⟦Ferry times⟧",)}),
        ("keeps", "removes 'Ferry times'", {"keeps": ("Ferry times",)}),
    ],
)
def test_a_rule_that_does_not_hold_fails(key: str, said: str, values: dict[str, Any]) -> None:
    """Too little, too much, the wrong part, or a text that was to be kept."""
    (failure,) = check(_book(replace(RULE, **values)), propose)
    assert (RULE.id, key) == (failure.rule, failure.key)
    assert said in failure.message


def test_a_rule_whose_work_another_does_is_redundant() -> None:
    """Two rules for one line: without either, the other takes it."""
    other = replace(RULE, id="chrome/test/pattern", kind="pattern", patterns=("ferry times",))
    other = replace(other, phrases=())
    assert {RULE.id, other.id} == set(redundant(_book(RULE, other), propose))


def test_rules_of_a_stage_that_nobody_offers_cannot_be_proven() -> None:
    """An id whose first word is no stage is an error that says so."""
    with pytest.raises(RulebookError, match="no stage 'harbour'"):
        check(_book(replace(RULE, id="harbour/ferry", kind="built-in", phrases=())), propose)


@pytest.mark.parametrize(
    ("said", "values"),
    [
        ("belongs before", {"phrases": ("Ferry times", "Boat times")}),
        ("stands twice", {"phrases": ("Ferry times", "Ferry times")}),
        ("as well", {"phrases": ("ferry times", "Ferry times!")}),
        ("not in NFC", {"phrases": ("Fa\u0308hre",)}),
        ("white space", {"phrases": (" Ferry times",)}),
        ("nothing once folded", {"phrases": ("#",)}),
        ("wants kept", {"phrases": ("Ferry", "Ferry times")}),
        ("needs 2 different", {"removes": ("Ferry times", "Ferry times")}),
        ("needs 2 different", {"keeps": ("Ferry",)}),
        ("chrome/test/ferry", {"kind": "pattern", "phrases": (), "patterns": ("(",)}),
        ("counted run", {"kind": "pattern", "phrases": (), "patterns": ("(?:[^a]{0,9}b)",)}),
    ],
)
def test_lint_names_the_fault(said: str, values: dict[str, Any]) -> None:
    """Each fault of form is a line of its own."""
    assert any(said in fault.message for fault in lint(_book(replace(RULE, **values))))


def test_lint_sees_a_phrase_in_two_rules() -> None:
    """The second rule could never take it."""
    (fault,) = lint(_book(RULE, replace(RULE, id="chrome/test/later")))
    assert ("chrome/test/later", "phrases") == (fault.rule, fault.key)


def test_a_rulebook_less_a_rule_matches_as_one_that_never_had_it() -> None:
    """Leaving a rule out of a compiled matcher is the same as compiling the others alone."""
    book = rulebook()
    lines = ["Read more", "READ MORE:", "Log in | Sign up", "Share", "lire la suite", "3 comments"]
    lines += [text_of(example) for rule in book.rules.values() for example in rule.removes[:1]]
    for rule_id in sorted(book.rules)[::160]:
        less = book.without(rule_id)
        fresh = Rulebook(less.rules, less.letters, less.labels)
        for line in lines[::7]:
            document = Document.from_text(line)
            alone = list(propose("chrome", document, fresh))
            assert alone == list(propose("chrome", document, less)), (rule_id, line)
