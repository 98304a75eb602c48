"""Kept text finds its lines: in page order, each line once, copies told apart by neighbours."""

from __future__ import annotations

import sys
from types import FrameType
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clean_ingest.stages._align import Alignment, align

if TYPE_CHECKING:
    from _typeshed import TraceFunction

PAGES = {
    "english": """\
Home
Sign in
The ferry sails again
By Ana Pires
The ferry to the outer islands sails again from Monday, eight months after a storm broke the pier.
Read more
A return ticket costs eleven crowns, as before the storm.
Share
In winter the boat leaves only twice a day.
Read more
Share
Imprint""",
    "russian": """\
Главная
Войти
Паром снова ходит
Анна Пирес
Паром на дальние острова снова ходит с понедельника: прошло восемь месяцев с тех пор.
Читать далее
Билет туда и обратно стоит одиннадцать крон, как и до шторма.
Поделиться
Зимой судно отходит только два раза в день.
Читать далее
Поделиться
Контакты""",
    "chinese": """\
首页
登录
渡轮重新起航
记者安娜
从星期一开始，开往外岛的渡轮重新起航，此前一场风暴摧毁了北港的码头。
阅读更多
往返票价仍然是十一克朗，与风暴之前相同。
分享
冬天船每天只开两班。
阅读更多
分享
版权说明""",
    "thai": """\
หน้าแรก
เข้าสู่ระบบ
เรือข้ามฟากกลับมาแล้ว
อนา ปิเรส
เรือข้ามฟากไปยังหมู่เกาะรอบนอกจะกลับมาแล่นอีกครั้งในวันจันทร์ หลังจากพายุพัดท่าเรือพัง
อ่านต่อ
ตั๋วไปกลับราคาสิบเอ็ดโครนเหมือนก่อนพายุ
แบ่งปัน
ในฤดูหนาวเรือออกเพียงวันละสองเที่ยว
อ่านต่อ
แบ่งปัน
ติดต่อเรา""",
}
KEPT = (2, 4, 6, 8)


def chosen(lines: list[str], texts: list[str]) -> tuple[int, ...]:
    """The indices of the lines that were kept as a whole."""
    found = align(lines, texts)
    return tuple(
        index
        for index, (length, kept) in enumerate(zip(found.lengths, found.kept, strict=True))
        if length and kept == length
    )


@pytest.mark.parametrize("language", sorted(PAGES))
def test_kept_lines_are_found(language: str) -> None:
    """Whole lines, in any script."""
    lines = PAGES[language].split("\n")
    assert KEPT == chosen(lines, [lines[index] for index in KEPT])


@pytest.mark.parametrize("language", sorted(PAGES))
@pytest.mark.parametrize("kept", [(4, 5, 6), (8, 9), (6, 7), (8, 9, 10), (4, 5, 6, 7), (2, 4, 5)])
def test_neighbours_decide_which_copy_was_kept(language: str, kept: tuple[int, ...]) -> None:
    """A line that stands twice is the one beside the lines that were kept with it."""
    lines = PAGES[language].split("\n")
    assert kept == chosen(lines, [lines[index] for index in kept])


@pytest.mark.parametrize("language", sorted(PAGES))
@pytest.mark.parametrize("gone", range(12))
def test_a_line_that_the_extractor_lost_is_not_found(language: str, gone: int) -> None:
    """All others are, and no copy stands in for it."""
    lines = PAGES[language].split("\n")
    kept = [index for index in range(len(lines)) if index != gone]
    found = chosen(lines, [lines[index] for index in kept])
    copies = {index for index, line in enumerate(lines) if line == lines[gone]}
    assert len(kept) == len(found)
    assert set(kept) - copies == set(found) - copies


@pytest.mark.parametrize("language", sorted(PAGES))
@pytest.mark.parametrize("doubled", [2, 4, 6, 8])
def test_a_doubled_line_is_used_once(language: str, doubled: int) -> None:
    """Of a copy far away and the line amid its text, the latter is kept."""
    lines = PAGES[language].split("\n")
    before = [lines[doubled], *lines]
    assert tuple(index + 1 for index in KEPT) == chosen(before, [lines[i] for i in KEPT])
    after = [*lines, lines[doubled]]
    assert KEPT == chosen(after, [lines[index] for index in KEPT])


@pytest.mark.parametrize("language", sorted(PAGES))
def test_pieces_need_not_be_lines(language: str) -> None:
    """Kept text may be cut anywhere, at inline elements, or joined over lines, respaced."""
    lines = PAGES[language].split("\n")
    text = "".join(lines[index] for index in KEPT)
    assert KEPT == chosen(lines, [text])
    cut = [part for index in KEPT for part in (lines[index][:9], lines[index][9:])]
    assert KEPT == chosen(lines, [f"\n {part}\t" for part in cut])


def test_part_of_a_line_is_counted() -> None:
    """What was cut out of the midst of a line is missing, the rest is found."""
    lines = [
        "Hafen",
        "韓国の尹錫悦（ユンソンニョル）大統領は三日夜、緊急談話を出した。政府は説明していない。",
    ]
    found = align(lines, ["韓国の尹錫悦大統領は三日夜、緊急談話を出した。政府は説明していない。"])
    assert 0 == found.kept[0]
    assert 27 <= found.kept[1] < found.lengths[1]


def test_text_out_of_page_order_is_found_among_unused_lines() -> None:
    """An extractor that appends what it first forgot keeps it all the same."""
    lines = PAGES["english"].split("\n")
    long = [lines[6], lines[4], lines[8]]
    assert (4, 6, 8) == chosen(lines, long)


def test_what_no_line_has_is_counted() -> None:
    """The length of the kept text but white space, and of what was invented."""
    lines = ["The ferry sails again"]
    assert Alignment((18,), (18,), 28, 10) == align(
        lines, ["The ferry sails again", "in vented so"]
    )


def test_white_space_and_invisible_characters_do_not_count() -> None:
    """Extractors rewrite the one and strip the other."""
    found = align(["The\u00adferry  sails\u200b", "Boat"], ["The ferry\u00a0sails"])
    assert (13, 0) == found.kept
    assert (13, 4) == found.lengths


@given(st.lists(st.text("ab \n", max_size=6), max_size=12), st.lists(st.text("ab \t", max_size=8)))
def test_no_text_is_used_twice(lines: list[str], texts: list[str]) -> None:
    """Whatever comes in: no line has more than it is long, and all text is accounted for."""
    found = align(lines, texts)
    assert all(0 <= kept <= length for length, kept in zip(found.lengths, found.kept, strict=True))
    assert found.total == sum(found.kept) + found.unmatched
    assert 0 <= found.unmatched


@given(st.lists(st.text("abc", min_size=1, max_size=4), max_size=12))
def test_all_of_a_page_is_all_of_its_lines(lines: list[str]) -> None:
    """A vote for the whole page keeps the whole page, however often a line comes."""
    found = align(lines, lines)
    assert (found.lengths, 0) == (found.kept, found.unmatched)


def _steps(lines: list[str], texts: list[str]) -> int:
    """How many lines of our code run."""
    count = 0

    def trace(frame: FrameType, event: str, _argument: object) -> TraceFunction | None:
        nonlocal count
        if "_align" not in frame.f_code.co_filename:
            return None
        count += event == "line"
        return trace

    sys.settrace(trace)
    try:
        align(lines, texts)
    finally:
        sys.settrace(None)
    return count


def _page(kind: str, count: int) -> tuple[list[str], list[str]]:
    if kind == "same":
        return ["The ferry sails again today."] * count, ["The ferry sails again today."] * count
    lines = [f"{number} ferries sail to the islands today." for number in range(count)]
    if kind == "halves":
        return lines, [line[len(line) // 2 :] for line in lines]
    return lines, lines[::-1] if kind == "reversed" else lines[::2]


@pytest.mark.parametrize("kind", ["different", "same", "halves", "reversed"])
def test_work_grows_with_the_text(kind: str) -> None:
    """Ten times the lines are about ten times the work, where all of them are alike too."""
    assert _steps(*_page(kind, 600)) < 14 * _steps(*_page(kind, 60))
