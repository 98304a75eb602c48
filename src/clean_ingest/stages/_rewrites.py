"""Rewrites of one text, put together from several passes; helper of `characters`.

A list of them is in order, and none overlaps another. Offsets are code points.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from operator import itemgetter
from typing import NamedTuple


class Rewrite(NamedTuple):
    """`text[start:end]` becomes `after`, because of `rule` (the last part of its id)."""

    start: int
    end: int
    after: str
    rule: str


def apply(text: str, rewrites: list[Rewrite]) -> str:
    """`text` with all rewrites done."""
    out, end = [], 0
    for rewrite in rewrites:
        out += [text[end : rewrite.start], rewrite.after]
        end = rewrite.end
    return "".join((*out, text[end:])) if out else text


def add(found: list[Rewrite], new: Rewrite) -> None:
    """Append, joining removals of one rule that touch: hostile text is made of nothing else."""
    last = found[-1] if found else None
    if (
        last
        and not last.after
        and not new.after
        and last.end == new.start
        and last.rule == new.rule
    ):
        found[-1] = Rewrite(last.start, new.end, "", new.rule)
    else:
        found.append(new)


class _Placed(NamedTuple):
    """A rewrite by its place in the text between two passes.

    One of the first pass has put `middle[start:end]` there, for `shift` code points more;
    its `after` is None. One of the second replaces that by `after`, and its `shift` is 0.
    """

    start: int
    end: int
    shift: int
    after: str | None
    rule: str


def compose(source: str, middle: str, first: list[Rewrite], second: list[Rewrite]) -> list[Rewrite]:
    """One list of rewrites of `source` for two: `first` made it `middle`, `second` works on that.

    Where a rewrite of the second list touches what one of the first put there, or spans a
    removal, they become one.
    """
    out: list[Rewrite] = []
    shift = 0  # from middle to source
    for group in _groups(_placed(first) + [_Placed(r.start, r.end, 0, *r[2:]) for r in second]):
        start, end = group[0].start, max(placed.end for placed in group)
        before = start + shift
        shift += sum(placed.shift for placed in group)
        rule = _cause(group, source[before : end + shift])
        out.append(Rewrite(before, end + shift, _rewritten(middle, start, end, group), rule))
    return out


def _placed(first: list[Rewrite]) -> list[_Placed]:
    """Rewrites by what they put into the middle text."""
    out: list[_Placed] = []
    shift = 0
    for start, end, after, rule in first:
        more = end - start - len(after)
        out.append(_Placed(start - shift, end - shift - more, more, None, rule))
        shift += more
    return out


def _groups(placed: list[_Placed]) -> Iterator[list[_Placed]]:
    """Rewrites in order, those that overlap together; a removal overlaps what spans its place."""
    group: list[_Placed] = []
    high = 0
    for each in sorted(placed, key=itemgetter(0, 1)):
        if group and each.start >= high:
            yield group
            group = []
        high = max(high, each.end)
        group.append(each)
    if group:
        yield group


def _rewritten(middle: str, start: int, end: int, group: list[_Placed]) -> str:
    """`middle[start:end]` after the second pass."""
    parts, cursor = [], start
    for placed in group:
        if placed.after is not None:
            parts += [middle[cursor : placed.start], placed.after]
            cursor = placed.end
    return "".join((*parts, middle[cursor:end]))


def _cause(group: list[_Placed], taken: str) -> str:
    """The rule for a group: of the pass that came last, with one exception."""
    made = [placed.rule for placed in group if placed.after is None]
    changed = [placed.rule for placed in group if placed.after is not None]
    if not made or not changed:
        return group[0].rule
    # Where the source was in NFC, composing only follows from what went before.
    follows = changed[0] == "nfc" and unicodedata.is_normalized("NFC", taken)
    return made[0] if follows else changed[0]
