"""Dates of other calendars, against days that are known."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clean_ingest.stages._calendars import other_calendar


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1 فروردین 1370", "1991-03-21"),
        ("30 اسفند 1375", "1997-03-20"),
        ("1 فروردین 1399", "2020-03-20"),
        ("1 فروردین 1400", "2021-03-21"),
        ("30 اسفند 1403", "2025-03-20"),
        ("سه‌شنبه 22 اسفند 1402", "2024-03-12"),
        ("22 اسفندماه 1402", "2024-03-12"),
        ("5 دي 1402", "2023-12-26"),
        ("22 سرطان 1402", "2023-07-13"),
        ("1402/12/22", "2024-03-12"),
        ("1402-01-01", "2023-03-21"),
        ("12 มีนาคม 2567", "2024-03-12"),
        ("วันอังคารที่ 12 มีนาคม พ.ศ. 2567", "2024-03-12"),
        ("12 มี.ค. 2567", "2024-03-12"),
        ("12 มีนาคม 2024", "2024-03-12"),
        ("3/4/2567", "2024-04-03"),
        ("令和6年3月12日", "2024-03-12"),
        ("令和元年5月1日(水)", "2019-05-01"),
        ("平成31年4月30日", "2019-04-30"),
        ("民國113年3月12日", "2024-03-12"),
        ("中華民國 113 年 3 月 12 日", "2024-03-12"),
    ],
)
def test_days_of_other_calendars(text: str, expected: str) -> None:
    """Each is the day that it is in the Gregorian calendar."""
    found = other_calendar(text, lambda: True)
    assert found is not None
    assert expected == found.isoformat()


@pytest.mark.parametrize(
    "text",
    [
        "30 اسفند 1402",
        "31 مهر 1402",
        "1445/09/12",
        "1402/13/01",
        "12 مارس 1402",
        "31 กุมภาพันธ์ 2567",
        "令和6年13月1日",
        "令和0年1月1日",
        "平成元年1月8日",
        "113年3月12日",
        "2567",
        "",
    ],
)
def test_no_days(text: str) -> None:
    """Days that no calendar has, lunar years and years without an era give nothing."""
    assert other_calendar(text, lambda: True) is None


def test_numbers_alone_need_a_persian_text() -> None:
    """Elsewhere a year of 1402 is a lunar one, or none."""
    assert other_calendar("1402/12/22", lambda: False) is None


@given(st.text(alphabet="0123456789 /年月日令和民國元اسفندมีนาคม", max_size=24))
def test_calendars_never_fail(text: str) -> None:
    """No text raises, and what is found lies in the years that are looked for."""
    found = other_calendar(text, lambda: True)
    assert found is None or 1990 <= found.year <= 2100
