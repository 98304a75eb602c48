"""Whole files: there or not there, and errors that say what to do."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest

from clean_ingest.core.errors import OutputError
from clean_ingest.core.spelling import canonical_json
from clean_ingest.writers.files import output_error, write_whole


def test_a_file_is_replaced_as_a_whole(tmp_path: Path) -> None:
    """No temporary file is left."""
    write_whole(tmp_path / "a", b"one")
    write_whole(tmp_path / "a", b"two")

    assert [(b"two", "a")] == [(path.read_bytes(), path.name) for path in tmp_path.iterdir()]


def test_what_cannot_get_its_name_leaves_nothing(tmp_path: Path) -> None:
    """A folder stands where the file should go."""
    (tmp_path / "a").mkdir()

    with pytest.raises(OutputError):
        write_whole(tmp_path / "a", b"x")
    assert ["a"] == [path.name for path in tmp_path.iterdir()]


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (errno.ENOSPC, "output/full"),
        (errno.EDQUOT, "output/full"),
        (errno.EFBIG, "output/full"),
        (errno.EROFS, "output/read-only"),
        (errno.EACCES, "output/read-only"),
        (errno.EIO, "output/failed"),
    ],
)
def test_each_error_of_the_system_has_its_code(number: int, code: str) -> None:
    """All end a command with 2 and name the file; one without a sentence of ours, the system's."""
    error = output_error(OSError(number, "words of a locale"), Path("out/x"))

    assert (code, 2, "out/x") == (error.code, error.exit_code, error.where)
    assert (code == "output/failed") == ("words of a locale" in str(error))


def test_canonical_json_has_one_spelling() -> None:
    """Keys sorted, no spaces, text as itself; what JSON has no word for is refused."""
    assert '{"a":[1,"世"],"b":null}' == canonical_json({"b": None, "a": (1, "世")})
    with pytest.raises(ValueError, match="not JSON compliant"):
        canonical_json(float("nan"))
