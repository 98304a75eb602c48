"""A stage of another package works, and docs/how-to/write-a-stage.md is right about it."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
PAGE = (ROOT / "docs/how-to/write-a-stage.md").read_text()


def command(site: Path, *args: str, text: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # our own command
        [sys.executable, "-m", "clean_ingest", *args],
        input=text,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(site)},
    )


def test_files_on_the_page_are_the_files() -> None:
    """Each block of the page that names a file is that file, whole."""
    blocks = re.findall(r"```\w+ file=(\S+)\n(.*?)```", PAGE, re.DOTALL)

    assert len(blocks) == 3
    for name, block in blocks:
        assert (ROOT / name).read_text() == block


def test_console_on_the_page(installed: Path) -> None:
    """The shell lines of the page print what the page says that they print."""
    block = re.search(r"```console\n\$ ([^\n]*)\n(.*?)```", PAGE, re.DOTALL)
    assert block
    line = block[1].replace("clean-ingest ", f"{sys.executable} -m clean_ingest ")

    printed = subprocess.run(  # noqa: S602  # the line is ours, and a shell line
        line,
        shell=True,
        capture_output=True,
        text=True,
        check=True,
        cwd=HERE,
        env={**os.environ, "PYTHONPATH": str(installed)},
    )

    # A terminal gets the line end that the text itself does not have.
    assert printed.stdout + "\n" == block[2]


def test_python_on_the_page(installed: Path) -> None:
    """The test on the page passes."""
    code = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)[-1]

    done = subprocess.run(  # our own command
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(installed)},
    )

    assert (done.returncode, done.stderr) == (0, "")


def test_every_edit_names_the_stage(installed: Path) -> None:
    """The edits of a stage from outside carry its name, its rule and its evidence."""
    text = "#一 #二 #三\n#a #b\n"

    done = command(installed, "clean", "--json", "--config", str(HERE / "hashtags.toml"), text=text)

    edits = json.loads(done.stdout)["edits"]
    first = edits[0]
    assert ("hashtags", "hashtags/line", "3 hashtags", "#一 #二 #三") == (
        first["stage"],
        first["rule"],
        first["evidence"],
        first["before"],
    )
    assert "#a #b" in json.loads(done.stdout)["text"]


def test_version_of_the_package_is_in_the_fingerprint(installed: Path) -> None:
    """Another version of the package gives another fingerprint: its output may differ."""
    config = str(HERE / "hashtags.toml")
    before = command(installed, "config", "validate", config).stdout
    metadata = next(installed.glob("*.dist-info")) / "METADATA"
    metadata.write_text(metadata.read_text().replace("Version: 1.2.0", "Version: 1.2.1"))

    after = command(installed, "config", "validate", config).stdout

    assert "fine" in before
    assert "fine" in after
    assert before != after


def test_stage_is_listed_without_being_imported(installed: Path) -> None:
    """`stages list` shows a stage of a broken package, which no config lists."""
    installed.joinpath("hashtags.py").write_text("raise RuntimeError('imported')\n")

    done = command(installed, "stages", "list")

    assert done.returncode == 0
    assert "hashtags" in done.stdout
    assert "clean-ingest-hashtags 1.2.0" in done.stdout


def test_broken_package_is_a_kind_error(installed: Path) -> None:
    """A stage that cannot be imported is one clear message, and no traceback."""
    installed.joinpath("hashtags.py").write_text("import no_such_module\n")

    done = command(installed, "clean", "--config", str(HERE / "hashtags.toml"))

    assert done.returncode == 2
    assert "hashtags.toml:1: stages: stage 'hashtags'" in done.stderr
    assert "no_such_module" in done.stderr
    assert "Traceback" not in done.stderr
