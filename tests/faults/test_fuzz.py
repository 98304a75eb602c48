"""The first mutations of `make fuzz`."""

from __future__ import annotations

from fuzz import Fuzz, samples


def test_mutated_inputs_have_a_text_or_a_reason() -> None:
    """Of every kind of input; and nothing is raised."""
    fuzz = Fuzz()
    for seed in range(150):
        fuzz.one(seed)

    assert [] == fuzz.found
    assert fuzz.outcomes["kept"] > 150
    assert len(samples()) > 30
