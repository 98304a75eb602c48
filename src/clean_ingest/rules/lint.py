"""Faults of a rulebook that loads, but is not as it should be: the check behind `rules lint`."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import NamedTuple

from clean_ingest.core.errors import RulebookError
from clean_ingest.rules.check import text_of
from clean_ingest.rules.classes import compile_pattern
from clean_ingest.rules.fold import NUMBER, Folding, heard, numbers_of
from clean_ingest.rules.model import Rule, Rulebook

LISTS = ("phrases", "words", "starts", "ends", "contains")
"""The lists of a rule that hold phrases: sorted, trimmed, in NFC, each once."""

_EXAMPLES = 2
_COUNTED_HEAD = re.compile(r"^(?:\((?:\?:)?)*(?:\.|\[\^[^\]]*\]|\{letter\})\{[0-9]")


class Problem(NamedTuple):
    """One fault: the rule and file where it is, the key, and what is wrong."""

    rule: str
    file: str
    key: str
    message: str


def lint(book: Rulebook) -> list[Problem]:
    """All faults, by file and rule.

    Phrases that are unsorted, untrimmed, not NFC, doubled or shadowed, within a rule or
    across rules; too few examples; patterns that do not compile; phrases that would take
    a line which some rule wants kept.
    """
    folding = Folding.of(book.letters)
    problems = [problem for rule in book.rules.values() for problem in _lint_rule(rule, folding)]
    problems += _doubles(book, folding)
    problems += _kept_phrases(book, folding)
    return sorted(problems, key=lambda p: (p.file, p.rule, p.key, p.message))


def sort_key(folding: Folding) -> Callable[[str], tuple[str, str]]:
    """The order of phrases in a list: as folded, then as written."""
    return lambda phrase: (folding.fold(phrase), phrase)


def _lint_rule(rule: Rule, folding: Folding) -> Iterator[Problem]:
    faults = (*_example_faults(rule), *_list_faults(rule, folding), *_match_faults(rule, folding))
    for key, message in faults:
        yield Problem(rule.id, rule.file, key, message)


def _example_faults(rule: Rule) -> Iterator[tuple[str, str]]:
    for key in ("removes", "keeps"):
        if len(set(getattr(rule, key))) < _EXAMPLES:
            yield key, f"needs {_EXAMPLES} different examples"


def _list_faults(rule: Rule, folding: Folding) -> Iterator[tuple[str, str]]:
    order = sort_key(folding)
    for key in LISTS:
        items = getattr(rule, key)
        for item in items:
            if item != unicodedata.normalize("NFC", item):
                yield key, f"{item!r} is not in NFC"
            if item != item.strip() or not item.strip():
                yield key, f"{item!r} has white space around it, or nothing in it"
        for one, other in pairwise(items):
            if order(one) >= order(other):
                yield key, f"{other!r} belongs before {one!r}, or stands twice"


def _match_faults(rule: Rule, folding: Folding) -> Iterator[tuple[str, str]]:
    for item in rule.phrases:
        if not folding.key(numbers_of(item)).strip(f"{NUMBER} "):
            yield "phrases", f"{item!r} is nothing once folded"
    for pattern in map(folding.pattern, rule.patterns):
        try:
            compile_pattern(pattern, rule.id)
        except RulebookError as error:
            yield "patterns", str(error)
        # All patterns are one automaton: one such head made a search 300 times as dear.
        if rule.kind == "pattern" and _COUNTED_HEAD.match(pattern):
            yield (
                "patterns",
                f"{pattern[:40]!r} begins with a counted run of nearly anything: use * or +",
            )


def _doubles(book: Rulebook, folding: Folding) -> Iterator[Problem]:
    phrases: dict[str, tuple[Rule, int]] = {}
    openings: dict[tuple[str, str], tuple[Rule, str]] = {}
    for _, rule in sorted(book.rules.items()):
        for number, phrase in enumerate(rule.phrases):
            key = folding.key(numbers_of(phrase))
            first, at = phrases.setdefault(key, (rule, number))
            if first is not rule or at != number:
                message = f"{phrase!r} stands in {first.id} as well, which takes it first"
                yield Problem(rule.id, rule.file, "phrases", message)
        for key in ("starts", "ends"):
            for item in getattr(rule, key) if rule.kind in {"lead-in", "prefix", "suffix"} else ():
                told = rule.kind, heard(folding.fold(item))
                first, other = openings.setdefault(told, (rule, item))
                if first is not rule or other != item:
                    message = f"{item!r} stands in {first.id} as well, which takes it first"
                    yield Problem(rule.id, rule.file, key, message)


def _kept_phrases(book: Rulebook, folding: Folding) -> Iterator[Problem]:
    kept = {
        folding.key(keep): rule.id
        for rule in book.rules.values()
        for keep in map(text_of, rule.keeps)
        if "\n" not in keep
    }
    for rule in book.rules.values():
        if rule.is_strong and rule.where == "any":
            for phrase in rule.phrases:
                if keeper := kept.get(folding.key(numbers_of(phrase))):
                    message = f"{phrase!r} takes a line that {keeper} wants kept"
                    yield Problem(rule.id, rule.file, "phrases", message)
