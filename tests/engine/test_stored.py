"""Reading a run: every page against its checksum, edits beside their documents."""

from __future__ import annotations

from pathlib import Path

import pyarrow.parquet as pq
import pytest

from clean_ingest.config.model import Config, Shards
from clean_ingest.core.errors import DamagedRun, InputError
from clean_ingest.engine.local import run
from clean_ingest.engine.stored import Stored, documents, find, part_rows
from clean_ingest.stages.whitespace import Whitespace


@pytest.fixture
def stored(tmp_path: Path) -> Stored:
    """Return a run of some kept and some dropped documents, with and without edits."""
    (tmp_path / "in").mkdir()
    for number in range(40):
        text = "" if number % 4 == 0 else f"page {number}" + "   \n\n\n\nend" * (number % 3)
        (tmp_path / f"in/{number:02}.txt").write_text(text)
    config = Config("test", (Whitespace(),), shards=Shards(rows=25, mask_bits=32))
    run([tmp_path / "in"], tmp_path / "out", config)
    return Stored.open(tmp_path / "out")


def test_each_document_comes_with_its_edits(stored: Stored) -> None:
    """All of them and no others, in both tables and in every part."""
    seen = 0
    for number in range(2):
        for table in ("documents", "excluded"):
            for row, edits in documents(stored, table, number):
                wanted = row["cleaning"]["edits"] if table == "documents" else len(edits)
                assert list(range(wanted)) == [edit["seq"] for edit in edits]
                assert {row["id"]} >= {edit["document_id"] for edit in edits}
                seen += len(edits)

    assert stored.manifest["counts"]["edits"] == seen > 40


def test_a_flipped_bit_in_a_page_is_an_error_and_not_other_data(stored: Stored) -> None:
    """Pages are read with their checksums; most flips would read as other text."""
    (path, *_) = stored.parts("documents")
    with pq.ParquetFile(path) as file:
        names = file.schema_arrow.names
        group = file.metadata.row_group(0)
        column = group.column(names.index("text"))
        assert "text" == column.path_in_schema
    data = bytearray(path.read_bytes())
    for back in range(1, 40):
        at = column.data_page_offset + column.total_compressed_size - back
        data[at] ^= 1
        path.write_bytes(data)
        with pytest.raises(DamagedRun):
            list(part_rows(path))
        data[at] ^= 1


def test_a_file_that_is_gone_is_damage(stored: Stored) -> None:
    """And says which."""
    stored.parts("edits")[0].unlink()

    with pytest.raises(DamagedRun, match=r"part-00000\.parquet"):
        list(stored.rows("edits"))


@pytest.mark.parametrize("name", ["06.txt", "08.txt"])
def test_a_document_is_found_by_its_name_and_by_its_id(stored: Stored, name: str) -> None:
    """Kept and dropped ones; a name must be whole, of an id a beginning is enough."""
    by_name = find(stored.out, name)
    by_id = find(stored.out, by_name.row["id"][:20])

    assert name == by_name.row["source"]["name"] == by_id.row["source"]["name"]
    for part in (name[:-1], ""):
        with pytest.raises(InputError) as caught:
            find(stored.out, part)
        assert "run/no-document" == caught.value.code
