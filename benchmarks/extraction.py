"""Main text out of pages: how good it is and what it costs, beside other extractors.

    python benchmarks/extraction.py [--sample N] [--only SET] [--check] [--pin [--lower]]

For each set with gold texts: precision, recall and F1 by the longest common subsequence of
words, mean and median over pages, and the mean F1 of bags of words; then the mean over sets.
For a set with snippets: how many of the main text's are found, and how many others are not.
CPU is measured in the same run, extractors taking turns on each page; its yardstick is
`trafilatura.bare_extraction(with_metadata=True, include_comments=False)`. docs/benchmarks.md
says how to read the numbers.

Exits with 1 where `--check` finds a requirement missed or a floor broken, or `--pin` would
lower one unasked; with 2 where the data or the libraries are not those that were pinned.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import pinned
from corpora import BENCH
from extracted import Result, floors_of, measure, missed
from extracted_tables import table
from pages import SAMPLES, names


def main() -> int:
    """Run what is asked for."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sample", type=int, help="pages of a set at most, spread evenly (all)")
    parser.add_argument("--only", action="append", help="only this set; may be repeated")
    parser.add_argument("--by-kind", action="store_true", help="a table by kind of page as well")
    parser.add_argument(
        "--behind", type=int, default=0, help="name so many pages where we are furthest behind"
    )
    parser.add_argument("--workers", type=int, default=2, help="processes (2)")
    parser.add_argument(
        "--bench", type=Path, help="folder of the sets (../shared/bench, else the own samples)"
    )
    parser.add_argument("--check", action="store_true", help="requirements and pinned floors")
    parser.add_argument("--pin", action="store_true", help="pin what is reached as floors")
    parser.add_argument("--lower", action="store_true", help="let --pin lower a floor")
    options = parser.parse_args()
    if options.sample and (options.check or options.pin):
        parser.error("floors are for all pages: leave --sample out")
    folder = options.bench or (BENCH if BENCH.is_dir() else SAMPLES)
    known = names(folder)
    unknown = set(options.only or ()) - set(known)
    if unknown:
        print(f"no such set in {folder}: {', '.join(sorted(unknown))}", file=sys.stderr)
        return 2
    wanted = [name for name in known if name in (options.only or known)]
    result = measure(wanted, folder, options.sample or 0, options.workers)
    for line in table(result, by_kind=options.by_kind, behind=options.behind):
        print(line)
    return _judge(result, options)


def _judge(result: Result, options: argparse.Namespace) -> int:
    floors = floors_of(result)
    if options.pin:
        lowered = pinned.pin(result.digests, floors, options.lower)
        for line in lowered:
            print(f"lowered: {line}")
        if lowered and not options.lower:
            print("nothing was pinned: --lower allows it", file=sys.stderr)
            return 1
    failed = list(missed(result))
    if options.check:
        try:
            failed += pinned.broken(result.digests, floors)
        except pinned.DifferentError as error:
            print(error, file=sys.stderr)
            return 2
    for line in failed:
        print(f"{'broken' if options.check else 'missed'}: {line}")
    return 1 if options.check and failed else 0


if __name__ == "__main__":
    sys.exit(main())
