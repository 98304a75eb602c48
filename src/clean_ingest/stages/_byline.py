"""Who wrote a text: names behind a label that says so, near the headline or at the foot."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from clean_ingest.core.document import UNDETERMINED, Line
from clean_ingest.rules.load import rulebook
from clean_ingest.stages._labels import WORD_START, Opening, Row, bare, opening

_AUTHORS = frozenset({"by", "author", "credit", "behind"})
_ALONE = frozenset({"by", "author"})
_LONGEST = 100
_MOST_NAMES, _MOST_WORDS = 8, 5
_LONGEST_NAME = 45

# Where the names of a line end.
_BREAK = re.compile(
    r"\s*[|·•∙▪¦@<>／\"“”„«»:]|\s+[/–—-]+(?=\s|$)|\s?—|\s{2,}|\s?[(\[（【]|\s?(?=\d)"
    r"|\s+(?:on|for|For|in|via|at|am|le|el|il|em|op|den)(?=\s|$)"
)
_MORE = re.compile(r"\s*(?:[,;&+，、；･]|\s/\s)\s*")
_MONTH_BEFORE_DAY = re.compile(
    r"\s(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*[.]?$", re.IGNORECASE
)
PARTICLES = frozenset(
    [
        *("de", "da", "do", "dos", "das", "del", "della", "di", "du", "des", "d", "van", "von"),
        *("der", "den", "ter", "ten", "te", "vom", "zu", "zum", "zur", "la", "le", "las", "los"),
        *("el", "al", "bin", "ibn", "bint", "af", "av", "y", "e", "i", "san", "st"),
    ]
)
_HAN_NAME = re.compile(r"[\u3400-\u9fff]{2,4}")
_JAPANESE_NAME = re.compile(
    r"[\u3400-\u9fff々ヶ]{1,4}[ \u3000]?[\u3040-\u30ff\u3400-\u9fff々]{1,5}"
)
_HAN_PAIR = re.compile(r"[\u3400-\u9fff々]{1,3}[ \u3000][\u3400-\u9fff々]{1,3}")
_KANA = re.compile(r"[\u3040-\u30ff]")
_HANGUL_NAME = re.compile(r"[\uac00-\ud7a3]{2,4}")
_EAST_ASIAN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]")
_JOINS_ANDPARTICLES = re.compile(r"\s[yei]\s")
_ELIDED = re.compile(r"^(?:d|l|dell|dall|all)['’](?=\w)")
_IN_NAMES = re.compile(r"['’.\u200c׳״-]")
_IS_NO_LETTER = re.compile(r"[^\w\u0300-\u0eff]|[\d_]")
_LONGEST_WORD = 20
_SMALL_WITHIN = 300
_NEXT_LABEL = re.compile(r"\s\S{1,16}\s?[:：=＝]")
# Published August 7, 2023 by; 12.03.2024 10:15 von.
_DATE_FIRST = re.compile(
    r"(?:[^\W\d_]+:?\s){0,3}(?:[^\W\d_]+[.,]?\s)?\d{1,4}(?:st|nd|rd|th)?[\s.,/-]+(?:[^\W\d_]+[.,]?|\d{1,2})"
    r"?[\s.,/-]*\d{0,4}(?:[,\s]*(?:at\s|um\s|à\s|-\s)?\d{1,2}[:.h]\d{2}(?:\s?(?:[ap][.]?m[.]?|Uhr))?)?"
    r"[\s|·•,–-]+(?=[^\W\d_])",
    re.IGNORECASE,
)
# Languages that are taken for one another.
_NEAR = ({"no", "nb", "nn", "da", "sv"}, {"hr", "sr", "bs", "sl"}, {"id", "ms"}, {"af", "nl"})


class Byline(NamedTuple):
    """The names, ", " between them, and where they stand, as in `Row`."""

    names: str
    at: int
    distance: int


def byline(
    lines: Sequence[Line], rows: Iterable[Row], language: Callable[[], str], *, has_title: bool
) -> Byline | None:
    """Who wrote the text: the first names below the title; above it, or without one, all agree.

    `rows` are those of `_labels.rows`. `language` is asked for a BCP 47 tag where a word before
    a name is a label in some languages only.
    """
    found = [*_bylines(lines, rows, language)]
    if has_title and found and found[0].distance > 0:
        return found[0]
    agree = all(each.names == found[0].names for each in found)
    return found[0] if found and agree else None


def _bylines(
    lines: Sequence[Line], rows: Iterable[Row], language: Callable[[], str]
) -> Iterator[Byline]:
    """The names that each of the lines gives, or the line behind one that is a label alone."""
    for row in rows:
        label, text = _author_label(row)
        if label is None:
            continue
        if label.end == len(text):
            names = [] if label.kinds.isdisjoint(_ALONE) else names_in(_next(lines, row.at))
        elif label.marked or "by" in label.kinds:
            names = names_in(text[label.end :])
        else:
            names = []
        if names and is_at_home(label, language) and not _are_words(names, lines):
            yield Byline(", ".join(names), row.at, row.distance)


def _author_label(row: Row) -> tuple[Opening | None, str]:
    """The label of an author and the text that it opens.

    That is the line, or the rest of one with a date, behind it or behind another label.
    """
    if row.label and not row.label.kinds.isdisjoint(_AUTHORS):
        return row.label, row.text
    if not row.has_year:
        return None, ""
    date = _DATE_FIRST.match(row.text)
    label = opening(row.text[date.end() :]) if date else None
    if date and label and "by" in label.kinds:
        return label, row.text[date.end() :]
    if ":" in row.text or "：" in row.text:
        for word in WORD_START.finditer(row.text):
            text = row.text[word.start() :]
            label = opening(text)
            if label and label.marked and not label.kinds.isdisjoint(_AUTHORS):
                return (label, text) if label.end < len(text) else (None, "")
    return None, ""


def _next(lines: Sequence[Line], at: int) -> str:
    below = (line.text for line in lines[at + 1 : at + 4] if not line.is_blank)
    text = next(below, "")
    return bare(text) if len(text) <= _LONGEST else ""


def is_at_home(label: Opening, language: Callable[[], str]) -> bool:
    """Whether the label is one of the text's language: `door` is no label on an English page.

    English labels are found on pages in every language.
    """
    if label.marked or "en" in label.languages:
        return True
    tag = language()
    return tag == UNDETERMINED or tag.partition("-")[0] in _kin(label.languages)


def _kin(languages: Iterable[str]) -> frozenset[str]:
    """With those that are taken for one another."""
    found = set(languages)
    return frozenset(found.union(*(group for group in _NEAR if group & found)))


def _are_words(names: Sequence[str], lines: Sequence[Line]) -> bool:
    """Whether the text writes all words of the first name small, as those of no name are."""
    words = [word.strip(".") for word in names[0].split() if word[0].isupper()]
    return bool(words) and all(
        any(
            small in line.text and re.search(rf"\b{re.escape(small)}\b", line.text)
            for line in lines[:_SMALL_WITHIN]
        )
        for small in map(str.lower, words)
    )


def names_in(text: str) -> list[str]:
    """The names at the start of `text`, or none where it may be anything but names."""
    text = _line_of_names(text.strip())
    if not text or len(text) > _MOST_NAMES * _LONGEST_NAME:
        return []
    if _EAST_ASIAN.search(text):
        return _east_asian(text)
    roles, no_names, joins = name_words()
    names: list[str] = []
    for part in _parts(text, joins):
        words = part.split()
        folded = {word.casefold().strip(".") for word in words if word not in PARTICLES}
        if names and (roles & folded or _is_degree(part)):
            break
        if roles & folded or no_names & folded or not _is_name(words):
            return []
        names.append(part)
    return names[:_MOST_NAMES]


def _line_of_names(text: str) -> str:
    """The text up to what cannot belong to a name; empty where a colon shows a menu."""
    text = _NEXT_LABEL.split(text, maxsplit=1)[0]
    end = _BREAK.search(text)
    if end is None:
        return text.strip(" .,;")
    names, behind = text[: end.start()], text[end.start() :].lstrip()
    if behind[:1] == ":":
        return ""
    if behind[:1].isdigit():
        names = _MONTH_BEFORE_DAY.sub("", names)
    return names.strip(" .,;")


def _parts(text: str, joins: re.Pattern[str]) -> Iterator[str]:
    """The text at its commas and ands; at those that are also part of names, between two names."""
    for part in filter(None, _MORE.split(joins.sub(",", text))):
        halves = _JOINS_ANDPARTICLES.split(part)
        yield from halves if all(" " in half for half in halves) else [part]


def _is_degree(part: str) -> bool:
    return len(part) <= 7 and part.isupper()


def _is_name(words: Sequence[str]) -> bool:
    proper = [word for word in words if word not in PARTICLES]
    if not 2 <= len(proper) <= _MOST_WORDS or len(" ".join(words)) > _LONGEST_NAME:
        return False
    if words[-1] in PARTICLES or not all(map(_is_name_word, proper)):
        return False
    return any(len(word.strip(".")) > 1 for word in proper[1:])


def _is_name_word(word: str) -> bool:
    """Whether the word has capital letters where its script has any, and nothing but letters."""
    bare_word = _IN_NAMES.sub("", _ELIDED.sub("", word))
    if not bare_word or len(word) > _LONGEST_WORD or _IS_NO_LETTER.search(bare_word):
        return False
    return not bare_word[0].islower() or "\u10d0" <= bare_word[0] <= "\u10ff"


def _east_asian(text: str) -> list[str]:
    names: list[str] = []
    no_names = name_words()[1]
    for part in _MORE.split(text):
        name = part.strip()
        pieces = name.split(" ")
        if _KANA.search(name):
            found = [name] if _JAPANESE_NAME.fullmatch(name) else []
        elif all(map(_HANGUL_NAME.fullmatch, pieces)):
            found = pieces
        elif len(pieces) == 2 and _HAN_PAIR.fullmatch(name) and any(len(p) != 3 for p in pieces):
            # 山田 太郎 is one name, 王小明 李大華 are two.
            found = [name]
        else:
            found = pieces if all(map(_HAN_NAME.fullmatch, pieces)) else []
        if not found or not no_names.isdisjoint(found):
            return []
        names += found
    return names


@functools.cache
def name_words() -> tuple[frozenset[str], frozenset[str], re.Pattern[str]]:
    """Roles, words that no name holds, and what stands between two names."""
    labels = rulebook().labels
    roles = frozenset(role.casefold() for label in labels for role in label.roles)
    no_names = frozenset(word.casefold() for label in labels for word in label.no_names)
    joins = sorted({join for label in labels for join in label.joins if join not in PARTICLES})
    return roles, no_names, re.compile(rf"\s(?:{'|'.join(map(re.escape, joins))})\s")
