"""Which lines count as gold, and what counts as lost."""

from __future__ import annotations

from collections import Counter

import pytest

from scores import (
    CHROME,
    GOLD,
    MIXED,
    NOTHING,
    TITLE,
    Fate,
    Tally,
    align,
    bag_f1,
    fates,
    tally,
    words,
)


def kinds(page: str, gold: str) -> list[str]:
    """The kind of each line of a page."""
    return align([words(line) for line in page.split("\n")], list(map(words, gold.split("\n"))))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The FERRY's late", ("the", "ferry", "s", "late")),
        ("図書館です", ("図", "書", "館", "で", "す")),
        ("iPhoneの値段", ("iphone", "の", "値", "段")),
        ("ตลาด", ("ต", "ล", "า", "ด")),
        ("한국어 책", ("한국어", "책")),
        ("— · —", ()),
    ],
)
def test_words(text: str, expected: tuple[str, ...]) -> None:
    """Han, kana and Thai by the character, all other scripts by the run of word characters."""
    assert expected == words(text)


def test_bag_f1() -> None:
    """Half of what was found is right, all of the gold was found."""
    assert 2 / 3 == bag_f1(Counter("abcd"), Counter("ab"))
    assert 1.0 == bag_f1(Counter(), Counter())
    assert 0.0 == bag_f1(Counter("a"), Counter())


def test_a_line_of_the_gold_text_is_gold_however_it_is_cut() -> None:
    """Lines of the page may be parts of a line of the gold text, in other case and spacing."""
    page = "The ferry left the quay,\nand nobody WAVED  at it.\nShare this ferry"
    gold = "The ferry left the quay, and nobody waved at it."
    assert [GOLD, GOLD, CHROME] == kinds(page, gold)


def test_a_short_line_needs_its_place() -> None:
    """A word of the text is no gold in a menu, but as a line of its own or beside its neighbour."""
    gold = "Harvest\nThe apples are in, the pears come next week, said the gardener."
    page = (
        "Pears\nHarvest\nGardener\nThe apples are in, the pears come next week,\nsaid the gardener."
    )
    assert [CHROME, GOLD, CHROME, GOLD, GOLD] == kinds(page, gold)


def test_each_word_of_the_gold_text_serves_once() -> None:
    """A shorter copy of a line is chrome."""
    gold = "The bridge will open again in May, if the weather holds."
    assert [CHROME, GOLD] == kinds(f"The bridge will open again in May\n{gold}", gold)


def test_most_of_the_words_are_enough_and_a_part_counts_neither_way() -> None:
    """Four of five words make a line gold, two of five leave it open."""
    gold = "one two three four five six seven eight"
    assert [GOLD] == kinds("one two three four five six seven eight nine", gold)
    assert [MIXED] == kinds("one two three a b c d e", gold)
    assert [CHROME] == kinds("a b c d e f g h", gold)
    assert [NOTHING] == kinds("***", gold)


def test_the_title_counts_neither_way() -> None:
    """Where the gold text does not have it: no cleaner is to remove it, nor any blamed for it."""
    page = [words(line) for line in ("Ferry late again", "Harbour", "It was late.")]
    title = words("Ferry late again | Harbour")
    assert [TITLE, CHROME, GOLD] == align(page, [words("It was late.")], [title])
    assert [] == fates([TITLE], page[:1], [()])


def test_lines_of_scripts_without_spaces_align() -> None:
    """By their characters."""
    assert [CHROME, GOLD] == kinds("首页\n书架是村里的木匠做的。", "书架是村里的木匠做的。")


def test_of_two_copies_either_may_go() -> None:
    """One of two equal lines is gold: the first that goes is chrome, the second is a loss."""
    line = ("the", "lead")
    none: tuple[str, ...] = ()
    assert [Fate((0, 1), 1, 1, 1, 0)] == fates([GOLD, CHROME], [line, line], [none, line])
    assert [Fate((0, 1), 1, 1, 1, 0)] == fates([GOLD, CHROME], [line, line], [line, none])
    assert [Fate((0, 1), 1, 1, 1, 1)] == fates([GOLD, CHROME], [line, line], [none, none])
    assert [Fate((0, 1), 1, 0, 1, 0)] == fates([GOLD, CHROME], [line, line], [line, line])


def test_a_line_that_lost_words_is_no_line_lost() -> None:
    """Its words count as lost; with less than half of them left the line does too."""
    before = [tuple("abcd"), tuple("efgh"), tuple("xy")]
    after = [tuple("abc"), tuple("e"), ()]
    found = tally([GOLD, GOLD, CHROME], before, after, Counter("abcdefgh"), after)
    assert (2, 1, 8, 4) == (found.gold, found.gold_gone, found.words, found.words_gone)
    assert (1, 1, 50.0, 50.0) == (found.chrome, found.chrome_gone, found.lost, found.words_lost)
    assert bag_f1(Counter("abce"), Counter("abcdefgh")) == found.f1


def test_a_word_that_was_repaired_is_not_lost() -> None:
    """What is left decides the F1, what was spared the loss."""
    before, after = [("caf", "s")], [("cafés",)]
    found = tally([GOLD], before, after, Counter(["cafés"]), before)
    assert (0, 0, 1.0) == (found.gold_gone, found.words_gone, found.f1)


def test_tallies_add_up() -> None:
    """Counts and sums alike."""
    total = Tally()
    for _ in range(2):
        total.add(Tally(pages=1, chrome=4, chrome_gone=1, before=0.5, after=0.75))
    assert (2, 8, 25.0, 0.5, 0.75) == (
        total.pages,
        total.chrome,
        total.removed,
        total.f1_before,
        total.f1,
    )
