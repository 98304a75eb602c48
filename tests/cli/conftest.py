"""The command line as its users call it: in this process, or in one of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from clean_ingest.cli import cli

PAGE = """\
Subscribe to our newsletter

Die Brücke über die Spree wurde am Montag nach drei Jahren Bauzeit wieder geöffnet.\u200b
Подробнее о ремонте моста рассказали в городской администрации в понедельник утром.
"""


@pytest.fixture
def page(tmp_path: Path) -> Path:
    """A small page with something to remove."""
    path = tmp_path / "page.txt"
    path.write_text(PAGE, encoding="utf-8")
    return path


@pytest.fixture
def invoke() -> Callable[..., Result]:
    """Run a command in this process."""

    def call(*args: str | Path, text: str | bytes = "", **env: str) -> Result:
        return CliRunner().invoke(cli, [str(arg) for arg in args], input=text, env=env)

    return call


@pytest.fixture
def command() -> Callable[..., subprocess.CompletedProcess[bytes]]:
    """Run a command in a process of its own, for what only a process has."""

    def call(
        *args: str | Path, text: bytes = b"", **env: str
    ) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(  # our own command
            [sys.executable, "-m", "clean_ingest", *map(str, args)],
            input=text,
            capture_output=True,
            check=False,
            env={**os.environ, **env},
        )

    return call


@pytest.fixture
def run(page: Path, invoke: Callable[..., Result]) -> Path:
    """A finished run over the small page and a picture that is none."""
    (page.parent / "picture.txt").write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR")
    out = page.parent / "out"
    done = invoke("run", page, page.parent / "picture.txt", "-o", out, "--workers", "1")
    assert (0, True) == (done.exit_code, out.joinpath("manifest.json").is_file()), done.stderr
    return out
