"""`restore`: the source text back."""

from __future__ import annotations

import click

from clean_ingest.cli.options import verb
from clean_ingest.cli.streams import write


@verb("restore")
@click.argument("out", metavar="OUT")
@click.argument("document_id", metavar="ID")
def command(out: str, document_id: str) -> None:
    """Print the source text of a document of a run.

    It is rebuilt from clean text and edits, and checked by its hash. ID is a document's id
    or a unique beginning of it, or its name (NAME#RECORD for a record of an input).
    """
    from clean_ingest.engine.restore import restore

    write(restore(out, document_id))
