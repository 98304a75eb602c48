"""Prose that rules are tried against: read as it is, and named where a rule takes any."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from clean_ingest.core.errors import InputError
from clean_ingest.rules.load import rulebook
from clean_ingest.rules.prose import taken
from clean_ingest.stages.proof import propose

PROSE = (
    "The river rose by two metres in a night.\n"
    "Log in and read more: these words are on every page that she prints.\n"
    "夜里河水上涨了两米，磨坊旁边的桥关闭了。\n"
    "За ночь река поднялась на два метра, и мост закрыли.\n"
)


def test_ordinary_prose_is_left_alone(tmp_path: Path) -> None:
    """Sentences in any script, with the words of buttons in them, are nobody's."""
    path = tmp_path / "prose.txt"
    path.write_text(PROSE, encoding="utf-8")
    assert [] == list(taken(rulebook(), [path], propose))


@pytest.mark.parametrize("name", ["lines.txt", "lines.txt.gz", "lines.jsonl", "lines.jsonl.gz"])
def test_a_line_that_a_rule_takes_is_named(tmp_path: Path, name: str) -> None:
    """With the rule, the file and the line, whether the file is packed or not."""
    path = tmp_path / name
    is_json = ".jsonl" in name
    lines = ['{"text": "Rain."}', '{"text": "Read more"}'] if is_json else ["Rain.", "Read more"]
    data = "\n".join(lines).encode()
    path.write_bytes(gzip.compress(data, mtime=0) if name.endswith(".gz") else data)
    (problem,) = taken(rulebook(), [path], propose)
    assert problem.rule.startswith("chrome/")
    assert f"{name} line 2: 'Read more'" in problem.message


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("no.txt", b"\xff\xfe"),
        ("cut.txt.gz", gzip.compress(b"Rain." * 99, mtime=0)[:20]),
        ("no.jsonl", b"Rain."),
        ("number.jsonl", b'{"text": 1}'),
        ("list.jsonl", b"[1]"),
    ],
)
def test_what_is_no_prose_is_an_error(tmp_path: Path, name: str, data: bytes) -> None:
    """A file that cannot be read as prose is never taken for a clean one."""
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(InputError, match="JSON Lines with a string"):
        list(taken(rulebook(), [path], propose))


def test_a_missing_file_is_an_error(tmp_path: Path) -> None:
    """So is one that is not there."""
    with pytest.raises(InputError, match="cannot be read"):
        list(taken(rulebook(), [tmp_path / "none.txt"], propose))
