"""Writes a config as TOML, with the meaning of every option beside it."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterator, Mapping
from typing import Any

from clean_ingest.config.model import Config, option_fields, options, summary

_WIDTH = 96


def as_toml(config: Config) -> str:
    """The whole config, every option set; reading it back gives an equal config."""
    parts = [f"stages = {value([stage.name for stage in config.stages])}\n"]
    tables = {"limits": config.limits, "shards": config.shards, "readers": config.readers}
    for name, table in (tables | {stage.name: stage for stage in config.stages}).items():
        parts.append(f"\n{_comment(summary(type(table)))}[{name}]\n")
        parts.extend(_options(table))
    return "".join(parts)


def value(plain: Any) -> str:
    """A plain value as TOML writes it."""
    if isinstance(plain, Mapping):
        inner = ", ".join(f"{_string(key)} = {value(item)}" for key, item in plain.items())
        return f"{{ {inner} }}" if inner else "{}"
    if isinstance(plain, list):
        return f"[{', '.join(map(value, plain))}]"
    if isinstance(plain, str):
        return _string(plain)
    return json.dumps(plain)


def _options(table: object) -> Iterator[str]:
    values = options(table)
    for f in option_fields(type(table)):
        bounds = [
            f"{word} {f.metadata[key]:g}"
            for key, word in (("minimum", "at least"), ("maximum", "at most"))
            if f.metadata.get(key) is not None
        ]
        about = f.metadata.get("doc", "")
        yield _comment(about + (f" ({', '.join(bounds)})" if bounds else ""))
        # TOML has no word for "not set".
        unset = values[f.name] is None
        yield f"# {f.name} is not set\n" if unset else f"{f.name} = {value(values[f.name])}\n"


def _comment(text: str) -> str:
    return "".join(f"# {line}\n" for line in textwrap.wrap(text, _WIDTH))


def _string(text: str) -> str:
    # JSON's escapes are TOML's; but TOML wants DEL escaped too.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
