"""Pages for the tests of what their markup declares."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from clean_ingest.core.document import Document, Metadata, Page, Source
from clean_ingest.intake.render import render
from clean_ingest.stages.metadata import Metadata as Stage

Tags = dict[str, Any]


@pytest.fixture(scope="session")
def page_of() -> Callable[..., Document]:
    """A document of a page of HTML, fetched from `url` at `fetched_at`."""

    def page_of(
        html: str,
        *,
        url: str | None = "https://harbour.example/news/bridge",
        fetched_at: str | None = None,
        known: Metadata | None = None,
    ) -> Document:
        rendered = render(html)
        source = Source("page.html", media_type="text/html", url=url, fetched_at=fetched_at)
        page: Page = rendered.page
        return Document(
            source.document_id, source, rendered.text, metadata=known or Metadata(), page=page
        )

    return page_of


@pytest.fixture(scope="session")
def tags_of(page_of: Callable[..., Document]) -> Callable[..., Tags]:
    """The tags that the stage `metadata` gives a page, by field."""

    def tags_of(html: str, stage: Stage | None = None, **changes: Any) -> Tags:
        document = page_of(html, **changes)
        return {tag.field: tag.value for tag in (stage or Stage()).propose(document)}

    return tags_of
