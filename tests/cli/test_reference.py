from __future__ import annotations

import importlib.util
import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from clean_ingest.cli import VERBS, cli

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/reference/cli.md").read_text(encoding="utf-8")


def every(group: click.Group, path: str = "") -> Iterator[tuple[str, click.Command]]:
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        yield f"{path}{name}", command
        if isinstance(command, click.Group):
            yield from every(command, f"{path}{name} ")


COMMANDS = dict(every(cli))


def test_page_is_current() -> None:
    """docs/reference/cli.md is what tests/cli/cli_page.py writes."""
    path = ROOT / "tests/cli/cli_page.py"
    spec = importlib.util.spec_from_file_location("cli_page", path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)

    assert PAGE == module.page()


@pytest.mark.parametrize("name", COMMANDS)
def test_every_verb_and_option_is_on_the_page(name: str) -> None:
    """Each verb has its section, and each of its options occurs there."""
    section = re.search(rf"^## {name}\n(.*?)(?=^## |\Z)", PAGE, re.DOTALL | re.MULTILINE)

    assert section
    for parameter in COMMANDS[name].params:
        if isinstance(parameter, click.Option) and parameter.name != "verbose":
            assert all(f"`{option}`" in section[1] for option in parameter.opts)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_verb_has_help(name: str) -> None:
    """Each verb says what it does in a sentence that fits the list, and of each option what for."""
    command = COMMANDS[name]

    assert (command.help or "").partition("\n")[0].endswith(".")
    assert "..." not in command.get_short_help_str(68)
    assert all(p.help for p in command.params if isinstance(p, click.Option))


@pytest.mark.parametrize("name", [n for n in COMMANDS if not isinstance(COMMANDS[n], click.Group)])
def test_every_verb_shows_tracebacks_when_asked(name: str) -> None:
    """Every verb takes -v."""
    assert "-v" in [o for p in COMMANDS[name].params for o in p.opts]


def test_verbs_on_the_page_of_examples_exist() -> None:
    """The examples at the top of the page call verbs that there are."""
    used = set(re.findall(r"clean-ingest (\w+)", PAGE.partition("<!--")[0]))

    assert used <= {*VERBS, "VERB"}
