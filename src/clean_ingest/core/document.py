"""What flows through the pipeline: raw documents, their sources, documents and lines."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

UNDETERMINED = "und"
"""The BCP 47 tag of a text whose language is not known."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where a document came from, as far as known; no absolute path, ever.

    `name` is relative to the input root, `record` the key inside it (a row or line
    number from 1, a record id, or empty for a file that is one document). `bytes`
    counts the raw bytes, `sha256` is theirs, `text_sha256` that of the decoded source
    text in UTF-8. `encoding` and `encoding_method` are filled in by `intake.decode`.
    """

    name: str
    record: str = ""
    media_type: str = ""
    bytes: int = 0
    sha256: str = ""
    text_sha256: str = ""
    encoding: str = ""
    encoding_method: str = ""
    url: str | None = None
    warc_record_id: str | None = None
    fetched_at: str | None = None

    @property
    def document_id(self) -> str:
        """First 32 hex digits of SHA-256 over name and record key.

        The same in every run over the same place, whatever the content or config, so
        that a changed input shows as changed and not as another document. NUL, which no
        file name can hold, keeps ("a", "bc") apart from ("ab", "c").
        """
        key = f"{self.name}\0{self.record}".encode("utf-8", "backslashreplace")
        return hashlib.sha256(key).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class Metadata:
    """What is known about a document besides its text; None or empty where unknown.

    `published` is ISO 8601 as far as known, `declared_language` what the page claims,
    `extra` the input's own other fields as canonical JSON.
    """

    title: str | None = None
    url: str | None = None
    site: str | None = None
    author: str | None = None
    published: str | None = None
    license: str | None = None
    categories: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    declared_language: str | None = None
    extra: str | None = None


@dataclass(frozen=True, slots=True)
class RawDocument:
    """What a reader yields: undecoded bytes, or text where the container held text.

    `charset` is the encoding label that came with the bytes (an HTTP header's), as it was
    written, and None where nothing came; what the bytes themselves declare is not in it.
    """

    source: Source
    data: bytes | str
    metadata: Metadata = field(default_factory=Metadata)
    charset: str | None = None


class Line(NamedTuple):
    """One line: offsets in code points of the text it was cut from, `end` before its ending."""

    start: int
    end: int
    text: str

    @property
    def is_blank(self) -> bool:
        """Whether nothing but white space stands on the line."""
        return not self.text or self.text.isspace()


def split_lines(text: str) -> tuple[Line, ...]:
    """Cut `text` into lines at LF, CR LF and CR.

    Never `str.splitlines`: it also cuts at U+0085, which may be half of a mojibake, and
    at five other characters. An ending at the end of the text opens no further line.
    """
    lines = []
    if "\r" not in text:
        start = 0
        for part in text.split("\n"):
            end = start + len(part)
            lines.append(Line(start, end, part))
            start = end + 1
    else:
        start = 0
        for chunk in text.split("\n"):
            # A CR directly before the LF belongs to that ending; others end lines themselves.
            body = chunk.removesuffix("\r")
            at = start
            for part in body.split("\r"):
                lines.append(Line(at, at + len(part), part))
                at += len(part) + 1
            start += len(chunk) + 1
        # The last chunk has no LF after it, so a CR at its end is an ending of its own.
        if text.endswith("\r"):
            return tuple(lines)
    if lines[-1].start == lines[-1].end:
        lines.pop()
    return tuple(lines)


class Place(NamedTuple):
    """Where one rendered line stood in its page.

    `path` names the elements from the outermost to the block that holds the line, joined by
    "/"; `depth` counts all elements above its text, `block` numbers the blocks of the page in
    their order, so that lines of one block share it. `links` is the share of the line's
    characters that are inside links, from 0 to 1. `words` are the words of the class and id
    attributes of the block and of what it stands in, outermost first, as written. `hidden`
    says that a browser does not show the line; `origin` is "text" or where else it came from:
    "option", "svg-title", "json-ld".
    """

    path: str
    depth: int
    block: int
    links: float
    words: tuple[str, ...] = ()
    hidden: bool = False
    origin: str = "text"


@dataclass(frozen=True, slots=True, eq=False)
class Page:
    """What an HTML page has besides its rendered text; stages look at it and never change it.

    `places` has one entry for each line of the source text, blank ones included. `tree` is
    the parsed page (an `lxml.html.HtmlElement`; the core does not know lxml), `linked_data`
    the objects of its JSON-LD in page order, as parsed.
    """

    places: tuple[Place, ...]
    tree: Any
    linked_data: tuple[dict[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """A document as one stage sees it. Frozen: stages propose, the pipeline makes the next one.

    `language` is a BCP 47 tag, `language_confidence` from 0 to 1 or None, `flags` stable
    codes for what a person should know about the document, in order of appearance. `page` is
    what an HTML page has besides its text; it describes the lines of the source text, so it
    fits `lines` only until the first edit.
    """

    id: str
    source: Source
    text: str
    language: str = UNDETERMINED
    language_confidence: float | None = None
    metadata: Metadata = field(default_factory=Metadata)
    flags: tuple[str, ...] = ()
    page: Page | None = field(default=None, repr=False, compare=False)
    _lines: tuple[Line, ...] | None = field(default=None, init=False, repr=False, compare=False)

    @property
    def lines(self) -> tuple[Line, ...]:
        """The line table, cut once for all stages that see the same text."""
        if self._lines is None:
            object.__setattr__(self, "_lines", split_lines(self.text))
        assert self._lines is not None
        return self._lines

    def tagged(self, **changes: Any) -> Document:
        """Return the document with other fields than `text` changed; it keeps its line table."""
        document = replace(self, **changes)
        object.__setattr__(document, "_lines", self._lines)
        return document

    @classmethod
    def from_text(cls, text: str, name: str = "text") -> Document:
        """A document over `text` alone, for use without files."""
        source = Source(name, media_type="text/plain")
        return cls(source.document_id, source, text)
