"""The script of a character, coarsely: as much as telling a foreign fragment takes."""

from __future__ import annotations

import functools
import re
from bisect import bisect_right
from typing import Final

# First code point of each range of the Unicode block list that a script writes with; the
# range ends where the next begins. Han, Kana and Bopomofo are one, for they share texts.
_RANGES: Final = (
    (0x0000, "Latin"), (0x0370, "Greek"), (0x0400, "Cyrillic"), (0x0530, "Armenian"),
    (0x0590, "Hebrew"), (0x0600, "Arabic"), (0x0700, "Syriac"), (0x0750, "Arabic"),
    (0x0780, "Thaana"), (0x07C0, "Nko"), (0x0800, "Other"), (0x08A0, "Arabic"),
    (0x0900, "Devanagari"), (0x0980, "Bengali"), (0x0A00, "Gurmukhi"), (0x0A80, "Gujarati"),
    (0x0B00, "Oriya"), (0x0B80, "Tamil"), (0x0C00, "Telugu"), (0x0C80, "Kannada"),
    (0x0D00, "Malayalam"), (0x0D80, "Sinhala"), (0x0E00, "Thai"), (0x0E80, "Lao"),
    (0x0F00, "Tibetan"), (0x1000, "Myanmar"), (0x10A0, "Georgian"), (0x1100, "Hangul"),
    (0x1200, "Ethiopic"), (0x13A0, "Other"), (0x1780, "Khmer"), (0x1800, "Mongolian"),
    (0x18B0, "Other"), (0x1C80, "Cyrillic"), (0x1C90, "Georgian"), (0x1CC0, "Other"),
    (0x1D00, "Latin"), (0x1F00, "Greek"), (0x2000, "Latin"), (0x2C80, "Other"),
    (0x2DE0, "Cyrillic"), (0x2E00, "Latin"), (0x2E80, "Han"), (0x3130, "Hangul"),
    (0x3190, "Han"), (0xA000, "Other"), (0xA640, "Cyrillic"), (0xA6A0, "Other"),
    (0xA720, "Latin"), (0xA800, "Other"), (0xAC00, "Hangul"), (0xD800, "Latin"),
    (0xF900, "Han"), (0xFB00, "Latin"), (0xFB13, "Armenian"), (0xFB1D, "Hebrew"),
    (0xFB50, "Arabic"), (0xFE00, "Latin"), (0xFE70, "Arabic"), (0xFF00, "Latin"),
    (0xFF66, "Han"), (0xFFA0, "Hangul"), (0xFFE0, "Latin"), (0x20000, "Han"),
)  # fmt: skip
_STARTS: Final = tuple(start for start, _ in _RANGES)


@functools.lru_cache(maxsize=2048)
def script_of(char: str) -> str:
    """The script of `char`; what is shared by many, such as punctuation, counts as Latin."""
    return _RANGES[bisect_right(_STARTS, ord(char)) - 1][1]


@functools.cache
def letters_of(script: str) -> re.Pattern[str]:
    """A pattern that finds a character of `script`."""
    ends = (*_RANGES[1:], (0x110000, ""))
    ranges = [
        f"{chr(start)}-{chr(end - 1)}"
        for (start, name), (end, _) in zip(_RANGES, ends, strict=True)
        if name == script
    ]
    return re.compile(f"[{''.join(ranges)}]")
