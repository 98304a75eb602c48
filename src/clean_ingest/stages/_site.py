"""The site of a text, where a line about copyright at its end names it."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from clean_ingest.core.document import Line
from clean_ingest.rules.load import rulebook

_FROM_THE_END, _FROM_THE_TOP = 25, 60
_LONGEST_LINE, _LONGEST, _MOST_WORDS = 200, 50, 6

_YEAR = r"(?:19|20)\d\d"
_YEARS = (
    rf"{_YEAR}(?:\s?(?:[-–—/,&]|to|bis|до)\s?(?:{_YEAR}|\d\d\b|present|heute))*(?:\s?年|\s?гг?[.])?"
)
_SIGN = r"(?:©|\(c\)|copyrights?\b)"
_HOLDER = re.compile(
    rf"{_SIGN}[\s:]*(?:{_SIGN}[\s:]*)?(?:by\s)?(?P<year>{_YEARS})?[\s,.:·•|–-]*"
    r"(?:by\s|von\s|par\s|por\s)?(?P<name>[^\W_].*)",
    re.IGNORECASE,
)
_HOLDER_FIRST = re.compile(
    rf"(?P<name>[^\W\d_][^|•·©]*?)[\s,.]*©\s?(?:copyright\s)?(?P<year>{_YEARS})", re.IGNORECASE
)
_HAS_YEAR = re.compile(_YEAR)
_LEGAL_FORMS = (
    r"(?:inc|incorporated|llc|l\.l\.c|ltd|limited|plc|corp|corporation|company|co|lp|llp|pty(?:\.?\sltd)?"
    r"|(?:pvt|private)\.?\s(?:ltd|limited)|g?gmbh(?:\s&\sco\.?(?:\skg)?)?|ag|kg|se|ug|e\.\s?v|mbh|m\.b\.h"
    r"|s\.?a|s\.?a\.?s|s\.?r\.?l|s\.?p\.?a|s\.?l\.?u?|b\.?v|n\.?v|a/s|aps|asa|ab|oyj?|sp\.\sz\so\.?\s?o|s\.?r\.?o"
    r"|kft|zrt|d\.?o\.?o|lda|ltda|a\.?ş|ооо|зао|оао|ао|株式会社|有限公司)"
)
_LEGAL = re.compile(rf",?\s{_LEGAL_FORMS}[.]?$|^(?:株式会社|ооо|зао|оао|ао)\s?", re.IGNORECASE)
# What ends a name; a comma before a legal form does not, and one before another name ends all.
_END = re.compile(
    rf"\s*(?:[|•·┊¦;:()\[\]®™/©]|\s[–—-]+(?=\s|$)|\s{{2,}}|[.](?=\s|$)|[,\s]+{_YEAR}"
    rf"|,\s(?!{_LEGAL_FORMS}\b)|$)",
    re.IGNORECASE,
)
_MOST_SMALL = 3
_ABBREVIATION = re.compile(r"(?:^|\s)[^\W\d_]{1,3}$")


def site(lines: Sequence[Line], is_chrome: Callable[[str], bool]) -> str | None:
    """The name behind the last sign of copyright among the last lines, if it names a site.

    With a year or the words that reserve all rights: a sign alone stands before the names of
    photographers. A company is the site only where its name, without the legal form, is also
    a line at the top of the text or the end of one; more often it owns the site. `is_chrome`
    says whether the rulebook takes a line as a whole.
    """
    for text in _tail(lines):
        name = _holder(text)
        if not name or is_chrome(name):
            continue
        short = _LEGAL.sub("", name).strip(" ,.")
        is_company = short != name or _words().companies.search(name)
        if len(short) > 1 and (not is_company or _stands_above(short, lines)):
            return short
    return None


def _tail(lines: Sequence[Line]) -> Iterator[str]:
    count = 0
    for line in reversed(lines):
        text = line.text
        if not text or text.isspace():
            continue
        if len(text) <= _LONGEST_LINE and (
            "©" in text or "opyright" in text or "COPYRIGHT" in text or "(c)" in text
        ):
            yield text.replace("\xa0", " ").replace("\t", "  ").strip()
        count += 1
        if count == _FROM_THE_END:
            break


def _holder(text: str) -> str | None:
    words = _words()
    small = text.lower()
    reserved = next((phrase for phrase in words.rights if phrase in small), "")
    if reserved:
        at = small.index(reserved)
        text = f"{text[:at]} | {text[at + len(reserved) :]}"
    for found in (_HOLDER.search(text), _HOLDER_FIRST.match(text)):
        if found and (name := _name(found["name"], bool(reserved or found["year"]))):
            return None if words.no_sites.search(name) else name
    return None


def _name(text: str, is_sure: bool) -> str | None:
    """The name at the start of `text`; unless `is_sure`, a year has to stand behind it."""
    end = _END.search(text)
    name = (text[: end.start()] if end else text).strip(" .,-–—:|*")
    behind = text[end.start() :].lstrip() if end else ""
    if behind.startswith(".") and _ABBREVIATION.search(name) and not _LEGAL.search(name):
        return None
    if behind.startswith(",") and behind[1:].strip()[:1].isupper():
        return None
    # Photographer/agency.
    if behind.startswith("/") or not (is_sure or _HAS_YEAR.match(behind.lstrip(" ,"))):
        return None
    fits = 2 <= len(name) <= _LONGEST and len(name.split()) <= _MOST_WORDS
    if not fits or not any(map(str.isalpha, name)) or (name[0].islower() and "." not in name):
        return None
    small = sum(word[0].islower() for word in name.split())
    # A sentence.
    return None if small > _MOST_SMALL else name


def _stands_above(name: str, lines: Sequence[Line]) -> bool:
    masthead = re.compile(
        rf"(?:.*\s[|·•–—-]\s)?{re.escape(name)}(?:\s[|·•–—-]\s.*)?", re.IGNORECASE
    )
    written = (line.text.strip() for line in lines if not line.is_blank)
    return any(masthead.fullmatch(text[:_LONGEST_LINE]) for text in islice(written, _FROM_THE_TOP))


class _Words(NamedTuple):
    """What reserves all rights; names that no site has; those of companies that own sites."""

    rights: tuple[str, ...]
    no_sites: re.Pattern[str]
    companies: re.Pattern[str]


@functools.cache
def _words() -> _Words:
    labels = rulebook().labels
    rights = {phrase.lower() for label in labels for phrase in label.rights}
    return _Words(
        tuple(sorted(rights, key=lambda phrase: (-len(phrase), phrase))),
        _word(name for label in labels for name in label.no_sites),
        _word(name for label in labels for name in label.companies),
    )


def _word(words: Iterable[str]) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){_any_of(words)}(?!\w)", re.IGNORECASE)


def _any_of(words: Iterable[str]) -> str:
    longest_first = sorted(set(words), key=lambda word: (-len(word), word))
    return f"(?:{'|'.join(map(re.escape, longest_first))})"
