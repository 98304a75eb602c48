"""Globs with `**`, matched by us: the shell's and Python's follow links and sort by locale."""

from __future__ import annotations

import fnmatch
import re
from dataclasses import dataclass

_MAGIC = re.compile(r"[*?\[]")
_ANY_DEPTH = "**"


def has_magic(text: str) -> bool:
    """Whether `text` has a character that means something in a glob."""
    return _MAGIC.search(text) is not None


@dataclass(frozen=True, slots=True)
class Pattern:
    """A glob below its longest folder without magic; matches files, not folders.

    `*`, `?` and `[…]` match inside one name, `**` any number of folders, none included.
    A leading dot is matched only by a dot in the pattern.
    """

    root: str
    segments: tuple[str, ...]

    @classmethod
    def of(cls, text: str) -> Pattern:
        """Split a glob into its root and the segments below it."""
        parts = [part for part in text.split("/") if part not in ("", ".")]
        plain = 0
        while plain < len(parts) - 1 and not has_magic(parts[plain]):
            plain += 1
        root = ("/" if text.startswith("/") else "") + "/".join(parts[:plain])
        segments = parts[plain:]
        # `folder/**` means every file below: a last segment must match a name.
        return cls(root, (*segments, "*") if segments[-1] == _ANY_DEPTH else tuple(segments))

    def matches(self, names: tuple[str, ...]) -> bool:
        """Whether the pattern matches the path made of `names`, whole."""
        return len(self.segments) in self._reached(names)

    def may_hold(self, names: tuple[str, ...]) -> bool:
        """Whether a file below the folder `names` could match."""
        return any(at < len(self.segments) for at in self._reached(names))

    def names_hidden(self, names: tuple[str, ...]) -> bool:
        """Whether the pattern asks, with a dot of its own, for the hidden last of `names`."""
        reached = self._reached(names[:-1])
        wanted = [self.segments[at] for at in reached if at < len(self.segments)]
        return any(part[0] == "." and fnmatch.fnmatchcase(names[-1], part) for part in wanted)

    def _reached(self, names: tuple[str, ...]) -> set[int]:
        """Return which segments may come next after `names` were matched."""
        states = self._skip({0})
        for name in names:
            following: set[int] = set()
            for at in states:
                if at == len(self.segments):
                    continue
                segment = self.segments[at]
                if segment == _ANY_DEPTH:
                    following.add(at)
                elif fnmatch.fnmatchcase(name, segment):
                    following.add(at + 1)
            states = self._skip(following)
        return states

    def _skip(self, states: set[int]) -> set[int]:
        """Add the states that a `**` for no folder at all leads to."""
        reached = set(states)
        for at in sorted(states):
            following = at
            while following < len(self.segments) and self.segments[following] == _ANY_DEPTH:
                following += 1
                reached.add(following)
        return reached
