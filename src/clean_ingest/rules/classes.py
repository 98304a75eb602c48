r"""The named classes of patterns: `{letter}`, `{digit}`, `{edge}` and so on, for all scripts.

The pattern engine is re2: linear in time, so that no rule of a user can hang a run. Its
own `\w`, `\d` and `\b` know ASCII only, which is why rule files use these instead.
"""

from __future__ import annotations

import re
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

_NAME = re.compile(r"\{([a-z]+)\}")


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
