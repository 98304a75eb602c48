"""`rules`: what the rulebook says, and whether it proves itself."""

from __future__ import annotations

from pathlib import Path

import click

from clean_ingest.cli.group import Group
from clean_ingest.cli.options import json_option, verb
from clean_ingest.cli.streams import write
from clean_ingest.core.errors import InputError


@click.group("rules", cls=Group)
def command() -> None:
    """The rulebook: why anything is removed."""


_files = click.argument(
    "files", metavar="[FILE...]", nargs=-1, type=click.Path(dir_okay=False, path_type=Path)
)


@verb("list")
@click.option("--stage", metavar="STAGE", help="Only the rules of this stage.")
@json_option
def list_rules(stage: str | None, as_json: bool) -> None:
    """List all rules, each with its kind and reason."""
    from clean_ingest.report import json
    from clean_ingest.report.visible import table
    from clean_ingest.rules.load import rulebook

    rules = [rule for _, rule in sorted(rulebook().rules.items())]
    if stage is not None:
        _known(stage, {rule.stage for rule in rules}, "stage with rules", "rule/no-stage")
        rules = [rule for rule in rules if rule.stage == stage]
    if as_json:
        write("".join(map(json.line, rules)))
    else:
        write(table([(rule.id, rule.kind, rule.why) for rule in rules]))


@verb("show")
@click.argument("rule_id", metavar="ID")
@json_option
def show(rule_id: str, as_json: bool) -> None:
    """Print one rule: why it is there, what it matches, and its proof."""
    from clean_ingest.report import json, terminal
    from clean_ingest.rules.load import rulebook

    rules = rulebook().rules
    _known(rule_id, set(rules), "rule", "rule/missing")
    write(json.line(rules[rule_id]) if as_json else terminal.rule(rules[rule_id]))


@verb("lint")
@_files
@click.option(
    "--prose",
    metavar="FILE",
    multiple=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="Ordinary prose, a sentence a line or JSON Lines with `text`: no rule may take any.",
)
def lint(files: tuple[Path, ...], prose: tuple[Path, ...]) -> int:
    """Check the form of the rulebook, and that it leaves prose alone.

    Rule files of yours are checked beside it. Ends with 1 where there is a fault; each is one
    line.
    """
    from clean_ingest.report import terminal
    from clean_ingest.rules.lint import lint as find_faults
    from clean_ingest.rules.load import load
    from clean_ingest.rules.prose import taken
    from clean_ingest.stages.proof import propose

    book = load(files)
    faults = [*find_faults(book), *taken(book, prose, propose)]
    write(terminal.faults(faults, len(book.rules)))
    return int(bool(faults))


@verb("test")
@_files
def test(files: tuple[Path, ...]) -> int:
    """Let every rule prove itself on its own examples.

    What it must remove goes, what it must keep stays. Rule files of yours are tested beside
    the rulebook. Ends with 1 where an example does not hold; each is one line.
    """
    from clean_ingest.intake.example import read
    from clean_ingest.report import terminal
    from clean_ingest.rules.check import check
    from clean_ingest.rules.load import load
    from clean_ingest.stages.proof import propose

    book = load(files)
    failures = check(book, propose, read)
    write(terminal.failures(failures, book.rules.values()))
    return int(bool(failures))


def _known(word: str, known: set[str], noun: str, code: str) -> None:
    if word not in known:
        from clean_ingest.config.source import did_you_mean

        meant = did_you_mean(word, sorted(known))
        hint = "`clean-ingest rules list` has them all"
        raise InputError(code, f"there is no {noun} {word!r}{meant}", hint=hint)


for _command in (list_rules, show, lint, test):
    command.add_command(_command)
