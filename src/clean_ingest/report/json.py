"""JSON for programs: one line a thing, keys in a fixed order, text as itself."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from typing import Any

from clean_ingest.core.ledger import Row
from clean_ingest.core.pipeline import Outcome

# JSON allows these in strings, but readers such as `str.splitlines` end a line at them.
_SEPARATORS = {ord(char): f"\\u{ord(char):04x}" for char in "\x85\u2028\u2029"}


def line(value: object) -> str:
    """`value` as JSON on one line, with its line feed; dataclasses become objects."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, default=_as_json)
    return text.translate(_SEPARATORS) + "\n"


def document(outcome: Outcome) -> dict[str, Any]:
    """One cleaned document: what became of it, its text, what is known of it, every edit.

    Offsets are code points, as in `edits/*.parquet`; `source_text` is not repeated: text
    and edits rebuild it.
    """
    shown, ledger = outcome.document, outcome.ledger
    left_out = {"stage": outcome.stage, "reason": outcome.reason, "detail": outcome.detail}
    return {
        "id": shown.id,
        "name": shown.source.name,
        "outcome": outcome.outcome,
        **(left_out if outcome.reason else {}),
        "text": ledger.text,
        "language": shown.language,
        "language_confidence": shown.language_confidence,
        "metadata": _without_empty(dataclasses.asdict(shown.metadata)),
        "flags": shown.flags,
        "encoding": shown.source.encoding,
        "source_chars": len(ledger.source),
        "edits": [_edit(row) for row in ledger.rows()],
    }


def _edit(row: Row) -> dict[str, Any]:
    return {**row._asdict(), "earlier": [cause._asdict() for cause in row.earlier]}


def _without_empty(value: Mapping[str, Any]) -> dict[str, Any]:
    return {key: item for key, item in value.items() if item not in (None, (), "")}


def _as_json(value: Any) -> object:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: getattr(value, f.name) for f in dataclasses.fields(value)}
    raise TypeError(f"{type(value).__name__} has no form in JSON")
