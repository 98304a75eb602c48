"""`verify`: whether a run is what its manifest says."""

from __future__ import annotations

import click

from clean_ingest.cli.options import json_option, verb
from clean_ingest.cli.streams import write


@verb("verify")
@click.argument("out", metavar="OUT")
@json_option
def command(out: str, as_json: bool) -> int:
    """Check every hash and count of a run; rebuild every document.

    Ends with 1 where anything is damaged; each damage is one line.
    """
    from clean_ingest.engine.verify import verify
    from clean_ingest.report import json, terminal

    damage = verify(out)
    write("".join(map(json.line, damage)) if as_json else terminal.damage(damage, out))
    return int(bool(damage))
