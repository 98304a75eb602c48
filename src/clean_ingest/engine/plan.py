"""The plan: which shard reads which inputs, decided before anything is read."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from clean_ingest.config.model import Shards
from clean_ingest.readers.inputs import InputFile


@dataclass(frozen=True, slots=True)
class Shard:
    """The unit of work: some inputs, and the number that its parts carry."""

    ordinal: int
    inputs: tuple[InputFile, ...]

    @property
    def size(self) -> int:
        """Bytes of all inputs, as of when they were found."""
        return sum(file.size for file in self.inputs)


@dataclass(frozen=True, slots=True)
class Plan:
    """All shards of a run, in input order. Depends on names, sizes and limits alone."""

    shards: tuple[Shard, ...]
    hidden: int = 0

    @property
    def inputs(self) -> int:
        """How many inputs there are in all."""
        return sum(len(shard.inputs) for shard in self.shards)

    @property
    def size(self) -> int:
        """Bytes of all inputs, as of when they were found."""
        return sum(shard.size for shard in self.shards)

    def as_dict(self) -> dict[str, Any]:
        """Return the plan as plain values, for `--dry-run`."""
        return {
            "inputs": self.inputs,
            "bytes": self.size,
            "hidden": self.hidden,
            "shards": [
                {
                    "ordinal": shard.ordinal,
                    "bytes": shard.size,
                    "inputs": [file.name for file in shard.inputs],
                }
                for shard in self.shards
            ],
        }


def plan(inputs: Sequence[InputFile], limits: Shards, *, hidden: int = 0) -> Plan:
    """Cut sorted inputs into shards.

    A shard ends after an input whose hashed name has `mask_bits` low bits zero, so that the
    cuts of a folder stay where they are when an input comes or goes; and before it would
    exceed its limit of rows or bytes (a single input may exceed it alone).
    """
    return Plan(tuple(_cut(inputs, limits)), hidden)


def _cut(inputs: Sequence[InputFile], limits: Shards) -> Iterator[Shard]:
    mask = (1 << limits.mask_bits) - 1
    ordinal = 0
    held: list[InputFile] = []
    size = 0
    for file in inputs:
        if held and (len(held) >= limits.rows or size + file.size > limits.bytes):
            yield Shard(ordinal, tuple(held))
            ordinal, held, size = ordinal + 1, [], 0
        held.append(file)
        size += file.size
        if _hash(file.name) & mask == 0:
            yield Shard(ordinal, tuple(held))
            ordinal, held, size = ordinal + 1, [], 0
    if held:
        yield Shard(ordinal, tuple(held))


def _hash(name: str) -> int:
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big")
