"""Labels that a scraper glued together: `Skip to contentSkip to search`.

Only scripts with capitals show such a seam: a capital behind a small letter. A line counts
where each part of it is a phrase of the rulebook, so that names such as JavaScript do not.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence
from typing import Any

from clean_ingest.rules.match import Hit, Matcher

GLUED = "chrome/any/glued-phrases"
"""The built-in rule for lines that are glued from phrases."""

_WIDEST = 240
_INNER_SEAMS = 2
"""How many seams the name of a service or a button may have itself, as in `LinkedIn`."""


def find_glued(
    texts: Sequence[str], hits: Sequence[Hit | None], matcher: Matcher
) -> Iterator[tuple[int, Hit]]:
    """The lines of `texts` that are glued from phrases, unless a strong rule wants all of one."""
    rule = matcher.built_in.get(GLUED)
    if rule is None:
        return
    # One search through all lines: three in a hundred have a seam.
    joined = "\n".join(texts).encode("utf-8", "replace")
    number = at = 0
    for match in _seam_lines().finditer(joined):
        start, end = match.span()
        number += joined.count(b"\n", at, start)
        at = end
        text = texts[number]
        hit = hits[number]
        whole = hit is not None and hit.rule.is_strong and hit.end - hit.start == len(text)
        if not whole and len(text) <= _WIDEST and _is_glued(text, matcher):
            yield number, Hit(rule, 0, len(text), text.strip())


@functools.cache
def _seam_lines() -> Any:
    import re2

    return re2.compile(r"(?m)^.*\p{Ll}\p{Lu}.*$")


def _is_glued(text: str, matcher: Matcher) -> bool:
    """Whether seams cut the text into phrases, more than two or one of them strong."""
    seams = [0]
    seams += [i for i in range(1, len(text)) if text[i].isupper() and text[i - 1].islower()]
    seams.append(len(text))
    rules = []
    at, last = 0, len(seams) - 1
    while at < last:
        # The longest first, or a name with a seam of its own would fall apart.
        for end in range(min(at + 1 + _INNER_SEAMS, last), at, -1):
            phrase = matcher.phrases.get(matcher.folding.key(text[seams[at] : seams[end]]))
            if phrase is not None:
                break
        else:
            return False
        rules.append(phrase[0])
        at = end
    return len(rules) > 2 or (len(rules) > 1 and any(rule.is_strong for rule in rules))
