"""A stage that has an option of every kind, installed for the tests of this folder."""

from __future__ import annotations

from pathlib import Path

import pytest

SAMPLER = '''
from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import PurePath
from typing import ClassVar, Literal

from clean_ingest.core.stage import option


@dataclass(frozen=True, slots=True)
class Sampler:
    """Does nothing, with many options.

    This paragraph is not shown.
    """

    name: ClassVar[str] = "sampler"

    share: float = option(0.5, "a share", minimum=0, maximum=1)
    least: int = option(3, "a number", minimum=1)
    strict: bool = option(False, "a switch")
    words: tuple[str, ...] = option(("a",), "a list")
    mode: Literal["fast", "exact"] = option("fast", "a choice")
    cap: int | None = option(None, "a number or nothing", minimum=1)
    label: str = option("x", "a text")
    names: frozenset[str] = option(frozenset(), "a set")
    place: PurePath = option(PurePath("here"), "a path")
    weights: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.label == "forbidden":
            raise ValueError("sampler.label: must not be 'forbidden'")

    def propose(self, document):
        return ()


class Plain:
    name = "plain"


@dataclass
class Thawed:
    name: ClassVar[str] = "thawed"

    def propose(self, document):
        return ()
'''

ENTRY_POINTS = """[clean_ingest.stages]
sampler = sampler_for_tests:Sampler
plain = sampler_for_tests:Plain
thawed = sampler_for_tests:Thawed
misnamed = sampler_for_tests:Sampler
"""


@pytest.fixture
def sampler(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Install the stage `sampler` (package `sampler-pack` 2.0); the folder for config files."""
    site = tmp_path / "site"
    about = site / "sampler_pack-2.0.dist-info"
    about.mkdir(parents=True)
    (site / "sampler_for_tests.py").write_text(SAMPLER)
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: sampler-pack\nVersion: 2.0\n")
    (about / "entry_points.txt").write_text(ENTRY_POINTS)
    monkeypatch.syspath_prepend(site)
    return tmp_path
