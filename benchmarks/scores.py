r"""Words, bag-of-words F1, and which lines of a rendered page are of the main text.

Words are lower-case runs of `\w`; each Han, kana or Thai character is a word of its own.

A line of the rendering is *gold* where its words align to the gold text, each word of which
is used once, the longest lines served first: the line stands in the gold text word by word,
or at least 80 % of its words do in runs of three and more. A line of less than four words
must be a whole line of the gold text, or directly continue in it what the line before it has
or lead up to what the line after it has; otherwise every menu entry whose word is somewhere
in the article would count. Where between 20 and 80 % of the words are found the line is
*mixed*, and counts neither way; so does the title of the page where the gold text lacks it,
as it does in half of the sets. All other lines are *chrome*; lines without a word are
nothing. What this gets wrong: chrome that stands in the gold text counts as gold, and text
that the annotators left out (captions, bylines, comments, according to taste) as chrome.
Near copies of a gold line count as gold until the gold text has no more words for them.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, fields
from itertools import accumulate

GOLD, MIXED, TITLE, CHROME, NOTHING = "gold", "mixed", "title", "chrome", "nothing"
_WHOLE, _PART = 0.8, 0.2
_RUN = 3
_SHORT = 4
# Han, kana, Thai; the other scripts of East Asia part their words by spaces.
_ALONE = "\u0e01-\u0e3a\u0e40-\u0e4e\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_WORD = re.compile(rf"[{_ALONE}]|[^\W{_ALONE}]+")

Words = tuple[str, ...]


def words(text: str) -> Words:
    """The words of a text, in order."""
    return tuple(_WORD.findall(text.lower()))


def bag_f1(found: Counter[str], gold: Counter[str]) -> float:
    """F1 of two bags of words; two empty ones agree."""
    total = found.total() + gold.total()
    return 2 * (found & gold).total() / total if total else 1.0


def longest_common(one: Words, other: Words) -> int:
    """How many words the longest common subsequence of two texts has."""
    from rapidfuzz.distance import LCSseq

    # By number: the library tells strings apart by a hash that changes from run to run.
    numbers: dict[str, int] = {}
    rows = [[numbers.setdefault(word, len(numbers)) for word in each] for each in (one, other)]
    return int(LCSseq.similarity(*rows))


class _Gold:
    """The gold text as one row of words, of which each can be used once."""

    def __init__(self, lines: Sequence[Words]) -> None:
        self.words = [word for line in lines for word in line]
        self.used = bytearray(len(self.words))
        self.edges = set(accumulate(map(len, lines), initial=0))
        self.at: dict[Words, list[int]] = defaultdict(list)
        for size in range(1, _RUN + 1):
            for start in range(len(self.words) - size + 1):
                self.at[tuple(self.words[start : start + size])].append(start)

    def run(self, line: Words, first: int, start: int) -> int:
        """How many words of `line` from `first` stand unused in the gold text from `start`."""
        most = min(len(line) - first, len(self.words) - start)
        for length in range(most):
            at = start + length
            if self.used[at] or self.words[at] != line[first + length]:
                return length
        return most

    def places(self, line: Words) -> list[int]:
        """Where the whole line stands unused."""
        starts = self.at.get(line[:_RUN], ())
        return [start for start in starts if self.run(line, 0, start) == len(line)]

    def runs(self, line: Words) -> list[tuple[int, int]]:
        """Runs of at least three words of `line`, from left to right, the longest at each word."""
        found: list[tuple[int, int]] = []
        first = 0
        while first + _RUN <= len(line):
            starts = self.at.get(line[first : first + _RUN], ())
            best = max(((self.run(line, first, start), -start) for start in starts), default=(0, 0))
            if best[0] >= _RUN:
                found.append((-best[1], best[0]))
                first += best[0]
            else:
                first += 1
        return found

    def use(self, start: int, length: int) -> None:
        self.used[start : start + length] = b"\1" * length


def align(
    lines: Sequence[Words], gold_lines: Sequence[Words], titles: Sequence[Words] = ()
) -> list[str]:
    """Say of each line whether it is gold, mixed, a title, chrome or nothing."""
    gold = _Gold(gold_lines)
    found = [CHROME if line else NOTHING for line in lines]
    ends: dict[int, tuple[int, int]] = {}
    by_length = sorted(range(len(lines)), key=lambda index: (-len(lines[index]), index))
    for index in by_length:
        line = lines[index]
        if len(line) >= _SHORT:
            found[index] = _judge(gold, line, index, ends)
    for index, line in enumerate(lines):
        if line and len(line) < _SHORT and _continues(gold, line, index, ends):
            found[index] = GOLD
        elif found[index] == CHROME and any(_is_title(line, title) for title in titles):
            found[index] = TITLE
    return found


def _is_title(line: Words, title: Words) -> bool:
    """Whether the line is the title, or the better half of one that also names the site."""
    return 2 * len(line) >= len(title) > 0 and any(
        title[start : start + len(line)] == line for start in range(len(title) - len(line) + 1)
    )


def _judge(gold: _Gold, line: Words, index: int, ends: dict[int, tuple[int, int]]) -> str:
    places = gold.places(line)
    if places:
        gold.use(places[0], len(line))
        ends[index] = (places[0], places[0] + len(line))
        return GOLD
    runs = gold.runs(line)
    share = sum(length for _, length in runs) / len(line)
    if share < _WHOLE:
        return MIXED if share >= _PART else CHROME
    for start, length in runs:
        gold.use(start, length)
    ends[index] = (runs[0][0], sum(runs[-1]))
    return GOLD


def _continues(gold: _Gold, line: Words, index: int, ends: dict[int, tuple[int, int]]) -> bool:
    """Place a short line, if it is a line of the gold text or stands right beside its neighbours."""
    before = next((ends[at][1] for at in range(index - 1, index - 4, -1) if at in ends), -1)
    after = next((ends[at][0] for at in range(index + 1, index + 4) if at in ends), -1)
    for start in gold.places(line):
        end = start + len(line)
        beside = before == start or after == end
        if beside or (start in gold.edges and end in gold.edges):
            gold.use(start, len(line))
            ends[index] = (start, end)
            return True
    return False


@dataclass(slots=True)
class Tally:
    """Sums over pages. Lines and words are counts; the F1 are sums of one value a page."""

    pages: int = 0
    chrome: int = 0
    chrome_gone: int = 0
    gold: int = 0
    gold_gone: int = 0
    words: int = 0
    words_gone: int = 0
    before: float = 0.0
    after: float = 0.0

    def add(self, other: Tally) -> None:
        """Add another tally to this one."""
        for field in fields(self):
            value = getattr(self, field.name) + getattr(other, field.name)
            setattr(self, field.name, value)

    @property
    def removed(self) -> float:
        """Per cent of the chrome lines that were removed."""
        return 100 * self.chrome_gone / max(1, self.chrome)

    @property
    def lost(self) -> float:
        """Per cent of the gold lines that were removed."""
        return 100 * self.gold_gone / max(1, self.gold)

    @property
    def words_lost(self) -> float:
        """Per cent of the words of gold lines that were removed."""
        return 100 * self.words_gone / max(1, self.words)

    @property
    def f1(self) -> float:
        """Mean F1 of the pages after cleaning."""
        return self.after / max(1, self.pages)

    @property
    def f1_before(self) -> float:
        """Mean F1 of the pages before."""
        return self.before / max(1, self.pages)


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of all lines of a page that have the same words."""

    indices: tuple[int, ...]
    """Which lines of the page these are."""
    chrome: int
    chrome_gone: int
    gold: int
    gold_gone: int


def fates(kinds: Sequence[str], before: Sequence[Words], after: Sequence[Words]) -> list[Fate]:
    """Gold and chrome lines that are gone: that have less than half of their words left.

    Lines with the same words are counted together: of a text that stands twice on the page
    and once in the gold text, any one copy may go.
    """
    groups: dict[Words, list[int]] = defaultdict(list)
    for index, line in enumerate(before):
        if kinds[index] in {GOLD, CHROME}:
            groups[line].append(index)
    result = []
    for line, indices in groups.items():
        gold = sum(kinds[index] == GOLD for index in indices)
        left = sum(2 * len(after[index]) >= len(line) for index in indices)
        gold_gone = max(0, gold - left)
        chrome_gone = len(indices) - left - gold_gone
        result.append(Fate(tuple(indices), len(indices) - gold, chrome_gone, gold, gold_gone))
    return result


def words_gone(fate: Fate, before: Sequence[Words], after: Sequence[Words]) -> int:
    """How many words the gold lines of a group lost, those with the most words left first."""
    gone = sorted(max(0, len(before[index]) - len(after[index])) for index in fate.indices)
    return sum(gone[: fate.gold])


def tally(
    kinds: Sequence[str],
    before: Sequence[Words],
    after: Sequence[Words],
    gold: Counter[str],
    spared: Sequence[Words],
) -> Tally:
    """Score one page after cleaning.

    `after` has what is left of each line of `before`; `spared` the same, but for words that
    were rewritten, which stand there as they were: they are not lost.
    """
    result = Tally(pages=1)
    for fate in fates(kinds, before, spared):
        result.chrome += fate.chrome
        result.chrome_gone += fate.chrome_gone
        result.gold += fate.gold
        result.gold_gone += fate.gold_gone
        result.words += fate.gold * len(before[fate.indices[0]])
        result.words_gone += words_gone(fate, before, spared)
    result.before = bag_f1(Counter(word for line in before for word in line), gold)
    result.after = bag_f1(Counter(word for line in after for word in line), gold)
    return result
