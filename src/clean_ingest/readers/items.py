"""What readers are told, and what they yield."""

from __future__ import annotations

from dataclasses import dataclass

from clean_ingest.core.document import RawDocument, Source

TOO_LARGE = "too-large"


@dataclass(frozen=True, slots=True)
class Settings:
    """What readers go by: limits in bytes, and the names of the fields of rows.

    `ratio` is how many bytes a packed input may deliver for each byte of its own; `depth`
    how deep archives may be nested. An empty field name means that there is none; "a.b" is
    field "b" in field "a".
    """

    document_bytes: int = 20_000_000
    input_bytes: int = 1_000_000_000_000
    ratio: int = 200
    depth: int = 2
    text_field: str = "text"
    html_field: str = "html"
    id_field: str = ""
    url_field: str = "url"
    date_field: str = "date"
    published_field: str = ""


@dataclass(frozen=True, slots=True)
class Rejected:
    """An input, or a record of one, that cannot become a document; `reason` is a stable code.

    `rest` says that more than this one thing is lost: so far the input was read, no further.
    `dropped` says that nothing is wrong with it: it is a thing of which no document is made,
    and not one that failed to become a document.
    """

    source: Source
    reason: str
    detail: str = ""
    rest: bool = False
    dropped: bool = False


@dataclass(frozen=True, slots=True)
class Whole:
    """The last that a reader says of an input: its own media type, bytes and SHA-256."""

    source: Source


Item = RawDocument | Rejected
