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

from clean_ingest.stages._calendars import other_calendar

_LONGEST = 60
_FIRST_YEAR, _LAST_YEAR = 1990, 2100

# Nearly all lines end here, after 0.2 µs.
_YEAR = re.compile(r"(?<!\d)\d{4}(?!\d)|[令平民][和成國国]\s?[\d元]")
_TIME = re.compile(
    r"""(?:(?<=\d)T|(?<![\d.]))
        (?: (?P<early>오전|午前|上午|凌晨|早上) | (?P<late>오후|午後|下午|晚上) )? \s?
        (?P<hour>\d{1,2}) (?:[:h]|\s?[時时시点點]\s?) (?P<minute>\d{2}) [分분]?
        (?: : (?P<second>\d{2}) (?:[.]\d+)? )?
        (?P<half> \s*(?:[ap][.]?m\b[.]?|[صم](?!\w)) )?
        (?P<offset> Z\b | [+-]\d{2}:?\d{2} )?
        (?![\d:])""",
    re.VERBOSE | re.IGNORECASE,
)
# British papers write 5 Nov 2023 09.00, Danish ones 5. nov. 2023 kl. 9.00; before the date it
# could be a day and a month.
_DOTTED_TIME = re.compile(r"(\d{4}[ ,|-][^\d.]{0,6}(?:kl[.] )?)(\d{1,2})[.](\d{2})(?![.\d])")
# What may stand behind a time: Uhr, GMT, ч., (GMT+7).
_ZONE = re.compile(
    r"[\s,(]*(?P<name>[^\W\d_]{0,5})\s?(?P<hours>[+-]\d{1,2})?(?::?(?P<minutes>\d{2}))?[.)]*"
)
# Hours from UTC, of names that mean one zone only: not of EST, CST or BST.
_ZONES = {
    "utc": 0,
    "gmt": 0,
    "cet": 1,
    "mez": 1,
    "cest": 2,
    "mesz": 2,
    "eet": 2,
    "eest": 3,
    "msk": 3,
    "мск": 3,
    "sast": 2,
    "wib": 7,
    "wita": 8,
    "hkt": 8,
    "sgt": 8,
    "jst": 9,
    "kst": 9,
    "aest": 10,
    "aedt": 11,
    "nzst": 12,
    "nzdt": 13,
    "edt": -4,
    "mdt": -6,
    "pdt": -7,
}
_BETWEEN = " \t,|·•–—-()"
# Between a date in numbers and its time.
_AT = re.compile(
    r"[\s,|·•–-]+(?:at|um|à|alle(?:\sore)?|ore|às|a\slas|kl[.]?|klo|saat|в|о|u|o|om|ora|lúc|godz[.]?"
    r"|στις|ώρα|ساعت|الساعة|בשעה|เวลา|pukul|jam)$"
)
_PERSIAN_DIGIT = re.compile("[۰-۹]")
_VIETNAMESE = re.compile(
    r"(?:(?:thứ\s\w+|chủ nhật),?\s)?(?:ngày\s)?(\d{1,2})\stháng\s(\d{1,2})"
    r"(?:,|\snăm|,\snăm)?\s(\d{4})",
    re.IGNORECASE,
)
# Where a date in numbers has its day first if its year is last, and is never written otherwise.
_DAY_FIRST = re.compile(
    "a[fr]|b[gn]|c[as]|d[ae]|e[lst]|f[ir]|h[eiry]|i[dst]|ka|lv|m[ks]|n[blo]|p[lt]|r[ou]"
    "|s[klqr]|t[ahr]|u[kr]|vi"
)

_WEEKDAY = r"(?:[^\W\d_]{1,12}(?:\s[^\W\d_]{1,12})?[,.]{1,2}\s*)?"
_KANJI_DAY = r"(?:\s?[(（][月火水木金土日](?:曜日?)?[)）]?)?"
_YEAR_FIRST = re.compile(
    rf"{_WEEKDAY}(\d{{4}})\s?([-/.])\s?(\d{{1,2}})\s?\2\s?(\d{{1,2}})[.]?{_KANJI_DAY}"
)
_YEAR_LAST = re.compile(rf"{_WEEKDAY}(\d{{1,2}})([-/.])\s?(\d{{1,2}})\2\s?(\d{{4}})[.]?")
_EAST_ASIAN = re.compile(
    r"(\d{4})\s?[年년]\s?(\d{1,2})\s?[月월]\s?(\d{1,2})\s?[日일号號]"
    r"\s*(?:[(（]?(?:星期|周|週|礼拜)?[一-龥가-힣](?:曜日|曜|요일)?[)）]?)?"
)
_NO_DATE = re.compile(r"[^\w\s,.'’·|()\-–—\u0300-\u036f\u0900-\u0dff\u0e31-\u0e4e]")
_NUMBER = re.compile(r"\d+")
_WORD = re.compile(r"[^\W\d_]+")
# Besides the numbers: lunes, 12 de marzo de 2024.
_MOST_WORDS = 4
# With the month between day and year, or before the day, and what else stands there.
_MONTH_NEAR = re.compile(
    r"(?<!\d)\d{1,2}(?!\d)(?:[^\w\s]*\s?[^\W\d]+){0,3}[^\w]*\d{4}"
    r"|\d{4}(?:[^\w\s]*\s?[^\W\d]+){1,3}[^\w]*\d{1,2}(?!\d)"
)
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

    None for a line that says anything else, or whose year is not from 1990 to 2100. Which
    number is the month (03/04/2021) only the language can tell, and English never does. An
    offset is kept where it is a number or a name that no two zones share. `language` is asked
    for a BCP 47 tag, and dateparser for its opinion, only where nothing else decides.
    """
    line = line.strip()
    if len(line) > _LONGEST or not _YEAR.search(line):
        return None
    persian = False
    if not line.isascii():
        persian = _PERSIAN_DIGIT.search(line) is not None
        line = _with_ascii_digits(line)
    line = _DOTTED_TIME.sub(r"\1\2:\3", line)
    clock = _TIME.search(line)
    if clock is None:
        day = _day_of(line, language, persian)
        return day.isoformat() if day else None
    before, after = line[: clock.start()], line[clock.end() :]
    zone = _ZONE.match(after)
    offset = _offset_of(clock, zone)
    if not _YEAR.search(after):
        if not (zone and zone.end() == len(after)):
            return None
        after = ""
    elif zone and offset and not clock["offset"]:
        after = after[zone.end() :]
    before = _AT.sub("", before.rstrip())
    day = _day_of(f"{before} {after}".strip(_BETWEEN), language, persian)
    moment = _clock_of(clock, offset)
    return f"{day.isoformat()}T{moment}" if day and moment else None


def _with_ascii_digits(text: str) -> str:
    ascii_digits = (str(unicodedata.decimal(c)) if c.isdecimal() else c for c in text)
    return "".join(ascii_digits).replace("،", ",")


def _offset_of(clock: re.Match[str], zone: re.Match[str] | None) -> str:
    """The offset from UTC as `time.fromisoformat` reads it, empty where it is not sure."""
    if clock["offset"]:
        return str(clock["offset"]).upper()
    hours = _ZONES.get(zone["name"].lower()) if zone else None
    if zone is None or hours is None:
        return ""
    minutes = 0
    if zone["hours"]:
        if hours != 0 or zone["name"].lower() not in {"utc", "gmt"}:
            return ""
        hours, minutes = int(zone["hours"]), int(zone["minutes"] or 0)
    return f"{'-' if hours < 0 else '+'}{abs(hours):02}:{minutes:02}" if abs(hours) < 15 else ""


def _clock_of(clock: re.Match[str], offset: str) -> str | None:
    hour = int(clock["hour"])
    half = clock["half"]
    if half or clock["early"] or clock["late"]:
        # Where the half of the day stands before it, 오후 15:00 is written, too.
        if not half and clock["late"] and 12 < hour < 24:
            hour -= 12
        if not (1 <= hour <= 12 or (clock["early"] and hour == 0)):
            return None
        late = clock["late"] if not half else "p" in half.lower() or "م" in half
        hour = hour % 12 + (12 if late else 0)
    written = f"{hour:02}:{clock['minute']}:{clock['second'] or '00'}{offset}"
    try:
        return time.fromisoformat(written).isoformat()
    except ValueError:
        return None


def _day_of(text: str, language: Callable[[], str], persian: bool) -> date | None:
    if found := _YEAR_FIRST.fullmatch(text):
        if day := _date(found[1], found[3], found[4]):
            return day
    elif found := _EAST_ASIAN.fullmatch(text):
        return _date(found[1], found[2], found[3])
    elif (found := _YEAR_LAST.fullmatch(text)) and int(found[4]) <= _LAST_YEAR:
        one, other = int(found[1]), int(found[3])
        if one <= 12 and other <= 12 and one != other and not _DAY_FIRST.fullmatch(language()):
            return None
        day_first = other <= 12
        return _date(found[4], *((found[3], found[1]) if day_first else (found[1], found[3])))
    elif found := _VIETNAMESE.fullmatch(text):
        return _date(found[3], found[2], found[1])
    day = other_calendar(text, lambda: persian or language() in {"fa", "ps"})
    return day or _named_day(text, language)


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
    is_date = _FIRST_YEAR <= year <= _LAST_YEAR and _MONTH_NEAR.search(text)
    if not is_date or len(_WORD.findall(text)) > _MOST_WORDS:
        return None
    # An English month is no other month in any language that `language` can name, and
    # asking for the language is what costs most here.
    if month := _month_of(text, "en"):
        return _date(str(year), str(month), str(day))
    for tag in dict.fromkeys((language(), "en")):
        if found := _in_words(text, tag, day, year):
            return found
    return None


def _in_words(text: str, tag: str, day: int, year: int) -> date | None:
    if month := _month_of(text, tag):
        return _date(str(year), str(month), str(day))
    parser = _parser(tag)
    found = parser.get_date_data(text).date_obj if parser else None
    if found is None or (found.year, found.day) != (year, day):
        return None
    return date(found.year, found.month, found.day)


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
