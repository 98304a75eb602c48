"""Cleaning plain text: what it costs and how good it is.

    python benchmarks/text.py [speed|quality] [options]

Without a word both. `speed` is the CPU of the stages beside that of the libraries under them
(speed.py); `quality` what they remove and lose on real pages rendered to text, beside the
line rules of others (quality.py). docs/benchmarks.md says how to read the numbers.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import quality
import speed
from pages import BENCH, SAMPLES, names


def main() -> int:
    """Run what is asked for; 1 where a floor is broken, 2 where the data is not what was pinned."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("part", nargs="?", choices=("speed", "quality"))
    parser.add_argument("--limit", type=int, help="texts (200) or pages (all) of a set at most")
    parser.add_argument("--repeat", type=int, default=3, help="speed: best of so many runs (3)")
    parser.add_argument("--set", action="append", help="quality: only this set; may be repeated")
    parser.add_argument("--workers", type=int, default=2, help="quality: processes (2)")
    parser.add_argument("--bench", type=Path, default=BENCH if BENCH.is_dir() else SAMPLES)
    parser.add_argument("--losses", type=Path, help="quality: write the gold lines lost there")
    parser.add_argument("--left", type=Path, help="quality: write the chrome lines left there")
    options = parser.parse_args()
    if options.part != "quality":
        speed.report(options.limit or 200, options.repeat)
    if options.part == "speed":
        return 0
    result = quality.measure(
        options.set or names(options.bench),
        options.bench,
        options.limit or 0,
        options.workers,
        bool(options.losses or options.left),
    )
    for line in quality.table(result):
        print(line)
    if options.losses:
        options.losses.write_text("\n".join(quality.lost_lines(result)), "utf-8")
    if options.left:
        options.left.write_text("\n".join(quality.left_lines(result)), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
