"""The configs that come with the package."""

from __future__ import annotations

from pathlib import Path


def folder() -> Path:
    """Where the presets lie: inside the installed package, or beside `src` in a checkout."""
    package = Path(__file__).resolve().parent.parent
    shipped = package / "configs"
    return shipped if shipped.is_dir() else package.parent.parent / "configs"


def names() -> tuple[str, ...]:
    """The names of the presets, sorted."""
    return tuple(sorted(path.stem for path in folder().glob("*.toml")))


def path(name: str) -> Path | None:
    """The file of the preset `name`, or None where there is no such preset."""
    return folder() / f"{name}.toml" if name in names() else None
