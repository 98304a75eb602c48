"""Globs against a plain definition of what they mean."""

from __future__ import annotations

import fnmatch

from hypothesis import given
from hypothesis import strategies as st

from clean_ingest.readers.pattern import Pattern, has_magic

SEGMENTS = st.sampled_from(["a", "b", "*", "a*", "?", "[ab]", "**"])
NAMES = st.lists(st.sampled_from(["a", "b", "ab", "c"]), min_size=1, max_size=5)


def naive(segments: tuple[str, ...], names: tuple[str, ...]) -> bool:
    """Match by trying everything."""
    if not segments:
        return not names
    first, *rest = segments
    if first == "**":
        return any(naive(tuple(rest), names[n:]) for n in range(len(names) + 1))
    return bool(names) and fnmatch.fnmatchcase(names[0], first) and naive(tuple(rest), names[1:])


@given(st.lists(SEGMENTS, min_size=1, max_size=5), NAMES)
def test_matching_is_what_trying_everything_gives(segments: list[str], names: list[str]) -> None:
    """The one pass over states agrees with the exhaustive search."""
    pattern = Pattern("", (*segments, "*") if segments[-1] == "**" else tuple(segments))

    assert naive(pattern.segments, tuple(names)) == pattern.matches(tuple(names))


@given(st.lists(SEGMENTS, min_size=1, max_size=5), NAMES)
def test_a_folder_above_a_match_is_always_entered(segments: list[str], names: list[str]) -> None:
    """Nothing that matches is missed because its folder was not looked into."""
    pattern = Pattern("", (*segments, "*") if segments[-1] == "**" else tuple(segments))

    if pattern.matches(tuple(names)):
        assert all(pattern.may_hold(tuple(names[:end])) for end in range(1, len(names)))


def test_the_root_is_the_longest_folder_without_magic() -> None:
    """Names are relative to it."""
    assert Pattern("/data/in", ("*", "x.txt")) == Pattern.of("/data//in/./*/x.txt")
    assert Pattern("", ("*.txt",)) == Pattern.of("./*.txt")


def test_magic_is_three_characters() -> None:
    """Braces are plain: a shell has expanded them already."""
    assert [True, True, True, False] == [has_magic(text) for text in ("*", "a?", "[a", "{a,b}")]
