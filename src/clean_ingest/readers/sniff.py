"""What an input is, by its first bytes, then by its name."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

TEXT = "text/plain"
HTML = "text/html"
XHTML = "application/xhtml+xml"
TAKEN_IN = frozenset({TEXT, HTML, XHTML})
"""What `intake.take_in` makes documents of."""
JSON = "application/json"
JSON_LINES = "application/x-ndjson"
XML = "application/xml"
PARQUET = "application/vnd.apache.parquet"
WARC = "application/warc"
ZIP = "application/zip"
TAR = "application/x-tar"
GZIP = "application/gzip"
ZSTD = "application/zstd"
BZIP2 = "application/x-bzip2"
XZ = "application/x-xz"
CONTAINERS = frozenset({JSON_LINES, PARQUET, WARC, ZIP, TAR, GZIP, ZSTD, BZIP2, XZ})
"""What `readers.read` finds documents in."""

HEAD_BYTES = 4096

_MAGIC = (
    (b"PAR1", PARQUET),
    (b"WARC/", WARC),
    (b"\x1f\x8b", GZIP),
    (b"\x28\xb5\x2f\xfd", ZSTD),
    (b"\xfd7zXZ\x00", XZ),
    (b"\x04\x22\x4d\x18", "application/x-lz4"),
    (b"PK\x03\x04", ZIP),
    (b"PK\x05\x06", ZIP),
    (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (b"Rar!\x1a\x07", "application/vnd.rar"),
    (b"ARROW1\x00\x00", "application/vnd.apache.arrow.file"),
)
_BZIP2_START = re.compile(rb"BZh[1-9](?:1AY&SY|\x17rE8P\x90)")
_TAR_AT = 257

# The tags by which the WHATWG MIME Sniffing Standard (7.1) knows HTML, without the inline
# ones (a, b, br, font): text that somebody scraped may well begin with a stray one of these.
_HTML_START = re.compile(
    rb"<(?:!doctype html|html|head|script|iframe|h1|div|table|style|title|body|p)[\s>]|<!--",
    re.IGNORECASE,
)
_HTML_ROOT = re.compile(rb"<(?:!doctype html|html)[\s>]", re.IGNORECASE)
_HTML_ROOT_TEXT = re.compile(r"\ufeff?\s*<(?:!doctype html|html)[\s>]", re.IGNORECASE)
_JSON_OBJECT = re.compile(rb'\{\s*"(?:[^"\\]|\\.)*"\s*:')
_JSON_ARRAY = re.compile(rb'\[\s*\{\s*"(?:[^"\\]|\\.)*"\s*:')

_BY_EXTENSION = {
    **dict.fromkeys((".html", ".htm", ".shtml"), HTML),
    **dict.fromkeys((".mhtml", ".mht"), "multipart/related"),
    **dict.fromkeys((".jsonl", ".ndjson"), JSON_LINES),
    **dict.fromkeys((".xml", ".rss", ".atom"), XML),
    ".xhtml": XHTML,
    ".json": JSON,
    ".parquet": PARQUET,
    ".warc": WARC,
    ".gz": GZIP,
    ".tgz": GZIP,
    ".wet": WARC,
    ".zst": ZSTD,
    ".bz2": BZIP2,
    ".xz": XZ,
    ".zip": ZIP,
    ".tar": TAR,
}


def media_type(head: bytes, name: str) -> str:
    """Return the media type of an input from its first `HEAD_BYTES` bytes and its name.

    The content decides; only where it says nothing (text has no mark of its own) does the
    extension. An empty input is text. Binary data without a known mark also counts as
    text here: that it is none is for `intake.decode` to say.
    """
    if not head:
        return TEXT
    kind = _by_content(head)
    if kind in ("", JSON) and (named := _by_extension(name)) == JSON_LINES:
        return named  # whose first row may be a list, or anything
    return kind or _by_extension(name)


def is_html_root(head: str) -> bool:
    """Whether text begins as a whole page does, not only with some tag."""
    return _HTML_ROOT_TEXT.match(head) is not None


def _by_content(head: bytes) -> str:
    for magic, kind in _MAGIC:
        if head.startswith(magic):
            return kind
    if _BZIP2_START.match(head):
        return BZIP2
    if head[_TAR_AT : _TAR_AT + 5] == b"ustar":
        return TAR
    return _by_markup(head)


def _by_markup(head: bytes) -> str:
    # All these marks are ASCII: without NULs those of UTF-16 and UTF-32 can be seen as well.
    plain = head.replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe").lstrip()
    if plain[:5].lower() == b"<?xml":
        return XHTML if _HTML_ROOT.search(plain) else XML
    if _HTML_START.match(plain):
        return HTML
    if _JSON_OBJECT.match(plain):
        first, line_end, _ = plain.partition(b"\n")
        return JSON_LINES if not line_end or first.rstrip().endswith(b"}") else JSON
    return JSON if _JSON_ARRAY.match(plain) else ""


def _by_extension(name: str) -> str:
    return _BY_EXTENSION.get(PurePosixPath(name).suffix.lower(), TEXT)
