"""`config`: what a config says, whether it is right, and its schema for editors."""

from __future__ import annotations

import click

from clean_ingest.cli.group import Group
from clean_ingest.cli.options import json_option, verb
from clean_ingest.cli.streams import write


@click.group("config", cls=Group)
def command() -> None:
    """Configs: presets and files, checked and shown."""


_name = click.argument("name", metavar="[NAME|FILE]", default="default")
_overrides = click.option(
    "--set",
    "overrides",
    metavar="STAGE.OPTION=VALUE",
    multiple=True,
    help="Change one option; may be given again.",
)


@verb("show")
@_name
@_overrides
@json_option
def show(name: str, overrides: tuple[str, ...], as_json: bool) -> None:
    """Print a config whole.

    As TOML, with every option of every stage and its meaning; with --json in one line, sorted.
    """
    from clean_ingest.config.load import load
    from clean_ingest.config.toml import as_toml

    config = load(name, overrides)
    write(config.canonical() + "\n" if as_json else as_toml(config))


@verb("validate")
@click.argument("names", metavar="NAME|FILE...", nargs=-1, required=True)
@_overrides
def validate(names: tuple[str, ...], overrides: tuple[str, ...]) -> int:
    """Check configs.

    Every mistake is named with its line. Ends with 2 where there is one.
    """
    from clean_ingest.cli.group import tell
    from clean_ingest.config.load import load
    from clean_ingest.core.errors import ConfigError

    code = 0
    for name in names:
        try:
            config = load(name, overrides)
        except ConfigError as error:
            tell(error)
            code = error.exit_code
        else:
            write(f"{name}: fine, fingerprint {config.fingerprint()}\n")
    return code


@verb("schema")
@_name
def schema(name: str) -> None:
    """Print the JSON Schema of config files.

    It knows our own stages and those that the config lists.
    """
    import json

    from clean_ingest.config.load import stage_schema

    write(json.dumps(stage_schema(name), indent=2, ensure_ascii=False) + "\n")


for _command in (show, validate, schema):
    command.add_command(_command)
