"""The rulebook itself: in order, proven, and without a rule that could be left out."""

from __future__ import annotations

from pathlib import Path

from clean_ingest.rules.check import check, redundant, text_of
from clean_ingest.rules.lint import lint
from clean_ingest.rules.load import rulebook
from clean_ingest.stages.proof import propose

SEEDS = Path(__file__).parents[2] / "seeds"


def test_the_rulebook_has_no_faults() -> None:
    """Sorted, trimmed, NFC, nothing twice, enough examples, patterns that compile."""
    assert [] == lint(rulebook())


def test_every_rule_proves_itself() -> None:
    """What a rule must remove goes by that rule, and what it must keep stays."""
    assert [] == check(rulebook(), propose)


def test_no_rule_could_be_left_out() -> None:
    """Without it, one of its own examples would come out differently."""
    assert [] == redundant(rulebook(), propose)


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
