"""White space that says nothing: line ends, runs of blank lines, stray and doubled spaces.

What is kept, and why:

- *Indentation* of two and more spaces, of tabs and of U+3000: verse, code and the paragraphs
  of Chinese and Japanese print mean it. A single space before a paragraph means nothing,
  nor do more of them than any screen shows.
- *Spaces between columns*: a run of spaces is closed only in a line of running text, which
  has several single spaces for each run. In a table the runs are the columns.
- *Single no-break spaces*: they hold `10 000 km` and French punctuation together, and a
  tokenizer that wants none replaces them more easily than anyone puts them back.

The text ends without a line ending, as a value in a Parquet column should: whoever joins
texts puts the separator. Line endings other than LF are the business of `characters`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar

from clean_ingest.core.document import Document, Line
from clean_ingest.core.stage import Edit, option

_SPACES = " \t\u00a0\u1680" + "".join(map(chr, range(0x2000, 0x200B))) + "\u202f\u205f\u3000"
"""The space separators of Unicode (category Zs) and the tab; no line or page separators."""
_SPACE_SET = frozenset(_SPACES)
_LAST = _SPACE_SET | {""}
_STRAY_SET = frozenset(" \u00a0")
_DOUBLED = ("  ", " \u00a0", "\u00a0 ", "\u00a0\u00a0")
_BLANK_START = re.compile(f"(?:[{_SPACES}]*\n)+")
_RUN = re.compile("(?<=\\S)[ \u00a0]{2,}(?=\\S)")
_STRAY = re.compile(f"[ \u00a0](?=[^{_SPACES}\n|][^\n|]{{39}})")
"""One space before 40 code points that are no table: so long that it is no diff or code."""
_WIDEST = 200
"""Most spaces that are an indentation."""
_TOO_WIDE = re.compile(f"(?:^|(?<=\n))[{_SPACES}]{{{_WIDEST + 1},}}+(?!\n)")
_COLUMN_GAP = re.compile("(?<=\\S)[ \u00a0]{4}")
_CODE = "#/;*=<>{}|&\\"
"""What code has behind a gap, before a comment most of all; running text never begins so."""
_SINGLES_A_RUN = 3
"""Single spaces that running text has for each run; the row of a table has fewer."""


@dataclass(frozen=True, slots=True)
class Whitespace:
    """Removes white space that carries no meaning, and never anything else."""

    name: ClassVar[str] = "whitespace"

    blank_lines: int = option(
        1, "How many blank lines in a row stay between two lines of text.", minimum=0, maximum=10
    )

    def propose(self, document: Document) -> Iterator[Edit]:
        """Yield removals, none of them overlapping; nothing for text that is clean already."""
        text = document.text
        end = len(text.rstrip(_SPACES + "\n"))
        if not end:
            if text:
                yield Edit(0, len(text), "whitespace/edges")
            return
        blank = _BLANK_START.match(text)
        start = blank.end() if blank else 0
        if start:
            yield Edit(0, start, "whitespace/edges")
        if end < len(text):
            yield Edit(end, len(text), "whitespace/edges")
        lines = document.lines
        # The first and last characters of the lines tell quickly what there is to do.
        odd = [number for number, line in enumerate(lines) if line.text[-1:] in _LAST]
        if odd:
            yield from self._line_ends(lines, odd, start, end)
        for line in [line for line in lines if line.text[:1] in _STRAY_SET]:
            if line.start >= start and _STRAY.match(text, line.start, end):
                yield Edit(line.start, line.start + 1, "whitespace/stray-space")
        if any(line.text[: _WIDEST + 1].isspace() for line in lines if len(line.text) > _WIDEST):
            for indent in _TOO_WIDE.finditer(text, start, end):
                yield Edit(indent.start(), indent.end(), "whitespace/stray-space")
        yield from _doubled_spaces(text, start, end)

    def _line_ends(
        self, lines: Sequence[Line], odd: Sequence[int], start: int, end: int
    ) -> Iterator[Edit]:
        """White space at the ends of the `odd` lines, and blank lines among these, from `start`."""
        blank, last = 0, -1
        for number in odd:
            at, line_end, line = lines[number]
            if line_end > end:
                return
            if at < start:
                continue
            bare = line.rstrip(_SPACES)
            if bare:
                yield Edit(at + len(bare), line_end, "whitespace/line-end")
                continue
            blank = blank + 1 if number == last + 1 else 1
            last = number
            if blank > self.blank_lines:
                # Neighbours of one rule are one row in the end.
                yield Edit(at, lines[number + 1].start, "whitespace/blank-lines")
            elif line:
                yield Edit(at, line_end, "whitespace/line-end")


def _doubled_spaces(text: str, start: int, end: int) -> Iterator[Edit]:
    line_end, running = start, False
    for first, last in _runs(text, start, end):
        if first >= line_end:
            line_start = text.rfind("\n", 0, first) + 1
            line_end = text.find("\n", last, end)
            line_end = end if line_end < 0 else line_end
            running = _is_running_text(text[line_start:line_end])
        if running and text[last] not in _CODE:
            keep = _kept_space(text, first, last)
            if keep > first:
                yield Edit(first, keep, "whitespace/doubled-space")
            if keep + 1 < last:
                yield Edit(keep + 1, last, "whitespace/doubled-space")


def _runs(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Spans of two and more spaces inside lines; searched for pair by pair, at memory speed."""
    pairs = _DOUBLED if "\u00a0" in text else _DOUBLED[:1]
    for at in sorted(at for pair in pairs for at in _places(text, pair, start, end)):
        if at >= start:
            run = _RUN.match(text, at, end)
            if run:
                yield run.span()
                start = run.end()


def _places(text: str, pair: str, start: int, end: int) -> Iterator[int]:
    at = text.find(pair, start, end)
    while at >= 0:
        yield at
        at = text.find(pair, at + 2, end)


def _is_running_text(line: str) -> bool:
    # What goes from both ends of the line says nothing about its kind.
    line = line.rstrip(_SPACES)
    if line[: _WIDEST + 1].isspace():
        line = line.lstrip(_SPACES)
    indented = line.startswith(("  ", "\t"))
    if indented or "\t" in line or "|" in line or _COLUMN_GAP.search(line):
        return False
    runs = _RUN.findall(line)
    singles = line.count(" ") + line.count("\u00a0") - len("".join(runs))
    return singles >= _SINGLES_A_RUN * len(runs)


def _kept_space(text: str, first: int, last: int) -> int:
    """Where the one space of a run stands that stays: a no-break space where it has a duty."""
    bound = text[last] in "!?;:»%‰°€" or text[first - 1] == "«"
    bound = bound or (text[first - 1].isdigit() and text[last].isdigit())
    kept = text.find("\u00a0" if bound else " ", first, last)
    return first if kept < 0 else kept
