"""What tests of readers share: inputs out of bytes, and what became of them."""

from __future__ import annotations

import io
import tarfile
import zipfile
from collections.abc import Mapping
from typing import Any

from clean_ingest.readers.inputs import InputFile
from clean_ingest.readers.items import Item, Rejected, Settings, Whole
from clean_ingest.readers.read import read


def held(name: str, data: bytes, **settings: Any) -> list[Item]:
    """Return all that an input holds; the input itself is named and counted."""
    *items, whole = read(InputFile(name, "-", len(data), data=data), Settings(**settings))
    assert isinstance(whole, Whole)
    assert (name, len(data)) == (whole.source.name, whole.source.bytes)
    kept = [item for item in items if not isinstance(item, Whole)]
    assert len(kept) == len({item.source.document_id for item in kept})
    return kept


def reasons(items: list[Item]) -> dict[str, str]:
    """Return why each is none, by name and record; empty for a document."""
    return {
        f"{item.source.name} {item.source.record}".rstrip(): (
            item.reason if isinstance(item, Rejected) else ""
        )
        for item in items
    }


def zipped(files: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Return a ZIP archive of 1980."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in files.items():
            archive.writestr(zipfile.ZipInfo(name), data, method)
    return out.getvalue()


def tarred(files: Mapping[str, bytes]) -> bytes:
    """Return a tar archive."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name, data in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return out.getvalue()
