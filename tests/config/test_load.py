from __future__ import annotations

import json
import pickle
import subprocess
import sys
from pathlib import Path

import pytest

from clean_ingest.config import presets
from clean_ingest.config.load import _preset, load
from clean_ingest.config.registry import offers
from clean_ingest.core.errors import ConfigError, RulebookError
from clean_ingest.engine.single import clean

FIVE_MISTAKES = """\
stages = ["sampler", "sampelr"]
extnds = "default"

[limits]
document_bytes = 0

[sampler]
shar = 0.2
words = ["a", 3]
mode = "slow"
"""


def write(folder: Path, text: str, name: str = "my.toml") -> str:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return str(path)


def mistakes(path: str, *overrides: str) -> str:
    with pytest.raises(ConfigError) as caught:
        load(path, overrides)
    return str(caught.value)


def test_default_has_the_stages_in_their_order() -> None:
    """The order of the design: metadata before any line goes, language over what is left."""
    config = load()

    assert [
        "metadata",
        "extract",
        "mojibake",
        "characters",
        "chrome",
        "repeats",
        "headline",
        "whitespace",
        "language",
    ] == [stage.name for stage in config.pipeline().stages]
    assert config.limits.document_bytes == 20_000_000


def test_an_installation_older_than_its_presets_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stages are those of the installed distribution, which may lack a new one."""
    known = {name: offer for name, offer in offers().items() if name != "extract"}
    monkeypatch.setattr("clean_ingest.config.load.offers", lambda: known)
    _preset.cache_clear()
    assert "extract" in mistakes("default")
    _preset.cache_clear()


@pytest.mark.parametrize("name", presets.names())
def test_presets_pass_the_whole_check(name: str, tmp_path: Path) -> None:
    """A preset is built without pydantic; with it, nothing is wrong and nothing differs."""
    checked = load(write(tmp_path, f'extends = "{name}"\n'))

    assert load(name).canonical() == checked.canonical()
    assert load(name) == checked


def test_preset_needs_no_pydantic() -> None:
    """Using a preset does not wait for the import of pydantic."""
    code = (
        "import sys; from clean_ingest.config.load import load; load();"
        "sys.exit('pydantic' in sys.modules)"
    )

    done = subprocess.run([sys.executable, "-c", code], check=False)  # our own

    assert done.returncode == 0


def test_options_become_the_fields_of_the_stage(sampler: Path) -> None:
    """Every kind of TOML value arrives as the type that the stage declares."""
    text = """
stages = ["sampler"]
[sampler]
share = 1
least = 7
strict = true
words = ["é", "ب"]
mode = "exact"
cap = 2
label = "5"
names = ["z", "a", "m"]
place = "there"
weights = { b = 2, a = 1 }
[shards]
rows = 10
"""

    config = load(write(sampler, text))

    assert {
        "share": 1.0,
        "least": 7,
        "strict": True,
        "words": ["é", "ب"],
        "mode": "exact",
        "cap": 2,
        "label": "5",
        "names": ["a", "m", "z"],
        "place": "there",
        "weights": {"b": 2, "a": 1},
    } == config.as_dict()["sampler"]
    assert config.stages[0].words == ("é", "ب")  # type: ignore[attr-defined]  # of the test's stage
    assert config.shards.rows == 10


def test_every_mistake_is_named_at_once_with_its_line(sampler: Path) -> None:
    """Six mistakes are six lines, in the order of the file, with what was probably meant."""
    path = write(sampler, FIVE_MISTAKES)

    lines = mistakes(path).splitlines()

    assert [
        "6 mistakes in the config:",
        f"  {path}:1: stages: there is no stage 'sampelr'; did you mean 'sampler'?",
        f"  {path}:2: extnds: there is no such key; did you mean 'extends'?",
        f"  {path}:5: limits.document_bytes: must be at least 1, is 0",
        f"  {path}:8: sampler.shar: there is no such option; did you mean 'share'?",
        f'  {path}:9: sampler.words[1]: must be a string in "quotes", is 3',
    ] == lines[:6]
    assert lines[6].startswith(f"  {path}:10: sampler.mode: must be one of 'fast' or 'exact'")


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('share = "0.5"', 'sampler.share: must be a number, is "0.5"'),
        ("share = 1.5", "sampler.share: must be at most 1, is 1.5"),
        ("share = nan", "sampler.share: must be a finite number"),
        ("least = 2.5", "sampler.least: must be a whole number, is 2.5"),
        ("least = true", "sampler.least: must be a whole number, is true"),
        ("strict = 1", "sampler.strict: must be true or false, is 1"),
        ('words = "a"', 'sampler.words: must be a list, is "a"'),
        ("label = 5", 'sampler.label: must be a string in "quotes", is 5'),
        ("weights = 1", "sampler.weights: must be a table, is 1"),
        ("cap = 0", "sampler.cap: must be at least 1, is 0"),
        ('label = "forbidden"', "sampler.label: must not be 'forbidden'"),
    ],
)
def test_wrong_value(sampler: Path, line: str, message: str) -> None:
    """A value of the wrong type or out of bounds is refused; nothing is converted in silence."""
    assert message in mistakes(write(sampler, f'stages = ["sampler"]\n[sampler]\n{line}\n'))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "stages: has to be set"),
        ('stages = "sampler"', "stages: must be a list of names"),
        ('stages = ["sampler", "sampler"]', "stages: 'sampler' is listed twice"),
        ('stages = ["limits"]', "stages: there is no stage 'limits'"),
        ('stages = ["plain"]', "stage 'plain' (sampler_for_tests:Plain) is no dataclass"),
        ('stages = ["thawed"]', "is not frozen"),
        ('stages = ["misnamed"]', "says name = 'sampler' about itself"),
        ("stages = []\nsampler = 3", "sampler: `stages` does not list this stage"),
        ("stages = []\n[chrom]", "chrom: there is no such table; did you mean 'chrome'?"),
        ("stages = []\nlimits = 3", "limits: must be a table, is 3"),
        ("extends = 3", "extends: must be one name or path"),
        ('extends = "defaultz"', "there is no preset 'defaultz'; did you mean 'default'?"),
        ('extends = "other.toml"', "there is no such config file"),
        ('extends = "my.toml"', "`extends` leads back to this file"),
        ("stages = [", "this is not TOML"),
    ],
)
def test_wrong_shape(sampler: Path, text: str, message: str) -> None:
    """A config that is not laid out like one says so."""
    assert message in mistakes(write(sampler, text))


def test_file_that_is_not_utf_8(tmp_path: Path) -> None:
    """A config in another encoding is refused, not guessed."""
    path = tmp_path / "my.toml"
    path.write_bytes("# é\n".encode("latin-1"))

    assert "byte 2 is not UTF-8" in mistakes(str(path))


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("defaultt", "did you mean 'default'?"),
        ("no/such.toml", "there is no such config file (no/such.toml)"),
    ],
)
def test_unknown_name(name: str, message: str) -> None:
    """A name that is no preset and a path that is no file are told apart."""
    assert message in mistakes(name)


def test_override_wins_over_the_file(sampler: Path) -> None:
    """`--set` has the last word; what is no TOML value is a string."""
    path = write(sampler, 'stages = ["sampler"]\n[sampler]\nleast = 4\nlabel = "y"\n')

    table = load(
        path, ["sampler.least=9", "sampler.mode=exact", 'sampler.words=["p", "q"]']
    ).as_dict()["sampler"]

    assert (9, "exact", ["p", "q"], "y") == (
        table["least"],
        table["mode"],
        table["words"],
        table["label"],
    )


@pytest.mark.parametrize(
    ("override", "message"),
    [
        ("nonsense", "--set nonsense: must look like stage.option=value"),
        ("sampler.=3", "must look like stage.option=value"),
        ("sampler.leasst=3", "sampler.leasst: there is no such option; did you mean 'least'?"),
        ("sampler.least=0", "--set sampler.least=0: sampler.least: must be at least 1, is 0"),
        ("sampler.label=1\nleast = 5", "--set"),
        ("samplerr.x=1", "samplerr: there is no such table; did you mean 'sampler'?"),
    ],
)
def test_wrong_override(sampler: Path, override: str, message: str) -> None:
    """A mistake in an override names the override."""
    path = write(sampler, 'stages = ["sampler"]\n[sampler]\nlabel = "y"\n')

    if "\n" in override:
        assert load(path, [override]).as_dict()["sampler"]["label"] == "1\nleast = 5"
    else:
        assert message in mistakes(path, override)


def test_mistake_in_an_extended_file_names_that_file(sampler: Path) -> None:
    """Where a value came in by `extends`, the message points into the file that says it."""
    base = write(sampler, 'stages = ["sampler"]\n\n[sampler]\nleast = 0\n', "base.toml")
    path = write(sampler, 'extends = "base.toml"\n[sampler]\ncap = 5\n')

    assert f"{base}:4: sampler.least: must be at least 1" in mistakes(path)


def test_extends_merges_tables_and_replaces_lists(sampler: Path) -> None:
    """A file says only what differs from what it extends."""
    write(sampler, 'stages = ["sampler"]\n[sampler]\nleast = 4\nwords = ["a", "b"]\n', "base.toml")
    path = write(sampler, 'extends = "base.toml"\n[sampler]\nwords = ["c"]\n')

    table = load(path).as_dict()["sampler"]

    assert (4, ["c"]) == (table["least"], table["words"])


def test_options_of_a_stage_that_is_left_out_are_no_mistake(sampler: Path) -> None:
    """Leaving a stage out of `stages` must not need its inherited options to go as well."""
    write(sampler, 'stages = ["sampler"]\n[sampler]\nleast = 4\n', "base.toml")

    config = load(write(sampler, 'extends = "base.toml"\nstages = []\n'))

    assert config.stages == ()


def test_two_packages_with_one_stage_are_refused(sampler: Path) -> None:
    """Which of the two a config means would hang on the order of installation."""
    about = sampler / "site" / "other_pack-1.0.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: other-pack\nVersion: 1.0\n")
    (about / "entry_points.txt").write_text("[clean_ingest.stages]\nsampler = os:path\n")

    message = mistakes(write(sampler, 'stages = ["sampler"]\n'))

    assert "two packages offer a stage 'sampler': other-pack and sampler-pack" in message


def test_config_is_a_value(sampler: Path) -> None:
    """It survives pickling, and the path that it came from is no part of it."""
    one = load(write(sampler, 'stages = ["sampler"]\n', "one.toml"))
    two = load(write(sampler, 'stages = ["sampler"]\n', "two.toml"))

    assert one == two == pickle.loads(pickle.dumps(one))  # noqa: S301  # our own
    assert one.fingerprint() == two.fingerprint()
    assert str(sampler) not in one.canonical()


def test_canonical_is_sorted_and_whole(sampler: Path) -> None:
    """Canonical JSON holds every option, sorted, whatever the file says and in which order."""
    config = load(
        write(sampler, '[sampler]\nwords = ["ü"]\n[limits]\n', "b.toml"), ['stages=["sampler"]']
    )

    canonical = config.canonical()

    assert (
        json.dumps(json.loads(canonical), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        == canonical
    )
    assert '"words":["ü"]' in canonical
    assert '"cap":null' in canonical


def test_fingerprint_changes_with_all_that_shapes_the_output(
    sampler: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An option, the rulebook, a library, the Unicode data: each gives another fingerprint."""
    import unicodedata
    from importlib import metadata

    path = write(sampler, 'stages = ["sampler"]\n')
    prints = [load(path).fingerprint(), load(path, ["sampler.least=4"]).fingerprint()]
    version = metadata.version
    with monkeypatch.context() as patch:
        patch.setattr(metadata, "version", lambda name: "0" if name == "ftfy" else version(name))
        prints.append(load(path).fingerprint())
    with monkeypatch.context() as patch:
        patch.setattr(unicodedata, "unidata_version", "99.0")
        prints.append(load(path).fingerprint())
    with monkeypatch.context() as patch:
        from clean_ingest.rules import load as rules
        from clean_ingest.rules.model import Rulebook

        patch.setattr(rules, "rulebook", lambda: Rulebook({}))
        prints.append(load(path).fingerprint())

    assert len(set(prints)) == 5
    assert load(path).versions()["sampler-pack"] == "2.0"


def test_stages_of_others_are_not_imported_unless_listed(sampler: Path) -> None:
    """Loading the default config imports nothing of another package."""
    (sampler / "site" / "sampler_for_tests.py").write_text("raise RuntimeError\n")
    sys.modules.pop("sampler_for_tests", None)

    load(write(sampler, "stages = []\n"))

    assert "sampler_for_tests" not in sys.modules


RULE = """
[[rule]]
id = "chrome/mine/badge"
kind = "phrase"
why = "A badge of our own."
since = "0.1.0"
phrases = ["Powered by Ourselves"]
removes = ["Powered by Ourselves", "powered by ourselves"]
keeps = ["We were powered by ourselves.", "Ourselves"]
"""


def test_rule_files_are_found_beside_the_config(tmp_path: Path) -> None:
    """A rule file is named relative to its config, works, and shapes the fingerprint."""
    path = write(tmp_path, 'extends = "default"\n[chrome]\nrule_files = ["mine.toml"]\n')
    rules = tmp_path / "mine.toml"
    rules.write_text(RULE)
    page = "Powered by Ourselves\n\nDer Fluss führt seit dem Wochenende wieder viel Wasser.\n"

    config = load(path)
    before = config.fingerprint()

    assert clean(page, config).text.startswith("Der Fluss")
    assert clean(page).text.startswith("Powered")
    assert '"rule_files":["mine.toml"]' in config.canonical()
    rules.write_text(RULE.replace("by Ourselves", "by Myself").replace("by ourselves", "by myself"))
    assert before != load(path).fingerprint()


def test_rule_file_that_is_not_there(tmp_path: Path) -> None:
    """A missing rule file is told before anything is read, not by each document."""
    path = write(tmp_path, 'extends = "default"\n[chrome]\nrule_files = ["mine.toml"]\n')

    with pytest.raises(RulebookError, match=r"mine\.toml: cannot be read"):
        load(path)
