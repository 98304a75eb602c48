"""UTF-8 that was read with a code page, back through that code page and read as UTF-8.

Strictly: every character of the part in question has to belong to a valid sequence, and
text of one script has to come out of what no one would write.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from typing import Any, NamedTuple

# Code pages through which ftfy repairs nothing, or not all that a strict round trip can;
# "sloppy" ones are ftfy's, with their holes filled.
CODECS = {
    "koi8-r": "mojibake/utf8-as-koi8-r",
    "koi8-u": "mojibake/utf8-as-koi8-u",
    "cp866": "mojibake/utf8-as-cp866",
    "cp850": "mojibake/utf8-as-cp850",
    "cp852": "mojibake/utf8-as-cp852",
    "cp437": "mojibake/utf8-as-cp437",
    "sloppy-windows-1250": "mojibake/utf8-as-windows-1250",
    "sloppy-windows-1251": "mojibake/utf8-as-windows-1251",
    "sloppy-windows-1252": "mojibake/utf8-as-windows-1252",
    "sloppy-windows-1253": "mojibake/utf8-as-windows-1253",
    "sloppy-windows-1254": "mojibake/utf8-as-windows-1254",
    "sloppy-windows-1255": "mojibake/utf8-as-windows-1255",
    "cp1256": "mojibake/utf8-as-windows-1256",
    "sloppy-windows-1257": "mojibake/utf8-as-windows-1257",
    "sloppy-cp874": "mojibake/utf8-as-cp874",
    "mac-roman": "mojibake/utf8-as-mac-roman",
    "mac-cyrillic": "mojibake/utf8-as-mac-cyrillic",
}
_CODEC_NAMES = tuple(CODECS)
# UTF-8 lead bytes by script: Latin, Greek, Cyrillic, Armenian, Hebrew, Arabic; then South
# Asian and Thai, Georgian and Ethiopic, Chinese with Japanese and Korean.
_LATIN = "c2c3c4c5"
_TWO_BYTES = ("cecf", "d0d1", "d4d5d6", "d7", "d8d9dadb")
_THREE_BYTES = ("e0", "e1", "e3e4e5e6e7e8e9eaebeced")
_BOX = "\u2500-\u259f"

# Scripts that a round trip may bring to light; ancient ones come up by chance only.
_EAST_ASIAN = frozenset(
    {"HANGUL", "CJK", "HIRAGANA", "KATAKANA", "KATAKANA-HIRAGANA", "IDEOGRAPHIC"}
)
_SCRIPTS = _EAST_ASIAN | {
    "LATIN",
    "GREEK",
    "CYRILLIC",
    "ARMENIAN",
    "HEBREW",
    "ARABIC",
    "SYRIAC",
    "THAANA",
    "DEVANAGARI",
    "BENGALI",
    "GURMUKHI",
    "GUJARATI",
    "ORIYA",
    "TAMIL",
    "TELUGU",
    "KANNADA",
    "MALAYALAM",
    "SINHALA",
    "THAI",
    "LAO",
    "TIBETAN",
    "MYANMAR",
    "GEORGIAN",
    "ETHIOPIC",
    "KHMER",
}
_SHORT = 20  # code points of a part whose round trip is remembered
_ENOUGH = 3  # sequences that convince by themselves
_MANY = 6  # sequences whose few lead bytes convince


class Repair(NamedTuple):
    """A text set right, the rule that did it, and by what steps."""

    text: str
    rule: str
    evidence: str


@functools.cache
def _signs() -> Any:
    """The signs of all codecs in one automaton, which costs a thirtieth of one after the other."""
    import re2

    signs = re2.Set.SearchSet(roomy())
    for codec in CODECS:
        signs.Add(sign(codec))
    signs.Compile()
    return signs


@functools.cache
def _known() -> tuple[re.Pattern[str], ...]:
    """By place in `CODECS`: runs of the characters of a codec."""
    return tuple(re.compile(f"[{re.escape(_characters(codec))}]+") for codec in CODECS)


def roomy() -> Any:
    """Options of re2 for these patterns: their automata outgrow its 8 MB."""
    import re2

    options = re2.Options()
    options.max_mem = 64 << 20
    return options


def sign(codec: str) -> str:
    """A pattern that UTF-8 read with `codec` cannot lack, and clean text hardly ever has.

    Three sequences of one script in a row (two of three bytes), one of Latin glued to a
    plain letter, or box drawings glued to letters.
    """
    latin = _sequences(codec, _LATIN, 2, 1)
    signs = [_sequences(codec, leads, 2, 3) for leads in _TWO_BYTES]
    signs += [_sequences(codec, leads, 3, 2) for leads in _THREE_BYTES]
    signs += [f"[A-Za-z]{latin}", f"{latin}[A-Za-z]"]
    if "─" in _characters(codec):
        signs += [f"[{_BOX}][^\\x00-\\x7f{_BOX}]", f"[^\\x00-\\x7f{_BOX}][{_BOX}]"]
    if codec == "cp866":  # the only one in which general punctuation is letters: тАЩ
        signs.append("т[АБВ][А-Яа-п]")
    return "|".join(signs)


def _sequences(codec: str, leads: str, length: int, times: int) -> str:
    """`times` UTF-8 sequences of `length` bytes in a row, as read with `codec`; leads in hex."""
    first = bytes.fromhex(leads).decode(codec)
    follow = bytes(range(0x80, 0xC0)).decode(codec)
    return f"(?:{one_of(first)}{one_of(follow)}{{{length - 1}}}){{{times}}}"


def one_of(chars: str) -> str:
    """A character class for both regular expression engines."""
    return "[" + "".join(f"\\x{{{ord(char):x}}}" for char in sorted(set(chars))) + "]"


def _characters(codec: str) -> str:
    return bytes(range(256)).decode(codec)


def round_trip(text: str) -> Repair | None:
    """The best repair of one line, or None; ftfy's codecs must be registered."""
    best = None
    # The answer is None where there is none, and in no order.
    for number in sorted(_signs().Match(text.encode("utf-8", "replace")) or ()):
        codec, known = _CODEC_NAMES[number], _known()[number]
        # What the code page cannot hold was never read through it, and parts the text.
        parts = known.split(text), known.findall(text)
        mended = [(_through if len(part) > _SHORT else _short)(part, codec) for part in parts[1]]
        mended.append("")
        fixed = "".join(map("".join, zip(parts[0], mended, strict=True)))
        if fixed != text and (best is None or cost(fixed) < cost(best.text)):
            best = Repair(fixed, CODECS[codec], f"encode {codec}, decode utf-8")
    return best


def cost(text: str) -> tuple[int, int, int]:
    """The less, the more of a line was set right; to choose between repairs of one line.

    Characters lost, length (mojibake is longer than what it stands for), rare letters.
    """
    rare = sum("\x80" <= char < "\u0250" and char not in _usual_latin() for char in text)
    return text.count("\ufffd"), len(text), rare


@functools.cache
def _usual_latin() -> frozenset[str]:
    high = bytes(range(0x80, 0x100))
    return frozenset("".join(high.decode(f"cp{n}", "ignore") for n in (1250, 1252, 1254, 1257)))


def _through(text: str, codec: str) -> str:
    """`text` encoded and decoded as UTF-8, strictly; unchanged where that is no clear gain."""
    if text.isascii():
        return text
    try:
        data = text.encode(codec)
        fixed = data.decode()
    except UnicodeError:
        return text
    # The sloppy codecs of ftfy write U+FFFD as SUB.
    if b"\x1a" in data or any(map(is_odd, set(fixed))):
        return text
    return fixed if _is_gain(text, fixed) else text


# Where other characters part a line, the same few letters stand between them again and again.
_short = functools.lru_cache(1024)(_through)


def _is_gain(text: str, fixed: str) -> bool:
    """Whether text of one script came out of what no one would write."""
    scripts, found, at = set(), [], 0
    for char in fixed:
        length = len(char.encode())
        if length > 1:
            found.append((at, text[at : at + length], char))
            if char.isalpha():
                scripts.add(unicodedata.name(char, "?").split()[0])
        at += length
    if not scripts <= _SCRIPTS or (len(scripts - {"LATIN"}) > 1 and not scripts <= _EAST_ASIAN):
        return False
    breaks = sum(any(map(_is_break, source, source[1:])) for _, source, _ in found)
    if len(found) >= _ENOUGH and 2 * breaks >= len(found):
        return True
    if len(found) >= _MANY and 3 * len({source[0] for _, source, _ in found}) <= len(found):
        return True
    # Single accents in words of plain text, with quotes and dashes between them.
    return (
        scripts <= {"LATIN"}
        and any(_is_glued(text, at, source) for at, source, char in found)
        and all(
            (_is_glued(text, at, source) or not char.isalpha())
            and (
                any(map(_is_break, source, source[1:]))
                or not source.isalpha()
                or source[0] > "\u0250"
            )
            for at, source, char in found
        )
    )


def _is_glued(text: str, at: int, source: str) -> bool:
    beside = text[max(at - 1, 0) : at] + text[at + len(source) : at + len(source) + 1]
    return any(char.isascii() and char.isalpha() for char in beside)


def _is_break(before: str, after: str) -> bool:
    """Whether two characters do not belong in one word: letter and sign, small and capital."""
    return (
        before.isalpha() != after.isalpha()
        or (before.islower() and after.isupper())
        or (before < "\u0250") != (after < "\u0250")
    )


def is_odd(char: str) -> bool:
    """Whether nobody means to write `char`: controls, private use, unassigned, surrogates."""
    return not char.isspace() and unicodedata.category(char) in {"Cc", "Cn", "Co", "Cs"}
