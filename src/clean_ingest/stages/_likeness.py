"""What makes two lines alike, and what kind of line one is; helper of `repeats`."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from enum import Enum
from itertools import islice

# Typographic variants that a page uses for one copy and not for the other. Each is one
# code point; replacing by `in` and `replace` is some 50 times cheaper than `translate`,
# because most texts hold few of them.
_VARIANTS = (
    *((mark, '"') for mark in "“”„‟«»"),
    *((mark, "'") for mark in "‘’‚‛‹›´`"),
    *((mark, "-") for mark in "‐‑‒–—―−"),
    *((space, " ") for space in "\t\u00a0\u2009\u202f"),
)
_TRAILING = " \t\u00a0\u3000.,:;!?…\"')]|-*·•。、，：；！？」』）।॥۔؟،؛።։།။។"

_WIDE = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff]")
_WIDE_LETTERS = 2.5
"""Letters of an alphabet that one Han, Kana or Hangul character weighs."""

_SAMPLE = 1_000
"""How many code points of a line tell what kind of line it is."""
_LONGEST = 20_000
"""Longest line, in code points, that is compared letter by letter or by its shingles."""

_LIST_ITEM = re.compile(
    r"""(?: [-*+•·▪‣◦○●■□➤✓✔]
        | \(? (?:\d{1,3}|[^\W\d_]|[ivx]{1,5}) [.):、）．] (?=\s)
        | \(\w{1,3}\) | [①-⑳] | [一二三四五六七八九十]{1,3}[、．.])""",
    re.VERBOSE,
)
_TABLE_MARKS = ("\t", " | ", "─", "│", "├")
_COLUMN_GAP = "   "
_OPTION = re.compile(r"\s--?[a-z]\w")
_SYMBOL = re.compile(r"[{}\[\]()<>=_\\/|;#$@~^`*+&%]")
_SYMBOL_SHARE = 0.06

_LONGEST_TAIL = 30
"""Longest ellipsis with "read more" or the like behind it, in code points."""
FULL_STOPS = ".。।॥۔።։།။។"
ENDS = FULL_STOPS + "!?…！？؟"
# Thai and Lao end a sentence with a space, so that any letter of theirs may be an end.
_CLOSING = r"[\"'”’»)\]」』）]*"
_SENTENCE = re.compile(rf"(?:[{FULL_STOPS}!?…！？؟]{_CLOSING}|[\u0e01-\u0eff])\Z")
_SENTENCE_END = re.compile(rf"[{FULL_STOPS}!?…！？؟]{_CLOSING}\s?")
_NO_WORD = re.compile(r"[\W_]+")
_NUMBER = re.compile(r"\d+")
_LONGEST_LABEL = 40
"""Longest date line or label, in code points, that may stand in front of one copy only."""
_SHINGLE_WORDS = 3
_SHINGLE_CHARACTERS = 5


class Relation(Enum):
    """How a copy repeats what it is a copy of."""

    SAME = "same"
    PART = "part"


def fold(text: str) -> str:
    """`text` with one form of quotes, dashes and spaces; code points stay where they are."""
    if not text.isascii():
        for variant, plain in _VARIANTS:
            if variant in text:
                text = text.replace(variant, plain)
    elif "`" in text:
        text = text.replace("`", "'")
    return text


def key_of(folded_line: str) -> str:
    """What two copies of a line have in common: no case, outer spaces or closing marks.

    Empty for a line of nothing but white space and closing marks. Expects NFC, which
    the stage `characters` leaves behind.
    """
    key = folded_line.strip().lower()
    if key and key[-1] in _TRAILING:
        key = key.rstrip(_TRAILING)
    if "  " in key:
        return " ".join(key.split())
    return key


def is_wide(key: str) -> bool:
    """Whether a line holds Han, Kana or Hangul, each worth several letters; it may be sampled."""
    return not key.isascii() and _WIDE.search(key, 0, _SAMPLE) is not None


def weight(key: str, *, wide: bool) -> float:
    """Length in letters of an alphabet, so that one threshold serves all scripts."""
    if not wide or key.isascii():
        return len(key)
    return len(key) + (_WIDE_LETTERS - 1) * len(_WIDE.findall(key, 0, _SAMPLE))


def shortest(letters: float, *, wide: bool) -> int:
    """The fewest code points that can weigh `letters`."""
    return int(letters / _WIDE_LETTERS) if wide else int(letters)


def is_running_text(line: str) -> bool:
    """Whether a line may be a paragraph: no list item, table row, code or log entry."""
    body = line[:_SAMPLE].strip()
    if _LIST_ITEM.match(body) or body.startswith("|") or any(m in body for m in _TABLE_MARKS):
        return False
    if body.count(_COLUMN_GAP) > 1 or (" -" in body and _OPTION.search(body)):
        return False
    return len(_SYMBOL.findall(body)) <= max(3.0, _SYMBOL_SHARE * len(body))


def is_sentence(line: str) -> bool:
    """Whether a line ends as a sentence does, not as a heading or an entry of a list."""
    return _SENTENCE.search(line.rstrip()[-4:]) is not None


def stem_of(key: str, line: str) -> tuple[str, bool]:
    """The key without an ellipsis and a short "read more" behind it; whether it had one."""
    body = line.rstrip()
    at = max(body.rfind("…"), body.rfind("..."))
    if at < 0 or len(body) - at > _LONGEST_TAIL:
        return key, False
    return key_of(fold(body[:at].rstrip("….[( "))), True


def relation(copy: str, full: str, *, cut: bool) -> Relation | None:
    """How the key `copy` repeats the longer or equal key `full`; None where it does not.

    `SAME` has the same letters with other marks and spaces. `PART` is the beginning of
    `full` (up to the end of a word, or anywhere if it was `cut` with an ellipsis), `full`
    without a short label in front, or `full` without whole sentences of its middle. One
    word left out of the middle is no copy: it may have been "not".
    """
    head = _common_prefix(copy, full)
    if head == len(copy):
        whole_word = head == len(full) or not _is_letter(full[head])
        return Relation.PART if cut or whole_word else None
    if full.endswith(copy):
        label = full[: -len(copy)].rstrip()
        if not letters_of(label):
            return Relation.SAME
        short = 0 < len(label) <= _LONGEST_LABEL and not _is_letter(label[-1])
        return Relation.PART if short else None
    # Where two letters differ, no change of marks and spaces can make the copies equal.
    if len(full) <= _LONGEST and not (_is_letter(copy[head]) and _is_letter(full[head])):
        # The coarse comparison, which loses vowel signs, spares most pairs the exact one.
        rest, full_rest = copy[head:], full[head:]
        if _NO_WORD.sub("", full_rest).startswith(_NO_WORD.sub("", rest)):
            letters, full_letters = letters_of(rest), letters_of(full_rest)
            if letters == full_letters:
                return Relation.SAME
            if cut and full_letters.startswith(letters):
                return Relation.PART
    return Relation.PART if _lacks_sentences(copy, full, head) else None


def _lacks_sentences(copy: str, full: str, head: int) -> bool:
    tail = _common_prefix(copy[::-1], full[::-1])
    earliest, missing = len(copy) - tail, len(full) - len(copy)
    if earliest > head or missing == 0:
        return False
    for end in _SENTENCE_END.finditer(full, max(0, earliest - 4), head):
        at = end.end()
        if at >= earliest and _SENTENCE_END.search(full, at + missing - 3, at + missing):
            return True
    return False


def letters_of(key: str) -> str:
    """Letters, digits and the marks upon them; vowel signs are letters too."""
    return "".join(filter(_is_letter, key))


def _is_letter(character: str) -> bool:
    return character.isalnum() or unicodedata.category(character)[0] == "M"


def _common_prefix(one: str, other: str) -> int:
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if other.startswith(one[low:middle], low):
            low = middle
        else:
            high = middle - 1
    return low


def similarity(copy: str, full: str) -> float:
    """Share of the shingles of `copy` that `full` has too; 0 where a number is new.

    Shingles are three words, or five characters where words are not set apart
    (Broder, "On the resemblance and containment of documents", 1997).
    """
    too_long = max(len(copy), len(full)) > _LONGEST
    if too_long or not set(_NUMBER.findall(copy)) <= set(_NUMBER.findall(full)):
        return 0.0
    shingles = set(_shingles(copy))
    return len(shingles & set(_shingles(full))) / len(shingles) if shingles else 0.0


def _shingles(key: str) -> Iterator[tuple[str, ...]]:
    words: Iterable[str] = key.split()
    size = _SHINGLE_WORDS
    if len(key) > 15 * key.count(" "):
        words, size = letters_of(key), _SHINGLE_CHARACTERS
    units = tuple(words)
    return zip(*(islice(units, skip, None) for skip in range(size)), strict=False)
