"""Checks a config with models made from the stages' own fields, and makes the JSON Schema."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, get_type_hints

from pydantic import BaseModel, ConfigDict, Field, ValidationError, create_model

from clean_ingest.config.model import Limits, Readers, Shards, option_fields, summary
from clean_ingest.config.source import KeyPath, did_you_mean

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

# Strict: "5" is no number and 1 is no true. TOML has all the types that are needed.
_STRICT = ConfigDict(
    extra="forbid", strict=True, allow_inf_nan=False, protected_namespaces=(), frozen=True
)

_MESSAGES = {
    "int_type": "must be a whole number",
    "int_from_float": "must be a whole number",
    "float_type": "must be a number",
    "bool_type": "must be true or false",
    "string_type": 'must be a string in "quotes"',
    "tuple_type": "must be a list",
    "list_type": "must be a list",
    "dict_type": "must be a table",
    "model_type": "must be a table",
    "finite_number": "must be a finite number",
    "greater_than_equal": "must be at least {ge:g}",
    "less_than_equal": "must be at most {le:g}",
    "literal_error": "must be one of {expected}",
}


def check(
    data: Mapping[str, Any], stages: Mapping[str, type[Any]]
) -> tuple[dict[str, dict[str, Any]], list[tuple[KeyPath, str]]]:
    """The options of every table as the types that its dataclass wants, and all mistakes.

    `data` holds the tables only, `stages` the classes by name. Each mistake is the path of
    its key with what is wrong there; where there are any, the options are empty.
    """
    model = _tables(stages)
    try:
        # By way of JSON, where strict validation still makes tuples and sets of lists.
        checked = model.model_validate_json(json.dumps(data, default=str))
    except ValidationError as error:
        return {}, [_mistake(details, model) for details in error.errors(include_url=False)]
    return {
        table: {f.name: getattr(getattr(checked, table), f.name) for f in option_fields(kind)}
        for table, kind in _kinds(stages).items()
    }, []


def schema(stages: Mapping[str, type[Any]]) -> dict[str, Any]:
    """The JSON Schema (2020-12) of config files that use these stages."""
    made = _tables(stages).model_json_schema()
    known = list(stages)
    made["properties"] = {
        "extends": {
            "type": "string",
            "description": "preset or file, relative to this one, whose values hold where this "
            "file says nothing",
        },
        "stages": {
            "type": "array",
            "items": {"enum": known},
            "uniqueItems": True,
            "description": "the stages in the order in which they run",
        },
        **made["properties"],
    }
    made["anyOf"] = [{"required": ["stages"]}, {"required": ["extends"]}]
    made["title"] = "clean_ingest config"
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **made}


def _kinds(stages: Mapping[str, type[Any]]) -> dict[str, type[Any]]:
    return {"limits": Limits, "shards": Shards, "readers": Readers, **stages}


def _tables(stages: Mapping[str, type[Any]]) -> type[BaseModel]:
    tables: dict[str, Any] = {}
    for name, kind in _kinds(stages).items():
        model = _model(name, kind)
        tables[name] = (model, Field(default_factory=model, description=summary(kind)))
    return create_model("Tables", __config__=_STRICT, **tables)


def _model(name: str, kind: type[Any]) -> type[BaseModel]:
    hints = get_type_hints(kind)
    fields: dict[str, Any] = {}
    for f in option_fields(kind):
        about: dict[str, Any] = {
            "description": f.metadata.get("doc"),
            "ge": f.metadata.get("minimum"),
            "le": f.metadata.get("maximum"),
        }
        if f.default is not dataclasses.MISSING:
            about["default"] = f.default
        elif f.default_factory is not dataclasses.MISSING:
            about["default_factory"] = f.default_factory
        fields[f.name] = (hints[f.name], Field(**about))
    return create_model(name, __config__=_STRICT, **fields)


def _mistake(details: ErrorDetails, model: type[BaseModel]) -> tuple[KeyPath, str]:
    path = tuple(str(part) for part in details["loc"])
    key = "".join(f"[{p}]" if isinstance(p, int) else f".{p}" for p in details["loc"])[1:]
    kind = details["type"]
    if kind == "extra_forbidden":
        fields: Mapping[str, Any] = model.model_fields
        for part in path[:-1]:
            fields = fields[part].annotation.model_fields
        known = list(fields)
        listed = f" (there are: {', '.join(known)})" if known else " (there are none)"
        meant = did_you_mean(path[-1], known)
        return path, f"{key}: there is no such option{meant or listed}"
    if kind == "missing":
        return path, f"{key}: has to be set"
    said = details["msg"].removeprefix("Input ").removeprefix("Value error, ")
    message = _MESSAGES.get(kind, said).format(**details.get("ctx", {}))
    shown = json.dumps(details["input"], ensure_ascii=False, default=str)
    return path, f"{key}: {message}, is {shown[:60]}"
