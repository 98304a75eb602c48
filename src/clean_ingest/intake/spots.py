"""Where elements stand in a page: their path, and the words of their classes and ids."""

from __future__ import annotations

from typing import Any

MOST_WORDS = 24  # class and id words of a place: the nearest
_LONGEST_WORD = 64
_LONGEST_ATTRIBUTE = 2_000
_LONGEST_TAG = 40


class Spot:
    """Elements of one path, class and id: one for all of them, so that places cost little."""

    __slots__ = ("_inside", "path", "words")

    def __init__(self, path: str, words: tuple[str, ...]) -> None:
        self.path = path
        self.words = words
        self._inside: dict[tuple[str, str | None, str | None], Spot] | None = None

    def inside(self, element: Any) -> Spot:
        """The spot of an element that stands in one of this spot."""
        get = element.get
        key = element.tag, get("class"), get("id")
        if self._inside is None:
            self._inside = {}
        found = self._inside.get(key)
        if found is None:
            tag, *names = key
            if len(tag) > _LONGEST_TAG:
                tag = tag[:_LONGEST_TAG]
            path = f"{self.path}/{tag}" if self.path else tag
            words = self.words
            for name in names:
                if name:
                    words = (*words, *_words(name))[-MOST_WORDS:]
            found = self._inside[key] = Spot(path, words)
        return found


def _words(name: str) -> list[str]:
    """The words of a class or id, cut to a length that says what they say."""
    if len(name) <= _LONGEST_WORD:
        return name.split()
    return [word[:_LONGEST_WORD] for word in name[:_LONGEST_ATTRIBUTE].split()]
