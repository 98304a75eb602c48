"""The examples of rules as documents: of rules for pages, the rendered page."""

from __future__ import annotations

from dataclasses import replace

from clean_ingest.core.document import Document
from clean_ingest.intake.render import render
from clean_ingest.rules.model import Rule


def read(rule: Rule, example: str) -> Document:
    """The document that an example of `rule` stands for.

    Raises `Unreadable` where it is a page that cannot be rendered.
    """
    if not rule.is_for_pages:
        return Document.from_text(example)
    rendered = render(example)
    return replace(Document.from_text(rendered.text), page=rendered.page)
