"""From an outcome to the rows of its tables: plain values, ready for Arrow."""

from __future__ import annotations

import hashlib
import re
from dataclasses import fields
from typing import Any

from clean_ingest.core.document import Line, Source
from clean_ingest.core.ledger import Ledger
from clean_ingest.core.pipeline import Outcome

Row = dict[str, Any]

_ALWAYS = frozenset({"name", "record", "bytes"})
_SURROGATE = re.compile("[\ud800-\udfff]")


def document_row(outcome: Outcome, lines: tuple[Line, ...]) -> Row:
    """Return the `documents` row of a kept document; `lines` are those of its source text.

    Raises:
        UnicodeEncodeError: the clean text holds a lone surrogate, which no stage may make.

    """
    document, metadata = outcome.document, outcome.document.metadata
    return {
        "id": document.id,
        "text": document.text,
        "title": _clean(metadata.title),
        "url": _clean(metadata.url),
        "site": _clean(metadata.site),
        "author": _clean(metadata.author),
        "published": _clean(metadata.published),
        "license": _clean(metadata.license),
        "categories": [scrub(text) for text in metadata.categories],
        "tags": [scrub(text) for text in metadata.tags],
        "language": scrub(document.language),
        "language_confidence": document.language_confidence,
        "declared_language": _clean(metadata.declared_language),
        "text_sha256": text_sha256(document.text),
        "source": source_row(document.source),
        "cleaning": cleaning(outcome.ledger, lines)
        | {"flags": [scrub(flag) for flag in document.flags]},
        "metadata": _clean(metadata.extra),
    }


def excluded_row(
    source: Source, text: str | None, *, outcome: str, stage: str, reason: str, detail: str
) -> Row:
    """Return the `excluded` row of a document; `text` is None where it was never decoded.

    Raises:
        UnicodeEncodeError: as for `document_row`.

    """
    if text is not None:
        text.encode()
    return {
        "id": source.document_id,
        "source": source_row(source),
        "outcome": outcome,
        "stage": scrub(stage),
        "reason": scrub(reason),
        "detail": scrub(detail),
        "kept_id": None,
        "text": text,
    }


def edit_rows(document_id: str, ledger: Ledger) -> list[Row]:
    """Return the `edits` rows of one document, in the order that rebuilds it.

    Raises:
        UnicodeEncodeError: as for `document_row`.

    """
    rows = []
    for row in ledger.rows():
        (row.before + row.after).encode()
        rows.append(
            {
                "document_id": document_id,
                "seq": row.seq,
                "start": row.start,
                "end": row.end,
                "output_offset": row.output_offset,
                "before": row.before,
                "after": row.after,
                "stage": row.stage,
                "rule": scrub(row.rule),
                "evidence": scrub(row.evidence),
                "earlier": [
                    {"stage": c.stage, "rule": scrub(c.rule), "evidence": scrub(c.evidence)}
                    for c in row.earlier
                ],
            }
        )
    return rows


def source_row(source: Source) -> Row:
    """Return the `source` struct; what is not known is null, never an empty string."""
    return {
        field.name: getattr(source, field.name)
        if field.name in _ALWAYS
        else _clean(getattr(source, field.name))
        for field in fields(source)
    }


def text_sha256(text: str) -> str:
    """Return the SHA-256 of `text` in UTF-8, in hex."""
    return hashlib.sha256(text.encode()).hexdigest()


def scrub(text: str) -> str:
    """Replace lone surrogates, one of which would cost Arrow the whole batch."""
    return _SURROGATE.sub("\ufffd", text)


def _clean(text: str | None) -> str | None:
    return scrub(text) if text else None


def cleaning(ledger: Ledger, lines: tuple[Line, ...]) -> dict[str, int]:
    """Return the numbers of the `cleaning` struct; characters are code points."""
    return {
        "source_chars": len(ledger.source),
        "text_chars": len(ledger.text),
        "lines": len(lines),
        "lines_removed": lines_removed(ledger, lines),
        "edits": sum(piece.after is not None for piece in ledger.pieces),
        "replacement_characters": ledger.text.count("\ufffd"),
    }


def lines_removed(ledger: Ledger, lines: tuple[Line, ...]) -> int:
    """Count the source lines that had something and of which only white space is left."""
    pieces = ledger.pieces
    removed = at = 0
    for line in lines:
        if line.is_blank:
            continue
        while pieces[at].end <= line.start:
            at += 1
        over = at
        while over < len(pieces) and pieces[over].start < line.end:
            piece = pieces[over]
            rest = piece.after
            if rest is None:
                if piece.start <= line.start and line.end <= piece.end:
                    break  # nearly every line: kept whole
                rest = ledger.source[max(piece.start, line.start) : min(piece.end, line.end)]
            if rest and not rest.isspace():
                break
            over += 1
        else:
            removed += 1
    return removed
