"""The manifest: sealed, stable, and known from other people's files of the same name."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from clean_ingest.core.errors import DamagedRun, InputError
from clean_ingest.writers import manifest


def test_the_last_field_is_the_hash_of_all_others(tmp_path: Path) -> None:
    """Anyone can check it with ten lines of code."""
    manifest.write(tmp_path, {"z": "世界", "a": {"n": 1, "b": [True, None]}})
    content = json.loads((tmp_path / "manifest.json").read_text("utf-8"))
    seal = content.pop("sha256")
    canonical = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))

    assert hashlib.sha256(canonical.encode()).hexdigest() == seal
    assert (tmp_path / "manifest.json").read_text("utf-8").endswith(f'"sha256": "{seal}"\n}}\n')


def test_the_order_of_keys_does_not_reach_the_bytes(tmp_path: Path) -> None:
    """Two dicts that are equal are one file."""
    manifest.write(tmp_path, {"a": 1, "b": {"c": 2, "d": 3}})
    one = (tmp_path / "manifest.json").read_bytes()
    manifest.write(tmp_path, {"b": {"d": 3, "c": 2}, "a": 1})

    assert one == (tmp_path / "manifest.json").read_bytes()


def test_a_changed_number_breaks_the_seal(tmp_path: Path) -> None:
    """The file says what it was, or that it no longer is."""
    manifest.write(tmp_path, {"kept": 10})
    path = tmp_path / "manifest.json"
    path.write_text(path.read_text("utf-8").replace("10", "11"), "utf-8")

    with pytest.raises(DamagedRun, match="changed after it was sealed"):
        manifest.read(tmp_path)


def test_other_peoples_manifests_are_not_ours(tmp_path: Path) -> None:
    """Many tools write a manifest.json."""
    (tmp_path / "manifest.json").write_text('{"name": "an app"}')

    with pytest.raises(DamagedRun, match="no manifest of clean_ingest"):
        manifest.read(tmp_path)
    assert manifest.parse(b"not json \xff") is None
    assert manifest.parse(b"[1]") is None


def test_a_folder_without_a_manifest_is_no_run(tmp_path: Path) -> None:
    """Nor is a folder that is not there, nor a file."""
    (tmp_path / "file").write_text("x")

    for path in (tmp_path, tmp_path / "none", tmp_path / "file"):
        with pytest.raises(InputError, match="no finished run"):
            manifest.read(path)


def test_a_manifest_that_cannot_be_read_is_an_error(tmp_path: Path) -> None:
    """Here it is a folder."""
    (tmp_path / "manifest.json").mkdir()

    with pytest.raises(InputError, match="cannot be read"):
        manifest.read(tmp_path)
