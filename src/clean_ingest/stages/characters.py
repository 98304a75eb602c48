"""Characters that mean nothing, or the same as others: line ends, controls, zero-width, NFC.

Four passes, each a list of rewrites of what the one before left: characters by
themselves, runs of combining marks, characters that some neighbours need, and NFC last.
`normalise` applies them one after the other; the stage puts them together into edits of
the text as it was.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

from clean_ingest.core.document import Document
from clean_ingest.core.stage import Edit, Proposal, option
from clean_ingest.stages._rewrites import Rewrite, add, apply, compose

# NFC is quadratic on longer runs; no orthography needs more than a third of it. The number
# is that of the Stream-Safe Text Format (Unicode Standard Annex 15, section 13).
MARK_RUN = 30
# A mark is two characters at the most when decomposed, and its base adds up to three.
_SHORTEST = MARK_RUN // 2 - 1

_PRIVATE = "\ue000-\uf8ff\U000f0000-\U000ffffd\U00100000-\U0010fffd"
_NONCHARACTERS = "\ufdd0-\ufdef" + "".join(
    chr((plane << 16) + 0xFFFE) + chr((plane << 16) + 0xFFFF) for plane in range(17)
)
_SURROGATES = "\ud800-\udfff"
# Arabic letters in the shapes of one position, and the words that are one glyph. The four
# last (blessings, the rial sign) are used as signs of their own and stay.
_FORMS = "\ufb50-\ufbb1\ufbd3-\ufd3d\ufd50-\ufdcf\ufdf0-\ufdf9\ufe70-\ufefc"

_LINE_ENDS = "\x0b\x0c\x85\u2028\u2029"

# By rule: which characters it is about, and what stands in their place.
_SINGLE = (
    ("line-end", f"\r{_LINE_ENDS}", "\n"),
    ("control", "\0-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u206a-\u206f\ufff9-\ufffc", ""),
    ("zero-width", "\u2060-\u2064\ufeff", ""),
    ("bidi-control", "\u202a-\u202e\u2066-\u2069", ""),
    ("soft-hyphen", "\xad", ""),
    ("private-use", _PRIVATE, ""),
    ("noncharacter", _NONCHARACTERS, ""),
    ("noncharacter", _SURROGATES, "\ufffd"),
    ("presentation-form", _FORMS, None),
)
# Characters that depend on their neighbours.
_LEANING = "\u200b\u200e\u200f\u061c\U000e0000-\U000e007f"

# A match is one character, a terminal escape, or several line ends: hostile text is made of
# nothing else. A CR that belongs to an LF is a match of its own.
_DIRTY = re.compile(
    f"[{''.join(chars for _, chars, _ in _SINGLE)}]"
    f"(?:(?<=\x1b)\\[[0-9;:?]*[ -/]*[@-~]|(?<=[\r{_LINE_ENDS}])(?:\r(?!\n)|[{_LINE_ENDS}])+)?"
)
_KINDS = tuple((name, re.compile(f"[{chars}]"), after) for name, chars, after in _SINGLE)
_LEANING_RUN = re.compile(f"[{_LEANING}]+")
# England, Scotland, Wales and whatever regions follow (Unicode Technical Standard 51, C.1).
_FLAG = "\U0001f3f4"
_FLAG_TAGS = re.compile("[\U000e0030-\U000e0039\U000e0061-\U000e007a]{3,6}\U000e007f")
# Letters and signs of scripts that write no spaces and break lines at ZWSP.
_UNSPACED = re.compile(
    "[\u0e01-\u0e3a\u0e40-\u0e4e\u0e81-\u0ece\u0f00\u0f40-\u0f84\u0f88-\u0fbc\u1000-\u103f"
    "\u1050-\u108f\u109a-\u109d\u1780-\u17d3\u17d7\u17dc\u17dd\ua9e0-\ua9ef\ua9fa-\ua9fe"
    "\uaa60-\uaa7f]"
)
_RIGHT_TO_LEFT = re.compile(
    "[\u05d0-\u05f4\u061d-\u064a\u066d-\u066f\u0671-\u06d5\u06ee\u06ef\u06fa-\u070d\u0710"
    "\u0712-\u072f\u074d-\u07a5\u07b1\u07c0-\u07ea\u0800-\u0815\u0840-\u0858\u0860-\u088e"
    "\u08a0-\u08c9\ufb1d\ufb1f-\ufbc1\ufbd3-\ufd3d\ufd50-\ufdc7\ufdf0-\ufdfc\ufe70-\ufefc"
    "\U00010800-\U00010cff\U00010d00-\U00010d23\U00010e80-\U00010fff\U0001e800-\U0001e8cf"
    "\U0001e900-\U0001e943\U0001ec70-\U0001eeff]"
)
# Composes with what stands before it although it is no mark: Hangul vowels and finals, and
# the vowels of Kirat Rai.
_JOINING = "\u1160-\u11ff\ud7b0-\ud7ff\U00016d40-\U00016d7f"


@dataclass(frozen=True, slots=True)
class Characters:
    """Makes line ends, invisible characters and composed forms the same everywhere."""

    name: ClassVar[str] = "characters"

    keep_private_use: bool = option(
        False, "keep private-use characters, for texts in scripts that have no other"
    )

    def propose(self, document: Document) -> Iterable[Proposal]:
        """Yield the edits that make the text what `normalise` would make of it."""
        if _is_clean(document.text):
            return
        for rewrite in _all_rewrites(document.text, self.keep_private_use):
            yield Edit(rewrite.start, rewrite.end, f"characters/{rewrite.rule}", rewrite.after)


def normalise(text: str, keep_private_use: bool = False) -> str:
    """`text` after all passes: in NFC, with LF line ends only; twice gives the same as once."""
    if not _is_clean(text):
        for find in _passes(keep_private_use):
            text = apply(text, find(text))
    return text


def _is_clean(text: str) -> bool:
    """Whether no pass would change anything; may say no where only a look can tell."""
    try:
        data = text.encode()
    except UnicodeEncodeError:  # lone surrogates
        return False
    # NFC is asked second: the scan has found the long runs on which it is quadratic. By
    # line, since one doubtful mark (a hamza, a nukta) has all of it composed, 30 times slower;
    # ASCII is always in NFC, and need not be cut into lines to know it.
    return not _dirty_scan().search(data) and (
        text.isascii() or all(unicodedata.is_normalized("NFC", line) for line in text.split("\n"))
    )


@functools.cache
def _dirty_scan() -> Any:
    """What any pass but NFC may touch, for re2: 2-7 ms a million characters."""
    import re2

    chars = "".join(chars for _, chars, _ in _SINGLE if chars != _SURROGATES) + _LEANING
    return re2.compile(f"{_for_re2(chars)}|\\pM{{{_SHORTEST}}}")


@functools.cache
def _single_scan() -> Any:
    """Runs of what `_DIRTY` begins with, for re2."""
    import re2

    chars = "".join(chars for _, chars, _ in _SINGLE if chars != _SURROGATES)
    return re2.compile(f"{_for_re2(chars)}+")


_Pass = Callable[[str], list[Rewrite]]


def _passes(keep_private_use: bool) -> tuple[_Pass, ...]:
    return (
        functools.partial(_singles, keep_private_use=keep_private_use),
        _mark_runs,
        _leaning,
        _composed,
    )


def _all_rewrites(text: str, keep_private_use: bool) -> list[Rewrite]:
    done: list[Rewrite] = []
    now = text
    for find in _passes(keep_private_use):
        if found := find(now):
            done = compose(text, now, done, found) if done else found
            now = apply(now, found)
    return done


def _singles(text: str, keep_private_use: bool) -> list[Rewrite]:
    """What needs no look around: most rules, one character each."""
    found: list[Rewrite] = []
    for match in _dirty(text):
        start, end = match.span()
        rule, after = _kind(text[start])
        if rule == "line-end":
            after *= 0 if text.startswith("\r\n", start) else end - start
        elif end - start > 1:
            rule = "terminal-escape"
        elif after == text[start] or (keep_private_use and rule == "private-use"):
            continue
        add(found, Rewrite(start, end, after, rule))
    return found


def _dirty(text: str) -> Iterator[re.Match[str]]:
    """The matches of `_DIRTY`, which re2 finds the places of at ten times the speed."""
    try:
        data = text.encode()
    except UnicodeEncodeError:  # lone surrogates, which re2 cannot read
        yield from _DIRTY.finditer(text)
        return
    read = at = end = 0
    for run in _single_scan().finditer(data):
        first, last = run.span()
        at += len(data[read:first].decode())
        stop = at + len(data[first:last].decode())
        # An escape may reach beyond the run that its first character ends.
        at = max(at, end)
        while at < stop and (match := _DIRTY.match(text, at)):
            yield match
            at = end = match.end()
        read, at = last, stop


@functools.lru_cache(4096)
def _kind(char: str) -> tuple[str, str]:
    """The rule for a character and what it becomes."""
    for name, kind, after in _KINDS:
        if kind.match(char):
            return name, unicodedata.normalize("NFKC", char) if after is None else after
    raise AssertionError(f"no rule for U+{ord(char):04X}")


def _mark_runs(text: str) -> list[Rewrite]:
    """Combining marks beyond the thirtieth on one base, counted as decomposed.

    Marks are counted across characters that a later pass may take out.
    """
    if text.isascii() or not _long_run_scan().search(text.encode()):
        return []
    found: list[Rewrite] = []
    for match in _mark_run_pattern().finditer(text):
        before = text[max(match.start() - 1, 0) : match.start()]
        count = _trailing_marks(before)
        for at in range(*match.span()):
            char = text[at]
            if _LEANING_RUN.match(char):
                continue
            if unicodedata.combining(unicodedata.normalize("NFD", char)[0]) == 0:
                count = _trailing_marks(char)
                continue
            more = _trailing_marks(char)
            if count + more <= MARK_RUN:
                count += more
            else:
                add(found, Rewrite(at, at + 1, "", "mark-run"))
    return found


@functools.lru_cache(4096)
def _trailing_marks(char: str) -> int:
    """How many combining marks end the decomposition of a character, or of nothing."""
    count = 0
    for part in reversed(unicodedata.normalize("NFD", char)):
        if not unicodedata.combining(part):
            break
        count += 1
    return count


def _leaning(text: str) -> list[Rewrite]:
    """Zero-width spaces, direction marks and tags where nothing needs them."""
    found: list[Rewrite] = []
    if not _leaning_scan().search(text.encode("utf-8", "replace")):
        return found
    line_end, right_to_left = -1, False
    for run in _LEANING_RUN.finditer(text):
        start, end = run.span()
        if start > line_end:
            line = text.rfind("\n", 0, start) + 1
            line_end = text.find("\n", start) % (len(text) + 1)
            right_to_left = bool(_RIGHT_TO_LEFT.search(text, line, line_end))
        flag = text[start - 1 : start] == _FLAG and _FLAG_TAGS.match(text, start, end)
        at = flag.end() if flag else start
        # One zero-width space between two letters is enough.
        space = bool(_UNSPACED.match(text[start - 1 : start]) and _UNSPACED.match(text, end))
        for place in range(at, end):
            char = text[place]
            if char == "\u200b":
                if space:
                    space = False
                else:
                    add(found, Rewrite(place, place + 1, "", "zero-width"))
            elif char >= "\U000e0000":
                add(found, Rewrite(place, place + 1, "", "tag"))
            elif not right_to_left:
                add(found, Rewrite(place, place + 1, "", "bidi-control"))
    return found


def _composed(text: str) -> list[Rewrite]:
    """NFC, by the smallest pieces that cannot interact: a character and what joins it."""
    found, start = [], 0
    for line in text.split("\n"):
        if not unicodedata.is_normalized("NFC", line):
            for match in _pieces().finditer(line):
                after = unicodedata.normalize("NFC", match[0])
                if after != match[0]:
                    at = start + match.start()
                    found.append(Rewrite(at, at + len(match[0]), after, "nfc"))
        start += len(line) + 1
    return found


@functools.cache
def _joining() -> str:
    """Regular expression ranges of what may compose with, or reorder before, what precedes it."""
    codes = (*range(0x300, 0x1F000), *range(0xE0100, 0xE01F0))
    return _ranges(code for code in codes if unicodedata.category(chr(code))[0] == "M") + _JOINING


@functools.cache
def _pieces() -> re.Pattern[str]:
    """Where NFC can change anything: a character with its marks, or one that has another form."""
    # All that normalizes to something else by itself stands in these ranges.
    codes = (*range(0x340, 0x3000), *range(0xF900, 0xFB50), *range(0x1D100, 0x1D200))
    codes += tuple(range(0x2F800, 0x2FA20))
    other = _ranges(code for code in codes if unicodedata.normalize("NFC", chr(code)) != chr(code))
    return re.compile(f"[^{_joining()}]?[{_joining()}]+|[{other}]", re.DOTALL)


@functools.cache
def _mark_run_pattern() -> re.Pattern[str]:
    return re.compile(f"[{_joining()}{_LEANING}]{{{_SHORTEST},}}")


@functools.cache
def _long_run_scan() -> Any:
    import re2

    return re2.compile(f"(?:{_for_re2(_LEANING)}*\\pM){{{_SHORTEST}}}")


@functools.cache
def _leaning_scan() -> Any:
    import re2

    return re2.compile(_for_re2(_LEANING))


def _ranges(codes: Iterable[int]) -> str:
    """Ascending code points as ranges of a character class."""
    spans: list[list[int]] = []
    for code in codes:
        if spans and spans[-1][1] == code - 1:
            spans[-1][1] = code
        else:
            spans.append([code, code])
    return "".join(f"\\U{first:08x}-\\U{last:08x}" for first, last in spans)


def _for_re2(chars: str) -> str:
    """A character class of literal characters and ranges, spelt for re2."""
    return "[" + "".join(c if c == "-" else f"\\x{{{ord(c):x}}}" for c in chars) + "]"
