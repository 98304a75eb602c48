"""Is this input text at all? By its first bytes and by its content, both."""

from __future__ import annotations

# First bytes of formats that crawls and folders of documents hold, after the lists of
# file(1) and the WHATWG MIME Sniffing Standard. Longer ones first where one begins another.
_MAGIC = (
    (b"\x89PNG\r\n\x1a\n", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF87a", "a GIF image"),
    (b"GIF89a", "a GIF image"),
    (b"RIFF", "a RIFF file (WebP, WAV or AVI)"),
    (b"II*\0", "a TIFF image"),
    (b"MM\0*", "a TIFF image"),
    (b"\0\0\1\0", "an icon"),
    (b"%PDF-", "a PDF"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Office document"),
    (b"PK\x03\x04", "a ZIP archive (or an Office document or e-book)"),
    (b"PK\x05\x06", "an empty ZIP archive"),
    (b"\x1f\x8b", "gzip data"),
    (b"BZh", "bzip2 data"),
    (b"\xfd7zXZ\0", "xz data"),
    (b"\x28\xb5\x2f\xfd", "Zstandard data"),
    (b"\x04\x22\x4d\x18", "LZ4 data"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive"),
    (b"Rar!\x1a\x07", "a RAR archive"),
    (b"\x7fELF", "an ELF program"),
    (b"MZ", "a Windows program"),
    (b"\xca\xfe\xba\xbe", "a Java class or Mach-O program"),
    (b"\xcf\xfa\xed\xfe", "a Mach-O program"),
    (b"\0asm", "a WebAssembly module"),
    (b"SQLite format 3\0", "an SQLite database"),
    (b"PAR1", "a Parquet file"),
    (b"ARROW1", "an Arrow file"),
    (b"OggS", "Ogg audio or video"),
    (b"fLaC", "FLAC audio"),
    (b"ID3", "MP3 audio"),
    (b"\x1aE\xdf\xa3", "Matroska or WebM video"),
    (b"wOFF", "a WOFF font"),
    (b"wOF2", "a WOFF2 font"),
    (b"\0\1\0\0\0", "a TrueType font"),
)
_PREFIXES = tuple(prefix for prefix, _ in _MAGIC)

# Controls that no text encoding uses; tab, line ends, form feed, SO, SI, SUB and ESC it may.
_CONTROLS = bytes({*range(0x09), 0x0B, *range(0x10, 0x1A), *range(0x1C, 0x20), 0x7F} - {0})

_SAMPLE = 65_536  # bytes
# Compressed or random bytes hold 9 % of these controls, text none: a stray one is no proof.
_CONTROL_SHARE = 0.02
# Known first bytes are half the proof already.
_CONTROL_SHARE_WITH_MAGIC = 0.001
# Text with padding may hold many NULs; programs and tables hold more.
_NUL_SHARE = 0.3
_PDF_WORDS = (b" obj", b"endobj", b"/Type")


def has_magic(data: bytes) -> bool:
    """Whether `data` begins like a known binary format; text may do so too."""
    return data.startswith(_PREFIXES)


def binary_kind(data: bytes) -> str | None:
    """What kind of binary file `data` is, in words for a person, or None for text.

    First bytes alone prove nothing ("MZ" begins words); content alone does where it is
    full of controls or NULs. To be asked after UTF-16 and UTF-32 were ruled out.
    """
    if not data:
        return None
    sample = data[:_SAMPLE]
    controls = (len(sample) - len(sample.translate(None, _CONTROLS))) / len(sample)
    nuls = sample.count(0) / len(sample)
    kind = next((name for prefix, name in _MAGIC if data.startswith(prefix)), None)
    if kind == "a PDF" and any(word in sample for word in _PDF_WORDS):
        return kind
    if kind and (nuls or controls > _CONTROL_SHARE_WITH_MAGIC):
        return kind
    if controls > _CONTROL_SHARE or nuls > _NUL_SHARE:
        return "binary data"
    return None
