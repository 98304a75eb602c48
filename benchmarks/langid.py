"""Language identification: our exact evaluation of langdetect's profiles against langdetect.

    python benchmarks/langid.py [--rows N] [--bench FOLDER]

For each set of labelled rows: accuracy of langdetect (seed 0, profiles in sorted order) and
of the same profiles evaluated exactly; on how many of the
rows where langdetect gives one label under five seeds the exact evaluation gives it too;
CPU a row of both; how many rows the stage calls `und`, and how many of its other labels are
right. Languages are compared by their first subtag, Bokmål and Nynorsk as
Norwegian. Ends with 1 where the exact evaluation loses more than 0.2 points or agrees on
less than 99.5 %; one row is forgiven where it is more than that. CPU is of the first pass,
with nothing remembered; on texts of one language it falls by half. Reads `../shared/bench/langid` where it is there, else a small sample.
"""

from __future__ import annotations

import argparse
import gzip
import json
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from langdetect.detector_factory import PROFILES_DIRECTORY, DetectorFactory
from langdetect.lang_detect_exception import LangDetectException

from clean_ingest.core.document import UNDETERMINED, Document
from clean_ingest.core.stage import Tag
from clean_ingest.stages._langdetect import LONGEST_TEXT, profiles
from clean_ingest.stages.language import Language

ROOT = Path(__file__).resolve().parents[1]
SEEDS = range(5)
POINTS_LOST, AGREEMENT = 0.2, 99.5
_ALIASES = {"nb": "no", "nn": "no"}


@dataclass(frozen=True, slots=True)
class Row:
    """One labelled text."""

    language: str
    text: str


@dataclass(frozen=True, slots=True)
class Judged:
    """Labels of all rows of a set, and the CPU milliseconds a row that they took."""

    labels: list[str]
    milliseconds: float


def stock() -> Callable[[int, str], str]:
    """The library itself, as `f(seed, text)`; profiles sorted, since their order matters."""
    factory = DetectorFactory()
    files = sorted(Path(PROFILES_DIRECTORY).glob("[!.]*"))
    factory.load_json_profile([file.read_text("utf-8") for file in files])

    def detect(seed: int, text: str) -> str:
        factory.set_seed(seed)
        detector = factory.create()
        detector.append(text)
        try:
            return str(detector.detect())
        except LangDetectException:
            return UNDETERMINED

    return detect


def exact(text: str) -> str:
    """The exact evaluation of the same profiles, and nothing else."""
    guess = profiles().guess(text)
    return guess.language if guess else UNDETERMINED


def staged(text: str) -> str:
    """What a document of this text is tagged with."""
    proposals = Language().propose(Document.from_text(text))
    return str(next(tag.value for tag in proposals if isinstance(tag, Tag)))


def judge(rows: Sequence[Row], detect: Callable[[str], str]) -> Judged:
    """Label all rows, after ten unmeasured ones that load what there is to load."""
    for row in rows[:10]:
        detect(row.text)
    start = time.process_time()
    labels = [detect(row.text) for row in rows]
    return Judged(labels, (time.process_time() - start) / len(rows) * 1_000)


def accuracy(rows: Sequence[Row], labels: Sequence[str]) -> float:
    """Per cent of the rows whose label is right."""
    right = sum(_same(row.language, label) for row, label in zip(rows, labels, strict=True))
    return 100 * right / len(rows)


def _same(one: str, other: str) -> bool:
    first, second = (tag.partition("-")[0] for tag in (one, other))
    return _ALIASES.get(first, first) == _ALIASES.get(second, second)


def sets(folder: Path, limit: int) -> dict[str, list[Row]]:
    """Rows by set, at most `limit` (0: all) of each, evenly spread over its languages."""
    files = sorted(folder.glob("*.jsonl.gz")) or [ROOT / "benchmarks/samples/langid.jsonl"]
    found = {}
    for file in files:
        data = file.read_bytes()
        text = (gzip.decompress(data) if file.suffix == ".gz" else data).decode("utf-8")
        records = [json.loads(line) for line in text.split("\n") if line]
        rows = [Row(record["lang"], record["text"][:LONGEST_TEXT]) for record in records]
        step = max(1, len(rows) // limit) if limit else 1
        found[file.name.partition(".")[0]] = rows[::step]
    return found


def main() -> int:
    """Print the table; 1 where the bar is missed."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rows", type=int, default=300, help="rows a set, 0 for all (300)")
    parser.add_argument("--bench", type=Path, default=ROOT / "../shared/bench/langid")
    options = parser.parse_args()
    detect = stock()
    print(_HEAD)
    held = True
    for name, rows in sets(options.bench, options.rows).items():
        seeded = [judge(rows, partial(detect, seed)) for seed in SEEDS]
        ours, stage = judge(rows, exact), judge(rows, staged)
        sure = [
            (answers[0], label)
            for label, *answers in zip(ours.labels, *(each.labels for each in seeded), strict=True)
            if len(set(answers)) == 1
        ]
        differing = sum(theirs != label for theirs, label in sure)
        agreement = 100 - 100 * differing / max(1, len(sure))
        theirs, mine = (accuracy(rows, each.labels) for each in (seeded[0], ours))
        held = held and theirs - mine <= max(POINTS_LOST, 100 / len(rows))
        held = held and (agreement >= AGREEMENT or differing <= 1)
        answered = [
            (row, label)
            for row, label in zip(rows, stage.labels, strict=True)
            if label != UNDETERMINED
        ]
        staged_right = accuracy(*zip(*answered, strict=True)) if answered else 0.0
        print(
            f"{name:17} {len(rows):6} {theirs:10.2f} {mine:5.2f} {agreement:7.2f} {len(sure):6}"
            f" {seeded[0].milliseconds:10.3f} {ours.milliseconds:5.3f}"
            f" {ours.milliseconds / seeded[0].milliseconds:5.2f}"
            f" {100 * (1 - len(answered) / len(rows)):6.1f} {staged_right:5.2f}",
            flush=True,
        )
    print("the bar is held" if held else "the bar is MISSED")
    return 0 if held else 1


_HEAD = """\
                          accuracy, %   agreement, %      CPU ms a row          stage, %
set                 rows langdetect exact   exact   rows langdetect exact ratio    und right"""


if __name__ == "__main__":
    sys.exit(main())
