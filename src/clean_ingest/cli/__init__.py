"""The command line: each verb is one module that parses, makes one library call, and prints.

Nothing heavy is imported here or at the top of a verb's module: `--help` has to be there
at once.
"""

from __future__ import annotations

import click

from clean_ingest.cli.group import Group
from clean_ingest.cli.options import VERBOSE

VERBS = (
    "run",
    "clean",
    "explain",
    "verify",
    "restore",
    "show",
    "stats",
    "export",
    "rules",
    "stages",
    "config",
)


@click.group(
    cls=Group,
    modules={verb: f"clean_ingest.cli.{verb}" for verb in VERBS},
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.option("-v", "--verbose", is_flag=True, expose_value=False, help=VERBOSE)
@click.version_option(None, "--version", "-V", package_name="clean-ingest")
def cli() -> None:
    """Raw web documents in, clean text out, and every removed character accounted for.

    Data goes to stdout, talk to stderr. Exit codes: 0 fine, 1 differences, damage, more
    quarantined documents than allowed or an input that breaks off, 2 could not run.
    """


def main() -> None:
    """Run the command with the arguments of this process, and end the process."""
    cli.main(prog_name="clean-ingest")
