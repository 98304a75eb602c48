"""The matcher: all rules compiled once, then asked for each line of a document once.

Nothing here grows with the number of phrases: a line is folded, then looked up. Only the
patterns cost more with their number; re2 asks all of them at once, of all short lines of a
page at once. A line of prose is looked at by its first and last few characters alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from clean_ingest.rules.fold import (
    HEAD_EDGE,
    SILENT,
    TAIL_EDGE,
    Folding,
    ends_word,
    heard,
    is_letter,
    key_of,
    reach_of,
)
from clean_ingest.rules.model import STRENGTHS, Rule

# Bounds of rules that name none, in columns. 98 % of the promos and notices of our
# development pages are shorter.
_LONGEST = {"lead-in": 240, "notice": 600, "pattern": 250, "words": 160}
_NO_BOUND = 10**9
# The vowel signs of India are no `\w`, but the last of a word may well be one.
_STOP = re.compile(
    r"""((?:[^\W\d_]|[\u0900-\u0DFF]){2,})[.!?…؟։]["'”’»)\]]*\s+([^\W\d_])"""
    r"""|[。！？।۔።။។]\s*\w"""
)
_LEAD_MARKS = frozenset(":|»>→▶►➤")
_OWN_MARKS = _LEAD_MARKS.union("/]】")
"""A lead-in that is written with one of these at its end ("图／", "【相关】") needs no other."""

_EDGES = frozenset(HEAD_EDGE)
_HEADLINE = "headline"
REACH = (8, 4, 2, 1)
"""Openings and ends are found by this many of their characters, the longest first."""

PART = 4
"""How many characters of a line rule out its openings, its words and its ends."""

_GLANCE = 24
"""How many characters of a line that looks like prose are folded before all of it is."""

_FEW_LINES = 6
"""Up to here patterns are asked line by line: a search through all costs 4 us more."""


class Hit(NamedTuple):
    """What a rule found on a line: offsets in the line's text, and the phrase or pattern.

    `claims` is what a pattern took for the headline, folded: the hit counts only where that
    stands on another line.
    """

    rule: Rule
    start: int
    end: int
    evidence: str
    claims: str = ""


class Opening(NamedTuple):
    """A folded text that a line may open or end with."""

    text: str
    rule: Rule
    written: str


@dataclass(frozen=True, slots=True, eq=False)
class Parts:
    """The first (or last) `PART` characters of texts, and of shorter ones the very first."""

    parts: frozenset[str]
    short: frozenset[str]


@dataclass(frozen=True, slots=True, eq=False)
class Matcher:
    """A compiled rulebook. Not picklable: get it with `matcher_for` in each process."""

    folding: Folding
    phrases: dict[str, tuple[Rule, str]]
    long_phrases: frozenset[str]
    longest_phrase: int
    words: dict[str, tuple[Rule, ...]]
    starts: dict[str, tuple[Opening, ...]]
    ends: dict[str, tuple[Opening, ...]]
    heads: Parts
    tails: Parts
    patterns: tuple[tuple[Any, Rule, str], ...]
    pattern_set: Any
    joints: tuple[Any, ...]
    tests: dict[str, tuple[Any, ...]]
    contains: dict[str, tuple[str, ...]]
    built_in: dict[str, Rule]

    def short(self, text: str, folded: str, width: int) -> Hit | None:
        """What goes of a line that does not look like prose, `width` columns wide."""
        hit = self._known(text, folded, key_of(folded), width)
        return self._or_pattern(hit, text, folded, width)

    def shorts(
        self,
        texts: Sequence[str],
        folded: Sequence[str],
        keys: Sequence[str],
        widths: Sequence[int],
    ) -> list[Hit | None]:
        """What `short` says of each of many lines, at a third of the cost."""
        hits: list[Hit | None] = [None] * len(texts)
        phrases, heads, short_heads = self.phrases, self.heads.parts, self.heads.short
        tails, short_tails = self.tails.parts, self.tails.short
        for number, key in enumerate(keys):
            # Three lines in four go no further than this.
            if (
                key in phrases
                or key[:PART] in heads
                or key[-PART:] in tails
                or key[:1] in short_heads
                or key[-1:] in short_tails
            ):
                hits[number] = self._known(texts[number], folded[number], key, widths[number])
        for number in self._pattern_lines(folded):
            hits[number] = self._or_pattern(
                hits[number], texts[number], folded[number], widths[number]
            )
        return hits

    def _known(self, text: str, folded: str, key: str, width: int) -> Hit | None:
        """What phrases, words, openings and ends say of a line."""
        found = self.phrases.get(key)
        if found is not None:
            return Hit(found[0], 0, len(text), found[1])
        hit = self._made_of_words(text, key, width)
        if hit is None and (key[:PART] in self.heads.parts or key[:1] in self.heads.short):
            hit = self.opening(text, folded, width)
        if hit is None and (key[-PART:] in self.tails.parts or key[-1:] in self.tails.short):
            hit = self.ending(text, folded, width)
        return hit

    def _or_pattern(self, hit: Hit | None, text: str, folded: str, width: int) -> Hit | None:
        if hit is not None and hit.rule.is_strong:
            return hit
        pattern = self._pattern(text, folded, width)
        return pattern if hit is None or (pattern and pattern.rule.is_strong) else hit

    def _pattern_lines(self, folded: Sequence[str]) -> Iterable[int]:
        """Which of the lines a pattern may match; those left out none does."""
        if not self.joints or len(folded) < _FEW_LINES:
            return range(len(folded))
        # One search through all lines costs 0.2 us a line; asking the set for each, 0.8 to 2.
        joined = heard("\n".join(map(str.strip, folded))).encode()
        found: set[int] = set()
        for joint in self.joints:
            number = at = 0
            for match in joint.finditer(joined):
                start, end = match.span()
                number += joined.count(b"\n", at, start)
                # A class such as {space} may run on into the lines below.
                last = number + joined.count(b"\n", start, end)
                found.update(range(number, last + 1))
                number, at = last, end
        return found

    def prose(self, text: str, width: int) -> Hit | None:
        """What goes of a line that looks like prose: an opening, an end, or all of a notice.

        Looks closer only where the first or last few characters are those of a rule.
        """
        # A few characters rule out nearly every line; folding all of it is the dear part.
        fold = self.folding.fold
        head = fold(text[:8])
        if head[:1] in _EDGES or SILENT in head:
            head = heard(fold(text[:_GLANCE]).lstrip(HEAD_EDGE))[:8]
        starts = self.starts
        # What _candidates does, without gathering them: three lines in four have none.
        may_open = head[:4] in starts or head in starts or head[:2] in starts or head[:1] in starts
        if head in self.long_phrases or (may_open and self._may_open(text, head, width)):
            folded = fold(text)
            found = self.phrases.get(key_of(folded)) if len(text) <= self.longest_phrase else None
            if found is not None:
                return Hit(found[0], 0, len(text), found[1])
            if hit := self.opening(text, folded, width):
                return hit
        tail = heard(fold(text[-14:]).rstrip(TAIL_EDGE))[-PART:]
        if tail in self.tails.parts or tail[-1:] in self.tails.short:
            folded = heard(fold(text[-64:]))
            if _candidates(self.ends, folded.rstrip(TAIL_EDGE), first=False):
                return self.ending(text, fold(text), width)
        return None

    def _may_open(self, text: str, head: str, width: int) -> bool:
        """Whether a line with this `head`, folded, goes on as one of the openings does."""
        bare = heard(self.folding.fold(text[:_GLANCE]).lstrip(HEAD_EDGE))
        for opening in _candidates(self.starts, head, first=True):
            fits = bare.startswith(opening.text[: len(bare)]) and _has_room(opening.rule, width)
            # Without its accent "Thẻ:" opens as "The river" does, but for the mark.
            if fits and (
                opening.rule.kind != "lead-in"
                or opening.text[-1] in _OWN_MARKS
                or _may_lead(bare[len(opening.text) :])
            ):
                return True
        return False

    def opening(self, text: str, folded: str, width: int) -> Hit | None:
        """The rule by whose opening the line begins, if it asks for the line or the opening."""
        bare = folded.lstrip(HEAD_EDGE)
        at = len(folded) - len(bare)
        said = heard(bare)
        for opening in _candidates(self.starts, said, first=True):
            if said.startswith(opening.text) and _has_room(opening.rule, width):
                length = len(opening.text)
                end = at + (length if said is bare else reach_of(bare, length))
                rule = opening.rule
                if rule.kind == "prefix":
                    hit = _cut_prefix(opening, text, folded, end)
                elif rule.kind == "lead-in":
                    leads = _leads(opening, folded[end:]) and not _goes_on(text, end)
                    hit = _whole(opening, text) if leads else None
                else:
                    fits = ends_word(folded, end) and self._says_more(rule, folded, end)
                    hit = _whole(opening, text) if fits else None
                if hit is not None:
                    return hit
        return None

    def ending(self, text: str, folded: str, width: int) -> Hit | None:
        """The rule by whose end the line ends, if it asks for the line or the end."""
        bare = folded.rstrip(TAIL_EDGE)
        said = heard(bare)
        for ending in _candidates(self.ends, said, first=False):
            if said.endswith(ending.text) and _has_room(ending.rule, width):
                start = len(said) - len(ending.text)
                start = start if said is bare else reach_of(bare, start)
                if ending.rule.kind == "suffix":
                    hit = _cut_suffix(ending, text, folded, start)
                else:
                    # The end of a line says enough; an opening may open a sentence as well.
                    hit = _whole(ending, text) if ends_word(folded, start) else None
                if hit is not None:
                    return hit
        return None

    def _says_more(self, rule: Rule, folded: str, end: int) -> bool:
        contains = self.contains.get(rule.id)
        if contains:
            rest = heard(folded[end:])
            if not any(part in rest for part in contains):
                return False
        tests = self.tests.get(rule.id)
        return not tests or any(test.fullmatch(heard(folded.strip())) for test in tests)

    def _made_of_words(self, text: str, key: str, width: int) -> Hit | None:
        first, space, _ = key.partition(" ")
        if first not in self.words:
            return None
        for rule in self.words[first]:
            tokens = [
                token
                for token in (t.lstrip(HEAD_EDGE).rstrip(TAIL_EDGE) for t in key.split())
                if token
            ]
            enough = len(tokens) >= rule.least and _has_room(rule, width)
            if enough and all(rule in self.words.get(token, ()) for token in tokens):
                return Hit(rule, 0, len(text), key[:80] if space else first)
        return None

    def unclaimed(self, text: str, folded: str, width: int) -> Hit | None:
        """What patterns say of a line whose headline stands nowhere else."""
        return self._pattern(text, folded, width, claiming=False)

    def _pattern(self, text: str, folded: str, width: int, *, claiming: bool = True) -> Hit | None:
        if self.pattern_set is None:
            return None
        line = heard(folded.strip())
        best: Hit | None = None
        for number in sorted(self.pattern_set.Match(line) or ()):
            pattern, rule, written = self.patterns[number]
            is_claim = _HEADLINE in written
            # Of several rules the surest counts: a stamp may look like any date, too.
            surer = best is None or STRENGTHS.index(rule.strength) < STRENGTHS.index(
                best.rule.strength
            )
            if surer and _has_room(rule, width) and (claiming or not is_claim):
                claims = pattern.match(line).group(_HEADLINE) if is_claim else ""
                best = Hit(rule, 0, len(text), text.strip(), claims)
        return best


def _has_room(rule: Rule, width: int) -> bool:
    return width <= (rule.longest or _LONGEST.get(rule.kind, _NO_BOUND))


def _whole(opening: Opening, text: str) -> Hit:
    return Hit(opening.rule, 0, len(text), opening.written)


def _candidates(
    index: dict[str, tuple[Opening, ...]], text: str, *, first: bool
) -> tuple[Opening, ...]:
    """Openings that share the first (or last) characters of `text`."""
    found: tuple[Opening, ...] = ()
    for length in REACH:
        part = text[:length] if first else text[-length:]
        if part in index:
            found += index[part]
    return found


def _leads(opening: Opening, rest: str) -> bool:
    """Whether what follows a lead-in is a mark, and then a title."""
    if opening.text[-1] in _OWN_MARKS:
        return bool(rest.strip(TAIL_EDGE))
    bare = rest.lstrip()
    spaced = len(bare) < len(rest)
    # A hyphen joins words ("video-based"); only with space on both sides it is a dash.
    marked = bare[:1] in _LEAD_MARKS or (spaced and bare.startswith("- "))
    return marked and bool(bare[1:].strip(TAIL_EDGE))


def _goes_on(text: str, at: int) -> bool:
    """Whether a second sentence stands in `text` behind `at`; a linked headline is but one.

    A capital word before the stop may be an abbreviation, as in "St. Vitus" and "U.S. Senate".
    """
    for stop in _STOP.finditer(text, at):
        last, first = stop[1], stop[2]
        if last is None or (last[0].islower() and first.isupper()):
            return True
        if last.lower() == last.upper() and len(last) > 3:
            return True
    return False


def _may_lead(rest: str) -> bool:
    """Whether `rest`, the first few characters behind a lead-in, may be a mark and a title."""
    bare = rest.lstrip()
    return not bare or bare[0] in _LEAD_MARKS or bare[0] == "-"


def _cut_prefix(opening: Opening, text: str, folded: str, end: int) -> Hit | None:
    after = text[end : end + 1]
    # Scrapers glue labels to what follows them, and only the capital shows the seam.
    glued = text[end - 1].islower() and after.isupper()
    if after and not glued and is_letter(after):
        return None
    end += len(folded) - end - len(folded[end:].lstrip())
    return Hit(opening.rule, 0, end, opening.written)


def _cut_suffix(opening: Opening, text: str, folded: str, start: int) -> Hit | None:
    before = folded[:start].rstrip()
    # "Read more" as the last words of a sentence is text; after a full stop it is a link.
    if before and opening.text[0].isalnum() and is_letter(before[-1]):
        return None
    # The bracket that the link stood in goes with it.
    before = before.removesuffix("(").removesuffix("[").rstrip()
    return Hit(opening.rule, len(before), len(text), opening.written)
