"""From the name of a preset or a file, and overrides, to a `Config`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from clean_ingest.config import presets
from clean_ingest.config.model import RULE_FILES, Config, Limits, Readers, Shards
from clean_ingest.config.registry import Offer, load_stage, offers
from clean_ingest.config.source import (
    KeyPath,
    Layer,
    Mistake,
    Place,
    did_you_mean,
    find,
    merge,
    read_chain,
    read_override,
)
from clean_ingest.core.errors import ConfigError

TABLES = ("limits", "shards", "readers")
KEYS = ("extends", "stages", *TABLES)


def load(name_or_path: str = "default", overrides: Sequence[str] = ()) -> Config:
    """The config of a preset or TOML file, changed by overrides (`stage.option=value`).

    Raises `ConfigError` that names every mistake at once, each with file and line, and
    `RulebookError` where a rule file that the config names has mistakes. Stages of other
    packages are imported only where the config lists them.
    """
    if not overrides and name_or_path in presets.names():
        return _preset(name_or_path)
    return _load(name_or_path, overrides)


def stage_schema(name_or_path: str = "default") -> dict[str, Any]:
    """The JSON Schema for our stages and those that the config lists."""
    from clean_ingest.config.check import schema  # pydantic takes 0.1 s

    listed = [stage.name for stage in load(name_or_path).stages]
    wanted = [offer for offer in offers().values() if offer.is_ours or offer.name in listed]
    return schema({offer.name: load_stage(offer) for offer in wanted})


@cache
def _preset(name: str) -> Config:
    # The tests hold every preset against the full check, so that using the library with one
    # of them need not wait for pydantic.
    data = merge(read_chain(find(name)))
    known = offers()
    if not known.keys() >= set(data["stages"]):
        return _load(name, ())  # says which stage an outdated installation lacks
    kinds = {stage: load_stage(known[stage]) for stage in data["stages"]}
    options = {table: _frozen(data.get(table, {})) for table in (*TABLES, *kinds)}
    return _build(name, kinds, options, known)


def _load(name_or_path: str, overrides: Sequence[str]) -> Config:
    from clean_ingest.config.check import check  # pydantic takes 0.1 s

    layers = read_chain(find(name_or_path))
    mistakes: list[Mistake] = []
    for text in overrides:
        layer = read_override(text)
        if isinstance(layer, Mistake):
            mistakes.append(layer)
        else:
            layers.append(layer)
    data = merge(layers)
    known = offers()
    kinds = _stages(data.pop("stages", None), known, layers, mistakes)
    tables = _known_tables(data, kinds, known, layers, mistakes)
    usable = {name: kind for name, kind in kinds.items() if kind is not None}
    options, wrong = check(tables, usable)
    mistakes += [Mistake(_place(path, layers), what) for path, what in wrong]
    if mistakes:
        raise _all_at_once(mistakes)
    config = _build(name_or_path, usable, options, known)
    if any(getattr(stage, RULE_FILES, ()) for stage in config.stages):
        config.rulebook()  # a bad rule file is told here once, and not by every document
    return config


def _stages(
    listed: Any, known: Mapping[str, Offer], layers: Sequence[Layer], mistakes: list[Mistake]
) -> dict[str, type[Any] | None]:
    """The class of each listed stage; None for one that is listed but cannot be used."""

    def wrong(what: str) -> None:
        mistakes.append(Mistake(_place(("stages",), layers), what))

    if listed is None:
        wrong('stages: has to be set, here or by extends = "default"')
        return {}
    if not isinstance(listed, list) or not all(isinstance(name, str) for name in listed):
        wrong("stages: must be a list of names")
        return {}
    kinds: dict[str, type[Any] | None] = {}
    for name in listed:
        if name in kinds:
            wrong(f"stages: {name!r} is listed twice")
            continue
        kinds[name] = None
        if name not in known or name in KEYS:
            wrong(f"stages: there is no stage {name!r}{did_you_mean(name, known)}")
            continue
        try:
            kinds[name] = load_stage(known[name])
        except ConfigError as error:
            wrong(f"stages: {error}")
    return kinds


def _known_tables(
    data: Mapping[str, Any],
    kinds: Mapping[str, type[Any] | None],
    known: Mapping[str, Offer],
    layers: Sequence[Layer],
    mistakes: list[Mistake],
) -> dict[str, Any]:
    """The tables that can be checked further; the others are mistakes, or do not matter.

    A stage that a preset sets options of, and that a config leaves out of `stages`, is no
    mistake of that config.
    """
    tables: dict[str, Any] = {}
    for key, table in data.items():
        own = any(layer.says((key,)) and not layer.inherited for layer in layers)
        if key in TABLES or kinds.get(key) is not None:
            tables[key] = table
        elif key not in kinds and own:
            what = (
                f"{key}: `stages` does not list this stage"
                if key in known
                else f"{key}: there is no such {_noun(table)}{did_you_mean(key, [*KEYS, *known])}"
            )
            mistakes.append(Mistake(_place((key,), layers), what))
    return tables


def _build(
    name: str,
    kinds: Mapping[str, type[Any]],
    options: Mapping[str, Mapping[str, Any]],
    known: Mapping[str, Offer],
) -> Config:
    try:
        stages = tuple(kind(**options[stage]) for stage, kind in kinds.items())
        limits, shards = Limits(**options["limits"]), Shards(**options["shards"])
        readers = Readers(**options["readers"])
    except ValueError as error:  # what a stage's own __post_init__ does not accept
        raise ConfigError("config/refused", str(error), where=name) from error
    plugins = {known[stage] for stage in kinds if not known[stage].is_ours}
    return Config(
        name,
        stages,
        limits,
        shards,
        tuple(sorted({(offer.distribution, offer.version) for offer in plugins})),
        readers,
    )


def _place(path: KeyPath, layers: Sequence[Layer]) -> Place:
    """Where the value at `path` was said last; the config's own file where nobody said it."""
    for layer in reversed(layers):
        if layer.says(path):
            return layer.place(path)
    if len(path) > 1:
        return _place(path[:-1], layers)
    own = [layer for layer in layers if not layer.where.startswith("--set")]
    return Place(own[-1].where)


def _all_at_once(mistakes: Sequence[Mistake]) -> ConfigError:
    unique = list(dict.fromkeys(map(str, sorted(mistakes))))
    message = unique[0]
    if len(unique) > 1:
        message = f"{len(unique)} mistakes in the config:\n" + "\n".join(f"  {m}" for m in unique)
    return ConfigError(
        "config/mistakes",
        message,
        hint="`clean-ingest config show` prints every option with its meaning",
    )


def _noun(value: Any) -> str:
    return "table" if isinstance(value, Mapping) else "key"


def _frozen(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _frozen(item) for key, item in value.items()}
    return tuple(map(_frozen, value)) if isinstance(value, list) else value
