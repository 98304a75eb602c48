"""Bytes to source text, with the codec and how it was found on record."""

from __future__ import annotations

import codecs
import hashlib
import re
from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple
from unicodedata import category

from clean_ingest.core.document import Document, Page, RawDocument
from clean_ingest.core.errors import Unreadable
from clean_ingest.intake.binary import binary_kind, has_magic
from clean_ingest.intake.labels import codec_of

REPLACEMENT = "\ufffd"

# UTF-32's little-endian mark begins with UTF-16's, so it is looked for first.
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)

# ISO-2022 designators: ESC ( x, ESC $ x, ESC $ ( x and so on. Terminal colours begin ESC [.
_DESIGNATOR = re.compile(rb"\x1b(?:\$[()*+\-./]?[@-~]|[(-/][@-~]|\.[AF])")
_ISO_2022 = (
    "iso2022_kr",  # strict about its header; iso2022_jp_2 takes it for its own
    "iso2022_jp",
    "iso2022_jp_2",
    "iso2022_jp_ext",
    "iso2022_jp_2004",
)

_SAMPLE = 65_536  # bytes shown to the detectors; chardet takes 1-2 ms for them
_UPPER_ZERO = 1.9  # of two
# In the wrong byte order these are rare or unassigned characters.
_COMMON = "\n \t,.0123456789。，、"
_CLEARLY = 3
# UTF-16 of any script below U+2000 has a byte under 0x20 in every character, text hardly one in
# ten; above it, UTF-16 is no valid UTF-8. (All-kana text may have 8 % of its bytes above 127,
# no more than French in Latin-1: that does not tell them apart.)
_LOW = bytes(range(0x20))
_LOW_SHARE = 0.35
# One accident (LF NUL in Latin-1, say) is not yet white space; two short lines have no more.
_HITS = 3
_BYTES_A_HIT = 16
# The byte that all letters of a small script share in UTF-16, where no text has it.
_BLOCKS = frozenset({*range(0x01, 0x09), 0x0B, *range(0x0E, 0x20)})
_WORD_BYTES = 6
# Decoded text has next to no controls and unassigned characters; wrong guesses are full of them.
_ODD_SHARE = 0.02
_ODD = frozenset({"Cc", "Cn", "Co", "Cs"})
# Bytes in valid UTF-8 sequences to stray ones. Text in legacy encodings reached .81 at the
# most (13 encodings, 20 texts each); UTF-8 with as many Latin-1 letters as its own has 2.
_MIXED = 1.5
_HIGH = re.compile(rb"[\x80-\xff]")
_ALL_HIGH = bytes(range(0x80, 0x100))
_FALLBACK = "cp1252"
# chardet rules out what does not decode strictly; then its answers have .03 to .05.
_UNSURE = 0.1
_SURE = 0.15
_WHOLE = 0.99
_MULTI_BYTE = ("gb18030", "big5hkscs", "cp932", "euc_jp", "cp949")


class Decoded(NamedTuple):
    """Decoded text, Python's name of the codec, and how it was found."""

    text: str
    encoding: str
    method: str
    flags: tuple[str, ...] = ()


def decode(raw: RawDocument, declared: str | None = None) -> Document:
    """The document of `raw`: its source text, as `Document.text` before any stage.

    `declared` is the encoding label that stands in the bytes, if any (a meta tag); the one
    that came with them, `raw.charset`, goes before it. The mark at the start is removed,
    undecodable bytes and lone surrogates are U+FFFD, line ends stay as they are. Sets
    `encoding` (Python's codec name; empty for text that was given as text), `encoding_method`
    and `text_sha256` of the source.
    Methods: `given-text`, `bom`, `utf-16-pattern`, `utf-32-pattern`, `escape`, `utf-8`,
    `utf-8-mixed`, `declared`, `detected`, `default`. Flags: `replacement-characters`,
    `mixed-encoding`.

    Raises `Unreadable` with code `binary` where the bytes are no text.
    """
    found = decoded(raw, declared)
    return document_of(raw, found, found.text)


def decoded(raw: RawDocument, declared: str | None = None) -> Decoded:
    """The text of `raw` with how it was found, as `decode` has it."""
    found = _given(raw.data) if isinstance(raw.data, str) else _from_bytes(raw, declared)
    return found._replace(text=found.text.removeprefix("\ufeff"))


def document_of(raw: RawDocument, found: Decoded, text: str, page: Page | None = None) -> Document:
    """The document whose source text is `text`: what was found, or a page rendered from it."""
    flags = found.flags
    if REPLACEMENT in text:
        flags = (*flags, "replacement-characters")
    source = replace(
        raw.source,
        encoding=found.encoding,
        encoding_method=found.method,
        text_sha256=hashlib.sha256(text.encode()).hexdigest(),
    )
    return Document(source.document_id, source, text, metadata=raw.metadata, flags=flags, page=page)


def _given(text: str) -> Decoded:
    return Decoded(_scrub(text), "", "given-text")


def _scrub(text: str) -> str:
    """Halves of surrogate pairs joined where they meet, U+FFFD where they stand alone."""
    try:
        text.encode()
    except UnicodeEncodeError:
        # errors="replace" makes one U+FFFD of each lone surrogate, in both directions.
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text


def _from_bytes(raw: RawDocument, declared: str | None) -> Decoded:
    data = raw.data
    assert isinstance(data, bytes)  # noqa: S101 - decode has asked; this tells mypy
    if word := _one_word(data):
        return word
    if b"\0" not in data and b"\x1b" not in data and not has_magic(data):
        # Nearly all of the web: one C call. A UTF-8 mark, if any, is dropped by the caller.
        try:
            method = "bom" if data.startswith(codecs.BOM_UTF8) else "utf-8"
            return Decoded(data.decode(), "utf-8", method)
        except UnicodeDecodeError:
            pass
    if found := _marked(data) or _wide(data) or _escaped(data):
        return found
    if kind := binary_kind(data):
        raise Unreadable(
            "binary",
            f"this is {kind}, not text",
            where=raw.source.name,
            hint="extract its text first, or leave it out",
        )
    steps: tuple[Callable[[], Decoded | None], ...] = (
        lambda: _utf8(data),
        lambda: _declared(data, raw.charset),
        lambda: _declared(data, declared),
        lambda: _mixed(data),
    )
    return next((found for step in steps if (found := step())), None) or _detected(data)


def _marked(data: bytes) -> Decoded | None:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            text = data[len(mark) :].decode(encoding, "replace")
            # Chance puts two such bytes at the start of a binary file, and UTF-8 behind a
            # mark may be mixed with something else.
            if _is_text(text):
                return Decoded(text, encoding, "bom")
    return None


def _wide(data: bytes) -> Decoded | None:
    """UTF-16 or UTF-32 without a mark: the byte order in which the text has white space."""
    sample = data[: _SAMPLE & ~3]
    if b"\0" not in sample:
        return None
    least = 1
    if len(sample) - len(sample.translate(None, _LOW)) < _LOW_SHARE * len(sample):
        if _utf8(data):
            return None
        least = min(_HITS, 1 + len(sample) // _BYTES_A_HIT)
    quarter = len(sample) / 4
    at = [sample[side::4].count(0) for side in range(4)]
    # All but rare characters of UTF-32 have their two upper bytes zero.
    width = "utf-32" if max(at[0] + at[1], at[2] + at[3]) > _UPPER_ZERO * quarter else "utf-16"
    little, big = (
        sum(map(sample.decode(f"{width}-{order}", "replace").count, _COMMON))
        for order in ("le", "be")
    )
    if max(little, big) < max(least, _CLEARLY * min(little, big) + 1):
        return None
    encoding = f"{width}-{'le' if little > big else 'be'}"
    text = data.decode(encoding, "replace")
    return Decoded(text, encoding, f"{width}-pattern") if _is_text(text) else None


def _one_word(data: bytes) -> Decoded | None:
    """UTF-16 of letters of one small script alone: without a NUL, and valid UTF-8."""
    if len(data) < _WORD_BYTES or len(data) % 2 or _BLOCKS.isdisjoint(data[:2]):
        return None
    for side, encoding in enumerate(("utf-16-be", "utf-16-le")):
        if data[side] in _BLOCKS and set(data[side::2]) == {data[side]}:
            text = data.decode(encoding, "replace")
            return Decoded(text, encoding, "utf-16-pattern") if _is_text(text) else None
    return None


def _is_text(text: str) -> bool:
    """Whether a decoding looks right: hardly a control, unassigned or replaced character."""
    sample = text[: _SAMPLE // 2]
    odd = sample.count(REPLACEMENT) + sum(
        category(char) in _ODD and not char.isspace() for char in sample if not char.isprintable()
    )
    # One cut character at the end of a short text is not yet odd.
    return odd <= max(1, _ODD_SHARE * len(sample))


def _escaped(data: bytes) -> Decoded | None:
    """ISO-2022: seven-bit text that switches its character sets by escape sequences."""
    if not data.isascii() or not _DESIGNATOR.search(data):
        return None
    for encoding in _ISO_2022:
        try:
            return Decoded(data.decode(encoding), encoding, "escape")
        except UnicodeDecodeError:
            continue
    return None  # terminals have the same escapes, for line drawing


def _utf8(data: bytes) -> Decoded | None:
    """Strict UTF-8, with a cut last character allowed, or with surrogates encoded in it."""
    try:
        return Decoded(data.decode(), "utf-8", "utf-8")
    except UnicodeDecodeError as error:
        cut = error.end == len(data) and error.reason == "unexpected end of data"
        # One stray byte after plain ASCII is rather a letter of a legacy encoding.
        if cut and (error.end - error.start > 1 or not data[: error.start].isascii()):
            return Decoded(data.decode("utf-8", "replace"), "utf-8", "utf-8")
    if b"\xed" not in data:
        return None
    try:  # CESU-8: each half of a surrogate pair as three bytes
        return Decoded(_scrub(data.decode("utf-8", "surrogatepass")), "utf-8", "utf-8")
    except UnicodeDecodeError:
        return None


def _declared(data: bytes, label: str | None) -> Decoded | None:
    if not label:
        return None
    try:
        name = codec_of(label)
        if name.startswith("utf-"):  # looked for already, with better evidence than a label
            return None
        text = data.decode(name)
    except (LookupError, UnicodeError, ValueError):
        return None
    # A single-byte codec decodes anything; what it makes of another's bytes has C1 controls.
    if not isinstance(text, str) or re.search("[\x80-\x84\x86-\x9f]", text):
        return None
    return Decoded(text, name, "declared")


def _mixed(data: bytes) -> Decoded | None:
    """UTF-8 with stray bytes of Windows-1252 in it, as pasting and templates leave them."""
    # The sample first: the handler runs once a stray byte, and legacy text has only those.
    for part in (_evidence(data), data):
        valid = _high_bytes(part.decode("utf-8", "ignore").encode())
        if valid < _MIXED * (_high_bytes(part) - valid):
            return None
    return Decoded(data.decode("utf-8", _STRAY), "utf-8", "utf-8-mixed", ("mixed-encoding",))


def _stray_text(error: UnicodeError) -> tuple[str, int]:
    """A stray byte as Windows-1252 where that is plausible, else as U+FFFD.

    Plausible is one byte between ASCII: a letter beside a letter, or one of the quotes,
    dashes and signs. The start of a cut UTF-8 character, and runs of stray bytes (of
    another encoding, then), are not.
    """
    if not isinstance(error, UnicodeDecodeError):
        raise error
    data, start, end = error.object, error.start, error.end
    before, after = data[max(start - 1, 0) : start], data[end : end + 1]
    if end - start > 1 or not (before + after).isascii():
        return REPLACEMENT, end
    char = data[start:end].decode(_FALLBACK, "replace")
    beside_letter = before.isalpha() or after.isalpha()
    return (char if beside_letter or not char.isalpha() else REPLACEMENT), end


_STRAY = "clean_ingest.stray"
codecs.register_error(_STRAY, _stray_text)


def _evidence(data: bytes) -> bytes:
    """A sample with bytes above 127 in it: pages may open with kilobytes of ASCII."""
    first = _HIGH.search(data)
    start = max(0, first.start() - _SAMPLE // 8) if first else 0
    return data[start : start + _SAMPLE]


def _high_bytes(data: bytes) -> int:
    return len(data) - len(data.translate(None, _ALL_HIGH))


def _detected(data: bytes) -> Decoded:
    sample = _evidence(data).replace(b"\0", b"")
    name, confidence = _guess(sample)
    if confidence < _UNSURE:
        name = _damaged(sample) or name
    if name:
        return Decoded(data.decode(name, "replace"), name, "detected")
    return Decoded(data.decode(_FALLBACK, "replace"), _FALLBACK, "default")


def _guess(sample: bytes) -> tuple[str, float]:
    """Chardet's answer as a Python codec name, empty for none, and its confidence."""
    # Its first use loads models for 0.1 s, which valid UTF-8 never needs.
    import chardet

    found = chardet.detect(
        sample,
        # "Supersets" would be cp1250 for ISO-8859-2, which differ in letters.
        prefer_superset=False,
        compat_names=False,
        encoding_era=chardet.EncodingEra.ALL & ~chardet.EncodingEra.MAINFRAME,
    )
    name = found["encoding"]
    return (codec_of(name) if name else ""), found["confidence"]


def _damaged(sample: bytes) -> str | None:
    """A multi-byte codec that fits but for a few bytes, each of which rules it out for chardet."""
    guesses = []
    for codec in _MULTI_BYTE:
        mended = sample.decode(codec, "ignore").encode(codec, "ignore")
        if len(mended) >= _WHOLE * len(sample):
            name, confidence = _guess(mended)
            if name in _MULTI_BYTE and confidence > _SURE:
                guesses.append((confidence, name))
    return max(guesses)[1] if guesses else None
