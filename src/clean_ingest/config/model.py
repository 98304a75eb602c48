"""What a config is once it has been read: stages with their options, limits, shards, readers."""

from __future__ import annotations

import dataclasses
import hashlib
import importlib.metadata
import inspect
import json
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from clean_ingest.core.pipeline import Pipeline
from clean_ingest.core.spelling import canonical_json
from clean_ingest.core.stage import Stage, option

if TYPE_CHECKING:
    from clean_ingest.rules.model import Rulebook

OUTPUT_SHAPING = (
    "clean-ingest",
    "chardet",
    "dateparser",
    "fastwarc",
    "ftfy",
    "google-re2",
    "justext",
    "langdetect",
    "lxml",
    "lxml_html_clean",
    "pyarrow",
    "trafilatura",
)
"""Distributions whose version may change the bytes of a run. Python itself shapes it through
the Unicode data alone, which `versions` names on its own."""


RULE_FILES = "rule_files"
"""The option of a stage that names rule files of the user's: a path in a config is relative to
its file, and what the files say is part of the fingerprint."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one document may cost before it is quarantined."""

    document_bytes: int = option(
        20_000_000, "largest document in bytes as delivered, before decoding", minimum=1
    )
    cpu_seconds: float = option(
        30.0,
        "most CPU seconds that one document may take; four times as many on the clock end what "
        "hangs without using any",
        minimum=0.1,
    )
    memory_bytes: int = option(
        1_000_000_000,
        "most memory in bytes that one document may take beside what every document needs",
        minimum=10_000_000,
    )
    input_bytes: int = option(
        1_000_000_000_000, "most bytes that one packed input may deliver in all", minimum=1
    )
    ratio: int = option(
        200,
        "most bytes that a packed input may deliver for each byte of its own; the first 64 MB are "
        "free",
        minimum=1,
    )
    archive_depth: int = option(
        2,
        "how deep archives may be nested in archives; 1 is an archive with files",
        minimum=1,
        maximum=8,
    )


@dataclass(frozen=True, slots=True)
class Readers:
    """Which fields of JSON Lines and Parquet rows hold what; empty for none.

    `a.b` is field `b` in field `a`. All other fields are passed through as `metadata`.
    """

    text_field: str = option("text", "field with the text of a row, as text or as bytes")
    html_field: str = option("html", "field with the page of a row; goes before its text")
    id_field: str = option(
        "", "field with a row's own id, unique in its file; without it the row number is the key"
    )
    url_field: str = option("url", "field with the address that a row was fetched from")
    date_field: str = option("date", "field with the date, in ISO 8601, when a row was fetched")
    published_field: str = option(
        "", "field with the date, in ISO 8601, when the text of a row was published"
    )


@dataclass(frozen=True, slots=True)
class Shards:
    """Where the plan ends a shard, and with it a Parquet part."""

    rows: int = option(10_000, "most documents of a shard", minimum=1)
    bytes: int = option(64_000_000, "most input bytes of a shard", minimum=1)
    mask_bits: int = option(
        9,
        "a shard ends after an input whose hashed name has this many low bits zero: one input "
        "in 2^bits on average, so that a new input changes one shard and not all after it",
        minimum=0,
        maximum=32,
    )


@dataclass(frozen=True, slots=True)
class Config:
    """All that decides what a run does with a document. Frozen, picklable, a value.

    `name` is how the config was asked for and no part of its value. `plugins` holds the
    distributions of other people's stages with their versions.
    """

    name: str = field(compare=False)
    stages: tuple[Stage, ...]
    limits: Limits = Limits()
    shards: Shards = Shards()
    plugins: tuple[tuple[str, str], ...] = ()
    readers: Readers = Readers()

    def pipeline(self) -> Pipeline:
        """The stages in their order, ready to run."""
        return Pipeline(self.stages)

    def as_dict(self) -> dict[str, Any]:
        """Plain values, laid out as in the TOML file."""
        return {
            "stages": [stage.name for stage in self.stages],
            "limits": options(self.limits),
            "shards": options(self.shards),
            "readers": options(self.readers),
            **{stage.name: options(stage) for stage in self.stages},
        }

    def canonical(self) -> str:
        """The config as canonical JSON: every option, keys sorted, nothing absolute.

        Of rule files it has the names; what they say is in the fingerprint.
        """
        plain = self.as_dict()
        for stage in self.stages:
            table = plain[stage.name]
            if RULE_FILES in table:
                table[RULE_FILES] = [Path(name).name for name in table[RULE_FILES]]
        return canonical_json(plain)

    def rulebook(self) -> Rulebook:
        """The rulebook with the rule files that the stages name.

        Raises `RulebookError` where one of these cannot be used.
        """
        from clean_ingest.rules.load import load, rulebook  # `config show` needs no rules

        files = [Path(name) for stage in self.stages for name in getattr(stage, RULE_FILES, ())]
        return load(files) if files else rulebook()

    def versions(self) -> dict[str, str]:
        """The version of everything outside this config that shapes the output."""
        versions = {name: importlib.metadata.version(name) for name in OUTPUT_SHAPING}
        versions["unicode"] = unicodedata.unidata_version
        return versions | dict(self.plugins)

    def fingerprint(self) -> str:
        """SHA-256 in hex over config, rulebook and versions: equal means equal output."""
        parts = {
            "config": json.loads(self.canonical()),
            "rulebook": self.rulebook().sha256,
            "versions": self.versions(),
        }
        return hashlib.sha256(canonical_json(parts).encode()).hexdigest()


def options(stage: object) -> dict[str, Any]:
    """The options of a stage, or of limits or shards, as plain JSON values."""
    plain = {f.name: getattr(stage, f.name) for f in option_fields(type(stage))}
    return {key: _plain(value) for key, value in plain.items()}


def summary(kind: type) -> str:
    """What a stage does in a sentence: the first paragraph of its docstring, on one line."""
    return " ".join((inspect.getdoc(kind) or "").split("\n\n")[0].split())


def option_fields(kind: type) -> list[dataclasses.Field[Any]]:
    """The fields that a config may set; those not in `__init__` are the stage's own business."""
    if not dataclasses.is_dataclass(kind):
        return []
    return [f for f in dataclasses.fields(kind) if f.init]


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, (set, frozenset)):
        return sorted(_plain(item) for item in value)
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    return str(value)
