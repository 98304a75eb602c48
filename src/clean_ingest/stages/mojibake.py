"""Text that was decoded with the wrong encoding, set right where that is certain.

ftfy repairs UTF-8 read as the common Western, Cyrillic and Greek code pages. Where it
knows no repair, a strict round trip through other code pages is tried. Text read with
the wrong one of two single-byte encodings is only flagged: judging that by letter
statistics harms clean text.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple

from clean_ingest.core.document import Document, Line
from clean_ingest.core.minimal import minimal_edits
from clean_ingest.core.stage import EVIDENCE_LIMIT, Edit, Proposal, Tag, option
from clean_ingest.stages._round_trip import (
    CODECS,
    Repair,
    cost,
    is_odd,
    one_of,
    roomy,
    round_trip,
    sign,
)

REPLACEMENT = "\ufffd"
FLAG = "single-byte-mojibake"

# Text goes through wrong hands twice, seldom thrice.
_ROUNDS = 3
# Longer lines are repaired in parts, so that one odd character does not spoil the whole.
_PART = 20_000  # code points
# Longest line whose repair is remembered for the next one like it.
_SHORT = 100  # code points

_LOSSY_RULE = "mojibake/lossy"
_C1_RULE = "mojibake/c1-controls"
_FTFY_RULES = {
    "macroman": "mojibake/utf8-as-mac-roman",
    "decode_inconsistent_utf8": "mojibake/utf8-in-part",
    "fix_c1_controls": _C1_RULE,
}

# Where ftfy found one of these and nothing suspicious is left, no other repair is better.
_CERTAIN = frozenset(
    f"mojibake/utf8-as-{codec}"
    for codec in ("latin-1", "windows-1252", "windows-1251", "windows-1250", "windows-1253")
)

# Runs of letters that only a wrong single-byte codec makes: Cyrillic or Greek read as
# Latin-1, and KOI8 read as Windows-1251 or the other way round, which swaps the case.
_SWAPPED = "[À-ÖØ-öø-ÿ]{5}|[а-яё][А-ЯЁ]{4}"
_SWAPS = 3

# A next-line control after the end of a sentence is a line end and left to `characters`;
# anywhere else it is the ellipsis of Windows-1252, read as Latin-1.
_NEXT_LINE = re.compile('(?<=[.!?:;,)"”»。！？।؟])\x85+|^\x85+')
# The last byte of a closing quote is no character of Windows-1252 and often lost; ftfy would
# take the space behind for it, and make a dagger of both.
_LOST_QUOTE = re.compile(r"â€(?=[ \t.,;:!?)\]]|$)")


@dataclass(frozen=True, slots=True)
class Mojibake:
    """Repairs mojibake line by line, with the smallest edits; clean text costs one scan."""

    name: ClassVar[str] = "mojibake"

    round_trips: bool = option(
        True, "also try code pages that ftfy does not know, where the round trip is strict"
    )

    def propose(self, document: Document) -> Iterable[Proposal]:
        """Yield edits of lines that were decoded wrongly, and a flag for what stays so."""
        if not _is_suspicious(document.text):
            return
        swaps = 0
        for line in document.lines:
            if line.text.isascii() or not _is_suspicious(line.text):
                continue
            edits = list(self._edits(line))
            yield from edits
            if not edits:
                swaps += len(_tables().swapped.findall(line.text))
        if swaps >= _SWAPS:
            yield Tag("flag", FLAG)

    def _edits(self, line: Line) -> Iterator[Edit]:
        for start, part in _parts(line.text):
            edits_of = _short_edits if len(part) <= _SHORT else _edits
            for start_at, end_at, *rest in edits_of(part, self.round_trips):
                offset = line.start + start
                yield Edit(offset + start_at, offset + end_at, *rest)


def repair(line: str) -> str:
    """One line, set right: for titles, names and other values outside the text."""
    if not _is_suspicious(line):
        return line
    repaired, end = [], 0
    for start, part in _parts(line):
        found = _repair(part, round_trips=True)
        repaired += [line[end:start], found.text if found else part]
        end = start + len(part)
    return "".join((*repaired, line[end:]))


class _Tables(NamedTuple):
    ftfy: Any
    config: Any
    suspects: Any
    swapped: re.Pattern[str]


@functools.cache
def _tables() -> _Tables:
    """All that needs ftfy or re2, made when the first text comes that is not ASCII."""
    import ftfy
    import re2
    from ftfy.badness import BADNESS_RE

    config = ftfy.TextFixerConfig(
        unescape_html=False,
        remove_terminal_escapes=False,
        fix_latin_ligatures=False,
        fix_character_width=False,
        uncurl_quotes=False,
        fix_line_breaks=False,
        fix_surrogates=False,
        remove_control_chars=False,
        normalization=None,
    )
    every = "|".join((_as_re2(BADNESS_RE.pattern), *map(sign, CODECS), _SWAPPED))
    return _Tables(ftfy, config, re2.compile(every, roomy()), re.compile(_SWAPPED))


def _as_re2(verbose: str) -> str:
    r"""What ftfy takes for bad sequences, for re2, which runs it 40 times faster than `re`.

    It may match a little more than the original (`is_bad` decides in the end), never
    less: `^` is any line start, and from U+3000 on `\w` is any character.
    """
    spaces = one_of("".join(map(chr, filter(lambda code: chr(code).isspace(), range(0x3001)))))
    others = "".join(
        chr(code) for code in range(0x3000) if not (chr(code).isalnum() or chr(code) == "_")
    )
    word = "[^" + one_of(others)[1:]
    out, in_class, at = [], False, 0
    while at < len(verbose):
        char = verbose[at]
        at += 1
        if char == "\\":
            char += verbose[at]
            at += 1
            char = {"\\s": spaces, "\\w": word}.get(char, char)
        elif in_class:
            in_class = char != "]"
        elif char == "#":
            at = verbose.find("\n", at) % (len(verbose) + 1)
            continue
        elif char in " \t\n\r\f\v":
            continue
        elif char == "^":
            char = r"(?:^|[\r\n])"
        else:
            in_class = char == "["
        out.append(char)
    return "".join(out)


def _is_suspicious(text: str) -> bool:
    """Whether anything in `text` may be mojibake: one linear scan, never a false no."""
    # As bytes, so that re2 need not map the place of a hit back to code points.
    return not text.isascii() and bool(_tables().suspects.search(text.encode("utf-8", "replace")))


def _parts(line: str) -> Iterator[tuple[int, str]]:
    """What is repaired at once, with its offset: next-line ends out, long lines cut.

    A long line is cut between two ASCII characters, which no sequence spans.
    """
    ends = _NEXT_LINE.finditer(line) if "\x85" in line else ()
    start = 0
    for stop, after in (*((end.start(), end.end()) for end in ends), (len(line), len(line))):
        while stop - start > _PART:
            window = line[start + _PART - _PART // 10 : start + _PART]
            cut = re.search(r"[\x00-\x7f](?=[\x00-\x7f])", window)
            size = _PART - len(window) + cut.end() if cut else _PART
            yield start, line[start : start + size]
            start += size
        if stop > start:
            yield start, line[start:stop]
        start = after


class _Change(NamedTuple):
    """An edit of a part of a line, with offsets in that part."""

    start: int
    end: int
    rule: str
    after: str
    evidence: str


def _edits(part: str, round_trips: bool) -> tuple[_Change, ...]:
    found = _repair(part, round_trips)
    if not found:
        return ()
    changes = []
    for edit in minimal_edits(part, found.text, 0, found.rule):
        # The mark of what was lost may stand there already, and stay.
        lost = REPLACEMENT in (edit.replacement or part[edit.end : edit.end + 1])
        rule = _LOSSY_RULE if lost else found.rule
        changes.append(_Change(edit.start, edit.end, rule, edit.replacement, found.evidence))
    return tuple(changes)


# Bullets, rules and times come again and again, and a repair costs some hundred microseconds.
_short_edits = functools.lru_cache(1024)(_edits)


def _repair(text: str, round_trips: bool) -> Repair | None:
    rule, evidence, start = "", [], text
    if "â€" in text and ("â€œ" in text or "“" in text):
        text = _LOST_QUOTE.sub("â€\x9d", text)
    for _ in range(_ROUNDS):
        best = _ftfy(text)
        if round_trips and not (best and best.rule in _CERTAIN and not _is_suspicious(best.text)):
            found = [step for step in (best, round_trip(text)) if step]
            best = min(found, key=lambda step: cost(step.text), default=None)
        if not best:
            break
        text, rule = best.text, rule or best.rule
        evidence.append(best.evidence)
        if not _is_suspicious(text):
            break
    return Repair(text, rule, ", ".join(evidence)[:EVIDENCE_LIMIT]) if text != start else None


def _ftfy(text: str) -> Repair | None:
    tables = _tables()
    fixed, plan = tables.ftfy.fix_and_explain(text, tables.config)
    # Characters that nobody meant to write show that the repair was a guess.
    if fixed == text or any(is_odd(char) for char in set(fixed) - set(text)):
        return None
    codec = plan[0].parameter
    if codec in _FTFY_RULES:
        rule = _FTFY_RULES[codec]
    elif len(plan) > 1 and plan[1].parameter == "windows-1252":
        rule = _C1_RULE
    else:
        rule = "mojibake/utf8-as-" + codec.removeprefix("sloppy-")
    return Repair(fixed, rule, ", ".join(f"{step.action} {step.parameter}" for step in plan))
