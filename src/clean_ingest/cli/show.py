"""`show`: a Parquet file as text that diffs well."""

from __future__ import annotations

import click

from clean_ingest.cli.options import verb
from clean_ingest.cli.streams import write
from clean_ingest.core.errors import InputError


@verb("show")
@click.argument("file", metavar="FILE.parquet", type=click.Path())
def command(file: str) -> None:
    """Print a Parquet file as stable text.

    A row is a line of JSON, and its text follows line by line. As git's textconv it shows
    what changed in a committed part: say `*.parquet diff=clean-ingest` in .gitattributes, and
    `git config diff.clean-ingest.textconv "clean-ingest show"`.
    """
    from pathlib import Path

    from clean_ingest.export.text import show

    if not Path(file).is_file():
        raise InputError("input/missing", "there is no such file", where=file)
    for line in show(file):
        write(line)
