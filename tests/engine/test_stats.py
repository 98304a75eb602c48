"""Stats: figures that can be counted by hand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from clean_ingest.config.model import Config, Shards
from clean_ingest.core.document import Document
from clean_ingest.core.stage import Edit, Proposal, Tag
from clean_ingest.engine.local import run
from clean_ingest.engine.stats import stats


@dataclass(frozen=True, slots=True)
class Marks:
    """Removes `#`, rewrites `@` and knows Finnish by its dots."""

    name: ClassVar[str] = "marks"

    def propose(self, document: Document) -> Iterator[Proposal]:
        """Yield an edit for each mark."""
        for at, char in enumerate(document.text):
            if char == "#":
                yield Edit(at, at + 1, "marks/hash", evidence=str(at))
            if char == "@":
                yield Edit(at, at + 1, "marks/at", "(at)")
        if "ä" in document.text:
            yield Tag("language", "fi")
            yield Tag("flag", "dotted")


def test_the_figures_add_up(tmp_path: Path) -> None:
    """Rows, documents and characters, over two shards and over excluded documents."""
    texts = {"a": "päivä#\n#\nx@y", "b": "x#", "c": "###", "d": "plain"}
    for name, text in texts.items():
        (tmp_path / name).write_text(text, "utf-8")
    config = Config("test", (Marks(),), shards=Shards(rows=2, mask_bits=32))
    run([tmp_path / name for name in texts], tmp_path / "out", config)

    figures = stats(tmp_path / "out")

    rules = [tuple(row.values()) for row in figures["rules"]]
    assert [("marks", "marks/hash", 6, 3, 6, 0), ("marks", "marks/at", 1, 1, 0, 1)] == rules
    assert [("marks", 7, 3, 6, 1)] == [tuple(row.values()) for row in figures["stages"]]
    assert {"und": 2, "fi": 1} == figures["languages"]
    assert {"dotted": 1} == figures["flags"]
    assert {"source_chars": 19, "text_chars": 19, "lines": 5, "lines_removed": 1} == (
        figures["characters"]
    )
    assert 4 == figures["counts"]["read"]
