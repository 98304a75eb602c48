"""One document without files, through the public face."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import clean_ingest as ci
from clean_ingest.core.errors import ConfigError, Unreadable

PAGE = """\
Skip to main content

The bridge over the harbour was opened to traffic on Monday, three years after it was closed.
Itâ€™s the longest of its kind, and ships will pass below it from the beginning of May.

Share this post
"""


def test_str_is_the_clean_text() -> None:
    """Chrome is gone, mojibake repaired, and the source can be had back."""
    cleaned = ci.clean(PAGE)
    assert cleaned.text == str(cleaned)
    assert "Skip" not in str(cleaned)
    assert "It’s the longest" in str(cleaned)
    assert PAGE == cleaned.ledger.restore()
    assert "kept" == cleaned.outcome.outcome


def test_removed_holds_removals_only_and_why_names_the_rule() -> None:
    """A rewrite is in the ledger, not among the removed."""
    cleaned = ci.clean(PAGE)
    assert not any(row.after for row in cleaned.removed)
    assert {"chrome", "whitespace"} == {row.stage for row in cleaned.removed}
    assert "chrome" == cleaned.why(0)[-1].stage
    assert () == cleaned.why(PAGE.index("bridge"))


def test_explain_names_line_and_reason() -> None:
    """Lines count from 1 in the source; the reason is the rule's own sentence."""
    explanations = ci.explain(PAGE)
    lines = [explanation.line for explanation in explanations]
    assert sorted(lines) == lines
    assert (1, 4) == (lines[0], next(e.line for e in explanations if e.row.stage == "mojibake"))
    assert all(explanation.why for explanation in explanations)


def test_bytes_are_decoded() -> None:
    """UTF-16 with a mark is as good as UTF-8."""
    assert str(ci.clean(PAGE)) == str(ci.clean(PAGE.encode("utf-16")))


@pytest.mark.parametrize(
    ("data", "code"),
    [(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "binary"), ("<?xml version='1.0'?><feed>a", "unsupported")],
)
def test_what_is_no_text_is_refused(data: bytes | str, code: str) -> None:
    """An error with a stable code, never an empty text."""
    with pytest.raises(Unreadable) as error:
        ci.clean(data)
    assert code == error.value.code


def test_an_unknown_preset_is_an_error() -> None:
    """The message names what was asked for."""
    with pytest.raises(ConfigError, match="defalt"):
        ci.clean("a", "defalt")


def test_html_of_a_notebook_is_inert() -> None:
    """Nothing from a document becomes markup."""
    shown = ci.clean("<b>bold</b> words stand here.\nShare this post\n")._repr_html_()
    assert "<b>" not in shown
    assert "&lt;b&gt;" in shown
    assert "<del" in shown


def test_the_face_is_lazy_and_complete() -> None:
    """Importing the package imports nothing of it; every public name can be had."""
    script = (
        "import sys, clean_ingest; print([m for m in sys.modules if m.startswith('clean_ingest.')])"
    )
    loaded = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert "[]" == loaded.stdout.strip()
    assert all(getattr(ci, name) for name in ci.__all__)
    assert set(ci.__all__) == set(dir(ci))
    with pytest.raises(AttributeError, match="nonsense"):
        ci.nonsense  # noqa: B018 - the access is the test


def test_a_config_file_that_changed_counts(tmp_path: Path) -> None:
    """Presets are remembered, files are read again."""
    config = tmp_path / "own.toml"
    config.write_text("stages = []\n", encoding="utf-8")
    assert PAGE == str(ci.clean(PAGE, str(config)))
    config.write_text('stages = ["chrome"]\n', encoding="utf-8")
    assert PAGE != str(ci.clean(PAGE, str(config)))


@pytest.mark.parametrize("data", [None, bytearray(b"a"), memoryview(b"a"), 1])
def test_other_types_are_refused(data: object) -> None:
    """By their name, before anything is done with them."""
    with pytest.raises(TypeError, match=f"not {type(data).__name__}"):
        ci.clean(data)  # type: ignore[arg-type]  # that is the test
