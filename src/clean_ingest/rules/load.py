"""Reads rule files into a `Rulebook`, and says all that is wrong with them at once."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, fields
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, Final

from clean_ingest.core.errors import RulebookError
from clean_ingest.rules.model import (
    KINDS,
    MATCHERS,
    STRENGTHS,
    THENS,
    WHERES,
    Label,
    Rule,
    Rulebook,
)

_ID: Final = re.compile(r"[a-z]+(?:/[a-z0-9]+(?:-[a-z0-9]+)*){1,2}")
_SINCE: Final = re.compile(r"[0-9]+\.[0-9]+\.[0-9]+")
_TEXTS: Final = ("id", "kind", "why", "since", "strength", "where", "then", "source")
_LISTS: Final = ("removes", "keeps", "phrases", "words", "starts", "ends", "contains", "patterns")
_NUMBERS: Final = ("longest", "least", "repeats")
_REQUIRED: Final = ("id", "kind", "why", "since", "removes", "keeps")
_CHOICES: Final = {"kind": KINDS, "strength": STRENGTHS, "where": WHERES, "then": THENS}


@functools.cache
def rulebook() -> Rulebook:
    """The rulebook that comes with this package."""
    return load()


def load(paths: Sequence[Path] = ()) -> Rulebook:
    """The package's rulebook and the rule files at `paths`, in that order.

    Raises `RulebookError` with all mistakes of all files, one a line, each with its file
    and key: no TOML, unknown or missing keys, values of the wrong kind, an id that is
    malformed or stands twice, a letter that two files fold differently.
    """
    reading = _Reading()
    root = resources.files("clean_ingest") / "rulebook"
    for name, file in sorted(_toml_files(root, "")):
        reading.read(name, file.read_bytes(), prefix=name.removesuffix(".toml"))
    for path in paths:
        try:
            reading.read(path.name, path.read_bytes(), prefix="")
        except OSError as error:
            reading.mistakes.append(f"{path.name}: cannot be read: {error.strerror}")
    if reading.mistakes:
        raise RulebookError(
            "rulebook",
            "the rulebook has mistakes:\n"
            + "\n".join(f"  {mistake}" for mistake in reading.mistakes),
            hint="docs/how-to/write-a-rule.md shows what a rule must say",
        )
    return Rulebook(reading.rules, reading.letters, tuple(reading.labels))


def _toml_files(folder: Traversable, under: str) -> Iterator[tuple[str, Traversable]]:
    for entry in folder.iterdir():
        if entry.is_dir():
            yield from _toml_files(entry, f"{under}{entry.name}/")
        elif entry.name.endswith(".toml"):
            yield under + entry.name, entry


@dataclass(slots=True)
class _Reading:
    rules: dict[str, Rule] = field(default_factory=dict)
    letters: dict[str, str] = field(default_factory=dict)
    labels: list[Label] = field(default_factory=list)
    mistakes: list[str] = field(default_factory=list)

    def read(self, name: str, data: bytes, prefix: str) -> None:
        """Add one file; `prefix` is what its ids must begin with, empty for any stage."""
        # The rulebook is 3 MB of TOML: half a second of every start for the standard library.
        import rtoml

        try:
            content = rtoml.loads(data.decode("utf-8"))
        except ValueError as error:
            self.mistakes.append(f"{name}: is no TOML in UTF-8: {error}")
            return
        known = {"rule", "letters", *(["label"] if prefix else [])}
        for key in sorted(content.keys() - known):
            self.mistakes.append(f"{name}: unknown table or key {key!r}")
        self._add_letters(name, content.get("letters", {}))
        if prefix:
            self._add_labels(name, content.get("label", []))
        entries = content.get("rule", [])
        if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
            self.mistakes.append(f"{name}: rules are written as [[rule]] tables")
            return
        for number, entry in enumerate(entries, 1):
            self._add_rule(name, number, entry, prefix)

    def _add_letters(self, name: str, letters: Any) -> None:
        if not isinstance(letters, dict):
            self.mistakes.append(f"{name}: [letters] is a table of letter = letter")
            return
        for one, other in letters.items():
            if len(one) != 1 or not isinstance(other, str) or len(other) != 1:
                self.mistakes.append(f"{name}: letters.{one}: one letter stands for one letter")
            elif self.letters.setdefault(one, other) != other:
                self.mistakes.append(f"{name}: letters.{one}: another file folds it differently")

    def _add_labels(self, name: str, entries: Any) -> None:
        lists = {key.name for key in fields(Label)} - {"language"}
        for number, entry in enumerate(entries, 1):
            language, reads = entry.get("language"), entry.get("reads")
            where = f"{name}: {language if isinstance(language, str) else f'label {number}'}"
            if not isinstance(language, str) or not reads:
                self.mistakes.append(f"{where}: a label needs a language, and what it reads")
            elif any(known.language == language for known in self.labels):
                self.mistakes.append(f"{where}: stands twice")
            elif wrong := [
                key
                for key, value in sorted(entry.items())
                if key != "language" and not (key in lists and _is_list_of_texts(value))
            ]:
                self.mistakes.append(f"{where}: {wrong[0]}: no list of texts that a label has")
            else:
                values: dict[str, Any] = {key: tuple(entry.get(key, ())) for key in lists}
                self.labels.append(Label(language=language, **values))

    def _add_rule(self, name: str, number: int, entry: dict[str, Any], prefix: str) -> None:
        rule_id = entry.get("id")
        where = f"{name}: {rule_id if isinstance(rule_id, str) else f'rule {number}'}"
        found = list(_mistakes_in(entry))
        if isinstance(rule_id, str):
            if prefix and not rule_id.startswith(f"{prefix}/"):
                found.append(f"id: in this file ids begin with {prefix}/")
            if rule_id in self.rules:
                found.append(f"id: stands twice, also in {self.rules[rule_id].file}")
        if found:
            self.mistakes += [f"{where}: {mistake}" for mistake in found]
            return
        values: dict[str, Any] = {
            key: tuple(value) if isinstance(value, list) else value for key, value in entry.items()
        }
        self.rules[entry["id"]] = Rule(**values, file=name)


def _mistakes_in(entry: dict[str, Any]) -> Iterator[str]:
    known = {*_TEXTS, *_LISTS, *_NUMBERS}
    for key in sorted(entry.keys() - known):
        yield f"{key}: unknown key; known are {', '.join(sorted(known))}"
    for key in _REQUIRED:
        if key not in entry:
            yield f"{key}: missing"
    for key, value in entry.items():
        if key in _TEXTS and not (isinstance(value, str) and value.strip()):
            yield f"{key}: must be a text that is not empty"
        elif key in _LISTS and not _is_list_of_texts(value):
            yield f"{key}: must be a list of texts that are not empty"
        elif key in _NUMBERS and (type(value) is not int or value < 1):
            yield f"{key}: must be a whole number of at least 1"
        elif key in _CHOICES and value not in _CHOICES[key]:
            yield f"{key}: {value!r} is none of {', '.join(filter(None, _CHOICES[key]))}"
    yield from _mistakes_of_form(entry)


def _mistakes_of_form(entry: dict[str, Any]) -> Iterator[str]:
    if isinstance(entry.get("id"), str) and not _ID.fullmatch(entry["id"]):
        yield f"id: {entry['id']!r} is not of the form stage/language/name-of-rule"
    if isinstance(entry.get("since"), str) and not _SINCE.fullmatch(entry["since"]):
        yield f"since: {entry['since']!r} is not of the form 0.1.0"
    kind = entry.get("kind")
    if not isinstance(kind, str) or kind not in MATCHERS:
        return
    allowed = MATCHERS[kind]
    every = frozenset[str]().union(*MATCHERS.values())
    for key in sorted(every.intersection(entry) - allowed):
        yield f"{key}: a rule of kind {kind} has no such key"
    if kind != "built-in" and not allowed.intersection(entry):
        yield f"{' or '.join(sorted(allowed))}: a rule of kind {kind} needs it"


def _is_list_of_texts(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(v, str) and v for v in value)
