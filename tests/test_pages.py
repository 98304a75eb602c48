"""Golden pages: each folder in tests/pages holds an input, text or HTML, and what should come out."""

from __future__ import annotations

from pathlib import Path

import pytest

from clean_ingest.core.document import RawDocument, Source
from clean_ingest.core.ledger import Ledger, check_tiling
from clean_ingest.engine.single import clean
from clean_ingest.intake.take_in import take_in

PAGES = Path(__file__).parent / "pages"


@pytest.mark.parametrize("page", sorted(p.name for p in PAGES.iterdir() if p.is_dir()))
def test_a_page_comes_out_clean(page: str) -> None:
    """The clean text is the golden one, and the ledger gives the page back."""
    (path,) = (PAGES / page).glob("input.*")
    source = path.read_bytes()
    golden = (PAGES / page / "clean.txt").read_text(encoding="utf-8").removesuffix("\n")
    cleaned = clean(source, name=f"{page}{path.suffix}")
    assert golden == cleaned.text
    check_tiling(cleaned.ledger)
    rebuilt = Ledger.from_rows(cleaned.text, cleaned.ledger.rows())
    if path.suffix == ".html":
        raw = Source(path.name, media_type="text/html")
        assert take_in(RawDocument(raw, source)).text == rebuilt.source
    else:
        assert source == rebuilt.source.encode(cleaned.document.source.encoding or "utf-8")
