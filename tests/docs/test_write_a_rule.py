"""The rules in the manual are rules: they load, hold, and have no faults."""

from __future__ import annotations

import re
from pathlib import Path

from clean_ingest.rules.check import check, redundant
from clean_ingest.rules.classes import CLASSES
from clean_ingest.rules.lint import lint
from clean_ingest.rules.load import load
from clean_ingest.rules.model import KINDS, STRENGTHS, WHERES, Rulebook
from clean_ingest.stages.proof import propose

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "write-a-rule.md"


def test_the_examples_hold(tmp_path: Path) -> None:
    """Every rule block, together in one file beside the rulebook."""
    blocks = re.findall(r"```toml rule\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    file = tmp_path / "ferry.toml"
    file.write_text("\n".join(blocks), encoding="utf-8")
    book = load([file])
    ours = [rule.id for rule in book.rules.values() if rule.file == "ferry.toml"]
    assert 7 == len(ours)
    assert [] == lint(book)
    alone = Rulebook({name: book.rules[name] for name in ours}, book.letters)
    assert [] == redundant(alone, propose)
    assert [] == [failure for failure in check(book, propose) if failure.rule in ours]


def test_the_manual_names_all_there_is() -> None:
    """Each kind, strength and place, and the classes it speaks of exist."""
    page = PAGE.read_text(encoding="utf-8")
    for word in (*KINDS, *STRENGTHS, *WHERES):
        assert word in page
    assert set(re.findall(r"`\{([a-z]+)\}`", page)) <= set(CLASSES)
