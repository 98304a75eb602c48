"""`rules`, `stages` and `config`: what there is, and whether it is right."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from clean_ingest.config.load import load
from clean_ingest.rules.load import rulebook

Invoke = Callable[..., Result]

RULE = """
[[rule]]
id = "chrome/mine/badge"
kind = "phrase"
why = "A badge of our own."
since = "0.1.0"
phrases = [{phrases}]
removes = ["{removes}", "Built by Ourselves"]
keeps = ["We were built by ourselves.", "Ourselves"]
"""


def rule_file(folder: Path, phrases: str, removes: str = "Powered by Ourselves") -> Path:
    path = folder / "mine.toml"
    path.write_text(RULE.format(phrases=phrases, removes=removes))
    return path


def test_rules_list(invoke: Invoke) -> None:
    """Every rule is one line with its reason, in order; as JSON too."""
    ids = sorted(rulebook().rules)

    lines = invoke("rules", "list").stdout.splitlines()
    parsed = [json.loads(line) for line in invoke("rules", "list", "--json").stdout.splitlines()]

    assert ids == [line.split()[0] for line in lines] == [rule["id"] for rule in parsed]


def test_rules_list_of_a_stage(invoke: Invoke) -> None:
    """--stage leaves the rules of that stage; an unknown one is a mistake."""
    lines = invoke("rules", "list", "--stage", "whitespace").stdout.splitlines()
    wrong = invoke("rules", "list", "--stage", "whitespacee")

    assert len(rulebook().of_stage("whitespace")) == len(lines)
    assert wrong.exit_code == 2
    assert "did you mean 'whitespace'?" in wrong.stderr


def test_rules_show(invoke: Invoke) -> None:
    """A rule is shown with its reason, what it matches, and its proof."""
    rule = next(rule for rule in rulebook().rules.values() if rule.phrases)

    shown = invoke("rules", "show", rule.id).stdout

    assert shown.startswith(f"{rule.id}\n  why ")
    assert rule.why in shown
    assert rule.phrases[0] in shown
    assert "  removes\n" in shown
    assert "  keeps\n" in shown


def test_rules_show_says_what_was_meant(invoke: Invoke) -> None:
    """A mistyped id names the nearest one."""
    rule_id = next(iter(rulebook().rules))

    assert f"did you mean '{rule_id}'?" in invoke("rules", "show", rule_id + "x").stderr


def test_the_rulebook_is_in_order(invoke: Invoke) -> None:
    """The rulebook has no faults, and every rule proves itself."""
    lint, test = invoke("rules", "lint"), invoke("rules", "test")

    assert (0, 0) == (lint.exit_code, test.exit_code), lint.stdout + test.stdout
    assert "no faults" in lint.stdout
    assert "all of them hold" in test.stdout


def test_rule_file_with_a_fault(invoke: Invoke, tmp_path: Path) -> None:
    """Phrases out of order are a fault: one line, exit 1."""
    path = rule_file(tmp_path, '"Powered by Ourselves", "Built by Ourselves"')

    done = invoke("rules", "lint", path)

    assert done.exit_code == 1
    assert "mine.toml: chrome/mine/badge: phrases: " in done.stdout


def test_rule_that_does_not_prove_itself(invoke: Invoke, tmp_path: Path) -> None:
    """An example that its rule does not remove is one line, exit 1."""
    path = rule_file(tmp_path, '"Built by Ourselves"')

    done = invoke("rules", "test", path)

    assert done.exit_code == 1
    assert 'chrome/mine/badge: removes "Powered by Ourselves": removes nothing' in done.stdout


def test_rule_file_that_cannot_be_read(invoke: Invoke, tmp_path: Path) -> None:
    """A rule file with mistakes is exit 2 and names them."""
    path = tmp_path / "mine.toml"
    path.write_text("[[rule]]\nid = 3\n")

    done = invoke("rules", "lint", path)

    assert (2, "") == (done.exit_code, done.stdout)
    assert "mine.toml" in done.stderr


def test_stages_list(invoke: Invoke) -> None:
    """Stages come in the order of the default config, each with a sentence."""
    lines = invoke("stages", "list").stdout.splitlines()[1:]

    names = [stage.name for stage in load().stages]
    assert names == [line.split()[1] for line in lines][: len(names)]
    assert all(len(line.split()) > 5 for line in lines[: len(names)])


def test_config_show(invoke: Invoke) -> None:
    """The config is printed as TOML, with overrides in it; --json prints the canonical form."""
    override = "limits.document_bytes=77"

    toml = tomllib.loads(invoke("config", "show", "--set", override).stdout)
    plain = invoke("config", "show", "--set", override, "--json").stdout

    assert toml["limits"]["document_bytes"] == 77
    assert load("default", [override]).canonical() + "\n" == plain


def test_config_validate(invoke: Invoke, tmp_path: Path) -> None:
    """Good configs are a line each on stdout, bad ones an error each; one bad one is exit 2."""
    good, bad = tmp_path / "good.toml", tmp_path / "bad.toml"
    good.write_text('extends = "default"\n')
    bad.write_text('extends = "default"\n[limits]\ndocument_bytes = 0\n[shards]\nrow = 1\n')

    fine, both = invoke("config", "validate", good), invoke("config", "validate", bad, good)

    assert (0, f"{good}: fine, fingerprint {load().fingerprint()}\n") == (
        fine.exit_code,
        fine.stdout,
    )
    assert (2, fine.stdout) == (both.exit_code, both.stdout)
    assert f"{bad}:3: limits.document_bytes: must be at least 1" in both.stderr
    assert f"{bad}:5: shards.row: there is no such option; did you mean 'rows'?" in both.stderr


@pytest.mark.parametrize("args", [[], ["default"]])
def test_config_schema(invoke: Invoke, args: list[str]) -> None:
    """The schema is JSON that knows every stage of the config."""
    schema = json.loads(invoke("config", "schema", *args).stdout)

    assert {stage.name for stage in load().stages} <= set(schema["properties"])
