"""CPU of the stages for text, beside what ftfy and stock langdetect alone cost.

Two bounds are to hold: all stages together at most 1.3 times ftfy (safe settings, with
pre-check by line) plus stock langdetect on the same sample of text; the stages other than
`language` at most 2 times ftfy alone. The second is printed against ftfy with the pre-check
(B), which costs next to nothing on pages of short ASCII lines, and against ftfy as it
comes, with the same settings (B2). Behind them is the share of each stage. All is measured
in one process, alternating, best of `--repeat`; on a noisy machine only the ratios mean
something.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

import ftfy
from ftfy.badness import is_bad
from langdetect import DetectorFactory, detect_langs
from langdetect.lang_detect_exception import LangDetectException

from clean_ingest.config.load import load
from clean_ingest.core.document import Document
from clean_ingest.core.pipeline import Pipeline
from clean_ingest.rules.page import forget
from clean_ingest.stages.language import Language, sample
from corpora import corpora

# The settings that change the least clean text (25 of 7,500 sentences).
SAFE = ftfy.TextFixerConfig(
    unescape_html=False,
    fix_latin_ligatures=False,
    fix_character_width=False,
    uncurl_quotes=False,
    fix_line_breaks=False,
    normalization=None,
)


def ftfy_alone(text: str) -> str:
    """Repair `text` by line with the safe settings; clean lines skip the repair."""
    return "\n".join(
        line if line.isascii() or not is_bad(line) else ftfy.fix_text(line, SAFE)
        for line in text.split("\n")
    )


def ftfy_unchecked(text: str) -> str:
    """Repair `text` with the safe settings, as ftfy comes."""
    return ftfy.fix_text(text, SAFE)


def stock_langdetect(text: str) -> object:
    """What langdetect itself says of the sample, seeded."""
    DetectorFactory.seed = 0
    try:
        return detect_langs(text)
    except LangDetectException:
        return None


def cpu(work: Callable[[str], object], texts: Sequence[str]) -> float:
    """CPU seconds of `work` over all texts."""
    began = time.process_time()
    for text in texts:
        work(text)
    return time.process_time() - began


def measure(texts: list[str], repeat: int) -> tuple[float, float, float, dict[str, float]]:
    """Best CPU seconds of ftfy with and without pre-check, of stock langdetect, of our stages."""
    pipeline = load("default").pipeline()
    size = Language().sample_chars
    samples = [sample(Document.from_text(text).lines, size) for text in texts]
    ftfy_best = plain_best = stock_best = float("inf")
    ours: dict[str, float] | None = None
    for _ in range(repeat):
        ftfy_best = min(ftfy_best, cpu(ftfy_alone, texts))
        plain_best = min(plain_best, cpu(ftfy_unchecked, texts))
        stock_best = min(stock_best, cpu(stock_langdetect, samples))
        stages = cpu_of_stages(pipeline, texts)
        if ours is None or sum(stages.values()) < sum(ours.values()):
            ours = stages
    assert ours is not None
    return ftfy_best, plain_best, stock_best, ours


def cpu_of_stages(pipeline: Pipeline, texts: Sequence[str]) -> dict[str, float]:
    """CPU seconds over all texts by stage, and of what lies between the stages.

    As for texts that were never seen before; stages are timed by the clock on the wall, so
    these are the shares of the whole.
    """
    forget()
    stages = dict.fromkeys((stage.name for stage in pipeline.stages), 0.0)
    began, cpu_began = time.perf_counter(), time.process_time()
    for text in texts:
        for stage, seconds in pipeline.run(Document.from_text(text)).seconds.items():
            stages[stage] += seconds
    total, cpu_total = time.perf_counter() - began, time.process_time() - cpu_began
    stages["(between)"] = total - sum(stages.values())
    return {stage: seconds * cpu_total / total for stage, seconds in stages.items()}


def report(limit: int, repeat: int) -> None:
    """Print one line a set: ms a document, the two ratios, and the share of each stage."""
    sets = list(corpora(limit))
    measure(sets[0][1][:5], 1)  # load profiles, tables and rules before any clock runs
    print(
        "ms a document; A = all / (ftfy + langdetect) <= 1.3; B, B2 = without language / ftfy <= 2"
    )
    print(
        f"{'set':<20} {'docs':>5} {'KB':>6} {'ftfy':>6} {'ld':>6} {'ours':>6} {'A':>5} {'B':>5} {'B2':>5}  share of each stage"
    )
    for name, texts in sets:
        ftfy_s, plain_s, stock_s, ours = measure(texts, repeat)
        total = sum(ours.values())
        per = 1_000 / len(texts)
        kilobytes = sum(len(text.encode("utf-8", "replace")) for text in texts) / 1_000 / len(texts)
        rest = total - ours["language"]
        shares = "  ".join(f"{stage} {100 * s / total:.0f}%" for stage, s in ours.items())
        print(
            f"{name:<20} {len(texts):>5} {kilobytes:>6.1f} {ftfy_s * per:>6.2f} {stock_s * per:>6.2f} "
            f"{total * per:>6.2f} {total / (ftfy_s + stock_s):>5.2f} {rest / ftfy_s:>5.2f} {rest / plain_s:>5.2f}  {shares}"
        )
