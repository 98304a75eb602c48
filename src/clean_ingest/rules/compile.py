"""Compiles a rulebook into a matcher, once a process for each rulebook."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any, NamedTuple

from clean_ingest.rules.classes import compile_pattern, expand, joints_of, set_of
from clean_ingest.rules.fold import HEAD_EDGE, TAIL_EDGE, Folding, heard, key_of, numbers_of
from clean_ingest.rules.match import PART, REACH, Matcher, Opening, Parts
from clean_ingest.rules.model import Rule, Rulebook


@functools.lru_cache(maxsize=4)
def matcher_for(book: Rulebook) -> Matcher:
    """The compiled matcher of `book`; compiled once a process for each rulebook."""
    if book.base is not None and book.left_out is not None:
        return _less(matcher_for(book.base), book.left_out)
    return compile_rules(book)


class _Read(NamedTuple):
    """What one rule says, folded and compiled; parts are what lines are ruled out by."""

    phrases: tuple[tuple[str, str], ...]
    words: tuple[str, ...]
    starts: tuple[Opening, ...]
    ends: tuple[Opening, ...]
    patterns: tuple[tuple[Any, Rule, str], ...]
    tests: tuple[Any, ...]
    contains: tuple[str, ...]
    long_phrases: frozenset[str]
    heads: Parts
    tails: Parts


def compile_rules(book: Rulebook, stage: str = "chrome") -> Matcher:
    """Compile the rules of one stage.

    Raises `RulebookError` for a pattern that re2 cannot compile.
    """
    folding = Folding.of(book.letters)
    rules = book.of_stage(stage)
    read = [_read(rule, folding) for rule in rules]
    phrases: dict[str, tuple[Rule, str]] = {}
    words: dict[str, list[Rule]] = {}
    starts: dict[str, list[Opening]] = {}
    ends: dict[str, list[Opening]] = {}
    for rule, one in zip(rules, read, strict=True):
        for key, phrase in one.phrases:
            phrases.setdefault(key, (rule, phrase))
        for word in one.words:
            words.setdefault(word, []).append(rule)
        for opening in one.starts:
            _index(starts, opening, first=True)
        for ending in one.ends:
            _index(ends, ending, first=False)
    patterns = tuple(pattern for one in read for pattern in one.patterns)
    pattern_set, joints = _automata(patterns)
    return Matcher(
        folding=folding,
        phrases=phrases,
        long_phrases=frozenset().union(*(one.long_phrases for one in read)),
        # Room for the marks around a phrase, and for the numbers in it.
        longest_phrase=max(map(len, phrases), default=0) + 40,
        words={word: tuple(found) for word, found in words.items()},
        starts={key: tuple(found) for key, found in starts.items()},
        ends={key: tuple(found) for key, found in ends.items()},
        heads=_all_parts(one.heads for one in read),
        tails=_all_parts(one.tails for one in read),
        patterns=patterns,
        pattern_set=pattern_set,
        joints=joints,
        tests={rule.id: one.tests for rule, one in zip(rules, read, strict=True) if one.tests},
        contains={
            rule.id: one.contains for rule, one in zip(rules, read, strict=True) if one.contains
        },
        built_in={rule.id: rule for rule in rules if rule.kind == "built-in"},
    )


def _less(matcher: Matcher, rule: Rule) -> Matcher:
    """`matcher` without one of its rules, at a thousandth of the cost of compiling the others.

    What a line is ruled out by stays, for it rules out no less than before; and no other rule
    has a phrase of this one, which `rules.lint` sees to.
    """
    one = _read(rule, matcher.folding)
    phrases, words = dict(matcher.phrases), dict(matcher.words)
    for key, _ in one.phrases:
        if phrases.get(key, (None,))[0] is rule:
            del phrases[key]
    for word in one.words:
        words[word] = tuple(other for other in words[word] if other is not rule)
    patterns = tuple(pattern for pattern in matcher.patterns if pattern[1] is not rule)
    pattern_set, joints = matcher.pattern_set, matcher.joints
    if one.patterns:
        pattern_set, joints = _automata(patterns)
    return replace(
        matcher,
        phrases=phrases,
        words={word: found for word, found in words.items() if found},
        starts=_not_of(rule, matcher.starts) if one.starts else matcher.starts,
        ends=_not_of(rule, matcher.ends) if one.ends else matcher.ends,
        patterns=patterns,
        pattern_set=pattern_set,
        joints=joints,
        built_in={key: other for key, other in matcher.built_in.items() if other is not rule},
    )


def _automata(patterns: Iterable[tuple[Any, Rule, str]]) -> tuple[Any, Any]:
    """What is asked before single patterns are: of one line, and of many lines joined."""
    written = tuple(expand(pattern, rule.id) for _, rule, pattern in patterns)
    return set_of(written), joints_of(written)


def _not_of(rule: Rule, index: dict[str, tuple[Opening, ...]]) -> dict[str, tuple[Opening, ...]]:
    return {
        key: left
        for key, found in index.items()
        if (left := tuple(opening for opening in found if opening.rule is not rule))
    }


def _read(rule: Rule, folding: Folding) -> _Read:
    phrases = tuple((folding.key(numbers_of(phrase)), phrase) for phrase in rule.phrases)
    words = tuple(folding.key(numbers_of(word)) for word in rule.words)
    opens = rule.starts if rule.kind != "built-in" else ()
    starts = tuple(Opening(_opening(folding, start), rule, start) for start in opens)
    ends = tuple(Opening(_ending(folding, end), rule, end) for end in rule.ends)
    tests = rule.patterns if rule.kind == "notice" else ()
    long_phrases = frozenset(key[:8] for key, _ in phrases if len(key) > _SHORT_PHRASE)
    begins = {opening.text for opening in starts} | long_phrases
    return _Read(
        phrases,
        words,
        starts,
        ends,
        tuple(_patterns_of(rule, folding)),
        tuple(compile_pattern(folding.pattern(pattern), rule.id) for pattern in tests),
        tuple(heard(folding.fold(part)) for part in rule.contains),
        long_phrases,
        _parts_of((*begins, *(f"{word} " for word in words)), first=True),
        _parts_of((ending.text for ending in ends), first=False),
    )


def _all_parts(parts: Iterable[Parts]) -> Parts:
    every = list(parts)
    return Parts(
        frozenset().union(*(one.parts for one in every)),
        frozenset().union(*(one.short for one in every)),
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


def _patterns_of(rule: Rule, folding: Folding) -> Iterator[tuple[Any, Rule, str]]:
    if rule.kind == "pattern":
        for pattern in map(folding.pattern, rule.patterns):
            yield compile_pattern(pattern, rule.id), rule, pattern
