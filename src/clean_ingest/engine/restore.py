"""The source text of a document, from its clean text and its edits."""

from __future__ import annotations

from pathlib import Path

from clean_ingest.core.errors import DamagedRun, InputError
from clean_ingest.engine.stored import find
from clean_ingest.writers.rows import text_sha256


def restore(out: str | Path, document_id: str) -> str:
    """Return the source text of one document of the run `out`; a unique start of its id will do.

    Raises:
        InputError: there is no such run or document, or it was never decoded.
        DamagedRun: the text that comes out is not the one that went in, by its hash.

    """
    found = find(out, document_id)
    if found.ledger is None:
        reason = found.row["reason"]
        raise InputError(
            "run/no-text", f"the document was never decoded ({reason})", where=found.row["id"]
        )
    text = found.ledger.source
    if text_sha256(text) != found.row["source"]["text_sha256"]:
        raise DamagedRun(
            "rebuild", "clean text and edits do not give the source text", where=found.row["id"]
        )
    return text
