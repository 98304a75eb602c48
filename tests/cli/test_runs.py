"""`run` and the verbs that read what it wrote."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

Invoke = Callable[..., Result]


def test_run_says_what_it_did(invoke: Invoke, page: Path) -> None:
    """The summary has the counts, where the run is, and what to do next."""
    out = page.parent / "out"

    done = invoke("run", page, "-o", out, "--workers", "1")

    assert (0, "") == (done.exit_code, done.stderr)
    assert "read 1 document from 1 input: 1 kept, 0 dropped, 0 quarantined\n" in done.stdout
    assert f"the run is in {out}\n" in done.stdout
    assert f"next: clean-ingest stats {out}\n" in done.stdout


def test_run_is_loud_about_quarantined_documents(invoke: Invoke, run: Path, page: Path) -> None:
    """Quarantined documents do not end a run with 1 unless they are too many; they are told."""
    again = invoke("run", page, page.parent / "picture.txt", "-o", run, "--fresh", "--workers", "1")

    assert again.exit_code == 0
    assert "quarantined  binary  1" in again.stdout
    said = f"1 of 2 documents was quarantined; `clean-ingest stats {run}` says why"
    assert f"warning: {said}\n" == again.stderr


@pytest.mark.parametrize(
    ("allowed", "code"), [("0", 1), ("1", 0), ("49%", 1), ("50%", 0), ("100%", 0)]
)
def test_max_quarantined(invoke: Invoke, run: Path, page: Path, allowed: str, code: int) -> None:
    """More quarantined documents than allowed, as a number or a share, are exit 1."""
    picture = page.parent / "picture.txt"

    done = invoke(
        "run", page, picture, "-o", run, "--fresh", "--workers", "1", "--max-quarantined", allowed
    )

    assert code == done.exit_code
    assert (code == 1) == ("error[quarantined]" in done.stderr)
    assert (run / "manifest.json").is_file()


def test_finished_run_is_not_replaced_unasked(invoke: Invoke, run: Path, page: Path) -> None:
    """A finished run stays, and the message names the option that replaces it."""
    before = (run / "manifest.json").read_bytes()

    done = invoke("run", page, "-o", run)

    assert done.exit_code == 2
    assert "--fresh" in done.stderr
    assert before == (run / "manifest.json").read_bytes()


def test_dry_run_writes_nothing(invoke: Invoke, page: Path) -> None:
    """--dry-run prints the plan, as text and as JSON, and makes no folder."""
    out = page.parent / "out"

    text = invoke("run", page, "-o", out, "--dry-run")
    plan = json.loads(invoke("run", page, "-o", out, "--dry-run", "--json").stdout)

    size = page.stat().st_size
    assert f"would read 1 input ({size} bytes) in 1 shard into {out}\n" in text.stdout
    assert "shard 0: 1 input, " in text.stdout
    assert (1, ["page.txt"]) == (plan["inputs"], plan["shards"][0]["inputs"])
    assert not out.exists()


def test_run_json(invoke: Invoke, page: Path) -> None:
    """--json prints the counts as one object."""
    done = invoke("run", page, "-o", page.parent / "out", "--json", "--workers", "1")

    counts = json.loads(done.stdout)
    assert (1, 1, 0, 0) == tuple(counts[k] for k in ("read", "kept", "dropped", "quarantined"))


def test_run_limit(invoke: Invoke, tmp_path: Path) -> None:
    """--limit takes the first inputs by name."""
    for name in "cab":
        (tmp_path / f"{name}.txt").write_text("Ein ganzer Satz steht auf dieser Seite.\n")

    plan = invoke("run", tmp_path, "-o", tmp_path / "o", "--limit", "2", "--dry-run", "--json")

    assert ["a.txt", "b.txt"] == json.loads(plan.stdout)["shards"][0]["inputs"]


def test_run_workers_change_nothing(invoke: Invoke, tmp_path: Path) -> None:
    """Two workers give the manifest that one gives."""
    pages = tmp_path / "pages"
    pages.mkdir()
    for number in range(4):
        (pages / f"{number}.txt").write_text(f"Die Seite mit der Nummer {number} steht hier.\n")
    small = ["--set", "shards.rows=2"]

    for workers in "12":
        done = invoke("run", pages, "-o", tmp_path / workers, "--workers", workers, *small)
        assert done.exit_code == 0, done.stderr

    one, two = ((tmp_path / workers / "manifest.json").read_bytes() for workers in "12")
    assert one == two


def test_verify_a_sound_run(invoke: Invoke, run: Path) -> None:
    """A sound run is exit 0 and says so; as JSON it is nothing at all."""
    assert (0, "") == (invoke("verify", run).exit_code, invoke("verify", run, "--json").stdout)
    assert "is sound" in invoke("verify", run).stdout


def test_verify_a_damaged_run(invoke: Invoke, run: Path) -> None:
    """One changed byte is exit 1, and the damaged file is named."""
    part = run / "edits/part-00000.parquet"
    data = bytearray(part.read_bytes())
    data[len(data) // 2] ^= 1
    part.write_bytes(data)

    done, machine = invoke("verify", run), invoke("verify", run, "--json")

    assert (1, 1) == (done.exit_code, machine.exit_code)
    assert "sha256" in done.stdout
    assert "edits/part-00000.parquet" in [
        json.loads(line)["where"] for line in machine.stdout.splitlines()
    ]


def test_restore_gives_the_source_back(invoke: Invoke, run: Path, page: Path) -> None:
    """`restore` prints the source text, code point for code point, by a beginning of the id."""
    document_id = json.loads(invoke("clean", "--json", page).stdout)["id"]

    done = invoke("restore", run, document_id[:8])

    assert page.read_text(encoding="utf-8") == done.stdout


def test_stats(invoke: Invoke, run: Path) -> None:
    """`stats` shows outcomes, reasons and what each rule removed; --json has the same numbers."""
    shown = invoke("stats", run).stdout
    figures = json.loads(invoke("stats", run, "--json").stdout)

    assert "2 read: 1 kept, 0 dropped, 1 quarantined\n" in shown
    assert "quarantined  binary  1\n" in shown
    for row in figures["rules"]:
        assert row["rule"] in shown
    assert "chrome" in [row["stage"] for row in figures["stages"]]


def test_show(invoke: Invoke, run: Path) -> None:
    """`show` prints any part line by line, so that git can compare it."""
    shown = invoke("show", run / "documents/part-00000.parquet").stdout

    assert "  | Die Brücke über die Spree" in shown


def test_show_what_is_no_parquet(invoke: Invoke, page: Path) -> None:
    """A file that is no Parquet could not be shown; one that was cut is damage."""
    part = page.parent / "part.parquet"
    part.write_bytes(b"PAR1 and no more")

    assert (2, 1) == (invoke("show", page).exit_code, invoke("show", part).exit_code)
    assert (
        f"error[input/no-parquet]: this is no Parquet file\n  at {page}\n"
        == invoke("show", page).stderr
    )


def test_export_text(invoke: Invoke, run: Path, tmp_path: Path) -> None:
    """`export --to text` writes clean texts; what was removed only where it is asked for."""
    plain, whole = tmp_path / "plain", tmp_path / "whole"

    done = invoke("export", run, "--to", "text", "-o", plain)
    invoke("export", run, "--to", "text", "-o", whole, "--with-edits")

    assert (0, "") == (done.exit_code, done.stdout)
    assert "wrote 1 document" in done.stderr
    assert [] == list(plain.glob("*.edits.jsonl"))
    assert 1 == len(list(whole.glob("*.edits.jsonl")))
    assert next(plain.glob("*.txt")).read_text(encoding="utf-8").startswith("Die Brücke")


def test_an_input_that_breaks_off_is_no_success(invoke: Invoke, tmp_path: Path, page: Path) -> None:
    """Whatever share of the documents may be quarantined: nobody counted what was lost."""
    (tmp_path / "cut.jsonl.gz").write_bytes(gzip.compress(b'{"text": "a"}\n' * 100)[:-4])

    done = invoke("run", page, tmp_path / "cut.jsonl.gz", "-o", tmp_path / "out", "--workers", "1")

    assert 1 == done.exit_code
    assert "error[incomplete]: 1 input was not read to the end" in done.stderr
