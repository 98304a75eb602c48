"""The line rules of others do what their papers say."""

from __future__ import annotations

from peers import c4, c4_world, justext, refinedweb

PROSE = "The council met on Monday to talk about the old bridge."


def test_c4() -> None:
    """Terminal punctuation, five words, no script warnings, no policies, no citation marks."""
    lines = [
        PROSE,
        "Bridges and ferries of the world",
        "It was late.",
        "Please turn on JavaScript to see this page.",
        "Please read our privacy policy before you go on.",
        "The story goes on and on and on...",
        "The bridge was built in 1907.[2]",
        "会议在星期一讨论了老桥的问题。",
    ]
    assert [PROSE, "", "", "", "", "", "", ""] == c4(lines[:6], "en") + c4(lines[7:], "zh") + [""]
    assert ["The bridge was built in 1907."] == c4(["The bridge was built in 1907.[2] "], "en")


def test_c4_world() -> None:
    """Marks and words of other scripts count."""
    lines = ["会议在星期一讨论了老桥的问题。", "相关新闻", "परिषद ने सोमवार को बैठक की।", PROSE]
    assert [lines[0], "", lines[2], PROSE] == c4_world(lines, "")


def test_refinedweb() -> None:
    """Capitals, digits, counters and single words go; the three phrases are cut out."""
    lines = ["ALL THE NEWS", "2021 2022", "3 likes", "1.2K views", "Home", PROSE, "2 bridges fell"]
    assert ["", "", "", "", "", PROSE, "2 bridges fell"] == refinedweb(lines, "en")
    edited = ["Sign-in to your account", "Bridges of old Read more...", "You have 2 items in cart"]
    expected = ["to your account", "Bridges of old", "You have 2"]
    assert expected == refinedweb(edited, "en")


def test_justext_keeps_prose_and_takes_short_lines() -> None:
    """With stop words of the language, and by length alone where it has none."""
    long = " ".join([PROSE] * 5)
    assert ["", long, ""] == justext(["Home", long, ""], "en")
    chinese = "会议在星期一讨论了老桥的问题。" * 20
    assert ["", chinese] == justext(["登录", chinese], "zh")


def test_justext_takes_what_has_no_stop_words() -> None:
    """A list of names is long, but no prose."""
    long = " ".join([PROSE] * 5)
    names = " ".join(["Oslo", "Bergen", "Trondheim", "Stavanger"] * 12)
    assert ["", long] == justext([names, long], "en")
