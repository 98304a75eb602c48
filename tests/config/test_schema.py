from __future__ import annotations

import json
from pathlib import Path

from clean_ingest.config import presets
from clean_ingest.config.load import load, stage_schema
from clean_ingest.config.model import option_fields


def test_schema_in_the_repository_is_current() -> None:
    """configs/schema.json is what `clean-ingest config schema` prints."""
    committed = (presets.folder() / "schema.json").read_text(encoding="utf-8")

    assert committed == json.dumps(stage_schema(), indent=2, ensure_ascii=False) + "\n"


def test_every_option_of_every_stage_is_described() -> None:
    """An editor can say of each option of our stages what it is for."""
    schema = stage_schema()

    for stage in load().stages:
        described = schema["$defs"][stage.name]["properties"]
        names = [f.name for f in option_fields(type(stage))]
        assert names == list(described)
        assert all(described[name].get("description") for name in names)


def test_schema_knows_the_stages_that_a_config_lists(sampler: Path) -> None:
    """A stage of another package is in the schema where the config lists it, and only there."""
    path = sampler / "my.toml"
    path.write_text('stages = ["sampler"]\n')

    schema = stage_schema(str(path))

    assert {"minimum": 0, "maximum": 1} == {
        key: schema["$defs"]["sampler"]["properties"]["share"][key]
        for key in ("minimum", "maximum")
    }
    assert "sampler" in schema["properties"]["stages"]["items"]["enum"]
    assert "sampler" not in stage_schema()["properties"]
