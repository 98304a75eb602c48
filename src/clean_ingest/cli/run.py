"""`run`: files, folders and globs into clean Parquet."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

import click

from clean_ingest.cli.options import config_options, json_option, verb
from clean_ingest.cli.streams import say, write

if TYPE_CHECKING:
    from clean_ingest.engine.local import RunSummary


@verb("run")
@click.argument("inputs", nargs=-1, required=True, metavar="INPUT...")
@click.option(
    "-o",
    "--out",
    type=click.Path(path_type=Path),
    default=Path("out/run"),
    show_default=True,
    metavar="OUT",
    help="Folder of the run.",
)
@config_options
@click.option(
    "--workers",
    type=click.IntRange(min=0),
    metavar="N",
    help="Processes; the number changes the speed and nothing else. With 0 all is done in this "
    "one, without limits on time and memory.  [default: CPUs]",
)
@click.option("--fresh", is_flag=True, help="Make the run in OUT anew, from the beginning.")
@click.option("--update", is_flag=True, help="Redo in a finished run in OUT what has changed.")
@click.option(
    "--rehash",
    is_flag=True,
    help="Read all inputs to see what has changed, instead of going by size and time stamp.",
)
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="Only the first N inputs.")
@click.option("--dry-run", is_flag=True, help="Print what would be read, and stop.")
@click.option(
    "--max-quarantined",
    metavar="N|P%",
    help="End with 1 where more documents than these are quarantined.  [default: 100%]",
)
@json_option
def command(
    *,
    inputs: tuple[str, ...],
    out: Path,
    config_name: str,
    overrides: tuple[str, ...],
    workers: int | None,
    fresh: bool,
    update: bool,
    rehash: bool,
    limit: int | None,
    dry_run: bool,
    max_quarantined: str | None,
    as_json: bool,
) -> int:
    """Clean files, folders and globs into the folder OUT.

    Of a folder everything in it is read that is not hidden; - is stdin. What could not be
    cleaned is quarantined with its reason and costs only itself. An unfinished run is taken
    up again by the same command, which redoes what was in the making, and what has changed.
    """
    allowed = _allowed(max_quarantined)
    if fresh and (update or rehash):
        raise click.UsageError("--fresh makes everything anew: it has no use for the others")
    # Arrow's own allocator keeps what a writer has freed: 120 MB each where this needs 93.
    os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")
    from clean_ingest.cli.progress import progress
    from clean_ingest.config.load import load
    from clean_ingest.engine import local
    from clean_ingest.report import json, terminal

    config = load(config_name, overrides)
    if dry_run:
        plan = local.plan_run(inputs, out, config, limit=limit)
        write(json.line(plan.as_dict()) if as_json else terminal.plan(plan, out))
        return 0
    try:
        with progress() as show:
            done = local.run(
                inputs,
                out,
                config,
                workers=_cpus() if workers is None else workers,
                fresh=fresh,
                update=update,
                rehash=rehash,
                limit=limit,
                progress=show,
            )
    except KeyboardInterrupt:
        say(f"{out} is unfinished; the same command takes it up again")
        raise
    if done.made_otherwise:
        were = "was" if done.made_otherwise == 1 else "were"
        say(
            f"{terminal.count(done.made_otherwise, 'finished shard')} {were} made with another "
            "config, other rules or versions, and made anew"
        )
    write(json.line(done) if as_json else terminal.summary(done))
    return _verdict(done, allowed)


def _cpus() -> int:
    """CPUs that this process may use; macOS does not say, and has them all."""
    may_use = getattr(os, "sched_getaffinity", None)
    return len(may_use(0)) if may_use else os.cpu_count() or 1


def _allowed(text: str | None) -> tuple[float, bool]:
    """A number of documents, or a share of them in percent; which of the two comes second."""
    match = re.fullmatch(r"([0-9]+(?:\.[0-9]+)?)(%?)", text or "100%", re.ASCII)
    if not match or (not match[2] and "." in match[1]):
        raise click.UsageError(f"--max-quarantined {text}: must be a number or a share like 0.5%")
    return float(match[1]), bool(match[2])


def _verdict(done: RunSummary, allowed: tuple[float, bool]) -> int:
    most, is_share = allowed
    found = 100 * done.quarantined / max(done.read, 1) if is_share else done.quarantined
    if done.quarantined:
        from clean_ingest.report.terminal import count

        were = "was" if done.quarantined == 1 else "were"
        say(
            f"warning: {done.quarantined:,} of {count(done.read, 'document')} {were} quarantined; "
            f"`clean-ingest stats {done.out}` says why",
            style="yellow",
        )
    if done.incomplete:
        from clean_ingest.report.terminal import count

        were = "was" if done.incomplete == 1 else "were"
        say(
            f"error[incomplete]: {count(done.incomplete, 'input')} {were} not read to the end; "
            "`excluded` says which, and why",
            style="red",
        )
    if found > most:
        say(
            f"error[quarantined]: that is more than --max-quarantined {most:g}{'%' * is_share}",
            style="red",
        )
        return 1
    return int(done.incomplete > 0)
