"""The default pipeline over one text, line by line: what is left, and which rules took the rest."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache

from clean_ingest.config.load import load
from clean_ingest.core.document import Document, Line
from clean_ingest.core.ledger import Ledger, Piece
from clean_ingest.core.pipeline import Pipeline

_IS_TEXT = re.compile(r"\w")


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A text after cleaning, by line of its source.

    `left` is what is left of each line. `spared` is the same with repairs undone, so that a
    word that was mended does not count as one that was lost. `rules` has the rule that took
    most of the line.
    """

    left: list[str]
    spared: list[str]
    rules: list[str]


@lru_cache(maxsize=1)
def _pipeline() -> Pipeline:
    # The language of a text has no part in what is removed from it, and costs the most.
    stages = load("default").pipeline().stages
    return Pipeline([stage for stage in stages if stage.name != "language"])


def clean(text: str) -> Cleaned:
    """Run the default pipeline over a text."""
    document = Document.from_text(text)
    return by_line(_pipeline().run(document).ledger, document.lines)


def by_line(ledger: Ledger, lines: tuple[Line, ...]) -> Cleaned:
    """Lay a ledger over the lines of its source text; a rewritten piece counts where it begins."""
    starts = [line.start for line in lines]
    left: list[list[str]] = [[] for _ in lines]
    spared: list[list[str]] = [[] for _ in lines]
    rules: list[Counter[str]] = [Counter() for _ in lines]
    for piece in ledger.pieces:
        at = max(0, bisect_right(starts, piece.start) - 1)
        if piece.after:
            left[at].append(piece.after)
        mended = bool(piece.after and not piece.after.isspace()) or _is_invisible(ledger, piece)
        while at < len(lines) and starts[at] < piece.end:
            line = lines[at]
            start, end = max(piece.start, line.start), min(piece.end, line.end)
            if piece.after is None:
                left[at].append(ledger.source[start:end])
            if piece.after is None or mended:
                spared[at].append(ledger.source[start:end])
            elif end > start:
                rules[at][piece.causes[-1].rule] += end - start
            at += 1
    return Cleaned(
        ["".join(parts) for parts in left],
        ["".join(parts) for parts in spared],
        [max(sorted(taken), key=taken.__getitem__, default="") for taken in rules],
    )


def _is_invisible(ledger: Ledger, piece: Piece) -> bool:
    """Whether a removed piece has no character of a word: a soft hyphen parts none."""
    return not _IS_TEXT.search(ledger.source[piece.start : piece.end])
