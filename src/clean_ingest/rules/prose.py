"""Rules against ordinary prose, in which no rule should find anything."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable, Iterator
from pathlib import Path

from clean_ingest.core.document import Document
from clean_ingest.core.errors import InputError
from clean_ingest.core.stage import Edit
from clean_ingest.rules.check import Propose
from clean_ingest.rules.lint import Problem
from clean_ingest.rules.model import Rulebook


def taken(
    book: Rulebook, paths: Iterable[Path], propose: Propose, stage: str = "chrome"
) -> Iterator[Problem]:
    """One problem for each line of prose, taken as a text of its own, of which a rule takes any.

    Raises `InputError` for a file that is not UTF-8 text, or JSON Lines with a string `text`,
    either of them gzipped or not.
    """
    for path in paths:
        for number, text in _lines(path):
            edits = (p for p in propose(stage, Document.from_text(text), book))
            for rule in sorted({edit.rule for edit in edits if isinstance(edit, Edit)}):
                file = book.rules[rule].file if rule in book.rules else ""
                message = f"takes prose, {path.name} line {number}: {text[:100]!r}"
                yield Problem(rule, file, "prose", message)


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    hint = "Prose is UTF-8 text, or JSON Lines with a string 'text'"
    try:
        data = path.read_bytes()
        text = (gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data).decode("utf-8")
    except (OSError, EOFError, ValueError) as error:
        raise InputError("prose", f"cannot be read: {error}", where=str(path), hint=hint) from error
    is_json = ".jsonl" in path.suffixes
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            prose = _text(line) if is_json else line
            if prose is None:
                raise InputError(
                    "prose", "no JSON with a text", where=f"{path}:{number}", hint=hint
                )
            yield number, prose


def _text(line: str) -> str | None:
    """The `text` of one JSON object, None where it has none."""
    try:
        row = json.loads(line)
    except ValueError:
        return None
    text = row.get("text") if isinstance(row, dict) else None
    return text if isinstance(text, str) else None
