"""Compiles a rulebook into a matcher, once a process for each rulebook."""

from __future__ import annotations

import functools
from collections.abc import Iterable
from typing import Any

from clean_ingest.rules.classes import compile_pattern, expand, joint_of, set_of
from clean_ingest.rules.fold import HEAD_EDGE, TAIL_EDGE, Folding, heard, key_of, numbers_of
from clean_ingest.rules.match import PART, REACH, Matcher, Opening, Parts
from clean_ingest.rules.model import Rule, Rulebook


@functools.lru_cache(maxsize=4)
def matcher_for(book: Rulebook) -> Matcher:
    """The compiled matcher of `book`; compiled once a process for each rulebook."""
    return compile_rules(book)


def compile_rules(book: Rulebook, stage: str = "chrome") -> Matcher:
    """Compile the rules of one stage.

    Raises `RulebookError` for a pattern that re2 cannot compile.
    """
    folding = Folding.of(book.letters)
    rules = book.of_stage(stage)
    phrases: dict[str, tuple[Rule, str]] = {}
    words: dict[str, list[Rule]] = {}
    starts: dict[str, list[Opening]] = {}
    ends: dict[str, list[Opening]] = {}
    for rule in rules:
        for phrase in rule.phrases:
            phrases.setdefault(folding.key(numbers_of(phrase)), (rule, phrase))
        for word in rule.words:
            words.setdefault(folding.key(numbers_of(word)), []).append(rule)
        for start in rule.starts if rule.kind != "built-in" else ():
            _index(starts, Opening(_opening(folding, start), rule, start), first=True)
        for end in rule.ends:
            _index(ends, Opening(_ending(folding, end), rule, end), first=False)
    begins = {opening.text for found in starts.values() for opening in found}
    stops = {ending.text for found in ends.values() for ending in found}
    long_phrases = frozenset(key[:8] for key in phrases if len(key) > _SHORT_PHRASE)
    begins |= long_phrases
    patterns = tuple(_patterns_of(rules, folding))
    written = [expand(pattern, rule.id) for _, rule, pattern in patterns]
    return Matcher(
        folding=folding,
        phrases=phrases,
        long_phrases=long_phrases,
        # Room for the marks around a phrase, and for the numbers in it.
        longest_phrase=max(map(len, phrases), default=0) + 40,
        words={word: tuple(found) for word, found in words.items()},
        starts={key: tuple(found) for key, found in starts.items()},
        ends={key: tuple(found) for key, found in ends.items()},
        heads=_parts_of((*begins, *(f"{word} " for word in words)), first=True),
        tails=_parts_of(stops, first=False),
        patterns=patterns,
        pattern_set=set_of(written),
        joint=joint_of(written),
        tests={
            rule.id: tuple(
                compile_pattern(folding.pattern(pattern), rule.id) for pattern in rule.patterns
            )
            for rule in rules
            if rule.kind == "notice" and rule.patterns
        },
        contains={
            rule.id: tuple(heard(folding.fold(part)) for part in rule.contains)
            for rule in rules
            if rule.contains
        },
        built_in={rule.id: rule for rule in rules if rule.kind == "built-in"},
    )


_SHORT_PHRASE = 29
"""A phrase up to this long, in code points, cannot be a line that looks like prose, which
has 60 columns or more."""


def _opening(folding: Folding, start: str) -> str:
    """A start as lines are asked for it: without marks in front, and as it is heard."""
    return heard(folding.fold(start)).lstrip(HEAD_EDGE) or folding.fold(start)


def _ending(folding: Folding, end: str) -> str:
    return heard(folding.fold(end).rstrip(TAIL_EDGE))


def _index(index: dict[str, list[Opening]], opening: Opening, *, first: bool) -> None:
    for length in REACH:
        if len(opening.text) >= length:
            key = opening.text[:length] if first else opening.text[-length:]
            index.setdefault(key, []).append(opening)
            return


def _parts_of(texts: Iterable[str], *, first: bool) -> Parts:
    """The parts by which lines are told that may open (or end) with one of `texts`."""
    parts: set[str] = set()
    short: set[str] = set()
    for text in texts:
        # Lines are asked as keys, or, where they look like prose, as they stand.
        for form in (text, key_of(text)):
            parts.add(form[:PART] if first else form[-PART:])
        if len(text) < PART:
            short.add(text[:1] if first else text[-1:])
    return Parts(frozenset(parts), frozenset(short))


def _patterns_of(rules: Iterable[Rule], folding: Folding) -> Iterable[tuple[Any, Rule, str]]:
    for rule in rules:
        if rule.kind == "pattern":
            for pattern in map(folding.pattern, rule.patterns):
                yield compile_pattern(pattern, rule.id), rule, pattern
