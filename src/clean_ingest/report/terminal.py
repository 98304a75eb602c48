"""Text for people: nothing in it is alive, long things are short, invisible things are seen."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from clean_ingest.core.pipeline import Outcome
    from clean_ingest.engine.local import RunSummary
    from clean_ingest.engine.plan import Plan
    from clean_ingest.engine.single import Explanation

SHOWN = 160
"""Code points of a removed text that a report shows; of longer ones it shows both ends."""

# C0 without tab and LF, DEL, C1, and the twelve characters of the property Bidi_Control (UAX 9):
# what can move the cursor, change colours, answer queries or show text in another order.
_ALIVE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_SHORT = {"\n": "\\n", "\r": "\\r", "\t": "\\t", '"': '\\"', "\\": "\\\\"}
# Non-joiner and joiner are part of the spelling of Persian, Hindi and others.
_JOINERS = "\u200c\u200d"


def safe(text: str) -> str:
    r"""`text` for a terminal: characters that act on it, or reorder it, become `\u001b`.

    Tab and line feed stay; everything a person reads stays. What is left is also safe
    inside JSON strings, whose escapes these are.
    """
    return _ALIVE.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def quoted(text: str, limit: int = SHOWN) -> str:
    r"""`text` in quotes on one line, at most about `limit` code points, nothing invisible in it.

    Line ends, controls, zero-width and private-use characters and all spaces but U+0020
    are written as escapes.
    """
    spelled = any(char.isalpha() for char in text)
    if len(text) <= limit:
        return f'"{_seen(text, spelled)}"'
    half = limit // 2
    ends = f"{_seen(text[:half], spelled)} … {_seen(text[-half:], spelled)}"
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


def explanation(changes: Iterable[Explanation]) -> str:
    """Every change of a document, in order: source line, stage, rule, what went, why, evidence."""
    return "".join(map(_change, changes))


def headline(outcome: Outcome) -> str:
    """One or two lines on a document: what became of it, how much is left, its language."""
    document, ledger = outcome.document, outcome.ledger
    told: str = outcome.outcome
    if outcome.reason:
        detail = f" ({outcome.detail})" if outcome.detail else ""
        told = f"{told} by {outcome.stage}: {outcome.reason}{detail}"
    confidence = document.language_confidence
    sure = "" if confidence is None else f" ({confidence:.2f})"
    line = (
        f"{document.source.name}: {told}; {len(ledger.text):,} of {len(ledger.source):,} "
        f"code points left, {len(ledger.rows()):,} edits, language {document.language}{sure}\n"
    )
    flags = f"flags: {', '.join(document.flags)}\n" if document.flags else ""
    return line + flags


def plan(planned: Plan, out: Path) -> str:
    """What a run would do: how much it would read, and which inputs each shard has."""
    lines = [
        f"would read {_count(planned.inputs, 'input')} ({planned.size:,} bytes) "
        f"in {_count(len(planned.shards), 'shard')} into {out}{_hidden(planned.hidden)}\n"
    ]
    for shard in planned.shards:
        first, last = shard.inputs[0].name, shard.inputs[-1].name
        names = first if len(shard.inputs) == 1 else f"{first} … {last}"
        many = _count(len(shard.inputs), "input")
        lines.append(f"  shard {shard.ordinal}: {many}, {shard.size:,} bytes: {names}\n")
    return "".join(lines)


def summary(done: RunSummary) -> str:
    """What a run did: the counts, why documents were left out, where it is, what to do next."""
    reasons = [
        ("", outcome, reason, f"{count:,}")
        for outcome, counts in sorted(done.reasons.items())
        for reason, count in sorted(counts.items())
    ]
    return (
        f"read {_count(done.read, 'document')} from {_count(done.inputs, 'input')}: "
        f"{done.kept:,} kept, {done.dropped:,} dropped, {done.quarantined:,} quarantined"
        f"{_hidden(done.hidden)}\n"
        f"{table(reasons)}"
        f"made {_count(done.edits, 'edit')} in {done.seconds:,.1f} s; the run is in {done.out}\n"
        f"next: clean-ingest stats {done.out}\n"
    )


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" + ("" if number == 1 else "s")


def _hidden(number: int) -> str:
    return f"; passed over {number:,} hidden files or folders" if number else ""


def _change(change: Explanation) -> str:
    row = change.row
    if not row.before:
        what = f"inserted  {quoted(row.after)}"
    elif not row.after:
        what = f"removed   {quoted(row.before)}"
    else:
        what = f"rewrote   {quoted(row.before)}\n  as        {quoted(row.after)}"
    place = f"line {change.line:,}, {row.start}-{row.end}"
    lines = ["", f"{place}  {row.stage}  {row.rule}", f"  {what}"]
    if change.why:
        lines.append(f"  why       {change.why}")
    if row.evidence:
        lines.append(f"  evidence  {_seen(row.evidence, spelled=True)}")
    lines += [f"  before    {cause.stage}  {cause.rule}" for cause in row.earlier]
    return "\n".join(lines) + "\n"


def _seen(text: str, spelled: bool) -> str:
    return "".join(_char(char, spelled) for char in text)


def _char(char: str, spelled: bool) -> str:
    if char in _SHORT:
        return _SHORT[char]
    if char == " " or (spelled and char in _JOINERS):
        return char
    category = unicodedata.category(char)
    if category in _UNSEEN or category == "Zs":
        code = ord(char)
        return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"  # noqa: PLR2004  # the BMP
    return char


def _cells(text: str) -> int:
    if text.isascii():
        return len(text)
    wide = sum(unicodedata.east_asian_width(char) in "WF" for char in text)
    marks = sum(unicodedata.category(char) in ("Mn", "Me", "Cf") for char in text)
    return len(text) + wide - marks
