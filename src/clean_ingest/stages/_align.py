"""Which rendered lines an extractor kept: its text aligned to the lines of the page.

An extractor gives back text, and not where it stood. It trims and joins, drops a link in the
middle of a paragraph, and of a line that stands twice it says not which. All is compared
without white space, since that is what extractors rewrite most.

The method is that of patience diff: what stands once on both sides is an anchor, the heaviest
chain of anchors that keeps page order is certain, and between two anchors the same is done
again with less and shorter text. From an anchor on, lines that go on as the kept text does are
taken without a question; so neighbours decide which of several copies was kept. What is left
is walked through word by word, which finds the parts of lines. All steps are linear in the
text, but for the sorting of anchors.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import accumulate, pairwise
from typing import NamedTuple

_LEVELS = (32, 12, 4)
"""Code points by which text is looked up, in the rounds of anchors."""

_COPIES = 8
"""Copies of a text that are looked at, so that a page of one line a thousand times is no
square of work."""

_NEAR = 8
"""How many lines ahead a text shorter than `_SEED` is looked for."""

_SEED = 8
"""Shortest part of a line that is known to be one, in code points."""

_STRAY = 24
"""Shortest text that is looked for out of page order, in code points."""


class Alignment(NamedTuple):
    """For each line its length, and how much of it was kept, in code points but white space.

    `total` is the length of the kept text, `unmatched` how much of it no line has.
    """

    lengths: tuple[int, ...]
    kept: tuple[int, ...]
    total: int
    unmatched: int


def align(lines: Sequence[str], kept: Iterable[str]) -> Alignment:
    """Say how much of each of `lines` stands in the runs of text that an extractor kept.

    Each line is used once, and text that stands in page order is found in page order. What
    then is left of the kept text is looked for among the unused lines, in any order.
    """
    keys = [_squash(line) for line in lines]
    words = list(_words(kept))
    found = [0] * len(keys)
    total = sum(map(len, words))
    rest = _round(keys, range(len(keys)), words, found)
    if sum(map(len, rest)) >= _STRAY:
        unused = [at for at, key in enumerate(keys) if not found[at] and len(key) >= _STRAY]
        rest = _round(keys, unused, rest, found)
    return Alignment(tuple(map(len, keys)), tuple(found), total, total - sum(found))


def _squash(text: str) -> str:
    """The text without white space, and without what baselines strip: controls, soft hyphens."""
    key = "".join(text.split())
    return key if key.isprintable() else "".join(filter(str.isprintable, key))


def _words(texts: Iterable[str]) -> Iterable[str]:
    for text in texts:
        for word in text.split():
            if key := word if word.isprintable() else _squash(word):
                yield key


class _Anchor(NamedTuple):
    line: int
    at: int
    length: int


class _Gap(NamedTuple):
    """Lines and kept text between two anchors.

    `after` and `before` say that there is one above and one below; `level` is the step that
    comes next.
    """

    line: int
    last_line: int
    at: int
    end: int
    level: int = 0
    after: bool = False
    before: bool = False


@dataclass(slots=True)
class _Round:
    """One alignment in page order.

    `keys` are the squashed lines, `text` the kept text, `starts` where its words begin and at
    the end its length, `found` how much of each line was kept, `used` the spans of the text
    that a line has.
    """

    keys: list[str]
    text: str
    starts: list[int]
    found: list[int]
    used: list[tuple[int, int]] = field(default_factory=list)

    def take(self, line: int, at: int, length: int) -> None:
        self.found[line] += length
        self.used.append((at, at + length))

    def has(self, key: str, at: int, end: int) -> bool:
        """Whether the kept text has `key` at `at`, and ends it before `end`."""
        return at + len(key) <= end and self.text.startswith(key, at)


def _round(
    all_keys: Sequence[str], rows: Sequence[int], words: Sequence[str], found: list[int]
) -> list[str]:
    """Align `words` to the lines of `rows`, add to `found`, and return the words left over."""
    starts = [0, *accumulate(map(len, words))]
    state = _Round([all_keys[row] for row in rows], "".join(words), starts, [0] * len(rows))
    gaps = [_Gap(0, len(rows), 0, len(state.text))]
    while gaps:
        gap = _close(state, gaps.pop())
        if gap.line >= gap.last_line or gap.at >= gap.end:
            continue
        if gap.level < len(_LEVELS):
            gaps += _split(state, gap, _heaviest(_anchors(state, gap)))
        elif gap.level == len(_LEVELS):
            # Above the first anchor the copies nearest to it are the likeliest: begin there.
            chain = _mirrored(state, gap) if gap.before and not gap.after else _in_order(state, gap)
            gaps += _split(state, gap, chain)
        else:
            for part in _heaviest(_parts(state, gap)):
                state.take(*part)
    for row, length in zip(rows, state.found, strict=True):
        found[row] += length
    return _left(state, words)


def _left(state: _Round, words: Sequence[str]) -> list[str]:
    """The words that no line has as a whole."""
    rest: list[str] = []
    edges = [(0, 0), *sorted(state.used), (len(state.text), len(state.text))]
    for (_, end), (at, _) in pairwise(edges):
        if end < at:
            rest += words[bisect_left(state.starts, end) : bisect_right(state.starts, at) - 1]
    return rest


def _close(state: _Round, gap: _Gap) -> _Gap:
    """Take the lines that directly go on from an anchor, from above and from below."""
    line, last_line, at, end, *_ = gap
    while gap.after and line < last_line and at < end:
        key = state.keys[line]
        if not state.has(key, at, end):
            break
        if key:
            state.take(line, at, len(key))
        at += len(key)
        line += 1
    while gap.before and line < last_line and at < end:
        key = state.keys[last_line - 1]
        start = end - len(key)
        if start < at or not state.has(key, start, end):
            break
        if key:
            state.take(last_line - 1, start, len(key))
        end = start
        last_line -= 1
    return gap._replace(line=line, last_line=last_line, at=at, end=end)


def _anchors(state: _Round, gap: _Gap) -> list[_Anchor]:
    """Lines of the gap that stand in it once, and once in its kept text, in page order."""
    size = _LEVELS[gap.level]
    once: dict[str, int] = {}
    for line in range(gap.line, gap.last_line):
        key = state.keys[line]
        if len(key) >= size:
            once[key] = -1 if key in once else line
    if not once:
        return []
    places = _places(state, gap, size)
    anchors = []
    for key, line in once.items():
        hits = places.get(key[:size], ()) if line >= 0 else ()
        if 0 < len(hits) <= _COPIES:
            whole = [at for at in hits if state.has(key, at, gap.end)]
            if len(whole) == 1:
                anchors.append(_Anchor(line, whole[0], len(key)))
    return anchors


def _places(state: _Round, gap: _Gap, size: int) -> dict[str, list[int]]:
    """Where the words of the gap's kept text begin, by their next `size` code points."""
    places: dict[str, list[int]] = {}
    for index in range(bisect_left(state.starts, gap.at), len(state.starts)):
        start = state.starts[index]
        if start + size > gap.end:
            break
        places.setdefault(state.text[start : start + size], []).append(start)
    return places


def _heaviest(anchors: Sequence[_Anchor]) -> list[_Anchor]:
    """The anchors with the most text that stand in the same order on both sides."""
    ends: list[int] = []
    weights: list[int] = []
    tails: list[int] = []
    before: list[int] = []
    for index, (_, at, length) in enumerate(anchors):
        last = bisect_right(ends, at) - 1
        weight = length + (weights[last] if last >= 0 else 0)
        before.append(tails[last] if last >= 0 else -1)
        first = bisect_left(ends, at + length)
        if first and weights[first - 1] >= weight:
            continue
        past = first
        while past < len(ends) and weights[past] <= weight:
            past += 1
        if past == first < len(ends) and ends[first] == at + length:
            continue
        ends[first:past] = [at + length]
        weights[first:past] = [weight]
        tails[first:past] = [index]
    chain = []
    index = tails[-1] if tails else -1
    while index >= 0:
        chain.append(anchors[index])
        index = before[index]
    return chain[::-1]


def _split(state: _Round, gap: _Gap, chain: Sequence[_Anchor]) -> list[_Gap]:
    """Take the anchors, and return what lies between them; without any, the gap one level on."""
    gaps = []
    line, at, after = gap.line, gap.at, gap.after
    for anchor in chain:
        state.take(*anchor)
        gaps.append(_Gap(line, anchor.line, at, anchor.at, gap.level + 1, after=after, before=True))
        line, at, after = anchor.line + 1, anchor.at + anchor.length, True
    gaps.append(gap._replace(line=line, at=at, after=after, level=gap.level + 1))
    return gaps


def _in_order(state: _Round, gap: _Gap) -> list[_Anchor]:
    """Whole lines of a gap where nothing is unique: the copy that goes on best, else the next."""
    size = _LEVELS[-1]
    lines: dict[str, list[int]] = {}
    for line in range(gap.line, gap.last_line):
        if key := state.keys[line]:
            lines.setdefault(key[:size], []).append(line)
    chain: list[_Anchor] = []
    at, line = gap.at, gap.line
    while at < gap.end and line < gap.last_line:
        best = (0, 0)
        for length in range(1, size + 1):
            copies = lines.get(state.text[at : at + length], ())
            first = bisect_left(copies, line)
            for copy in copies[first : first + _COPIES]:
                on = _goes_on(state, gap, copy, at)
                if on >= _SEED or copy - line < _NEAR:
                    best = max(best, (on, -copy))
        if best[0]:
            line = -best[1]
            chain.append(_Anchor(line, at, len(state.keys[line])))
            at += len(state.keys[line])
            line += 1
        else:
            at = state.starts[bisect_right(state.starts, at)]
    return chain


def _mirrored(state: _Round, gap: _Gap) -> list[_Anchor]:
    """As `_in_order`, from the end of the gap to its beginning."""
    first, last = bisect_left(state.starts, gap.at), bisect_right(state.starts, gap.end)
    mirror = _Round(
        [key[::-1] for key in reversed(state.keys[gap.line : gap.last_line])],
        state.text[gap.at : gap.end][::-1],
        # Where a gap ends amid a word, that is an edge too.
        sorted({0, gap.end - gap.at, *(gap.end - edge for edge in state.starts[first:last])}),
        [],
    )
    chain = _in_order(mirror, _Gap(0, len(mirror.keys), 0, len(mirror.text)))
    return [
        _Anchor(gap.last_line - 1 - line, gap.end - at - length, length)
        for line, at, length in reversed(chain)
    ]


def _goes_on(state: _Round, gap: _Gap, line: int, at: int) -> int:
    """How much of the kept text from `at` the next few lines from `line` have, without a break."""
    begin = at
    for key in state.keys[line : min(gap.last_line, line + _NEAR)]:
        if not state.has(key, at, gap.end):
            break
        at += len(key)
    return at - begin


def _parts(state: _Round, gap: _Gap) -> list[_Anchor]:
    """Parts of lines, in page order: what was cut out ends and begins amid words."""
    places: dict[str, list[int]] = {}
    for at in range(gap.at, gap.end - _SEED + 1):
        places.setdefault(state.text[at : at + _SEED], []).append(at)
    parts = []
    for line in range(gap.line, gap.last_line) if places else ():
        key = state.keys[line]
        offset, past = 0, gap.at
        while offset + _SEED <= len(key):
            hits = places.get(key[offset : offset + _SEED])
            if not hits:
                offset += 1
                continue
            at = hits[min(bisect_left(hits, past), len(hits) - 1)]
            length = _common(key, offset, state.text, at, gap.end - at)
            parts.append(_Anchor(line, at, length))
            offset += length
            past = at + length
    return parts


def _common(one: str, first: int, other: str, second: int, most: int) -> int:
    """How many code points `one` from `first` and `other` from `second` have in common."""
    low, high = 0, min(len(one) - first, most)
    while low < high:
        middle = (low + high + 1) // 2
        if one[first + low : first + middle] == other[second + low : second + middle]:
            low = middle
        else:
            high = middle - 1
    return low
