"""The text form of a run, made to be read and compared: in git, in a review, by `diff`.

The same run gives the same bytes. Clean texts are files of their own, word for word; all
else is JSON, one line a row, in which nothing is invisible.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any

import pyarrow.parquet as pq

from clean_ingest.core.document import split_lines
from clean_ingest.core.errors import InputError, OutputError
from clean_ingest.core.spelling import visible
from clean_ingest.engine.stored import Stored, documents, part_rows, reading
from clean_ingest.writers.files import write_whole, writing

DOCUMENTS = "documents.jsonl"
EXCLUDED = "excluded.jsonl"

_PARQUET = b"PAR1"
_NAME_BYTES = 100
_ID_DIGITS = 8
_CONFIDENCE_DIGITS = 4


def export_text(run: str | Path, out: str | Path, *, with_edits: bool = False) -> int:
    """Write the text form of a finished run into `out`; return the number of its documents.

    A kept document is `<name>-<id>.txt` with its clean text, and a line of its metadata in
    `documents.jsonl`; what was left out is a line in `excluded.jsonl`. What was removed may
    be personal data: `<name>-<id>.edits.jsonl`, and the text of excluded documents, are
    written `with_edits` alone. An earlier text form in `out` is replaced.

    Raises:
        InputError: there is no finished run.
        DamagedRun: it cannot be read.
        OutputError: `out` holds something else, or cannot be written.

    """
    stored, out = Stored.open(run), Path(out)
    written: list[Path] = []
    with writing(out):
        _make_room(out)
        try:
            return _write(stored, out, written, with_edits=with_edits)
        except BaseException:
            # Files that no list names would be somebody else's the next time.
            for path in written:
                path.unlink(missing_ok=True)
            raise


def _write(stored: Stored, out: Path, written: list[Path], *, with_edits: bool) -> int:
    """Write all files; each is in `written` before it is begun."""
    namer = _Namer()
    listed: dict[str, list[str]] = {DOCUMENTS: [], EXCLUDED: []}
    for number in range(len(stored.manifest["shards"])):
        for table, name in (("documents", DOCUMENTS), ("excluded", EXCLUDED)):
            for row, edits in documents(stored, table, number):
                files = _files(namer.name(row), table, row, edits, with_edits=with_edits)
                for file, text in files.items():
                    written.append(out / file)
                    (out / file).write_bytes(text.encode())
                listed[name].append(_line(list(files), table, row, with_edits=with_edits))
    for name, lines in listed.items():
        written.append(out / name)
        write_whole(out / name, "".join(lines).encode())
    return len(listed[DOCUMENTS])


def show(path: str | Path) -> Iterator[str]:
    """Yield the lines of the text form of any Parquet file, made for `git diff` (textconv).

    First its schema, then a JSON object for each row; a column `text` follows its row line
    by line, marked with a bar, so that a difference shows where it is.

    Raises:
        InputError: it is no Parquet file.
        DamagedRun: the file cannot be read.

    """
    path = Path(path)
    with reading(path), path.open("rb") as stream:
        if stream.read(len(_PARQUET)) != _PARQUET:
            raise InputError("input/no-parquet", "this is no Parquet file", where=str(path))
    with reading(path), pq.ParquetFile(path) as file:
        about = file.metadata.metadata or {}
        rows = file.metadata.num_rows
        names = [f"{field.name}: {field.type}" for field in file.schema_arrow]
    version = about.get(b"clean_ingest.schema", b"").decode("utf-8", "replace")
    yield f"# {version or 'parquet'}, {rows} rows\n"
    yield from (f"# {visible(name)}\n" for name in names)
    for row in part_rows(path):
        text = row.pop("text", None)
        yield json_line({key: value for key, value in row.items() if value is not None})
        if isinstance(text, str):
            yield from (f"  | {visible(line.text)}\n" for line in split_lines(text))
        elif text is not None:
            yield json_line({"text": text})


def json_line(value: object) -> str:
    """Return `value` as JSON on one line with its line feed; see `visible`."""
    return visible(json.dumps(value, ensure_ascii=False, default=_plain)) + "\n"


def _files(
    name: str,
    table: str,
    row: dict[str, Any],
    edits: list[dict[str, Any]],
    *,
    with_edits: bool,
) -> dict[str, str]:
    """Return the files of one document: its text if it was kept, its edits where wanted."""
    files = {f"{name}.txt": row["text"]} if table == "documents" else {}
    if with_edits and edits:
        files[f"{name}.edits.jsonl"] = "".join(json_line(_edit(edit)) for edit in edits)
    return files


def _line(files: list[str], table: str, row: dict[str, Any], *, with_edits: bool) -> str:
    """Return the line of one document in the list of its table."""
    known = {key: value for key, value in row.items() if value not in (None, [], "")}
    if table == "documents" or not with_edits:
        known.pop("text", None)
    if "language_confidence" in known:
        known["language_confidence"] = round(known["language_confidence"], _CONFIDENCE_DIGITS)
    known["source"] = {key: value for key, value in known["source"].items() if value}
    return json_line({"files": files, **known})


class _Namer:
    """Gives each document a file name that is safe anywhere and says which document it is."""

    def __init__(self) -> None:
        self._used: set[str] = set()

    def name(self, row: dict[str, Any]) -> str:
        stem = PurePosixPath(row["source"]["name"]).stem
        # Mac disks may change the form of a name; NFC is the form in which git compares.
        kept = "".join(c if _is_safe(c) else "_" for c in unicodedata.normalize("NFC", stem))
        short = kept.encode()[:_NAME_BYTES].decode("utf-8", "ignore").lstrip(".-") or "document"
        name = f"{short}-{row['id'][:_ID_DIGITS]}"
        if name.casefold() in self._used:
            name = f"{short}-{row['id']}"
        self._used.add(name.casefold())
        return name


def _is_safe(char: str) -> bool:
    return char.isalnum() or char in "._-" or unicodedata.category(char)[0] == "M"


def _edit(edit: dict[str, Any]) -> dict[str, Any]:
    """Return an edit without what follows from its file, its place in it, and the others.

    An offset of the output would change in every later line when one edit comes or goes.
    """
    hidden = {"document_id", "seq", "output_offset"}
    return {key: value for key, value in edit.items() if key not in hidden and value != []}


def _make_room(out: Path) -> None:
    """Remove an earlier text form, and only what its own lists name.

    Raises:
        OutputError: there are files of something else.

    """
    out.mkdir(parents=True, exist_ok=True)
    ours = {name for listed in (DOCUMENTS, EXCLUDED) for name in _named_in(out / listed)}
    present = {path.name for path in out.iterdir()}
    if foreign := sorted(present - ours):
        raise OutputError(
            "output/foreign",
            f"the folder holds something else: {', '.join(foreign[:3])}",
            where=str(out),
            hint="choose an empty or a new folder",
        )
    for name in sorted(present):
        (out / name).unlink()


def _named_in(path: Path) -> set[str]:
    """Return the files that a list of ours names, itself included; none where it is not ours."""
    try:
        rows = [json.loads(line) for line in path.read_bytes().splitlines()]
        return {path.name, *(name for row in rows for name in row["files"])}
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return set()


def _plain(value: object) -> str:
    return value.hex() if isinstance(value, bytes) else str(value)
