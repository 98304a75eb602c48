"""Options and arguments that several verbs have, written once."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

import click

from clean_ingest.cli.streams import say
from clean_ingest.core.errors import InputError, Unreadable

STDIN = "-"
VERBOSE = "Show the traceback of an error."


def verb(name: str) -> Callable[[Any], click.Command]:
    """A verb: a click command with `-v`, which the group looks at."""

    def decorate(function: Any) -> click.Command:
        made = click.command(name)(function)
        flags = ["-v", "--verbose"]
        made.params.append(click.Option(flags, is_flag=True, expose_value=False, help=VERBOSE))
        return made

    return decorate


def config_options(function: Any) -> Any:
    """`--config` and `--set`, passed on as `config_name` and `overrides`."""
    named = click.option(
        "--config",
        "config_name",
        metavar="NAME|FILE",
        default="default",
        show_default=True,
        help="A preset, or a config file of your own.",
    )
    changed = click.option(
        "--set",
        "overrides",
        metavar="STAGE.OPTION=VALUE",
        multiple=True,
        help="Change one option of the config; may be given again.",
    )
    return named(changed(function))


json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


def read_document(file: str, limit: int) -> tuple[bytes, str]:
    """The bytes of a file, or of stdin for `-`, and the name that its provenance will have.

    The name is the one that `run` gives it. Raises `InputError` where there is no such
    document, `Unreadable` for more than `limit` bytes.
    """
    if file == STDIN:
        if sys.stdin is None:
            raise InputError("input/unreadable", "stdin is closed", where=file)
        if sys.stdin.isatty():
            say("reading what is typed here; Ctrl-D ends it")
        return _bounded(sys.stdin.buffer, limit, "stdin"), "stdin"
    if not file:  # to the system this is the working folder
        raise InputError("input/missing", "this is an empty path")
    from clean_ingest.readers.inputs import printable

    path = Path(file)
    name = printable(path.name)
    try:
        with path.open("rb") as stream:
            return _bounded(stream, limit, name), name
    except (FileNotFoundError, NotADirectoryError):
        raise InputError("input/missing", "there is no such file", where=file) from None
    except IsADirectoryError:
        raise InputError(
            "input/folder",
            "this is a folder, and one document is wanted",
            where=file,
            hint="`clean-ingest run` cleans folders",
        ) from None
    except ValueError as error:
        raise InputError("input/missing", f"this is no path: {error}", where=file) from None


def _bounded(stream: IO[bytes], limit: int, name: str) -> bytes:
    data = stream.read(limit + 1)
    if len(data) > limit:
        raise Unreadable(
            "too-large",
            f"the document has more than {limit:,} bytes",
            where=name,
            hint="`--set limits.document_bytes=N` allows more",
        )
    return data
