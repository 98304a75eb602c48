"""Reads config files, what they extend, and overrides, and remembers which line said what."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from clean_ingest.config import presets
from clean_ingest.config.model import RULE_FILES
from clean_ingest.core.errors import ConfigError

KeyPath = tuple[str, ...]

_HEADER = re.compile(r"\s*\[\s*([^\[\]]+?)\s*\]\s*(?:#.*)?$")
_KEY = re.compile(r"""\s*((?:[\w-]+|"[^"]*"|'[^']*')(?:\s*\.\s*[\w-]+)*)\s*=""")


class Place(NamedTuple):
    """A file with a line of it, from 1, or an override; line 0 where it is not known."""

    where: str
    line: int = 0

    def __str__(self) -> str:
        return f"{self.where}:{self.line}" if self.line else self.where


class Mistake(NamedTuple):
    """One thing that is wrong, and where it stands. Mistakes sort by file and line."""

    place: Place
    what: str

    def __str__(self) -> str:
        return f"{self.place}: {self.what}"


@dataclass(frozen=True, slots=True)
class Layer:
    """What one file or override says. `inherited`: it came in by `extends`."""

    where: str
    data: Mapping[str, Any]
    lines: Mapping[KeyPath, int] = field(default_factory=dict)
    inherited: bool = False

    def place(self, path: KeyPath) -> Place:
        """Where the key stands, or the nearest table around it."""
        for length in range(len(path), 0, -1):
            if path[:length] in self.lines:
                return Place(self.where, self.lines[path[:length]])
        return Place(self.where)

    def says(self, path: KeyPath) -> bool:
        """Whether this layer sets the key at `path`."""
        value: Any = self.data
        for key in path:
            if not isinstance(value, Mapping) or key not in value:
                return False
            value = value[key]
        return True


def find(name_or_path: str, beside: Path | None = None) -> Path:
    """The file of a preset or path; a relative path is looked for in the folder `beside`.

    Raises `ConfigError` where there is none, naming the nearest preset.
    """
    preset = presets.path(name_or_path)
    if preset is not None:
        return preset
    path = Path(name_or_path)
    if (whole := (beside or Path()) / path).is_file():
        return whole
    known = presets.names()
    if path.suffix == ".toml" or len(path.parts) > 1:
        raise ConfigError("config/missing", "there is no such config file", where=str(whole))
    raise ConfigError(
        "config/missing",
        f"there is no preset {name_or_path!r}{did_you_mean(name_or_path, known)}",
        hint=f"presets: {', '.join(known)}; anything else has to be the path of a TOML file",
    )


def read_chain(path: Path) -> list[Layer]:
    """The layers of a config file, the most basic first: what it extends, then itself."""
    layers: list[Layer] = []
    seen: list[Path] = []
    here: Path | None = path
    while here is not None:
        if here.resolve() in seen:
            raise ConfigError("config/circle", "`extends` leads back to this file", where=str(here))
        seen.append(here.resolve())
        layer = _read(here, inherited=len(seen) > 1)
        layers.append(layer)
        here = _extended(layer, here.parent)
    return layers[::-1]


def read_override(text: str) -> Layer | Mistake:
    """`table.key=value`, the value in TOML; anything that is no TOML value is a string."""
    where = f"--set {text}"
    key, equals, value = text.partition("=")
    path = tuple(part.strip() for part in key.split("."))
    if not equals or not all(path):
        return Mistake(Place(where), "must look like stage.option=value")
    nested: Any = _value(value.strip())
    for part in reversed(path):
        nested = {part: nested}
    return Layer(where, nested)


def merge(layers: Iterable[Layer]) -> dict[str, Any]:
    """One config out of many: later layers win key by key, lists are replaced whole."""
    merged: dict[str, Any] = {}
    for layer in layers:
        _merge_into(merged, layer.data)
    merged.pop("extends", None)
    return merged


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """`; did you mean 'x'?` for the nearest known word, or nothing."""
    near = difflib.get_close_matches(word, list(known), n=1)
    return f"; did you mean {near[0]!r}?" if near else ""


def _extended(layer: Layer, folder: Path) -> Path | None:
    parent = layer.data.get("extends")
    where = str(layer.place(("extends",)))
    if parent is None:
        return None
    if not isinstance(parent, str):
        raise ConfigError("config/mistakes", "extends: must be one name or path", where=where)
    try:
        return find(parent, beside=folder)
    except ConfigError as error:
        message = f"extends: {error.message}"
        raise ConfigError(error.code, message, where=where, hint=error.hint) from None


def _read(path: Path, *, inherited: bool) -> Layer:
    try:
        text = path.read_bytes().decode("utf-8")
        data = tomllib.loads(text)
    except OSError as error:
        what = error.strerror or str(error)
        raise ConfigError("config/unreadable", what, where=str(path)) from error
    except UnicodeDecodeError as error:
        raise ConfigError(
            "config/not-utf-8", f"byte {error.start} is not UTF-8", where=str(path)
        ) from error
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(
            "config/not-toml", f"this is not TOML: {error}", where=str(path)
        ) from error
    _anchor(data, path.parent)
    return Layer(str(path), data, _key_lines(text), inherited)


def _anchor(data: Mapping[str, Any], folder: Path) -> None:
    """Make the rule files that a config names relative to it, not to where one happens to be."""
    for table in data.values():
        names = table.get(RULE_FILES) if isinstance(table, dict) else None
        if isinstance(names, list):
            table[RULE_FILES] = [str(folder / n) if isinstance(n, str) else n for n in names]


def _key_lines(text: str) -> dict[KeyPath, int]:
    """The line, from 1, on which each table and key first stands.

    tomllib tells no positions. This reads headers and `key =` at the start of a line, which
    misses inline tables (their own line is named instead); it only ever serves messages.
    """
    lines: dict[KeyPath, int] = {}
    table: KeyPath = ()
    for number, line in enumerate(text.split("\n"), 1):
        if header := _HEADER.match(line):
            table = _parts(header[1])
            lines.setdefault(table, number)
        elif key := _KEY.match(line):
            lines.setdefault(table + _parts(key[1]), number)
    return lines


def _parts(dotted: str) -> KeyPath:
    return tuple(part.strip().strip("\"'") for part in dotted.split("."))


def _value(text: str) -> Any:
    try:
        parsed = tomllib.loads(f"value = {text}")
    except tomllib.TOMLDecodeError:
        return text
    # A value with a line break could smuggle in further keys; then it was meant as a string.
    return parsed["value"] if list(parsed) == ["value"] else text


def _merge_into(merged: dict[str, Any], data: Mapping[str, Any]) -> None:
    for key, value in data.items():
        old = merged.get(key)
        if isinstance(value, Mapping):
            table = dict(old) if isinstance(old, Mapping) else {}
            _merge_into(table, value)
            merged[key] = table
        else:
            merged[key] = value
