"""`clean`: one document to stdout."""

from __future__ import annotations

import click

from clean_ingest.cli.options import STDIN, config_options, json_option, read_document, verb
from clean_ingest.cli.streams import say, write


@verb("clean")
@click.argument("file", default=STDIN, metavar="[FILE|-]")
@json_option
@click.option("--diff", "as_diff", is_flag=True, help="Print a unified diff; hunks name rules.")
@config_options
def command(
    file: str, as_json: bool, as_diff: bool, config_name: str, overrides: tuple[str, ...]
) -> int:
    """Clean one document; its clean text goes to stdout.

    FILE is a file, or - for stdin, which is the default. --json prints text, metadata and
    every edit. Ends with 1 where the document was quarantined.
    """
    if as_json and as_diff:
        raise click.UsageError("--json and --diff exclude each other")
    from clean_ingest.config.load import load
    from clean_ingest.core.pipeline import KEPT, QUARANTINED
    from clean_ingest.engine.single import clean
    from clean_ingest.report import json, terminal, unified

    config = load(config_name, overrides)
    data, name = read_document(file, config.limits.document_bytes)
    outcome = clean(data, config, name=name).outcome
    if as_json:
        write(json.line(json.document(outcome)))
    elif as_diff:
        write(unified.unified(outcome.ledger, name))
    elif outcome.outcome == KEPT:
        write(outcome.document.text)
    if outcome.outcome != KEPT:
        say(terminal.headline(outcome).rstrip(), style="yellow")
    return int(outcome.outcome == QUARANTINED)
