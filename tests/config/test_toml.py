from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from clean_ingest.config import presets
from clean_ingest.config.load import load
from clean_ingest.config.toml import as_toml, value

PLAIN = st.recursive(
    st.booleans()
    | st.integers(-(2**60), 2**60)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(max_size=5), inner),
)


@given(PLAIN)
def test_values_are_read_back_as_they_were(plain: object) -> None:
    """Any value written as TOML is that value to a TOML reader."""
    import tomllib

    assert plain == tomllib.loads(f"x = {value(plain)}")["x"]


def test_what_show_prints_is_a_config_again(tmp_path: Path) -> None:
    """Reading the printed config back gives an equal one, for each preset."""
    for name in presets.names():
        path = tmp_path / f"{name}.toml"
        path.write_text(as_toml(load(name)), encoding="utf-8")

        assert load(name) == load(str(path))


def test_every_option_has_its_meaning_beside_it(sampler: Path) -> None:
    """The printed config says of each option what it is and what bounds it."""
    path = sampler / "my.toml"
    path.write_text('stages = ["sampler"]\n')

    printed = as_toml(load(str(path)))

    assert "# Does nothing, with many options.\n[sampler]\n" in printed
    assert "\nweights = {}\n" in printed
    assert "# a share (at least 0, at most 1)\nshare = 0.5\n" in printed
    assert "# a number or nothing (at least 1)\n# cap is not set\n" in printed
