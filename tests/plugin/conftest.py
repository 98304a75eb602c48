"""Installs the example package of docs/how-to/write-a-stage.md for one test."""

from __future__ import annotations

import shutil
import tomllib
from pathlib import Path

import pytest

HERE = Path(__file__).parent


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    """A folder for PYTHONPATH with the example as pip would leave it; pip itself needs a network.

    Name, version and entry points come from the example's own pyproject.toml.
    """
    project = tomllib.loads((HERE / "pyproject.toml").read_text())["project"]
    site = tmp_path / "site"
    about = site / f"clean_ingest_hashtags-{project['version']}.dist-info"
    about.mkdir(parents=True)
    about.joinpath("METADATA").write_text(
        f"Metadata-Version: 2.1\nName: {project['name']}\nVersion: {project['version']}\n"
    )
    points = project["entry-points"]
    about.joinpath("entry_points.txt").write_text(
        "".join(
            f"[{group}]\n" + "".join(f"{name} = {target}\n" for name, target in entries.items())
            for group, entries in points.items()
        )
    )
    shutil.copy(HERE / "hashtags.py", site)
    return site
