"""`explain`: what went, span by span, and why."""

from __future__ import annotations

from pathlib import Path

import click
from click.core import ParameterSource

from clean_ingest.cli.options import STDIN, config_options, read_document, verb
from clean_ingest.cli.streams import write


@verb("explain")
@click.argument("source", default=STDIN, metavar="[FILE|-|OUT]")
@click.argument("document_id", metavar="[ID]", required=False)
@config_options
def command(
    source: str, document_id: str | None, config_name: str, overrides: tuple[str, ...]
) -> None:
    """Say what went from a document, and why.

    Every span comes with its line, stage, rule and evidence, and the reason for the rule.

    With a FILE, or - for stdin, which is the default, the document is cleaned now, by the
    config. With the folder OUT of a run and the ID of a document, or a unique beginning of
    it, or its name (NAME#RECORD for a record of an input), what that run recorded is read.
    """
    _check(source, document_id)
    from clean_ingest.engine.single import clean, explanations
    from clean_ingest.report import terminal

    if document_id is None:
        from clean_ingest.config.load import load

        config = load(config_name, overrides)
        data, name = read_document(source, config.limits.document_bytes)
        outcome = clean(data, config, name=name).outcome
        head, changes = terminal.headline(outcome), explanations(outcome.ledger, config.rulebook())
    else:
        from clean_ingest.engine.stored import find
        from clean_ingest.rules.load import rulebook

        found = find(source, document_id)
        head = terminal.stored_headline(found)
        changes = explanations(found.ledger, rulebook()) if found.ledger else []
    write(head + terminal.explanation(changes))


def _check(source: str, document_id: str | None) -> None:
    """Refuse what a FILE does not take, or an OUT."""
    if document_id is None:
        if Path(source, "manifest.json").is_file():
            raise click.UsageError(f"{source} is a run: give the ID of a document too")
        return
    asked = click.get_current_context().get_parameter_source
    if ParameterSource.COMMANDLINE in (asked("config_name"), asked("overrides")):
        raise click.UsageError("--config and --set are for a FILE: a run has its config already")
