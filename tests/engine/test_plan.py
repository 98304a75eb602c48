"""The plan: cuts that hang on names, sizes and limits alone."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from clean_ingest.config.model import Shards
from clean_ingest.engine.plan import Plan, called, is_of_share, plan
from clean_ingest.readers.inputs import InputFile

NAMES = st.lists(st.text("abcdef", min_size=1), unique=True, max_size=40).map(sorted)


def files(names: list[str], size: int = 10) -> list[InputFile]:
    """Return inputs with these names."""
    return [InputFile(name, f"/somewhere/{name}", size) for name in names]


def cuts(planned: Plan) -> list[list[str]]:
    """Return the names in each shard."""
    return [[file.name for file in shard.inputs] for shard in planned.shards]


@given(NAMES, st.integers(1, 5), st.integers(1, 60), st.integers(0, 4))
def test_every_input_is_in_one_shard_in_order(
    names: list[str], rows: int, size: int, mask_bits: int
) -> None:
    """No limit loses or doubles an input, and no shard is empty or too long."""
    planned = plan(files(names), Shards(rows, size, mask_bits))

    assert names == [
        file.name for shard in planned.shards for file in shard.inputs if file.share == 0
    ]
    assert (len(names), 10 * len(names)) == (planned.inputs, planned.size)
    assert list(range(len(planned.shards))) == [shard.ordinal for shard in planned.shards]
    assert all(1 <= len(shard) <= rows for shard in cuts(planned))
    assert all(shard.size <= size or len(shard.inputs) == 1 for shard in planned.shards)


@given(NAMES, st.data())
def test_one_new_input_changes_one_shard(names: list[str], data: st.DataObject) -> None:
    """Where no limit cuts, all other shards hold what they held."""
    limits = Shards(1_000, 1_000_000, mask_bits=2)
    new = data.draw(st.text("abcdef", min_size=1).filter(lambda name: name not in names))
    before = cuts(plan(files(names), limits))
    after = cuts(plan(files(sorted([*names, new])), limits))

    # The new input joins a shard, or splits one where its own hash ends it.
    assert sum(shard not in before for shard in after) <= 2
    assert sum(shard not in after for shard in before) <= 1


def test_the_mask_cuts_one_in_two_to_the_bits() -> None:
    """Of 4,000 names a mask of 3 bits ends about every eighth shard."""
    shards = plan(files([f"{n:05}" for n in range(4_000)]), Shards(mask_bits=3)).shards

    assert 400 < len(shards) < 600


def test_an_input_over_the_byte_limit_is_cut_into_shares() -> None:
    """Each is a shard of its own; of a huge one there are sixteen and no more."""
    big = [*files(["a"]), *files(["b"], 250), *files(["c"]), *files(["d"], 1_000_000)]
    shards = plan(big, Shards(bytes=100, mask_bits=32)).shards

    assert ["a", "b (1 of 3)", "b (2 of 3)", "b (3 of 3)", "c"] == [
        called(shard.inputs[0]) for shard in shards[:5]
    ]
    assert [83, 83, 84] == [shard.size for shard in shards[1:4]]
    assert ["d (1 of 16)", "d (16 of 16)"] == [called(shards[at].inputs[0]) for at in (5, -1)]


@given(st.integers(1, 16), st.integers(0, 5_000))
def test_an_item_is_of_one_share(shares: int, item: int) -> None:
    """Whatever its number."""
    parts = [InputFile("a", "a", share=share, shares=shares) for share in range(shares)]
    assert 1 == sum(is_of_share(part, item) for part in parts)


def test_a_plan_is_data_without_paths() -> None:
    """It can be printed as JSON, and says where nothing lies on this machine."""
    text = json.dumps(plan(files(["a", "b"]), Shards(mask_bits=32), hidden=1).as_dict())

    assert {
        "inputs": 2,
        "bytes": 20,
        "hidden": 1,
        "shards": [{"ordinal": 0, "bytes": 20, "inputs": ["a", "b"]}],
    } == json.loads(text)
