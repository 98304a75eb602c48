"""Raw documents to documents: decoded, and rendered where they are pages."""

from __future__ import annotations

from clean_ingest.core.document import Document, RawDocument
from clean_ingest.intake.decode import decode, decoded, document_of
from clean_ingest.intake.labels import declared_label
from clean_ingest.intake.render import render

HTML = "text/html"
XHTML = "application/xhtml+xml"


def take_in(raw: RawDocument) -> Document:
    """The document of `raw`, by its media type: text as it stands, a page rendered.

    Raises:
        Unreadable: the bytes are no text (`binary`), or the page could not be read to its end
            (`html-depth`, `html-size`).

    """
    kind = raw.source.media_type.partition(";")[0].strip().lower()
    if kind not in {HTML, XHTML}:
        return decode(raw)
    found = decoded(raw, declared_label(raw.data) if isinstance(raw.data, bytes) else None)
    xhtml = kind == XHTML or found.text[:64].lstrip().startswith("<?xml")
    result = render(found.text, xhtml=xhtml)
    return document_of(
        raw, found._replace(flags=(*found.flags, *result.flags)), result.text, result.page
    )
