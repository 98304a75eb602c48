"""Cleaning plain text: what it costs, and how good it is.

    python benchmarks/text.py [speed|quality] [options]

Without a word both. `speed` is the CPU of the stages beside that of the libraries under them
(speed.py); `quality` is what they remove and lose on pages rendered to text, beside the line
rules of others (quality.py). docs/benchmarks.md says how to read the numbers.

Exits with 1 where `--check` finds a requirement missed or a floor broken, or `--pin` would
lower one unasked; with 2 where the data or the libraries are not those that were pinned.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import floors
import pinned
import quality
import speed
import tables
from corpora import BENCH
from pages import SAMPLES, names


def main() -> int:
    """Run what is asked for."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("part", nargs="?", choices=("speed", "quality"))
    parser.add_argument("--limit", type=int, help="texts (200) or pages (all) of a set at most")
    parser.add_argument("--repeat", type=int, default=3, help="speed: best of so many runs (3)")
    group = parser.add_argument_group("quality")
    group.add_argument("--set", action="append", help="only this set; may be repeated")
    group.add_argument("--workers", type=int, default=2, help="processes (2)")
    group.add_argument(
        "--bench", type=Path, help="folder of the sets (../shared/bench, else the own samples)"
    )
    group.add_argument("--markdown", action="store_true", help="print the tables of the docs")
    group.add_argument("--losses", type=Path, help="write gold lines lost there: page content")
    group.add_argument("--left", type=Path, help="write chrome lines left there: page content")
    group.add_argument("--check", action="store_true", help="requirements and pinned floors")
    group.add_argument("--pin", action="store_true", help="pin what is reached as floors")
    group.add_argument("--lower", action="store_true", help="let --pin lower a floor")
    options = parser.parse_args()
    if options.limit and (options.check or options.pin):
        parser.error("floors are for all pages: leave --limit out")
    if options.part != "quality":
        speed.report(options.limit or 200, options.repeat)
    return 0 if options.part == "speed" else _quality(options)


def _quality(options: argparse.Namespace) -> int:
    folder = options.bench or (BENCH if BENCH.is_dir() else SAMPLES)
    known = names(folder)
    unknown = set(options.set or ()) - set(known)
    if unknown:
        print(f"no such set in {folder}: {', '.join(sorted(unknown))}", file=sys.stderr)
        return 2
    wanted = [name for name in known if name in (options.set or known)]
    detail = bool(options.losses or options.left)
    result = quality.measure(wanted, folder, options.limit or 0, options.workers, detail)
    for line in tables.markdown(result) if options.markdown else tables.table(result):
        print(line)
    if options.losses:
        options.losses.write_text("\n".join(tables.lost_lines(result)) + "\n", "utf-8")
    if options.left:
        options.left.write_text("\n".join(tables.left_lines(result)) + "\n", "utf-8")
    return _judge(result, options)


def _judge(result: quality.Result, options: argparse.Namespace) -> int:
    if options.pin:
        lowered = pinned.pin(result.digests, floors.floors_of(result), options.lower)
        for line in lowered:
            print(f"lowered: {line}")
        if lowered and not options.lower:
            print("nothing was pinned: --lower allows it", file=sys.stderr)
            return 1
    if not options.check:
        for line in floors.missed(result):
            print(f"missed: {line}")
        return 0
    try:
        broken = floors.check(result)
    except pinned.DifferentError as error:
        print(error, file=sys.stderr)
        return 2
    for line in broken:
        print(f"broken: {line}")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
