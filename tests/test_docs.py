"""The README and the how-to pages do what they say."""

from __future__ import annotations

import gzip
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from clean_ingest.engine.single import clean
from clean_ingest.rules.load import rulebook

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = sorted((ROOT / "docs").rglob("*.md"))

OUR_RULES = """\
[[rule]]
id = "chrome/own/teaser"
kind = "phrase"
strength = "strong"
why = "The teaser of our own pages."
since = "1.0.0"
phrases = ["Harbour News"]
removes = ["Harbour News", "HARBOUR NEWS!"]
keeps = ["The Harbour News reported it.", "News from the harbour"]
"""


def after(marker: str, text: str = README) -> str:
    """The code block behind a marker."""
    block = re.search(rf"<!-- {marker} -->\n```\w*\n(.*?)```", text, re.DOTALL)
    assert block
    return block[1]


def readme_page() -> list[tuple[str, str, str]]:
    """Sign, text and rule of each line of the page in the README."""
    lines = [
        re.fullmatch(r"([-! ])(.*?)(?:\s+# (\S+/\S+))?", line)
        for line in after("page").splitlines()
    ]
    return [(line[1], line[2], line[3] or "") for line in lines if line]


def test_the_page_of_the_readme_comes_out_as_shown() -> None:
    """Each line has the fate, and the rule, that the README gives it."""
    page = readme_page()
    source = "\n".join(text for _, text, _ in page)
    cleaned = clean(source)
    offset = 0
    for sign, text, rule in page:
        rules = {cause.rule for i in range(offset, offset + len(text)) for cause in cleaned.why(i)}
        assert ({rule} if rule else set()) == rules
        assert (sign == " ") == (not rule)
        offset += len(text) + 1
    kept = [text.replace("â€™", "’") for sign, text, _ in page if sign != "-"]
    assert kept == cleaned.text.split("\n")


def test_the_line_of_python_runs(tmp_path: Path) -> None:
    """As it stands, beside a page.html."""
    (tmp_path / "page.html").write_text(
        "<p>The bridge is open again, for the first time since the flood.<p>Share this post",
        encoding="utf-8",
    )
    printed = subprocess.run(
        [sys.executable, "-c", after("python")],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert "The bridge is open again, for the first time since the flood.\n" == printed.stdout


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which the commands of the docs can run."""
    folder = tmp_path_factory.mktemp("docs")
    (folder / "pages").mkdir()
    page = "\n".join(text for _, text, _ in readme_page())
    (folder / "pages" / "page.txt").write_text(page, encoding="utf-8")
    (folder / "pages" / "empty.txt").write_text("", encoding="utf-8")
    (folder / "our-rules.toml").write_text(OUR_RULES, encoding="utf-8")
    config = (ROOT / "docs/how-to/configure.md").read_text(encoding="utf-8")
    block = re.search(r"```toml file=mine.toml\n(.*?)```", config, re.DOTALL)
    assert block
    (folder / "mine.toml").write_text(block[1], encoding="utf-8")
    return folder


def write_archives(folder: Path) -> None:
    """One file of each kind that a run can read, with texts in them."""
    texts = [f"The bridge number {n} is open again." for n in range(5)]
    rows = "".join(json.dumps({"text": t, "id": n}) + "\n" for n, t in enumerate(texts[:2]))
    packed = pa.compress(rows.encode(), codec="zstd", asbytes=True)
    (folder / "dump.jsonl.zst").write_bytes(bytes(packed))
    pq.write_table(pa.table({"text": [texts[2]]}), folder / "table.parquet")
    head = "WARC/1.0\r\nWARC-Type: conversion\r\nWARC-Record-ID: <urn:uuid:1>\r\n"
    record = f"{head}Content-Type: text/plain\r\nContent-Length: {len(texts[3])}\r\n\r\n{texts[3]}\r\n\r\n"
    (folder / "crawl.wet.gz").write_bytes(gzip.compress(record.encode(), mtime=0))
    with zipfile.ZipFile(folder / "texts.zip", "w") as archive:
        archive.writestr(zipfile.ZipInfo("page.txt"), texts[4])


def commands(text: str) -> list[str]:
    blocks = re.findall(r"```console\n(.*?)```", text, re.DOTALL)
    lines = [line for block in blocks for line in block.splitlines()]
    return [line[2:].partition(" #")[0].strip() for line in lines if line.startswith("$ ")]


def execute(line: str, folder: Path) -> str:
    program, *arguments = shlex.split(line)
    assert "clean-ingest" == program
    done = subprocess.run(
        [sys.executable, "-m", "clean_ingest", *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), *_also()])},
    )
    assert 0 == done.returncode, (line, done.stderr)
    return done.stdout


def _also() -> list[str]:
    """Where else the tests' own packages come from."""
    return list(filter(None, os.environ.get("PYTHONPATH", "").split(os.pathsep)))


def test_the_commands_of_the_readme_run(folder: Path) -> None:
    """One after the other; restore gives the page back."""
    outputs = {line: execute(line, folder) for line in commands(README)}
    assert len(outputs) >= 7
    source = (folder / "pages" / "page.txt").read_text(encoding="utf-8")
    assert source == outputs["clean-ingest restore out/pages page.txt"]


def test_read_a_run(folder: Path, tmp_path: Path) -> None:
    """The Python of the page, in one go, over a run of its own command."""
    text = (ROOT / "docs/how-to/read-a-run.md").read_text(encoding="utf-8")
    (line,) = commands(text)
    execute(
        line.replace("out/pages", str(tmp_path / "out/pages")).replace(
            "pages/ ", f"{folder}/pages "
        ),
        folder,
    )
    code = "\n".join(re.findall(r"```python\n(.*?)```", text, re.DOTALL))
    printed = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True
    ).stdout
    assert (folder / "pages" / "page.txt").read_text(encoding="utf-8") in printed
    assert "page.txt en Harbour bridge reopens after three years" in printed
    assert "empty.txt dropped empty the source has no text" in printed


def test_configure(folder: Path, tmp_path: Path) -> None:
    """Its config is valid, and its commands run with a user's own rules."""
    text = (ROOT / "docs/how-to/configure.md").read_text(encoding="utf-8")
    for line in commands(text):
        execute(line.replace("out/pages", str(tmp_path / "out")), folder)


def test_read_archives(tmp_path: Path) -> None:
    """Its config is valid, and its commands run over a file of each kind."""
    text = (ROOT / "docs/how-to/read-archives.md").read_text(encoding="utf-8")
    block = re.search(r"```toml file=fields.toml\n(.*?)```", text, re.DOTALL)
    assert block
    (tmp_path / "fields.toml").write_text(block[1], encoding="utf-8")
    write_archives(tmp_path)
    outputs = {line: execute(line, tmp_path) for line in commands(text)}
    assert "5 read: 5 kept" in outputs["clean-ingest stats out/archives"]


def test_run_in_batches(folder: Path, tmp_path: Path) -> None:
    """Its config is valid, and its commands run one after the other over the same folder."""
    text = (ROOT / "docs/how-to/run-in-batches.md").read_text(encoding="utf-8")
    block = re.search(r"```toml file=limits.toml\n(.*?)```", text, re.DOTALL)
    assert block
    (tmp_path / "limits.toml").write_text(block[1], encoding="utf-8")
    shutil.copytree(folder / "pages", tmp_path / "pages")
    outputs = {line: execute(line, tmp_path) for line in commands(text)}
    assert "2 read: 1 kept, 1 dropped" in outputs["clean-ingest stats out/batch"]


@pytest.mark.parametrize(
    "page", [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *PAGES], ids=lambda p: p.name
)
def test_links_lead_somewhere(page: Path) -> None:
    """Each relative link names a file that is there."""
    text = page.read_text(encoding="utf-8")
    for target in re.findall(r"\]\((?!https?:)([^)#]+)", text):
        assert (page.parent / target).exists(), target


@pytest.mark.parametrize("page", [ROOT / "README.md", *PAGES], ids=lambda p: p.name)
def test_rules_that_are_named_exist(page: Path) -> None:
    """An id in the docs is an id of the rulebook."""
    text = page.read_text(encoding="utf-8")
    named = set(
        re.findall(r"\b(?:chrome|repeats|mojibake|characters|whitespace)/[a-z0-9/-]+\b", text)
    )
    named -= set(re.findall(r'^id = "([^"]+)"', text, re.MULTILINE))  # of the page's own examples
    files = {name for name in named if (ROOT / "src/clean_ingest/rulebook" / name).exists()}
    assert not {name for name in named - files if name not in rulebook().rules}
