"""A unified diff of what cleaning did to one document, made from its ledger."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from clean_ingest.core.ledger import Ledger

CONTEXT = 3
"""Unchanged lines around each change, as `diff -u` has them."""

_NO_NEWLINE = "\n\\ No newline at end of file\n"


@dataclass(frozen=True, slots=True)
class _Text:
    """Lines with their LF, and the offset in code points at which each begins."""

    lines: Sequence[str]
    starts: Sequence[int]


@dataclass(frozen=True, slots=True)
class _Block:
    """Lines `old[old_start:old_end]` that became `new[new_start:new_end]`."""

    old_start: int
    old_end: int
    new_start: int
    new_end: int


def unified(ledger: Ledger, name: str) -> str:
    """The diff from source text to clean text; each hunk names its rules behind the `@@`.

    Linear in the text: the ledger knows what was kept, so that nothing has to be aligned.
    Lines end at LF, as patch tools have it. Empty where nothing changed.
    """
    old, new = _cut(ledger.source), _cut(ledger.text)
    hunks = list(_hunks(list(_blocks(ledger, old, new))))
    if not hunks:
        return ""
    rules = _rules_by_line(ledger, old)
    return f"--- {name}\n+++ {name} (clean)\n" + "".join(
        part for hunk in hunks for part in _written(hunk, old.lines, new.lines, rules)
    )


def _cut(text: str) -> _Text:
    parts = text.split("\n")
    lines = [part + "\n" for part in parts[:-1]] + [part for part in parts[-1:] if part]
    return _Text(lines, [0, *accumulate(map(len, lines))][: len(lines)])


def _blocks(ledger: Ledger, old: _Text, new: _Text) -> Iterator[_Block]:
    """The gaps between lines that are the same, and stand as whole lines, on both sides."""
    old_next = new_next = 0
    ends = [(len(old.lines), len(new.lines))]
    for old_line, new_line in [*_same_lines(ledger, old, new), *ends]:
        block = _trimmed(_Block(old_next, old_line, new_next, new_line), old, new)
        if block.old_start < block.old_end or block.new_start < block.new_end:
            yield block
        old_next, new_next = old_line + 1, new_line + 1


def _trimmed(block: _Block, old: _Text, new: _Text) -> _Block:
    """Without equal lines at its ends; a removal may take the LF before it, not the one after."""
    a, b, c, d = block.old_start, block.old_end, block.new_start, block.new_end
    while a < b and c < d and old.lines[a] == new.lines[c]:
        a, c = a + 1, c + 1
    while a < b and c < d and old.lines[b - 1] == new.lines[d - 1]:
        b, d = b - 1, d - 1
    return _Block(a, b, c, d)


def _same_lines(ledger: Ledger, old: _Text, new: _Text) -> Iterator[tuple[int, int]]:
    offset = 0
    for piece in ledger.pieces:
        if piece.after is None:
            shift = offset - piece.start
            line = bisect_left(old.starts, piece.start)
            while line < len(old.lines):
                start = old.starts[line]
                if start + len(old.lines[line]) > piece.end:
                    break
                twin = bisect_left(new.starts, start + shift)
                if (
                    twin < len(new.lines)
                    and new.starts[twin] == start + shift
                    and new.lines[twin] == old.lines[line]
                ):
                    yield line, twin
                line += 1
        offset += piece.width


def _hunks(blocks: Sequence[_Block]) -> Iterator[list[_Block]]:
    """Blocks whose context would touch go into one hunk."""
    hunk: list[_Block] = []
    for block in blocks:
        if hunk and block.old_start - hunk[-1].old_end > 2 * CONTEXT:
            yield hunk
            hunk = []
        hunk.append(block)
    if hunk:
        yield hunk


def _rules_by_line(ledger: Ledger, old: _Text) -> list[tuple[int, str]]:
    """Each change as the source line on which it begins, from 0, with its rule; in order."""
    found, line = [], 0
    for row in ledger.rows():
        while line + 1 < len(old.starts) and old.starts[line + 1] <= row.start:
            line += 1
        found.append((line, row.rule))
    return found


def _written(
    hunk: Sequence[_Block],
    old: Sequence[str],
    new: Sequence[str],
    rules: Sequence[tuple[int, str]],
) -> Iterator[str]:
    first, last = hunk[0], hunk[-1]
    before = min(CONTEXT, first.old_start)
    after = min(CONTEXT, len(old) - last.old_end)
    old_range = _range(first.old_start - before, last.old_end + after)
    new_range = _range(first.new_start - before, last.new_end + after)
    low = bisect_left(rules, (first.old_start - 1, ""))
    high = bisect_left(rules, (last.old_end + 1, ""))
    named = dict.fromkeys(rule for _, rule in rules[low:high])
    yield f"@@ -{old_range} +{new_range} @@ {', '.join(named)}".rstrip() + "\n"
    at = first.old_start - before
    for block in hunk:
        yield from (_line(" ", line) for line in old[at : block.old_start])
        yield from (_line("-", line) for line in old[block.old_start : block.old_end])
        yield from (_line("+", line) for line in new[block.new_start : block.new_end])
        at = block.old_end
    yield from (_line(" ", line) for line in old[at : at + after])


def _line(sign: str, line: str) -> str:
    return sign + line if line.endswith("\n") else sign + line + _NO_NEWLINE


def _range(start: int, end: int) -> str:
    """Lines from 1 and their number, as in the format: an empty range names the line before."""
    length = end - start
    if length == 1:
        return str(start + 1)
    return f"{start + 1 if length else start},{length}"
