"""Finds stages by their entry points, ours and other packages' through the same door."""

from __future__ import annotations

import dataclasses
import importlib.metadata
from dataclasses import dataclass
from typing import Any

from clean_ingest.core.errors import ConfigError

GROUP = "clean_ingest.stages"
OURS = "clean-ingest"


@dataclass(frozen=True, slots=True)
class Offer:
    """A stage that an installed distribution offers; nothing of it has been imported yet."""

    name: str
    target: str
    distribution: str
    version: str

    @property
    def is_ours(self) -> bool:
        """Whether the stage is part of this package."""
        return self.distribution == OURS


def offers() -> dict[str, Offer]:
    """Every stage on offer by name, ours first, then other packages' by name.

    Raises `ConfigError` where two distributions offer one name: which of them a config
    means would hang on the order of installation.
    """
    found: dict[str, Offer] = {}
    for entry in importlib.metadata.entry_points(group=GROUP):
        distribution = entry.dist.name if entry.dist else ""
        version = entry.dist.version if entry.dist else ""
        offer = Offer(entry.name, entry.value, _normal(distribution), version)
        other = found.get(entry.name)
        if other is not None and other != offer:
            names = " and ".join(sorted((other.distribution, offer.distribution)))
            raise ConfigError(
                "stage/ambiguous",
                f"two packages offer a stage {entry.name!r}: {names}",
                hint="uninstall one of them",
            )
        found[entry.name] = offer
    return dict(sorted(found.items(), key=lambda item: (not item[1].is_ours, item[0])))


def load_stage(offer: Offer) -> type[Any]:
    """Import the stage's class and see that it is what a stage must be.

    Raises `ConfigError` naming what is wrong, also for whatever the import raises.
    """
    entry = importlib.metadata.EntryPoint(offer.name, offer.target, GROUP)
    try:
        kind = entry.load()
    except Exception as error:
        raise _bad(offer, f"cannot be imported: {type(error).__name__}: {error}") from error
    if not isinstance(kind, type) or not dataclasses.is_dataclass(kind):
        raise _bad(offer, "is no dataclass")
    params = getattr(kind, "__dataclass_params__", None)
    if params is None or not params.frozen:
        raise _bad(offer, "is not frozen; say @dataclass(frozen=True, slots=True)")
    if getattr(kind, "name", None) != offer.name:
        raise _bad(offer, f"says name = {getattr(kind, 'name', None)!r} about itself")
    if not callable(getattr(kind, "propose", None)):
        raise _bad(offer, "has no method propose(document)")
    return kind


def _bad(offer: Offer, what: str) -> ConfigError:
    return ConfigError(
        "stage/unusable",
        f"stage {offer.name!r} ({offer.target}) {what}",
        where=f"{offer.distribution} {offer.version}",
    )


def _normal(distribution: str) -> str:
    return distribution.lower().replace("_", "-")
