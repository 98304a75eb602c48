"""Which shards of a run are finished: it goes on where it stopped, and redoes what changed.

For each finished shard an entry lies in a hidden folder of the run, beside the files that are
hashed. It holds the shard's result, the fingerprint of what made it, and size and time stamp
of its inputs. A shard is taken over only where all of these are as they were; its parts are
renamed where inputs that came or went have moved it. Whenever this is interrupted, each part
lies under a name that its entry leads to.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from clean_ingest.core.errors import OutputError
from clean_ingest.core.spelling import canonical_json
from clean_ingest.engine.plan import Plan, Shard
from clean_ingest.engine.shard import ShardResult
from clean_ingest.readers.inputs import InputFile
from clean_ingest.writers.files import sync_folder, write_whole, writing
from clean_ingest.writers.folder import JOURNAL, TABLES, part_path
from clean_ingest.writers.parquet import Part
from clean_ingest.writers.rows import Row
from clean_ingest.writers.schema import VERSION

_FORMAT = 1
_RACY = 2_000_000_000
"""Nanoseconds: a file that was written so shortly before its entry may have changed after it
was read, with no other time stamp; its hash tells."""


@dataclass(frozen=True, slots=True)
class Taken:
    """Results that need not be made again, by ordinal, and how many shards must, and why."""

    results: dict[int, ShardResult]
    other_config: int = 0
    other_inputs: int = 0


@dataclass(frozen=True, slots=True)
class Journal:
    """The entries of the run in `out`; `fingerprint` is that of the run that is being made."""

    out: Path
    fingerprint: str

    def record(self, shard: Shard, result: ShardResult) -> ShardResult:
        """Say that a shard is finished, its parts being under their names.

        Returns the result without the rows of its inputs, which `inputs` has from now on: a
        run may have millions of them.

        Raises:
            OutputError: the entry cannot be written.

        """
        with writing(self.out / JOURNAL):
            (self.out / JOURNAL).mkdir(exist_ok=True)
        entry = _Entry(_key(shard), self.fingerprint, _stamps(shard), result)
        self._write(entry)
        return entry.light().result

    def inputs(self, shard: Shard) -> tuple[Row, ...]:
        """Return a row for each input of a finished shard.

        Raises:
            OutputError: the entry is not what was written.

        """
        return self._read(_key(shard)).result.inputs

    def take_over(self, planned: Plan, *, rehash: bool = False) -> Taken:
        """Keep the parts of shards that are as they were, under their new numbers; remove others.

        The results are without the rows of their inputs, as `record` returns them.

        `rehash` reads the inputs and the parts, and goes by their hashes instead of by time
        stamps and sizes.

        Raises:
            OutputError: the folder cannot be written.

        """
        shards = {_key(shard): shard for shard in planned.shards}
        kept: dict[int, _Entry] = {}
        other_config = other_inputs = 0
        with writing(self.out):
            for entry in self._entries():
                shard = shards.get(entry.key)
                if entry.fingerprint != self.fingerprint:
                    other_config += 1
                elif shard is None or not self._is_unchanged(entry, shard, rehash=rehash):
                    other_inputs += 1
                else:
                    kept[shard.ordinal] = entry.light()
                    continue
                self._remove(entry)
            if (self.out / JOURNAL).exists():
                sync_folder(self.out / JOURNAL)  # no entry comes back after its parts have gone
            results = self._renumber(kept)
            self._remove_orphans(results)
        return Taken(results, other_config, other_inputs)

    def _entries(self) -> Iterator[_Entry]:
        for path in sorted((self.out / JOURNAL).glob("*.json")):
            try:
                yield _Entry.of(json.loads(path.read_bytes()), path.stat().st_mtime_ns)
            except (ValueError, KeyError, TypeError):
                path.unlink()

    def _read(self, key: str) -> _Entry:
        path = self.out / JOURNAL / f"{key}.json"
        try:
            with writing(path):
                return _Entry.of(json.loads(path.read_bytes()), 0)
        except (ValueError, KeyError, TypeError):
            raise OutputError(
                "output/journal",
                "the journal was changed while the run was made",
                where=str(path),
                hint="the same command makes anew what is missing",
            ) from None

    def _is_unchanged(self, entry: _Entry, shard: Shard, *, rehash: bool) -> bool:
        rows = entry.result.inputs
        if len(rows) != len(shard.inputs) or len(entry.stamps) != len(shard.inputs):
            return False
        for file, stamp, row in zip(shard.inputs, entry.stamps, rows, strict=True):
            same = stamp == _stamp(file)
            is_racy = file.data is not None or file.modified > entry.written - _RACY
            if not same and not rehash:
                return False
            if (rehash or is_racy) and not file.reason and _sha256(file) != row["sha256"]:
                return False
            if file.reason and not same:
                return False
        return all(self._is_there(entry, part, rehash=rehash) for part in entry.result.parts)

    def _is_there(self, entry: _Entry, part: Part, *, rehash: bool) -> bool:
        path = self._path(entry, part)
        try:
            if path.stat().st_size != part.bytes:
                return False
            return not rehash or _file_sha256(path) == part.sha256
        except OSError:
            return False

    def _path(self, entry: _Entry, part: Part) -> Path:
        """Where a part lies: under the name that it has while it is moved, or its own."""
        moved = self._moved(entry, part)
        return moved if moved.exists() else self.out / part.path

    def _moved(self, entry: _Entry, part: Part) -> Path:
        return self.out / part.table / f"moved-{entry.key}.parquet"

    def _remove(self, entry: _Entry) -> None:
        for part in entry.result.parts:
            self._moved(entry, part).unlink(missing_ok=True)
        (self.out / JOURNAL / f"{entry.key}.json").unlink(missing_ok=True)

    def _renumber(self, kept: dict[int, _Entry]) -> dict[int, ShardResult]:
        """Give the parts the numbers of the plan, in three steps of which each may break off."""
        moving = {number: entry for number, entry in kept.items() if entry.result.ordinal != number}
        for entry in moving.values():
            for part in entry.result.parts:
                self._path(entry, part).rename(self._moved(entry, part))
        self._sync()
        for number, entry in moving.items():
            whole = self._read(entry.key)
            moved = replace(whole, result=_numbered(whole.result, number))
            self._write(moved)
            kept[number] = moved.light()
        for entry in kept.values():
            for part in entry.result.parts:
                with suppress(FileNotFoundError):
                    self._moved(entry, part).rename(self.out / part.path)
        self._sync()
        return {number: entry.result for number, entry in kept.items()}

    def _remove_orphans(self, results: dict[int, ShardResult]) -> None:
        """Remove parts that no entry leads to, as of shards that were in the making."""
        ours = {self.out / part.path for result in results.values() for part in result.parts}
        for table in TABLES:
            for path in (self.out / table).glob("*.parquet*"):
                if path not in ours:
                    path.unlink()

    def _sync(self) -> None:
        for table in TABLES:
            sync_folder(self.out / table)

    def _write(self, entry: _Entry) -> None:
        text = json.dumps(entry.as_dict(), ensure_ascii=False)
        write_whole(self.out / JOURNAL / f"{entry.key}.json", text.encode())


@dataclass(frozen=True, slots=True)
class _Entry:
    key: str
    fingerprint: str
    stamps: list[list[Any]]
    result: ShardResult
    written: int = 0

    def as_dict(self) -> dict[str, Any]:
        plain = {
            "format": [_FORMAT, VERSION],
            "key": self.key,
            "fingerprint": self.fingerprint,
            "inputs": self.stamps,
            "result": asdict(self.result),
        }
        return plain | {"sha256": _seal(plain)}

    def light(self) -> _Entry:
        """Return the entry without what it has for each input."""
        return replace(self, stamps=[], result=replace(self.result, inputs=()))

    @classmethod
    def of(cls, plain: dict[str, Any], written: int) -> _Entry:
        """Return the entry again; raises for what is no entry of this format, or was changed."""
        if plain["format"] != [_FORMAT, VERSION] or plain.pop("sha256") != _seal(plain):
            raise ValueError("no entry of ours")
        result = plain["result"]
        fields = result | {
            "parts": tuple(Part(**part) for part in result["parts"]),
            "inputs": tuple(result["inputs"]),
            "volatile": tuple(result["volatile"]),
        }
        return cls(
            plain["key"], plain["fingerprint"], plain["inputs"], ShardResult(**fields), written
        )


def _seal(plain: dict[str, Any]) -> str:
    return hashlib.sha256(canonical_json(plain).encode()).hexdigest()


def _numbered(result: ShardResult, ordinal: int) -> ShardResult:
    return replace(
        result,
        ordinal=ordinal,
        parts=tuple(replace(p, path=part_path(p.table, ordinal)) for p in result.parts),
        inputs=tuple(row | {"shard": ordinal} for row in result.inputs),
    )


def _key(shard: Shard) -> str:
    """What stays the same of a shard when its number or the content of its inputs changes."""
    names = json.dumps([[file.name, file.share, file.shares] for file in shard.inputs])
    return hashlib.sha256(names.encode()).hexdigest()[:32]


def _stamps(shard: Shard) -> list[list[Any]]:
    return [_stamp(file) for file in shard.inputs]


def _stamp(file: InputFile) -> list[Any]:
    return [file.size, file.modified, file.reason, file.detail]


def _sha256(file: InputFile) -> str | None:
    if file.data is not None:
        return hashlib.sha256(file.data).hexdigest()
    try:
        return _file_sha256(Path(file.path))
    except OSError:
        return None


def _file_sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
