"""The smallest edits that turn one text into another, on grapheme boundaries.

A stage that rewrites knows the text before and after; the ledger wants to know which
characters changed, so that later removals are charged to the right rule.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from clean_ingest.core.stage import Edit

# Indices of a difference: `before[0:1]` became `after[2:3]`.
Block = tuple[int, int, int, int]

# difflib is quadratic at best, so it sees no piece whose sides multiply to more than this.
_DIFFLIB_CELLS = 4096
# Each level of anchors costs one pass over the text; more levels find next to nothing.
_ANCHOR_LEVELS = 3

# In text that repeats itself nothing occurs once: there both sides are walked in step.
_STRIDE, _IN_STEP, _REACH = 16, 4, 12
_NEARBY = sorted(
    ((p, q) for p in range(_REACH + 1) for q in range(_REACH + 1) if p or q),
    key=lambda s: (sum(s), s),
)

# Mojibake, and most of what else is rewritten, leaves ASCII alone: its runs are the anchors.
_RUN = re.compile(r"[\x00-\x7f]+|[^\x00-\x7f]+")

# What joins the character before it although its category is not a mark: Thai and Lao AM,
# Hangul vowels and finals, ZWNJ and ZWJ, Kirat Rai vowels, halfwidth voicing marks, emoji
# modifiers, tags (Unicode Standard Annex 29, Grapheme_Cluster_Break).
_EXTENDS = re.compile(
    "[\u0e33\u0eb3\u1160-\u11ff\u200c\u200d\ud7b0-\ud7ff\uff9e\uff9f"
    "\U00016d63\U00016d67-\U00016d6a\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f]"
)
# What joins the character after it: ZWJ, leading Hangul consonants, number signs and the like.
_PREPENDS = re.compile(
    "[\u0600-\u0605\u06dd\u070f\u0890\u0891\u08e2\u0d4e\u1100-\u115f\u200d\ua960-\ua97c"
    "\U000110bd\U000110cd\U000111c2\U000111c3\U000113d1\U0001193f\U00011941\U00011a3a"
    "\U00011a84-\U00011a89\U00011d46\U00011f02]"
)
_VIRAMA = 9  # canonical combining class
_REGIONAL = ("\U0001f1e6", "\U0001f1ff")


def is_boundary(text: str, at: int) -> bool:
    """Whether a user would see `text` fall into two characters at offset `at`, in code points.

    Follows Unicode Standard Annex 29, a little coarser: never inside a cluster, but runs
    of regional indicators, and what a joiner or virama may link, count as one.
    """
    if at <= 0 or at >= len(text):
        return True
    before, after = text[at - 1], text[at]
    if after < "\u0300" and before < "\u0300":
        return not (before == "\r" and after == "\n")
    if unicodedata.category(after)[0] == "M" or _EXTENDS.match(after):
        return False
    if _PREPENDS.match(before) or unicodedata.combining(before) == _VIRAMA:
        return after.isspace()
    return not (_REGIONAL[0] <= before <= _REGIONAL[1] and _REGIONAL[0] <= after <= _REGIONAL[1])


def minimal_edits(
    before: str, after: str, offset: int, rule: str, evidence: str = ""
) -> list[Edit]:
    """The edits that turn `before`, standing at `offset`, into `after`; sorted and disjoint.

    Each edit starts and ends on a grapheme boundary of both texts. Time is linear in the
    lengths times their logarithm; where no anchor tells pieces of a long difference
    apart, it stays one edit.
    """
    blocks = _widen(before, after, list(_differences(before, after)))
    return [Edit(offset + i, offset + j, rule, after[k:m], evidence) for i, j, k, m in blocks]


def _differences(before: str, after: str) -> Iterator[Block]:
    """Differing spans of two texts, in code points: by runs first, then inside them."""
    runs = _RUN.findall(before), _RUN.findall(after)
    starts = _offsets(runs[0]), _offsets(runs[1])
    for i, j, k, m in _align(*runs, _ANCHOR_LEVELS):
        at, to = starts[0][i], starts[1][k]
        left, right = before[at : starts[0][j]], after[to : starts[1][m]]
        for a, b, c, d in _align(left, right, _ANCHOR_LEVELS):
            yield at + a, at + b, to + c, to + d


def _offsets(runs: Sequence[str]) -> list[int]:
    offsets = [0]
    for run in runs:
        offsets.append(offsets[-1] + len(run))
    return offsets


def _align(a: Sequence[str], b: Sequence[str], levels: int) -> Iterator[Block]:
    """Differing index ranges of two sequences of runs, or of two strings."""
    head = _common_prefix(a, b)
    a, b = a[head:], b[head:]
    tail = _common_prefix(a[::-1], b[::-1])
    a, b = a[: len(a) - tail], b[: len(b) - tail]
    if not a and not b:
        return
    for i, j, k, m in _align_core(a, b, levels):
        yield head + i, head + j, head + k, head + m


def _align_core(a: Sequence[str], b: Sequence[str], levels: int) -> Iterator[Block]:
    whole = (0, len(a), 0, len(b))
    if _in_step(a, b):
        for at, (old, new) in enumerate(zip(a, b, strict=True)):
            if old != new:
                yield at, at + 1, at, at + 1
    elif set(a).isdisjoint(b):
        yield whole
    elif len(a) * len(b) <= _DIFFLIB_CELLS:
        matcher = SequenceMatcher(None, a, b, autojunk=False)
        yield from (code[1:] for code in matcher.get_opcodes() if code[0] != "equal")
    elif levels == 0 or not (anchors := _anchors(a, b)):
        yield from _resync(a, b) or [whole]
    else:
        i = k = 0
        for left, right in (*anchors, (len(a), len(b))):
            for p, q, r, s in _align(a[i:left], b[k:right], levels - 1):
                yield i + p, i + q, k + r, k + s
            i, k = left + 1, right + 1


def _resync(a: Sequence[str], b: Sequence[str]) -> list[Block]:
    """Differences found by walking both sides in step, for text that repeats itself.

    Where they part, the nearest place is taken at which the next `_IN_STEP` items agree;
    empty where there is none within `_REACH` items.
    """
    blocks: list[Block] = []
    i = k = 0
    while i < len(a) or k < len(b):
        if a[i : i + _STRIDE] == b[k : k + _STRIDE]:
            i, k = i + _STRIDE, k + _STRIDE
        elif a[i : i + 1] == b[k : k + 1]:
            i, k = i + 1, k + 1
        else:
            for p, q in _NEARBY:
                at, to = i + p, k + q
                near = at <= len(a) and to <= len(b)
                if near and a[at : at + _IN_STEP] == b[to : to + _IN_STEP]:
                    break
            else:
                return []
            blocks.append((i, at, k, to))
            i, k = at, to
    return blocks


def _in_step(a: Sequence[str], b: Sequence[str]) -> bool:
    """Whether two sequences of runs have the same ASCII runs at the same places."""
    return (
        not isinstance(a, str)
        and len(a) == len(b)
        and all(x == y or not (x.isascii() or y.isascii()) for x, y in zip(a, b, strict=True))
    )


def _common_prefix(a: Sequence[str], b: Sequence[str]) -> int:
    """Length of the common prefix, by halving: slices compare in C, items one by one do not."""
    low, high = 0, min(len(a), len(b))
    while low < high:
        middle = (low + high + 1) // 2
        if a[low:middle] == b[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def _anchors(a: Sequence[str], b: Sequence[str]) -> list[tuple[int, int]]:
    """Places of items that occur once on each side, in the longest order common to both.

    Bram Cohen's patience diff: such items are seldom matched wrongly.
    """
    once = {item for item, count in Counter(b).items() if count == 1}
    once &= {item for item, count in Counter(a).items() if count == 1}
    place = {item: at for at, item in enumerate(b) if item in once}
    pairs = [(at, place[item]) for at, item in enumerate(a) if item in once]
    # Patience sorting: `tops` are the smallest ends of rising chains of each length.
    tops: list[int] = []
    ends: list[int] = []
    links: list[int] = []
    for index, (_, right) in enumerate(pairs):
        pile = bisect_left(tops, right)
        links.append(ends[pile - 1] if pile else -1)
        tops[pile : pile + 1] = [right]
        ends[pile : pile + 1] = [index]
    chain = []
    at = ends[-1] if ends else -1
    while at >= 0:
        chain.append(pairs[at])
        at = links[at]
    return chain[::-1]


def _widen(before: str, after: str, blocks: list[Block]) -> list[Block]:
    """Move the ends of differences outwards to grapheme boundaries, merging those that meet."""

    def inside(at: int, to: int) -> bool:
        return not (is_boundary(before, at) and is_boundary(after, to))

    wide: list[Block] = []
    ceilings = [*(block[0] for block in blocks[1:]), len(before)]
    for (i, j, k, m), ceiling in zip(blocks, ceilings, strict=False):
        floor = wide[-1][1] if wide else 0
        left = right = 0
        while i - left > floor and inside(i - left, k - left):
            left += 1
        while j + right < ceiling and inside(j + right, m + right):
            right += 1
        start, to = i - left, k - left
        if wide and start == floor:
            start, _, to, _ = wide.pop()
        wide.append((start, j + right, to, m + right))
    return wide
