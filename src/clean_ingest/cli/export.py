"""`export`: a run in another form."""

from __future__ import annotations

from pathlib import Path

import click

from clean_ingest.cli.options import verb
from clean_ingest.cli.streams import say


@verb("export")
@click.argument("run", metavar="OUT")
@click.option("--to", "form", type=click.Choice(["text"]), required=True, help="The form.")
@click.option(
    "-o",
    "--out",
    "folder",
    metavar="DIR",
    type=click.Path(path_type=Path),
    required=True,
    help="Folder to write; an earlier export in it is replaced.",
)
@click.option(
    "--with-edits",
    is_flag=True,
    help="Also what was removed, and the texts of excluded documents; both may be personal data.",
)
def command(run: str, form: str, folder: Path, with_edits: bool) -> None:
    """Write a run as files for people and for git.

    The form `text` has a text file for each document, and lists of what was kept and what
    was left out.
    """
    from clean_ingest.export.text import export_text
    from clean_ingest.report.terminal import count

    forms = {"text": export_text}
    many = forms[form](run, folder, with_edits=with_edits)
    say(f"wrote {count(many, 'document')} into {folder}")
