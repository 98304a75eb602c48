"""CPU of the ledger: 2,000 edits in each of five stages on 1 MB of text.

    python benchmarks/ledger.py

The bound to hold is 100 ms of CPU for all five; the doubled row shows the growth.
"""

from __future__ import annotations

import time

from clean_ingest.core.ledger import Ledger
from clean_ingest.core.stage import Edit

STAGES = 5


def measure(edits: int, characters: int) -> tuple[float, float]:
    """Return CPU seconds of `STAGES` applies, and of writing rows and restoring."""
    ledger = Ledger.of("lorem ip" * (characters // 8))
    plans = []
    for stage in range(STAGES):
        step = characters // edits - 25
        plans.append(
            [
                Edit(at, at + 5, f"rule-{i % 7}", "" if i % 3 else "xy", str(i))
                for i in range(edits)
                for at in (i * step + stage * 20,)
            ]
        )
    began = time.process_time()
    for stage, plan in enumerate(plans):
        ledger = ledger.apply(plan, f"stage-{stage}")
    applied = time.process_time()
    assert ledger.restore() == ledger.source
    return applied - began, time.process_time() - applied


def main() -> None:
    """Print the best of five, at the size that the bound is about and at twice that."""
    print("edits/stage  characters  apply ms  restore ms")
    for edits, characters in [(2_000, 1_000_000), (4_000, 2_000_000)]:
        runs = [measure(edits, characters) for _ in range(5)]
        apply, restore = (min(column) * 1_000 for column in zip(*runs, strict=True))
        print(f"{edits:>11}  {characters:>10}  {apply:>8.1f}  {restore:>10.1f}")


if __name__ == "__main__":
    main()
