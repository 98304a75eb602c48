"""Lines that are a date and nothing else, as ISO 8601; the same under any clock and locale."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable
from datetime import date, datetime, time
from functools import lru_cache
from importlib import import_module
from typing import Any

_LONGEST = 60
_FIRST_YEAR, _LAST_YEAR = 1990, 2100

# Nearly all lines end here, after 0.2 µs.
_YEAR = re.compile(r"(?<!\d)\d{4}(?!\d)")
_TIME = re.compile(
    r"""(?:(?<=\d)T|(?<![\d.]))
        (?P<hour>\d{1,2}) (?:[:h]|\s?[時时시点點]\s?) (?P<minute>\d{2}) [分분]?
        (?: : (?P<second>\d{2}) (?:[.]\d+)? )?
        (?P<half> \s*[ap][.]?m\b[.]? )?
        (?P<offset> Z\b | [+-]\d{2}:?\d{2} )?
        (?![\d:])""",
    re.VERBOSE | re.IGNORECASE,
)
# British papers write 5 Nov 2023 09.00; before the date it could be a day and a month.
_DOTTED_TIME = re.compile(r"(?<=\d{4} )(\d{1,2})[.](\d{2})(?![.\d])")
# What may stand behind a time: Uhr, GMT, ч., (GMT+7).
_ZONE = re.compile(r"[\s,(]*[^\W\d_]{0,5}(?:[+-]\d{1,2}(?::\d{2})?)?[.)]*")
_BETWEEN = " \t,|·•–—-()"

_WEEKDAY = r"(?:[^\W\d_]{1,12}(?:\s[^\W\d_]{1,12})?[,.]{1,2}\s*)?"
_YEAR_FIRST = re.compile(rf"{_WEEKDAY}(\d{{4}})\s?([-/.])\s?(\d{{1,2}})\s?\2\s?(\d{{1,2}})[.]?")
_YEAR_LAST = re.compile(rf"{_WEEKDAY}(\d{{1,2}})([-/.])(\d{{1,2}})\2(\d{{4}})[.]?")
_EAST_ASIAN = re.compile(
    r"(\d{4})\s?[年년]\s?(\d{1,2})\s?[月월]\s?(\d{1,2})\s?[日일号號]"
    r"\s*(?:[(（]?(?:星期|周|週|礼拜)?[一-龥가-힣](?:曜日|曜|요일)?[)）]?)?"
)
_NO_DATE = re.compile(r"[^\w\s,.'’·|()\-–—\u0300-\u036f\u0900-\u0dff\u0e31-\u0e4e]")
_NUMBER = re.compile(r"\d+")
_WORD = re.compile(r"[^\W\d_]+")
_MOST_WORDS = 7
# The keys of dateparser's word lists.
_MONTHS = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]
_WEEKDAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]

# Only a date written out in full: no part of one, nothing counted from today.
_SETTINGS: dict[str, Any] = {
    "PARSERS": ["absolute-time"],
    "RELATIVE_BASE": datetime(2000, 1, 1),
    "REQUIRE_PARTS": ["day", "month", "year"],
    "RETURN_AS_TIMEZONE_AWARE": False,
    "STRICT_PARSING": True,
    "TIMEZONE": "UTC",
}
_NAMES = {"no": "nb"}


def date_of(line: str, language: Callable[[], str]) -> str | None:
    """The date that `line` consists of, in ISO 8601, with the time where it gives one.

    None for a line that says anything else, that leaves open which number is the month
    (03/04/2021), or whose year is not from 1990 to 2100. An offset is kept where it is a
    number; names of zones are left out. `language` is asked for a BCP 47 tag, and
    dateparser for its opinion, only where the month is a word.
    """
    line = line.strip()
    if len(line) > _LONGEST or not _YEAR.search(line):
        return None
    if not line.isascii():
        line = _with_ascii_digits(line)
    line = _DOTTED_TIME.sub(r"\1:\2", line)
    clock = _TIME.search(line)
    if clock is None:
        day = _day_of(line, language)
        return day.isoformat() if day else None
    before, after = line[: clock.start()], line[clock.end() :]
    if not _YEAR.search(after):
        if not _ZONE.fullmatch(after):
            return None
        after = ""
    day, moment = _day_of(f"{before} {after}".strip(_BETWEEN), language), _clock_of(clock)
    return f"{day.isoformat()}T{moment}" if day and moment else None


def _with_ascii_digits(text: str) -> str:
    return "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in text)


def _clock_of(clock: re.Match[str]) -> str | None:
    hour = int(clock["hour"])
    if half := clock["half"]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if "p" in half.lower() else 0)
    offset = (clock["offset"] or "").upper()
    written = f"{hour:02}:{clock['minute']}:{clock['second'] or '00'}{offset}"
    try:
        return time.fromisoformat(written).isoformat()
    except ValueError:
        return None


def _day_of(text: str, language: Callable[[], str]) -> date | None:
    if found := _YEAR_FIRST.fullmatch(text):
        return _date(found[1], found[3], found[4])
    if found := _EAST_ASIAN.fullmatch(text):
        return _date(found[1], found[2], found[3])
    if found := _YEAR_LAST.fullmatch(text):
        one, other = int(found[1]), int(found[3])
        if one <= 12 and other <= 12 and one != other:
            return None
        return _date(found[4], *((found[3], found[1]) if one > other else (found[1], found[3])))
    return _named_day(text, language)


def _date(year: str, month: str, day: str) -> date | None:
    if not _FIRST_YEAR <= int(year) <= _LAST_YEAR:
        return None
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def _named_day(text: str, language: Callable[[], str]) -> date | None:
    """A date whose month is a word, if dateparser and the numbers of the line agree on it."""
    numbers = sorted(_NUMBER.findall(text), key=len)
    # Asked about a line that is no date, dateparser takes 12 ms, so it is not asked.
    if [len(number) for number in numbers] not in ([1, 4], [2, 4]) or _NO_DATE.search(text):
        return None
    day, year = (int(number) for number in numbers)
    if not _FIRST_YEAR <= year <= _LAST_YEAR or not 1 < len(text.split()) <= _MOST_WORDS:
        return None
    # An English month is no other month in any language that `language` can name, and
    # asking for the language is what costs most here.
    if month := _month_of(text, "en"):
        return _date(str(year), str(month), str(day))
    for tag in dict.fromkeys((language(), "en")):
        if month := _month_of(text, tag):
            return _date(str(year), str(month), str(day))
        parser = _parser(tag)
        found = parser.get_date_data(text).date_obj if parser else None
        if found and (found.year, found.day) == (year, day):
            return date(found.year, found.month, found.day)
    return None


def _month_of(text: str, tag: str) -> int | None:
    """The month of a date of plain words: one month, else weekdays and words that say nothing.

    By dateparser's own words, but in 5 µs where dateparser takes 1 ms; what is spelt in any
    other way is left to it.
    """
    months, silent = _words_of(tag)
    words = _WORD.findall(text.casefold())
    named = [word for word in words if word in months]
    if len(named) == 1 and all(word in silent for word in words if word not in months):
        return months[named[0]]
    return None


@lru_cache(maxsize=64)
def _words_of(tag: str) -> tuple[dict[str, int], frozenset[str]]:
    """The single words that dateparser knows in one language: months by number, and the rest."""
    from dateparser.data.languages_info import language_order

    name = _NAMES.get(tag, tag)
    if name not in language_order:
        return {}, frozenset()
    info = import_module(f"dateparser.data.date_translation_data.{name}").info
    named = [(w, n) for n, month in enumerate(_MONTHS, start=1) for w in _plain_words(info, month)]
    meanings = Counter(word for word, _ in set(named))
    months = {word: number for word, number in named if meanings[word] == 1}
    others = (*_WEEKDAYS, "skip", "pertain")
    return months, frozenset(word for key in others for word in _plain_words(info, key))


def _plain_words(info: dict[str, Any], key: str) -> list[str]:
    folded = (word.casefold().rstrip(".") for word in info.get(key, ()))
    return [word for word in folded if _WORD.fullmatch(word)]


@lru_cache(maxsize=64)
def _parser(tag: str) -> Any:
    """A parser for one language alone, or None: in another, listopad is another month."""
    # Imported here: 80 ms, and one page in three has no such line.
    from dateparser.data.languages_info import language_order
    from dateparser.date import DateDataParser

    name = _NAMES.get(tag, tag)
    if name not in language_order:
        return None
    # Without the memory of languages that fitted before, so that the order of documents
    # cannot matter.
    return DateDataParser(languages=[name], settings=_SETTINGS, try_previous_locales=False)
