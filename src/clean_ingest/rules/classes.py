r"""The named classes of patterns: `{letter}`, `{digit}`, `{edge}` and so on, for all scripts.

The pattern engine is re2: linear in time, so that no rule of a user can hang a run. Its
own `\w`, `\d` and `\b` know ASCII only, which is why rule files use these instead.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from clean_ingest.core.errors import RulebookError

CLASSES: dict[str, str] = {
    "letter": r"[\p{L}\p{M}]",
    "digit": r"[0-9]",
    "number": r"[0-9]+(?:[.,' ][0-9]+)*",
    "space": r"\s",
    "dash": r"[-~_]",
    "quote": r"[\"'«»‹›「」『』]",
    "separator": r"[-|/\\>»›•·,:;]",
    "private": r"\p{Co}",
    "symbol": r"[\p{S}\p{Po}\p{Pd}\p{Co}]",
    "edge": r"(?:^|$|[^\p{L}\p{M}\p{N}])",
    "name": r"[\p{L}\p{M}][\p{L}\p{M}\p{N}.'&-]*",
    "site": r"(?:[a-z0-9-]+\.)+[a-z]{2,12}",
    "file": r"[^\s/\\]+\.(?:jpe?g|png|gif|webp|svg|avif|bmp|tiff?)",
}
"""What each name stands for. Patterns see a line folded: lower case, ASCII digits, plain
quotes and dashes."""

# What looks at the ends of the text, or at lines no more, in a pattern of a rule file.
_NOT_JOINED = re.compile(r"\\[AzQC]|\(\?[a-zA-Z]*-")
_NOT_OF = re.compile(r"(?<!\\)\[\^")
_NAMED = re.compile(r"(?<!\\)\(\?P?<[A-Za-z_]\w*>")
_NAME = re.compile(r"\{([a-z]+)\}")
_JOINT_SIZE = 20_000
"""Most characters of patterns in one automaton for many lines. At 52,000 it had no memory left
for its states, began anew with every few, and was 60 times as slow; two of half the size cost
what one cost before."""


def expand(pattern: str, where: str) -> str:
    """`pattern` with its named classes written out.

    Raises `RulebookError` for a name that is none.
    """

    def one(match: re.Match[str]) -> str:
        name = match.group(1)
        if name not in CLASSES:
            known = ", ".join(f"{{{key}}}" for key in CLASSES)
            raise RulebookError(
                "pattern", f"There is no class {{{name}}}", where=where, hint=f"Known: {known}"
            )
        return CLASSES[name]

    return _NAME.sub(one, pattern)


def compile_pattern(pattern: str, where: str) -> Any:
    """The compiled pattern.

    Raises `RulebookError` for what re2 cannot compile.
    """
    import re2

    try:
        return re2.compile(expand(pattern, where), quiet_options())
    except re2.error as error:
        raise RulebookError("pattern", f"{pattern!r}: {error}", where=where) from error


def quiet_options() -> Any:
    """Options of re2: nothing on stderr, and memory for an automaton of all patterns.

    A set that runs out of memory answers as if nothing matched; 8 MB, the default, is
    enough for today's patterns, and this leaves room for a user's.
    """
    import re2

    options = re2.Options()
    options.log_errors = False
    options.max_mem = 64 << 20
    return options


def set_of(written: Sequence[str]) -> Any:
    """All patterns, each expanded, as one automaton for whole lines; None for no pattern."""
    import re2

    if not written:
        return None
    automaton = re2.Set.FullMatchSet(quiet_options())
    for pattern in written:
        automaton.Add(pattern)
    automaton.Compile()
    return automaton


def joints_of(written: Sequence[str]) -> tuple[Any, ...]:
    """Patterns that together find the lines of a text which any of `written` may match.

    They find too many where a pattern runs over the end of a line, and never too few. None at
    all stands for asking line by line: where a pattern would mean another thing inside a text
    of many lines, or cannot be joined with others.
    """
    import re2

    if any(map(_NOT_JOINED.search, written)):
        return ()
    # Groups may have a name twice here, and what they hold is asked of the line alone.
    options = quiet_options()
    options.never_capture = True
    joints: list[Any] = []
    try:
        for part in _parts(written):
            # "Anything but" ends with the line, or each would be searched to the end of the text.
            lines = [_NOT_OF.sub(r"[^\\n", _NAMED.sub("(?:", pattern)) for pattern in part]
            joined = "|".join(f"(?:{pattern})" for pattern in lines)
            joints.append(re2.compile(f"(?m)^(?:{joined})$", options))
    except re2.error:
        return ()
    return tuple(joints)


def _parts(written: Sequence[str]) -> Iterator[Sequence[str]]:
    """`written`, cut where so many were joined that their automaton would outgrow its memory."""
    start = size = 0
    for index, pattern in enumerate(written):
        if size and size + len(pattern) > _JOINT_SIZE:
            yield written[start:index]
            start, size = index, 0
        size += len(pattern)
    if start < len(written):
        yield written[start:]
