"""The manifest: what a run is, the same bytes for the same run, sealed by its own hash."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from clean_ingest.core.errors import DamagedRun, InputError
from clean_ingest.core.spelling import canonical_json
from clean_ingest.writers.files import write_whole

NAME = "manifest.json"
VERSION = 1
_SEAL = "sha256"


def write(out: Path, content: dict[str, Any]) -> None:
    """Seal `content` and write it; the file is for people too, so it is indented.

    The last field is the SHA-256 of the canonical JSON of all others.
    """
    whole = json.loads(canonical_json({"clean_ingest_manifest": VERSION, **content}))
    whole[_SEAL] = _seal(whole)
    text = json.dumps(whole, indent=2, ensure_ascii=False, allow_nan=False)
    write_whole(out / NAME, f"{text}\n".encode())


def read(out: Path) -> dict[str, Any]:
    """Return the manifest of a finished run.

    Raises:
        InputError: there is no run, or it was never finished.
        DamagedRun: the manifest is not what was written.

    """
    path = out / NAME
    where = str(path)
    try:
        content = parse(path.read_bytes())
    except (FileNotFoundError, NotADirectoryError):
        raise InputError(
            "run/none",
            "there is no finished run here",
            where=str(out),
            hint="a run is finished when it has its manifest.json: run it again",
        ) from None
    except OSError as error:
        what = f"the manifest cannot be read: {error.strerror}"
        raise InputError("run/unreadable", what, where=where) from error
    if content is None:
        raise DamagedRun("manifest", "this is no manifest of clean_ingest", where=where)
    if content.get(_SEAL) != _seal(content):
        raise DamagedRun("manifest", "the manifest was changed after it was sealed", where=where)
    return content


def parse(data: bytes) -> dict[str, Any] | None:
    """Return the content where `data` is a manifest of ours, whole or changed, else None."""
    try:
        content = json.loads(data)
    except ValueError:
        return None
    ours = isinstance(content, dict) and "clean_ingest_manifest" in content
    return content if ours else None


def _seal(content: dict[str, Any]) -> str:
    rest = {key: value for key, value in content.items() if key != _SEAL}
    return hashlib.sha256(canonical_json(rest).encode()).hexdigest()
