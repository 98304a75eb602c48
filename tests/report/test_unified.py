from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from clean_ingest.core.ledger import Ledger
from clean_ingest.core.stage import Edit
from clean_ingest.report.unified import unified

TEXTS = st.text(st.sampled_from("ab\n\r é"), max_size=60)


@st.composite
def ledgers(draw: st.DrawFn) -> Ledger:
    """A ledger after up to three stages of removals, rewrites and insertions."""
    ledger = Ledger.of(draw(TEXTS))
    for stage in ("one", "two", "three"):
        at, edits = 0, []
        while at < len(ledger.text):
            start = at + draw(st.integers(0, 12))
            end = min(start + draw(st.integers(0, 5)), len(ledger.text))
            if start < end:
                replacement = draw(st.sampled_from(["", "", "x", "\n", "y\nz"]))
                edits.append(Edit(start, end, f"{stage}/rule", replacement))
            at = max(start, end) + 1
        ledger = ledger.apply(edits, stage)
    return ledger


def lines_of(text: str) -> list[str]:
    return re.findall(r"[^\n]*\n|[^\n]+", text)


def patched(old: str, diff: str) -> str:
    """Apply a unified diff strictly: every context and removed line has to match."""
    lines, out, at = lines_of(old), [], 0
    body = re.sub(r"\n\\ No newline at end of file\n", "\0", diff)
    for line in re.findall(r"[^\n\0]*(?:\n|\0)", body)[2:]:
        sign, text = line[0], line[1:].replace("\0", "")
        if header := re.match(r"@@ -(\d+)(?:,(\d+))? \+", line):
            start = int(header[1]) - (header[2] != "0")
            out += lines[at:start]
            at = start
        elif sign == "+":
            out.append(text)
        else:
            assert lines[at] == text
            out += [text] * (sign == " ")
            at += 1
    return "".join(out + lines[at:])


@given(ledgers())
def test_diff_leads_from_source_to_clean_text(ledger: Ledger) -> None:
    """Applied to the source text, the diff gives the clean text; it is empty where both agree."""
    diff = unified(ledger, "page")

    assert (diff == "") == (ledger.source == ledger.text)
    if diff:
        assert ledger.text == patched(ledger.source, diff)


@given(ledgers())
def test_no_line_is_removed_and_added_again(ledger: Ledger) -> None:
    """A block of the diff does not begin or end with a line that stays the same."""
    # A last line that lost its line end is another line, and says so on the next.
    block_of = re.compile(r"(?m)((?:^-.*\n)+)((?:^\+.*\n)+)(?!\\)")
    for block in block_of.findall(unified(ledger, "page")[20:]):
        old, new = ([line[1:] for line in part.split("\n")[:-1]] for part in block)
        assert old[0] != new[0]


def test_hunks_name_their_rules_in_order() -> None:
    """Each hunk names the rules that made it, those that are far away it does not."""
    source = "one\nMENU\nthree\n" + "x\n" * 20 + "SHARE\nend\n"
    ledger = Ledger.of(source)
    for line, rule in (("MENU\n", "chrome/menu"), ("SHARE\n", "chrome/share")):
        at = ledger.text.index(line)
        ledger = ledger.apply([Edit(at, at + len(line), rule)], "chrome")

    heads = [line for line in unified(ledger, "page").splitlines() if line.startswith("@@")]

    assert ["@@ -1,5 +1,4 @@ chrome/menu", "@@ -21,5 +20,4 @@ chrome/share"] == heads


def test_removed_line_end_shows_the_removed_line_alone() -> None:
    """A removal that takes the line end before the line shows that line and no neighbour."""
    ledger = Ledger.of("a\nSHARE\nb\n").apply([Edit(1, 7, "chrome/share")], "chrome")

    assert "@@ -1,3 +1,2 @@ chrome/share\n a\n-SHARE\n b\n" in unified(ledger, "page")


def test_last_line_without_line_end() -> None:
    """A text that does not end its last line is told as patch tools tell it."""
    ledger = Ledger.of("a\nb").apply([Edit(1, 3, "chrome/b")], "chrome")

    assert "-a\n-b\n\\ No newline at end of file\n+a\n\\ No newline" in unified(ledger, "page")
