"""One spelling each for what is written down: values, and text that a person has to see."""

from __future__ import annotations

import json
import unicodedata

# Non-joiner and joiner are part of the spelling of Persian, Hindi and others.
_JOINERS = "\u200c\u200d"


def canonical_json(value: object) -> str:
    """JSON with one spelling for each value: keys sorted, no spaces, text as itself, no NaN.

    Raises:
        ValueError: `value` holds NaN or an infinity.

    """
    return json.dumps(
        value, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False
    )


def visible(text: str) -> str:
    r"""Spell what nobody can see, or what moves other text, as JSON spells it (`\u200b`).

    That is every control, format, private-use, unassigned and separator character but the
    space; a joiner after a letter stays, where it is needed to read the word.
    """
    if text.isprintable():
        return text
    out = []
    last = ""
    for char in text:
        joins = char in _JOINERS and (last.isalpha() or unicodedata.category(last or " ")[0] == "M")
        out.append(char if joins or char.isprintable() else json.dumps(char)[1:-1])
        last = char
    return "".join(out)
