"""`clean` and `explain`: one document."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from clean_ingest.core.ledger import Ledger, Row
from clean_ingest.engine.single import clean

Invoke = Callable[..., Result]

CLEAN = (
    "Die Brücke über die Spree wurde am Montag nach drei Jahren Bauzeit wieder geöffnet.\n"
    "Подробнее о ремонте моста рассказали в городской администрации в понедельник утром."
)


def test_clean_prints_the_text_and_nothing_else(invoke: Invoke, page: Path) -> None:
    """The clean text goes to stdout as it is, without a line end that it does not have."""
    done = invoke("clean", page)

    assert (0, CLEAN, "") == (done.exit_code, done.stdout, done.stderr)


def test_clean_reads_stdin(invoke: Invoke, page: Path) -> None:
    """Without a file, and with -, the document comes from stdin."""
    text = page.read_text(encoding="utf-8")

    assert CLEAN == invoke("clean", text=text).stdout == invoke("clean", "-", text=text).stdout


def test_clean_json_rebuilds_the_source(invoke: Invoke, page: Path) -> None:
    """Text and edits of --json give the source back; every edit names its rule."""
    done = json.loads(invoke("clean", "--json", page).stdout)

    rows = [Row(**{**edit, "earlier": ()}) for edit in done["edits"]]
    assert page.read_text(encoding="utf-8") == Ledger.from_rows(done["text"], rows).source
    assert "chrome" in [edit["stage"] for edit in done["edits"]]
    assert ("kept", "page.txt", "utf-8") == (done["outcome"], done["name"], done["encoding"])


def test_clean_diff_names_the_rules(invoke: Invoke, page: Path) -> None:
    """--diff is a unified diff whose hunks say which rules made them."""
    lines = invoke("clean", "--diff", page).stdout.splitlines()

    assert ["--- page.txt", "+++ page.txt (clean)"] == lines[:2]
    assert lines[2].startswith("@@ -1,4 +1,2 @@ chrome/")
    assert "-Subscribe to our newsletter" in lines
    assert "characters/" in lines[2]


def test_clean_diff_of_clean_text_is_empty(invoke: Invoke) -> None:
    """Where nothing changes there is no diff."""
    assert invoke("clean", "--diff", text=CLEAN).stdout == ""


def test_clean_quarantined(invoke: Invoke, tmp_path: Path) -> None:
    """A binary file is exit 2 with its reason, and nothing on stdout."""
    path = tmp_path / "picture.txt"
    path.write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR")

    done = invoke("clean", path)

    assert (2, "") == (done.exit_code, done.stdout)
    assert "error[binary]" in done.stderr


def test_clean_dropped(invoke: Invoke) -> None:
    """A document without text is dropped: no text, exit 0, and a word on stderr."""
    done = invoke("clean", text=" \n\n ")

    assert (0, "") == (done.exit_code, done.stdout)
    assert "dropped by pipeline: empty" in done.stderr


def test_clean_too_large(invoke: Invoke, page: Path) -> None:
    """A document over the limit is refused before it is read whole, with the option that helps."""
    done = invoke("clean", page, "--set", "limits.document_bytes=10")

    assert (2, "") == (done.exit_code, done.stdout)
    assert "error[too-large]" in done.stderr
    assert "limits.document_bytes" in done.stderr


def test_clean_obeys_its_config(invoke: Invoke, page: Path) -> None:
    """--set and --config reach the pipeline."""
    config = page.parent / "my.toml"
    config.write_text('stages = ["whitespace"]\n')

    by_file = invoke("clean", page, "--config", config)
    by_set = invoke("clean", page, "--set", 'stages=["whitespace"]')

    assert by_file.stdout == by_set.stdout
    assert by_file.stdout.startswith("Subscribe to our newsletter")


def test_clean_file_whose_name_is_no_utf_8(invoke: Invoke, tmp_path: Path) -> None:
    """A name of any bytes can be cleaned; in the output it is spelt with escapes."""
    path = Path(str(tmp_path) + "/na\udcffme.txt")
    path.write_text(CLEAN, encoding="utf-8")

    done = invoke("clean", "--json", path)

    assert (0, "na\\xffme.txt") == (done.exit_code, json.loads(done.stdout)["name"])


def test_explain_says_where_which_rule_and_why(invoke: Invoke, page: Path) -> None:
    """Each change has its source line, stage, rule, text, and the sentence of the rulebook."""
    shown = invoke("explain", page).stdout
    row = next(row for row in clean(page.read_bytes()).ledger.rows() if row.stage == "chrome")

    assert "page.txt: kept; " in shown
    assert f"line 1, 0-{row.end}  chrome  {row.rule}\n" in shown
    assert '  removed   "Subscribe to our newsletter' in shown
    assert "  why       " in shown
    assert "\nline 3, " in shown
    assert '"\\u200b"' in shown


def test_explain_counts_lines_of_the_source(invoke: Invoke) -> None:
    """Line numbers count what ends a line for us: LF, CR LF and CR, and no other character."""
    shown = invoke("explain", text="A line.\r\nOne\u2028more.\rThe third \u200b one.\n").stdout

    assert "line 3, 29-30  characters  characters/zero-width\n" in shown


def test_explain_stored_is_explain_now(invoke: Invoke, run: Path, page: Path) -> None:
    """What a run recorded is told in the same words as cleaning the page now."""
    key = invoke("clean", "--json", page).stdout
    document_id = json.loads(key)["id"]

    stored = invoke("explain", run, document_id[:12])

    assert invoke("explain", page).stdout == stored.stdout


def test_explain_stored_without_text(invoke: Invoke, run: Path) -> None:
    """A document that was never decoded says so."""
    rows = invoke("show", run / "excluded/part-00000.parquet").stdout.splitlines()
    document_id = json.loads(rows[-1])["id"]

    shown = invoke("explain", run, document_id).stdout

    assert "picture.txt: quarantined by intake: binary" in shown
    assert "never decoded" in shown


@pytest.mark.parametrize("verb", ["restore", "explain"])
def test_unknown_document(invoke: Invoke, run: Path, verb: str) -> None:
    """An id that no document has is exit 2."""
    done = invoke(verb, run, "ffffffffffffffff")

    assert (2, "") == (done.exit_code, done.stdout)
    assert "error[run/no-document]" in done.stderr


def test_explain_a_run_needs_an_id(invoke: Invoke, run: Path) -> None:
    """A run without an ID is no folder to be cleaned."""
    done = invoke("explain", run)

    assert (2, "") == (done.exit_code, done.stdout)
    assert "error[usage]: " in done.stderr
    assert "give the ID of a document" in done.stderr


@pytest.mark.parametrize("option", [["--config", "default"], ["--set", "stages=[]"]])
def test_explain_a_run_takes_no_config(invoke: Invoke, run: Path, option: list[str]) -> None:
    """What a run recorded does not change with a config, so that none is passed over."""
    done = invoke("explain", run, "0", *option)

    assert (2, "") == (done.exit_code, done.stdout)
    assert "error[usage]: --config and --set are for a FILE" in done.stderr


def test_a_document_has_one_name(invoke: Invoke, tmp_path: Path) -> None:
    """`clean` and `run` call a file by the same name, and its id is the same."""
    page = tmp_path / r"a\xff.txt"
    page.write_text(CLEAN, encoding="utf-8")
    invoke("run", page, "-o", tmp_path / "out", "--workers", "1")

    shown = json.loads(invoke("clean", page, "--json").stdout)

    assert r"a\x5cxff.txt" == shown["name"]
    assert invoke("explain", page).stdout == invoke("explain", tmp_path / "out", shown["id"]).stdout


def test_explain_stored_takes_the_name_of_a_record(invoke: Invoke, tmp_path: Path) -> None:
    """Of an input that holds many; the name alone is not enough."""
    (tmp_path / "dump.jsonl").write_text('{"text": "one"}\n{"text": "two \u200b lines"}\n')
    out = tmp_path / "out"
    assert 0 == invoke("run", tmp_path / "dump.jsonl", "-o", out, "--workers", "1").exit_code

    shown = invoke("explain", out, "dump.jsonl#2")
    assert (0, "two \u200b lines") == (
        shown.exit_code,
        invoke("restore", out, "dump.jsonl#2").stdout,
    )
    assert shown.stdout.startswith("dump.jsonl#2")
    assert "run/many-documents" in invoke("explain", out, "dump.jsonl").stderr


@pytest.mark.parametrize("verb", ["clean", "explain"])
def test_what_holds_many_documents_is_for_run(invoke: Invoke, tmp_path: Path, verb: str) -> None:
    """The error says so."""
    (tmp_path / "dump.jsonl").write_text('{"text": "one"}\n')
    done = invoke(verb, tmp_path / "dump.jsonl")

    assert 1 <= done.exit_code <= 2
    assert "`clean-ingest run` reads what is in it" in done.stderr
