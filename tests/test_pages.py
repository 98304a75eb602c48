"""Golden pages: each folder in tests/pages holds an input and the text that should come out."""

from __future__ import annotations

from pathlib import Path

import pytest

from clean_ingest.core.ledger import Ledger, check_tiling
from clean_ingest.engine.single import clean

PAGES = Path(__file__).parent / "pages"


@pytest.mark.parametrize("page", sorted(p.name for p in PAGES.iterdir() if p.is_dir()))
def test_a_page_comes_out_clean(page: str) -> None:
    """The clean text is the golden one, and the ledger gives the page back."""
    source = (PAGES / page / "input.txt").read_bytes()
    golden = (PAGES / page / "clean.txt").read_text(encoding="utf-8").removesuffix("\n")
    cleaned = clean(source, name=f"{page}.txt")
    assert golden == cleaned.text
    check_tiling(cleaned.ledger)
    rebuilt = Ledger.from_rows(cleaned.text, cleaned.ledger.rows())
    assert source == rebuilt.source.encode(cleaned.document.source.encoding or "utf-8")
