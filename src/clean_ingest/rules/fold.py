"""One fold for all languages, one code point to one, so that offsets survive it.

Chrome is often in another language than its page, so that a line is folded before anybody
knows its language. What all languages agree on is here: case, width, accents of Latin and
Greek, digits of all scripts, kinds of space, quotation mark and dash. Letters that only the
writers of one language take for one another (ё and е, ي and ی) stand in the rule files
of that language, under `[letters]`.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

EDGE = (
    " \t\n\r\v\f\x1c\x1d\x1e\x1f#.:!?…,;·•‣●○◦▪■□◆◇★☆*-|«»‹›←→↑↓↗➔➜➤▶▸►◀◂◄▲▴▼▾△▽✓✔✕✖✗×"
    "\u0640。、：！？，；・｡।۔؟،؛։።။។👉👇📌🔗"
)
"""What may stand around a phrase without making it another: it is folded already.

Not the marks of code and quotation: `'/login'` and `> reply` are no buttons.
"""

HEAD_EDGE = EDGE + "([【"
"""What may also stand in front of a phrase."""

TAIL_EDGE = EDGE + ")]】>+"
"""What may also stand behind a phrase, as in "Read more >"; not `(`, for `login()` is code."""

NUMBER = "#"
"""Stands for any number in a phrase: `# comments` matches "1,204 comments" and "3 comments"."""

_HEAD_EDGES = frozenset(HEAD_EDGE)
_TAIL_EDGES = frozenset(TAIL_EDGE)
_NO_DIGITS = bytes(set(range(0x100)) - set(b"\n0123456789"))
_NUMBER = re.compile(r"[0-9]+(?:[.,' ][0-9]+)*(?: ?[km](?![a-z]))?")
_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]+")
_QUOTES = {"‘": "'", "’": "'", "‚": "'", "‛": "'", "`": "'", "´": "'", "ʼ": "'", "′": "'"}
_QUOTES |= dict.fromkeys("“”„‟″〝〞＂", '"')
SILENT = "\u0640"
"""Tatweel; vowel signs, joiners and direction marks fold to it, and keys leave it out."""

_SILENT_RANGES = (
    (0x00AD, 0x00AD), (0x0591, 0x05C7), (0x064B, 0x065F), (0x0670, 0x0670), (0x06D6, 0x06ED),
    (0x200B, 0x200F), (0x202A, 0x202E), (0x2066, 0x2069), (0xFE0F, 0xFE0F), (0xFEFF, 0xFEFF),
)  # fmt: skip
_PLANE = 0x10000
# Where a fold can do anything at all: the rest (Han, Hangul, private use) stands for itself,
# and looking at 16,000 code points instead of 65,536 keeps the start of a run short.
_FOLDABLE = (*range(0x80, 0x3004), *range(0xA000, 0xAC00), *range(0xFB00, _PLANE))
_ACCENTED = ("LATIN", "GREEK")
_SAME = {"Zs": " ", "Zl": " ", "Zp": " ", "Pd": "-"}
_WIDE = ("！", "～")
"""The full-width copies of ASCII, `_WIDE_BY` behind it."""
_WIDE_BY = 0xFEE0


def _fold_one(char: str) -> str:
    digit = unicodedata.decimal(char, None)
    if digit is not None:
        return str(digit)
    same = _SAME.get(unicodedata.category(char)) or _QUOTES.get(char)
    if same is not None:
        return same
    if _WIDE[0] <= char <= _WIDE[1]:
        char = chr(ord(char) - _WIDE_BY)
    lower = "i" if char in "İı" else char.lower()
    return _without_accent(lower) if len(lower) == 1 else char


def _without_accent(char: str) -> str:
    parts = unicodedata.normalize("NFD", char)
    if len(parts) > 1 and unicodedata.name(parts[0], "").startswith(_ACCENTED):
        return parts[0]
    return "σ" if char == "ς" else char


@functools.lru_cache(maxsize=4)
def _table(letters: tuple[tuple[str, str], ...]) -> list[int]:
    table = list(range(_PLANE))
    for code in _FOLDABLE:
        table[code] = ord(_fold_one(chr(code)))
    for start, end in _SILENT_RANGES:
        table[start : end + 1] = [ord(SILENT)] * (end + 1 - start)
    # The pattern engine speaks UTF-8, where a lone surrogate has no form.
    table[0xD800:0xE000] = [0xFFFD] * 0x800
    table[0x09:0x0E] = [ord(" ")] * 5
    table[ord("A") : ord("Z") + 1] = range(ord("a"), ord("z") + 1)
    for one, other in letters:
        upper = one.upper()
        for form in {one, upper if len(upper) == 1 else one}:
            table[ord(form)] = table[ord(other)]
    return table


@dataclass(frozen=True, slots=True)
class Folding:
    """The fold, with the letters that the rule files add; makes strings of the same length."""

    table: list[int]

    @classmethod
    def of(cls, letters: Mapping[str, str]) -> Folding:
        """The fold that also turns each key of `letters` (one code point) into its value."""
        return cls(_table(tuple(sorted(letters.items()))))

    def fold(self, text: str) -> str:
        """`text` folded; as long as `text`."""
        # translate costs five times what lower does, and ASCII needs nothing else.
        return text.lower() if text.isascii() else text.translate(self.table)

    def pattern(self, written: str) -> str:
        """A pattern with its letters beyond ASCII folded, as those of the lines it will see."""
        return _BEYOND_ASCII.sub(lambda part: _literal(heard(self.fold(part[0]))), written)

    def key(self, text: str) -> str:
        """What a phrase is looked up by: folded, trimmed, single spaces, numbers as `#`."""
        return key_of(self.fold(text))


def _literal(folded: str) -> str:
    return "".join(re.escape(char) if char.isascii() else char for char in folded)


def key_of(folded: str) -> str:
    """The key of a text that is folded already."""
    key = folded
    # strip reads all of its 90 marks before it reads the text; one line in five has any.
    if key[:1] in _HEAD_EDGES:
        key = key.lstrip(HEAD_EDGE)
    if key[-1:] in _TAIL_EDGES:
        key = key.rstrip(TAIL_EDGE)
    if not key:
        return folded.strip()
    key = heard(key)
    if "  " in key or "\t" in key:
        key = " ".join(key.split())
    # Half the lines are letters and spaces alone, which is four times faster to see.
    return key if key.replace(" ", "").isalpha() else _NUMBER.sub(NUMBER, key)


def keys_of(lines: Sequence[str]) -> list[str]:
    """As `key_of`, for many folded lines, none of them empty: most are their own key."""
    joined = "\n".join(lines)
    if not lines:
        return []
    odd: set[int] = set()
    for mark in (SILENT, "  ", "\t"):
        if mark in joined:
            odd.update(number for number, line in enumerate(lines) if mark in line)
    # Which lines have digits: two calls for a page, not two for each line.
    digits = joined.encode().translate(None, _NO_DIGITS).split(b"\n")
    return [
        key_of(line)
        if numbers or line[0] in _HEAD_EDGES or line[-1] in _TAIL_EDGES or number in odd
        else line
        for number, (line, numbers) in enumerate(zip(lines, digits, strict=True))
    ]


def heard(folded: str) -> str:
    """A folded text without what some writers leave out: vowel signs, joiners, nukta."""
    return folded.replace(SILENT, "") if SILENT in folded else folded


def reach_of(folded: str, count: int) -> int:
    """Where the character of `folded` begins that has `count` heard ones in front of it."""
    for at, char in enumerate(folded):
        if char != SILENT:
            if count == 0:
                return at
            count -= 1
    return len(folded)


def numbers_of(phrase: str) -> str:
    """A phrase of a rule file with a number in the place of each `#`, ready for folding."""
    return phrase.replace(NUMBER, "0")


def ends_word(folded: str, at: int) -> bool:
    """Whether a word may begin or end at `at`: in scripts without spaces, between syllables."""
    if at <= 0 or at >= len(folded):
        return True
    before, after = folded[at - 1], folded[at]
    if not (is_letter(before) and is_letter(after)) or max(before, after) > "\u2e7f":
        return True
    return _is_unspaced(before) and _is_unspaced(after) and not _is_joined(after)


def _is_unspaced(char: str) -> bool:
    """Whether Thai, Lao, Burmese or Khmer is written with `char`."""
    return "\u0e00" <= char <= "\u0eff" or "\u1000" <= char <= "\u109f" or "ក" <= char <= "\u17ff"


def _is_joined(char: str) -> bool:
    """Whether `char` belongs to the syllable before it: a mark, or a vowel that is a letter."""
    return char in "ะาำๅๆະາຳໆ" or unicodedata.category(char).startswith("M")


def is_letter(char: str) -> bool:
    """Whether words go on across `char`: vowel signs and other marks are part of theirs."""
    return char.isalnum() or unicodedata.category(char).startswith("M")
