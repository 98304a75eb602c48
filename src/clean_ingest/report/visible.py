"""Text for a terminal: nothing in it is alive, invisible things are seen, columns align."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Sequence

from clean_ingest.core.spelling import visible

SHOWN = 160
"""Code points of a removed text that a report shows; of longer ones it shows both ends."""

# C0 without tab and LF, DEL, C1, and the twelve characters of the property Bidi_Control (UAX 9):
# what can move the cursor, change colours, answer queries or show text in another order.
_ALIVE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)


def safe(text: str) -> str:
    r"""`text` for a terminal: characters that act on it, or reorder it, become `\u001b`.

    Tab and line feed stay; everything a person reads stays. What is left is also safe
    inside JSON strings, whose escapes these are.
    """
    return _ALIVE.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def quoted(text: str, limit: int = SHOWN) -> str:
    r"""`text` in quotes on one line, at most about `limit` code points, nothing invisible in it.

    Line ends, controls, zero-width and private-use characters and all spaces but U+0020
    are written as JSON escapes them.
    """
    if len(text) <= limit:
        return f'"{_spelled(text)}"'
    half = limit // 2
    ends = f"{_spelled(text[:half])} … {_spelled(text[-half:])}"
    return f'"{ends}" ({len(text):,} code points)'


def table(rows: Sequence[Sequence[str]], *, indent: str = "") -> str:
    """Rows as aligned columns two spaces apart; the last column is as long as it likes."""
    if not rows:
        return ""
    # Wide scripts take two cells, so that code points would not align.
    widths = [max(map(_cells, column)) for column in zip(*rows, strict=True)]
    widths[-1] = 0
    lines = [
        "  ".join(
            cell + " " * (width - _cells(cell)) for cell, width in zip(row, widths, strict=True)
        )
        for row in rows
    ]
    return "".join(f"{indent}{line.rstrip()}\n" for line in lines)


def _spelled(text: str) -> str:
    return visible(json.dumps(text, ensure_ascii=False)[1:-1])


def _cells(text: str) -> int:
    if text.isascii():
        return len(text)
    wide = sum(unicodedata.east_asian_width(char) in "WF" for char in text)
    marks = sum(unicodedata.category(char) in ("Mn", "Me", "Cf") for char in text)
    return len(text) + wide - marks
