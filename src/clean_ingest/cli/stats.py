"""`stats`: what a run removed, by stage and rule."""

from __future__ import annotations

import click

from clean_ingest.cli.options import json_option, verb
from clean_ingest.cli.streams import write


@verb("stats")
@click.argument("out", metavar="OUT")
@json_option
def command(out: str, as_json: bool) -> None:
    """Print what a run kept, and what each rule removed."""
    from clean_ingest.engine.stats import stats
    from clean_ingest.report import json, terminal

    figures = stats(out)
    write(json.line(figures) if as_json else terminal.stats(figures))
