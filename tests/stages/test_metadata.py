"""The metadata stage: what scraped text says about itself."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clean_ingest.core.document import Document
from clean_ingest.core.document import Metadata as Known
from clean_ingest.stages._dates import _month_of, _parser, _words_of, date_of
from clean_ingest.stages._langdetect import profiles
from clean_ingest.stages.metadata import Metadata

BRIDGE = (
    "The harbour bridge was closed on Monday after engineers found cracks in two of its piers.\n"
    "Ferries will carry commuters until the repairs to the bridge are done, the council said.\n"
    "Engineers expect that the cracks can be closed within a month if the weather stays dry.\n"
    "The harbour authority had asked for money for the old piers three times since spring.\n"
)
HEADLINE = "Harbour bridge closed after engineers find cracks"


def tags(text: str, stage: Metadata | None = None) -> dict[str, object]:
    """The tags of a document of `text`, by field."""
    proposals = (stage or Metadata()).propose(Document.from_text(text))
    return {tag.field: tag.value for tag in proposals}


@pytest.mark.parametrize(
    ("title", "body"),
    [
        (HEADLINE, BRIDGE),
        (
            "Hafenbrücke nach Rissen in den Pfeilern gesperrt",
            "Die Hafenbrücke ist am Montag gesperrt worden, weil Fachleute Risse in zwei ihrer "
            "Pfeiler fanden.\nBis die Risse in den Pfeilern geschlossen sind, fahren Fähren über "
            "das Hafenbecken.\nDie Brücke soll in einem Monat wieder frei sein, hieß es im Rathaus.",
        ),
        (
            "В опорах моста нашли трещины, движение закрыто",
            "Движение по мосту закрыли в понедельник, когда инженеры нашли трещины в двух опорах.\n"
            "Пока опоры моста ремонтируют, жителей перевозят паромы, сообщили в мэрии города.\n"
            "Трещины в опорах обещают заделать за месяц, если простоит сухая погода.",
        ),
        (
            "港口大桥桥墩出现裂缝暂停通行",
            "工程师在两个桥墩上发现裂缝之后，港口大桥从星期一起暂停通行，恢复时间尚未确定。\n"
            "在大桥修好之前，市民可以乘坐渡轮往返两岸，市政府说桥墩的裂缝并不危险。\n"
            "如果天气干燥，裂缝一个月之内就能修补完毕，港口大桥也会恢复通行。",
        ),
        (
            "إغلاق جسر الميناء بعد ظهور شقوق في الدعامات",
            "أُغلق جسر الميناء يوم الاثنين بعد أن عثر المهندسون على شقوق في اثنتين من الدعامات.\n"
            "وستنقل العبارات السكان إلى أن ينتهي إصلاح الشقوق في دعامات الجسر، كما قالت البلدية.\n"
            "ويتوقع المهندسون إعادة فتح جسر الميناء خلال شهر واحد إذا بقي الطقس جافا.",
        ),
    ],
)
def test_title_above_prose(title: str, body: str) -> None:
    """A headline over the prose that it announces is the title, in any script."""
    assert title == tags(f"{title}\n\n{body}")["title"]


def test_title_among_chrome() -> None:
    """Menus, a credit and a caption around the headline are not taken for it."""
    page = (
        "Home\nNews\nOpinion and analysis\nWatch live\n\n"
        f"Coast Gazette > Local > Transport\n\n{HEADLINE}\n\n"
        f"© Coast Gazette / Ann Example\n\nShare\nSave\n\n{BRIDGE}"
    )
    assert HEADLINE == tags(page)["title"]


def test_title_below_a_banner() -> None:
    """A description of the site that looks like prose may stand above the headline."""
    page = (
        "Coast Gazette\n"
        "Stories from the coast, with photographs, letters and a calendar of all that is on.\n\n"
        f"{HEADLINE}\n\nPhotograph by a reader\n\n{BRIDGE}"
    )
    assert HEADLINE == tags(page)["title"]


def test_doubled_headline_is_one_title() -> None:
    """A headline that the scraper found twice is found once."""
    assert HEADLINE == tags(f"Coast Gazette\n\n{HEADLINE}\n\n{HEADLINE}\n\n{BRIDGE}")["title"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n \n",
        BRIDGE,
        f"{BRIDGE}\nWhat the engineers found in the harbour piers\n\n{BRIDGE}",
        "Home\nNews\nSport\nWeather and traffic\n",
        f"Sign in to your account\n\n{BRIDGE}",
        f"1. Harbour bridge engineers find cracks\n\n{BRIDGE}",
        f"© Harbour bridge engineers and their cracks\n\n{BRIDGE}",
        f"Local > Harbour > Bridge cracks\n\n{BRIDGE}",
        f"Engineers found cracks in the harbour bridge.\n\n{BRIDGE}",
        f"Engineers found cracks in the harbour bridge …\n\n{BRIDGE}",
    ],
)
def test_no_title(text: str) -> None:
    """Prose at the top, menus, list items, credits, breadcrumbs and sentences are no titles."""
    assert "title" not in tags(text)


def test_title_is_cleaned() -> None:
    """The tag holds repaired text on one line, without what cannot be seen."""
    broken = "Harbour  bridge closed\u00a0after engineers\u200b donâ€™t find cracks "
    assert (
        "Harbour bridge closed after engineers don’t find cracks"
        == (tags(f"{broken}\n\n{BRIDGE}")["title"])
    )


def test_what_the_input_knows_is_left_alone() -> None:
    """Nothing is tagged over a value that the input brought along."""
    text = f"{HEADLINE}\n\nBy Anna Example\n23 August 2021\n\n{BRIDGE}\n© 2021 Coast Gazette\n"
    known = Known(title="Bridge", author="Tom", published="2020-01-01", site="Harbour")
    document = replace(Document.from_text(text), metadata=known)
    assert [] == list(Metadata().propose(document))


def test_options_switch_tags_off() -> None:
    """Each of the tags can be switched off by itself."""
    text = f"{HEADLINE}\n\nBy Anna Example\n23 August 2021\n\n{BRIDGE}\n© 2021 Coast Gazette\n"
    every = {
        "title": HEADLINE,
        "author": "Anna Example",
        "published": "2021-08-23",
        "site": "Coast Gazette",
    }
    assert every == tags(text)
    for field in every:
        others = {key: value for key, value in every.items() if key != field}
        assert others == tags(text, Metadata(**{field: False}))


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        (f"{HEADLINE}\n\nBy a reporter\n23 Aug, 2021 12:15\n\n{BRIDGE}", "2021-08-23T12:15:00"),
        (f"23 Aug, 2021 12:15\n\n{HEADLINE}\n\n{BRIDGE}", "2021-08-23T12:15:00"),
        (f"2021-08-23\n{BRIDGE}", "2021-08-23"),
        (f"1 May 2019\nHome\nNews\nSport\n\n{HEADLINE}\n\n23 May 2021\n\n{BRIDGE}", "2021-05-23"),
        (f"1 May 2019\nHome\nNews\nSport\n\n{HEADLINE}\n\n{BRIDGE}", None),
        (f"{HEADLINE}\n\n{BRIDGE}\n23 August 2021\n", "2021-08-23"),
        (f"{HEADLINE}\n\n{BRIDGE * 3}\n23 August 2021\n", None),
    ],
)
def test_date_belongs_to_the_title(page: str, expected: str | None) -> None:
    """A date just below or right above the title counts; that of a page's masthead does not."""
    assert expected == tags(page).get("published")


@pytest.mark.parametrize(
    ("language", "line", "expected"),
    [
        ("en", "2021-08-23", "2021-08-23"),
        ("en", " 2021/8/3 ", "2021-08-03"),
        ("en", "2021-08-23T12:15:00+03:00", "2021-08-23T12:15:00+03:00"),
        ("en", "2021-08-23 12:15:07Z", "2021-08-23T12:15:07+00:00"),
        ("en", "Monday, August 23rd, 2021 at 12:15 PM EST", "2021-08-23T12:15:00"),
        ("en", "August 23, 2021 (9:05 a.m.)", "2021-08-23T09:05:00"),
        ("en", "12:05 am, 23 August 2021", "2021-08-23T00:05:00"),
        ("en", "Sun 5 Nov 2023 09.00 GMT", "2023-11-05T09:00:00+00:00"),
        ("de", "Montag, 23. August 2021, 12:15 Uhr", "2021-08-23T12:15:00"),
        ("de", "Mo., 25.09.2021 - 14:30", "2021-09-25T14:30:00"),
        ("fr", "lundi 23 août 2021 à 12h15", "2021-08-23T12:15:00"),
        ("es", "23 de agosto de 2021", "2021-08-23"),
        ("ru", "12:15, 23 августа 2021 г.", "2021-08-23T12:15:00"),
        ("hu", "2021. augusztus 23.", "2021-08-23"),
        ("no", "23. august 2021 kl. 12:15", "2021-08-23T12:15:00"),
        ("pl", "5 listopada 2021", "2021-11-05"),
        ("hr", "5. listopada 2021.", "2021-10-05"),
        ("ar", "٢٣ أغسطس ٢٠٢١", "2021-08-23"),
        ("fa", "۲۳ اوت ۲۰۲۱", "2021-08-23"),
        ("hi", "२३ अगस्त २०२१", "2021-08-23"),
        ("th", "23 สิงหาคม 2021", "2021-08-23"),
        ("he", "23 באוגוסט 2021", "2021-08-23"),
        ("ko", "2021년 8월 23일", "2021-08-23"),
        ("ja", "2021年8月23日(月) 12時15分", "2021-08-23T12:15:00"),
        ("zh-Hans", "2021年08月23日 星期一 12:15", "2021-08-23T12:15:00"),
        ("und", "23 August 2021", "2021-08-23"),
        ("en", "13/04/2021", "2021-04-13"),
        ("en", "04/13/2021", "2021-04-13"),
        ("en", "05/05/2021", "2021-05-05"),
        ("de", "03.04.2021", "2021-04-03"),
        ("fr", "03/04/2021 à 10h15", "2021-04-03T10:15:00"),
        ("cs", "3. 4. 2021", "2021-04-03"),
        ("fi", "3.4.2021 klo 10.15", "2021-04-03T10:15:00"),
        ("vi", "Thứ ba, ngày 3 tháng 4 năm 2021", "2021-04-03"),
        ("ko", "2021.08.23. 오후 3:07", "2021-08-23T15:07:00"),
        ("ja", "2021年8月23日 午前0:07", "2021-08-23T00:07:00"),
        ("fa", "۱۴۰۰/۰۶/۰۱ - ۱۲:۱۵", "2021-08-23T12:15:00"),
        ("und", "۱ شهریور ۱۴۰۰", "2021-08-23"),
        ("fa", "1400/06/01", "2021-08-23"),
        ("th", "23 สิงหาคม 2564", "2021-08-23"),
        ("ja", "令和3年8月23日", "2021-08-23"),
        ("zh-Hant", "民國110年8月23日 12:15", "2021-08-23T12:15:00"),
        ("ar", "23 أغسطس 2021 - 3:07 م", "2021-08-23T15:07:00"),
        ("en", "23 August 2021 12:15 CEST", "2021-08-23T12:15:00+02:00"),
        ("en", "12:15 PM EDT, August 23, 2021", "2021-08-23T12:15:00-04:00"),
        ("en", "23 August 2021 12:15 (GMT+7)", "2021-08-23T12:15:00+07:00"),
        ("en", "23 August 2021 12:15 UTC+05:30", "2021-08-23T12:15:00+05:30"),
        ("en", "23 August 2021 12:15 IST", "2021-08-23T12:15:00"),
    ],
)
def test_dates_of_the_world(language: str, line: str, expected: str) -> None:
    """A line that is a date is read, in any digits and with as much time as it gives."""
    assert expected == date_of(line, lambda: language)


@pytest.mark.parametrize(
    "line",
    [
        "",
        "2021",
        "May 2021",
        "23 August",
        "03/04/2021",
        "3.4.2021",
        "1400/06/01",
        "The Top 9 Ferries of 2021",
        "31 February 2021",
        "2021-02-30",
        "2021-08-23 25:15",
        "23 August 1789",
        "23 August 2170",
        "14/02/1400",
        "yesterday at 12:15",
        "2 days ago",
        "5 minutes ago 2021",
        "Updated 23 August 2021",
        "By a reporter, 23 August 2021",
        "Euro 2020 12 teams",
        "The 25 best books of 2021",
        "© 2021 23 August",
        "On 23 August 2021 the bridge was closed.",
        "23 August 2021 – 25 August 2021",
        "2021-08-23 12:15 2021-08-24",
    ],
)
def test_no_date(line: str) -> None:
    """What is no date, leaves day and month open, or counts from today gives nothing."""
    assert date_of(line, lambda: "en") is None


@given(st.text(alphabet=st.sampled_from("0123456789 :./-,2021TZ+年月日۲Augh \u0301"), max_size=30))
def test_dates_never_fail(line: str) -> None:
    """No line raises, and what is found can be read back as ISO 8601."""
    found = date_of(line, lambda: "en")
    assert found is None or found[:4].isdigit()


_CLOCKS = """
import datetime, sys
year = int(sys.argv[1])
class Clock(datetime.datetime):
    @classmethod
    def now(cls, tz=None):
        return cls(year, 2, 3, 4, 5, tzinfo=tz)
    @classmethod
    def utcnow(cls):
        return cls(year, 2, 3, 4, 5)
    @classmethod
    def today(cls):
        return cls(year, 2, 3, 4, 5)
class Day(datetime.date):
    @classmethod
    def today(cls):
        return cls(year, 2, 3)
datetime.datetime, datetime.date = Clock, Day
from clean_ingest.stages._dates import date_of
lines = ["23 Aug, 2021 12:15", "Monday, 23 August 2021", "yesterday 23 2021", "12 May 2031",
         "Fri 5 2021", "in 3 days 2021", "29 February 2024", "5 ago 2021"]
print(year == datetime.datetime.now().year, [date_of(line, lambda: "en") for line in lines])
"""


def test_clock_and_zone_change_nothing() -> None:
    """Under two clocks, two zones and two locales the same lines give the same dates."""
    outputs = {
        subprocess.run(
            [sys.executable, "-c", _CLOCKS, year],
            env={**os.environ, "TZ": zone, "LC_ALL": locale, "PYTHONUTF8": "1"},
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        for year, zone, locale in (("1999", "Asia/Tokyo", "C"), ("2044", "America/Lima", "tr_TR"))
    }
    assert 1 == len(outputs)
    assert "True ['2021-08-23T12:15:00', '2021-08-23', None, '2031-05-12'" in outputs.pop()


def test_earlier_lines_change_nothing() -> None:
    """A date is read the same whichever languages were read before."""
    lines = [("pl", "5 listopada 2021"), ("hr", "5. listopada 2021."), ("en", "3 mar 2021")]
    forth = [date_of(line, lambda tag=tag: tag) for tag, line in lines]  # type: ignore[misc] # mypy cannot infer lambdas with defaults
    back = [date_of(line, lambda tag=tag: tag) for tag, line in reversed(lines)]  # type: ignore[misc] # "
    assert ["2021-11-05", "2021-10-05", "2021-03-03"] == forth
    assert forth[::-1] == back


@given(
    st.lists(
        st.sampled_from(
            [
                "",
                " ",
                HEADLINE,
                "Home",
                "By",
                "By Ann Ex",
                "Updated",
                "© 2021 Ann",
                "23 August 2021",
                BRIDGE,
                "a\u0301",
                "\r",
            ]
        )
    )
)
def test_stage_never_fails(lines: list[str]) -> None:
    """Any mix of lines gives tags of the four fields, of one line each."""
    found = tags("\n".join(lines))
    assert set(found) <= {"title", "author", "published", "site"}
    assert all(isinstance(value, str) and "\n" not in value for value in found.values())


@pytest.mark.parametrize(
    "tag", ["en", "de", "pl", "ru", "es", "pt", "it", "tr", "ar", "fa", "id", "nb"]
)
def test_dates_of_plain_words_are_read_as_dateparser_reads_them(tag: str) -> None:
    """The short way knows dateparser's words, and gives the month that dateparser gives."""
    months, silent = _words_of(tag)
    assert set(range(1, 13)) == set(months.values())
    assert silent
    parser = _parser(tag)
    for word, month in months.items():
        assert month == _month_of(f"12 {word} 2021", tag)
        assert month == parser.get_date_data(f"12 {word} 2021").date_obj.month


def test_an_english_month_is_no_other_month_elsewhere() -> None:
    """So that English may be tried before anybody asks which language it is."""
    english, _ = _words_of("en")
    for tag in profiles().languages:
        months, _ = _words_of(tag)
        shared = english.keys() & months.keys()
        assert {word: english[word] for word in shared} == {word: months[word] for word in shared}
