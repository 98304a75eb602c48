"""The plan: which shard reads which inputs, decided before anything is read.

A large input is cut into shares: each is all that comes in some blocks of its records, and a
shard of its own. Every share reads the whole input, whose records can be told apart in no other
way in all formats, and cleans its own alone: reading a page costs a hundredth of cleaning it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from clean_ingest.config.model import Shards
from clean_ingest.readers.inputs import InputFile

_MOST_SHARES = 16
"""So that a large input is not read more often than that."""
_BLOCK = 64
"""Records that stay together in one share."""


@dataclass(frozen=True, slots=True)
class Shard:
    """The unit of work: some inputs, and the number that its parts carry."""

    ordinal: int
    inputs: tuple[InputFile, ...]

    @property
    def size(self) -> int:
        """Bytes of all inputs, as of when they were found; of a share its part of them."""
        return sum(_size(file) for file in self.inputs)


def _size(file: InputFile) -> int:
    before = file.size * file.share // file.shares
    return file.size * (file.share + 1) // file.shares - before


def is_of_share(file: InputFile, item: int) -> bool:
    """Whether the share cleans the item of the input with that number, from 0."""
    return item // _BLOCK % file.shares == file.share


@dataclass(frozen=True, slots=True)
class Plan:
    """All shards of a run, in input order. Depends on names, sizes and limits alone."""

    shards: tuple[Shard, ...]
    hidden: int = 0

    @property
    def inputs(self) -> int:
        """How many inputs there are in all."""
        return sum(file.share == 0 for shard in self.shards for file in shard.inputs)

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
                    "inputs": [called(file) for file in shard.inputs],
                }
                for shard in self.shards
            ],
        }


def plan(inputs: Sequence[InputFile], limits: Shards, *, hidden: int = 0) -> Plan:
    """Cut sorted inputs into shards.

    A shard ends after an input whose hashed name has `mask_bits` low bits zero, so that the
    cuts of a folder stay where they are when an input comes or goes; and before it would
    exceed its limit of rows or bytes. An input that exceeds the limit of bytes alone is cut
    into shares.
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
        shares = min(_MOST_SHARES, -(-file.size // limits.bytes))
        if shares > 1:
            for share in range(shares):
                yield Shard(ordinal, (replace(file, share=share, shares=shares),))
                ordinal += 1
            continue
        held.append(file)
        size += file.size
        if _hash(file.name) & mask == 0:
            yield Shard(ordinal, tuple(held))
            ordinal, held, size = ordinal + 1, [], 0
    if held:
        yield Shard(ordinal, tuple(held))


def called(file: InputFile) -> str:
    """Return the name of an input, with its share where it is cut."""
    share = f" ({file.share + 1} of {file.shares})" if file.shares > 1 else ""
    return f"{file.name}{share}"


def _hash(name: str) -> int:
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big")
