"""Dates of other calendars than the Gregorian one, where nothing else can be meant."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

# 1 Farvardin 1369, Solar Hijri, was 21 March 1990. Leap years by the cycle of 33, which is
# that of the calendar of Iran from 1343 to 1472 (Borkowski, The Persian calendar for 3000
# years, 1996).
_SOLAR_FIRST, _SOLAR_LAST = 1369, 1409
_SOLAR_START = date(1990, 3, 21)
_SOLAR_LEAP = frozenset({1, 5, 9, 13, 17, 22, 26, 30})
# The months as Iran names them, and as Afghanistan does.
_SOLAR_MONTHS = (
    "فروردین|حمل",
    "اردیبهشت|ثور",
    "خرداد|جوزا",
    "تیر|سرطان",
    "مرداد|اسد",
    "شهریور|سنبله",
    "مهر|میزان",
    "آبان|عقرب",
    "آذر|قوس",
    "دی|جدی",
    "بهمن|دلو",
    "اسفند|حوت",
)
_SOLAR_WEEKDAY = r"(?:(?:(?:یک|دو|سه|چهار|پنج)[\s\u200c]?)?شنبه|جمعه)"
_SOLAR_NAMED = re.compile(
    rf"(?:{_SOLAR_WEEKDAY}\s?[،,:]?\s)?(?:(?P<day>\d{{1,2}})\s)"
    rf"(?P<month>{'|'.join(_SOLAR_MONTHS)})(?:\s?ماه)?\s?[،,]?\s?(?P<year>1[34]\d\d)"
)
_SOLAR_NUMBERS = re.compile(
    rf"(?:{_SOLAR_WEEKDAY}\s?[،,:]?\s)?(1[34]\d\d)([-/.])(\d{{1,2}})\2(\d{{1,2}})"
)

_BUDDHIST, _BUDDHIST_FIRST, _BUDDHIST_LAST = 543, 2533, 2642
_THAI_MONTHS = (
    "มกราคม|ม.ค.",
    "กุมภาพันธ์|ก.พ.",
    "มีนาคม|มี.ค.",
    "เมษายน|เม.ย.",
    "พฤษภาคม|พ.ค.",
    "มิถุนายน|มิ.ย.",
    "กรกฎาคม|ก.ค.",
    "สิงหาคม|ส.ค.",
    "กันยายน|ก.ย.",
    "ตุลาคม|ต.ค.",
    "พฤศจิกายน|พ.ย.",
    "ธันวาคม|ธ.ค.",
)
_THAI = re.compile(
    r"(?:(?:วัน)?(?:จันทร์|อังคาร|พุธ|พฤหัสบดี|พฤหัส|ศุกร์|เสาร์|อาทิตย์)(?:ที่)?\s?,?\s?)?(?:วันที่\s?)?"
    rf"(\d{{1,2}})\s?({'|'.join(_THAI_MONTHS).replace('.', '[.]')})\s?(?:พ[.]ศ[.]\s?)?(\d{{4}})"
)
_THAI_NUMBERS = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4})")

_ERAS = {"令和": (2018, 2019), "平成": (1988, 1989), "民國": (1911, 1990), "民国": (1911, 1990)}
_ERA = re.compile(
    r"(令和|平成|中?[華华]?民[國国])\s?(\d{1,3}|元)\s?年\s?(\d{1,2})\s?月\s?(\d{1,2})\s?日"
    r"(?:\s?[(（][月火水木金土日一二三四五六](?:曜日?)?[)）])?"
)


def other_calendar(text: str, is_persian: Callable[[], bool]) -> date | None:
    """The Gregorian date of a text that is a date of another calendar, with ASCII digits.

    Thai Buddhist and Japanese years, those of the Republic of China, and Solar Hijri ones:
    numbers alone are Solar Hijri only in a Persian text, and from 1369 to 1409,
    which as lunar years were over before there were pages.
    """
    if found := _ERA.fullmatch(text):
        start, first = _ERAS[found[1][-2:]]
        year = start + (1 if found[2] == "元" else int(found[2]))
        return _date(year, int(found[3]), int(found[4])) if year >= first else None
    # Arabic letters stand for Persian ones on many Iranian pages.
    if found := _SOLAR_NAMED.fullmatch(text.replace("ي", "ی")):
        return _solar(int(found["year"]), _number(_SOLAR_MONTHS, found["month"]), int(found["day"]))
    if (found := _SOLAR_NUMBERS.fullmatch(text)) and is_persian():
        return _solar(int(found[1]), int(found[3]), int(found[4]))
    if found := _THAI.fullmatch(text):
        year = int(found[3])
        # Both years are in use in Thailand, and 543 apart.
        year -= _BUDDHIST if _BUDDHIST_FIRST <= year <= _BUDDHIST_LAST else 0
        return _date(year, _number(_THAI_MONTHS, found[2]), int(found[1]))
    if found := _THAI_NUMBERS.fullmatch(text):
        year = int(found[4])
        if _BUDDHIST_FIRST <= year <= _BUDDHIST_LAST:
            return _date(year - _BUDDHIST, int(found[3]), int(found[1]))
    return None


def _number(months: tuple[str, ...], name: str) -> int:
    return next(n for n, names in enumerate(months, start=1) if name in names.split("|"))


def _solar(year: int, month: int, day: int) -> date | None:
    if not (_SOLAR_FIRST <= year <= _SOLAR_LAST and 1 <= month <= 12 and day >= 1):
        return None
    last = 31 if month <= 6 else 30 if month <= 11 or year % 33 in _SOLAR_LEAP else 29
    if day > last:
        return None
    days = 365 * (year - _SOLAR_FIRST)
    days += sum(y % 33 in _SOLAR_LEAP for y in range(_SOLAR_FIRST, year))
    days += 31 * (month - 1) - max(0, month - 7) + day - 1
    return _SOLAR_START + timedelta(days)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day) if 1990 <= year <= 2100 else None
    except ValueError:
        return None
