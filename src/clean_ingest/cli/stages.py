"""`stages`: what there is to put into a config."""

from __future__ import annotations

import click

from clean_ingest.cli.group import Group
from clean_ingest.cli.options import verb
from clean_ingest.cli.streams import write


@click.group("stages", cls=Group)
def command() -> None:
    """Stages: ours, and those of other installed packages."""


@verb("list")
def list_stages() -> None:
    """List all stages on offer.

    They come in the default order, with package and purpose. A stage of another package is
    imported only where a config lists it, so that no more than its name is known here.
    """
    from clean_ingest.config.load import load
    from clean_ingest.config.model import summary
    from clean_ingest.config.registry import offers
    from clean_ingest.report.visible import table

    order = {stage.name: stage for stage in load().stages}
    known = offers()
    rows = [("", "STAGE", "PACKAGE", "")]
    for place, (name, stage) in enumerate(order.items(), 1):
        offer = known[name]
        rows.append(
            (str(place), name, f"{offer.distribution} {offer.version}", summary(type(stage)))
        )
    rows += [
        ("-", name, f"{offer.distribution} {offer.version}", "")
        for name, offer in known.items()
        if name not in order
    ]
    write(table(rows))


command.add_command(list_stages)
