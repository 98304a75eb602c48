"""Raw documents to documents: decoded, and rendered where they are pages."""

from __future__ import annotations

import hashlib
from dataclasses import replace

from clean_ingest.core.document import Document, RawDocument
from clean_ingest.intake.decode import decode
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
    document = decode(raw, declared_label(raw.data) if isinstance(raw.data, bytes) else None)
    text = document.text
    result = render(text, xhtml=kind == XHTML or text[:64].lstrip().startswith("<?xml"))
    digest = hashlib.sha256(result.text.encode()).hexdigest()
    source = replace(document.source, text_sha256=digest)
    return replace(document, source=source, text=result.text, page=result.page)
