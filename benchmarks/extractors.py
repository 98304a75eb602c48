"""Who takes the main text out of a page: we, and the extractors that we are compared with."""

from __future__ import annotations

from collections.abc import Callable

from peers import stop_words
from renderings import plain, trafilatura

OURS = "clean_ingest"
LEADING = "trafilatura"
"""Which of the others is the one to beat."""

Extractor = Callable[[str, str], str]
"""The HTML of a page and the language of its text to the main text."""


def ours(html: str, language: str) -> str:
    """`clean_ingest.clean` with the default preset; nothing of a page that is not kept."""
    del language
    import clean_ingest

    # Some pages begin like nothing that a browser knows; their name says what they are.
    cleaned = clean_ingest.clean(html, name="page.html")
    return cleaned.text if cleaned.outcome.outcome == "kept" else ""


def _trafilatura(html: str, language: str) -> str:
    del language
    return trafilatura(html)


def readability(html: str, language: str) -> str:
    """readability-lxml; what it leaves of the page as Resiliparse prints it."""
    del language
    from readability import Document

    return plain(Document(html).summary(html_partial=True), main_content=False)


def resiliparse(html: str, language: str) -> str:
    """Resiliparse without comments."""
    del language
    return plain(html, main_content=True, comments=False)


def justext(html: str, language: str) -> str:
    """The jusText library, with the stop words of the language where it has them.

    Else in the mode that it calls independent of language.
    """
    import justext as library

    words = stop_words(language)
    limits = {} if words else {"stopwords_low": 0, "stopwords_high": 0}
    paragraphs = library.justext(html.encode("utf-8"), words, encoding="utf-8", **limits)
    return "\n".join(each.text for each in paragraphs if not each.is_boilerplate)


EXTRACTORS: dict[str, Extractor] = {
    OURS: ours,
    LEADING: _trafilatura,
    "readability": readability,
    "resiliparse": resiliparse,
    "justext": justext,
}


def yardstick(html: str, language: str) -> str:
    """Trafilatura with its metadata, which is nearest to what we do; only its cost counts."""
    del language
    from trafilatura import bare_extraction

    bare_extraction(html, with_metadata=True, include_comments=False)
    return ""
