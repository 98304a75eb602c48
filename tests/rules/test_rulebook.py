"""The rulebook itself: in order, proven, and without a rule that could be left out."""

from __future__ import annotations

from pathlib import Path

import pytest

from clean_ingest.intake.example import read
from clean_ingest.rules.check import check, redundant, text_of
from clean_ingest.rules.compile import matcher_for
from clean_ingest.rules.lint import lint
from clean_ingest.rules.load import rulebook
from clean_ingest.rules.page import width_of
from clean_ingest.stages.proof import propose

SEEDS = Path(__file__).parents[2] / "seeds"


def test_the_rulebook_has_no_faults() -> None:
    """Sorted, trimmed, NFC, nothing twice, enough examples, patterns that compile."""
    assert [] == lint(rulebook())


def test_every_rule_proves_itself() -> None:
    """What a rule must remove goes by that rule, and what it must keep stays."""
    assert [] == check(rulebook(), propose, read)


def test_no_rule_could_be_left_out() -> None:
    """Without it, one of its own examples would come out differently."""
    assert [] == redundant(rulebook(), propose, read)


def test_no_rule_lives_on_the_seeds() -> None:
    """Each rule removes at least two texts that share no line with a seed."""
    seeds = "\n".join(path.read_text(encoding="utf-8") for path in SEEDS.glob("*.txt"))
    lines = {line.strip() for line in seeds.split("\n")} - {""}
    poor = {
        rule.id: rule.removes
        for rule in rulebook().rules.values()
        if sum(lines.isdisjoint(text_of(text).split("\n")) for text in rule.removes) < 2
    }
    assert {} == poor


@pytest.mark.parametrize("line", ["相关阅读", "相關閱讀", "【相關閲讀】", "［相关阅读］："])
def test_chinese_phrases_stand_for_both_forms(line: str) -> None:
    """A phrase in one form of the characters takes a line in another, in wide brackets too."""
    matcher = matcher_for(rulebook())
    hit = matcher.short(line, matcher.folding.fold(line), width_of(line))
    assert hit is not None
    assert "chrome/zh/related" == hit.rule.id
