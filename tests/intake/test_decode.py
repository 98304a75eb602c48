"""Bytes to source text."""

from __future__ import annotations

import codecs
import gzip
import hashlib
import io
import sys
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clean_ingest.core.document import Document, Metadata, RawDocument, Source
from clean_ingest.core.errors import Unreadable
from clean_ingest.intake.decode import decode

RUSSIAN = "Сегодня утром в порту открыли новый причал.\nПервый паром пришёл в семь часов.\n"
CHINESE = "今天早上港口的新码头启用了。\n第一班渡轮七点到达，码头上站满了人。\n"
JAPANESE = "今朝、港に新しい桟橋が開いた。\n最初のフェリーは七時に着いた。\n"
KOREAN = "오늘 아침 항구에 새 부두가 문을 열었다.\n첫 배는 일곱 시에 도착했다.\n"
GREEK = "Σήμερα το πρωί άνοιξε η νέα προβλήτα στο λιμάνι.\nΤο πρώτο πλοίο έφτασε στις επτά.\n"
ARABIC = "افتتح صباح اليوم رصيف جديد في الميناء.\nوصلت أول عبارة في السابعة، وكان الناس ينتظرون.\n"
HEBREW = "הבוקר נפתח רציף חדש בנמל.\nהמעבורת הראשונה הגיעה בשבע.\n"
FRENCH = "Ce matin, un nouveau quai a été inauguré au port.\nLe premier bac est arrivé à l’heure.\n"
POLISH = (
    "Dziś rano w porcie otwarto nową przystań.\nPierwszy prom przypłynął o siódmej, źle wróżąc.\n"
)
ENGLISH = "A new pier opened this morning.\nThe first ferry came at seven.\n"
ALL = (RUSSIAN, CHINESE, JAPANESE, KOREAN, GREEK, ARABIC, HEBREW, FRENCH, POLISH, ENGLISH)


def read(data: bytes | str, declared: str | None = None, charset: str | None = None) -> Document:
    """The document of some data, as a reader would hand it over."""
    return decode(RawDocument(Source("page.txt"), data, charset=charset), declared)


def found(document: Document) -> tuple[str, str]:
    """Codec and method on record."""
    return document.source.encoding, document.source.encoding_method


@pytest.mark.parametrize("text", ALL)
def test_utf8_is_read_as_it_stands(text: str) -> None:
    """Valid UTF-8 needs no detection, in any script."""
    document = read(text.encode())
    assert (text, "utf-8", "utf-8", ()) == (document.text, *found(document), document.flags)


@pytest.mark.parametrize("text", ALL)
@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
def test_wide_encodings_without_mark(text: str, encoding: str) -> None:
    """UTF-16 and UTF-32 are known by where their NULs stand."""
    document = read(text.encode(encoding))
    assert (text, encoding, f"{encoding[:6]}-pattern") == (document.text, *found(document))


@pytest.mark.parametrize(
    ("mark", "encoding"),
    [
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (codecs.BOM_UTF32_LE, "utf-32-le"),
        (codecs.BOM_UTF32_BE, "utf-32-be"),
    ],
)
@pytest.mark.parametrize("text", [ARABIC, CHINESE, "x"])
def test_marks(mark: bytes, encoding: str, text: str) -> None:
    """A byte-order mark names the encoding and is no part of the text."""
    document = read(mark + text.encode(encoding))
    assert (text, encoding, "bom") == (document.text, *found(document))


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (RUSSIAN, "cp1251"),
        (RUSSIAN, "koi8-r"),
        (RUSSIAN, "cp866"),
        (CHINESE, "gb18030"),
        (CHINESE.replace("码头", "港口").replace("启用了", "完成"), "gb18030"),
        (JAPANESE, "cp932"),
        (JAPANESE, "euc_jp"),
        (KOREAN, "cp949"),
        (GREEK, "cp1253"),
        (ARABIC, "cp1256"),
        (HEBREW, "cp1255"),
        (FRENCH, "cp1252"),
        (POLISH, "cp1250"),
        (POLISH, "iso8859-2"),
    ],
)
def test_legacy_encodings_are_detected(text: str, encoding: str) -> None:
    """Text in the encodings of its region is read without a label."""
    document = read(text.encode(encoding))
    assert (text, "detected") == (document.text, document.source.encoding_method)


@pytest.mark.parametrize(
    ("text", "encoding"),
    [(CHINESE, "gb18030"), (CHINESE, "big5hkscs"), (JAPANESE, "cp932"), (KOREAN, "cp949")],
)
def test_damaged_multi_byte_text(text: str, encoding: str) -> None:
    """One bad byte in a page costs one character, not the codec."""
    data = text.encode(encoding, "ignore") * 20
    document = read(data + b"\xff\xff\n" + data)
    assert (encoding, "detected") == found(document)
    whole = data.decode(encoding)
    assert (True, True) == (document.text.startswith(whole), document.text.endswith(whole))


@pytest.mark.parametrize(("text", "encoding"), [(JAPANESE, "iso2022_jp"), (KOREAN, "iso2022_kr")])
def test_escapes_come_before_utf8(text: str, encoding: str) -> None:
    """ISO-2022 is valid UTF-8 too, and would be line noise."""
    document = read(text.encode(encoding))
    assert (text, encoding, "escape") == (document.text, *found(document))


@pytest.mark.parametrize("end", ["\0\n", "\0\r\n", "\n\0", " \0 "])
@pytest.mark.parametrize("line", ["Line one", "Line three", "Строка", "第一行", "شب"])
def test_a_few_nuls_do_not_make_utf_16(line: str, end: str) -> None:
    """Text with a NUL at the end of each line is UTF-8 as before, wherever its NULs fall."""
    text = f"{line}{end}" * 20
    assert (text, "utf-8", "utf-8") == (read(text.encode()).text, *found(read(text.encode())))


def test_one_nul_in_legacy_text_does_not_make_utf_16() -> None:
    """White space that an accident made, once, does not outweigh a page of Latin-1."""
    data = ("Première ligne.\n" * 20).encode("cp1252") + b"\0\n"
    assert "Première ligne.\n" * 20 + "\0\n" == read(data).text


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize(
    "text",
    [
        "Привет",
        "Γειά",
        "שלום",
        "สวัสดี",
        "Привет мир",
        "नमस्ते दुनिया\n",
        "안녕 하세요\n",
        "“Тест”, – да, and much Latin beside it.\n",
    ],
)
def test_short_utf_16_without_mark(text: str, encoding: str) -> None:
    """A word is enough where its script has a block of its own, in any script a short line."""
    assert (text, encoding) == (
        read(text.encode(encoding)).text,
        found(read(text.encode(encoding)))[0],
    )


def test_line_drawing_is_no_iso_2022() -> None:
    """Terminals switch character sets by the same escapes; nothing of the text is lost."""
    text = "\x1b(0lqqk\x1b(B some text"
    assert (text, "utf-8") == (read(text.encode()).text, found(read(text.encode()))[0])


def test_terminal_colours_are_no_iso_2022() -> None:
    """ESC alone does not make an encoding."""
    text = "\x1b[31mred\x1b[0m и синий"
    assert (text, "utf-8") == (read(text.encode()).text, read(text.encode()).source.encoding)


def test_the_declared_label_is_tried_before_detection() -> None:
    """A short text that no detector can know is read as its label says."""
    data = "Zażółć gęślą jaźń".encode("iso8859-2")
    document = read(data, declared="ISO-8859-2")
    assert ("Zażółć gęślą jaźń", "iso8859-2", "declared") == (document.text, *found(document))


def test_the_charset_that_came_with_the_bytes_goes_before_their_own() -> None:
    """A server's label is believed, as a browser believes it; where it lies, the page's is."""
    data = "Čtvrť".encode("cp1250")
    document = read(data, declared="windows-1251", charset="Windows-1250")
    assert ("Čtvrť", "cp1250", "declared") == (document.text, *found(document))
    document = read(data, declared="windows-1250", charset="no-such-codec")
    assert ("Čtvrť", "cp1250", "declared") == (document.text, *found(document))


@pytest.mark.parametrize(
    "label", ["utf-16", "no-such-codec", "utf-8", "hex", "unicode-escape", "iso-8859-1"]
)
def test_a_label_that_lies_is_passed_over(label: str) -> None:
    """Where the label does not decode, or to controls only, detection decides."""
    document = read(JAPANESE.encode("cp932"), declared=label)
    assert (JAPANESE, "detected") == (document.text, document.source.encoding_method)


def test_a_codec_of_python_is_no_charset() -> None:
    """A page may claim any name; escapes in it are text."""
    document = read("été à l'école \\u0041".encode("latin-1"), declared="unicode-escape")
    assert document.text.endswith("\\u0041")


def test_valid_utf8_overrules_a_label() -> None:
    """Valid multi-byte UTF-8 is hardly ever anything else."""
    assert FRENCH == read(FRENCH.encode(), declared="iso-8859-1").text


@pytest.mark.parametrize("kept", [1, 2])
def test_a_cut_last_character_is_marked(kept: int) -> None:
    """A fetch that ended inside a character costs that character only."""
    document = read(RUSSIAN.encode() + "…".encode()[:kept])
    assert RUSSIAN + "\ufffd" == document.text
    assert ("replacement-characters",) == document.flags
    assert "utf-8" == document.source.encoding


def test_stray_windows_bytes_in_utf8() -> None:
    """A few Windows-1252 bytes in UTF-8 are read as what they are, and the mixture flagged."""
    data = RUSSIAN.encode() + b"ros\xe9 d\x92Agen, 5 \x80\n" + GREEK.encode()
    document = read(data)
    assert RUSSIAN + "rosé d’Agen, 5 €\n" + GREEK == document.text
    assert ("utf-8", "utf-8-mixed") == found(document)
    assert ("mixed-encoding",) == document.flags


def test_stray_bytes_that_mean_nothing_are_marked() -> None:
    """Runs of stray bytes and halves of characters become U+FFFD and are flagged."""
    document = read(RUSSIAN.encode() + b"a\xe2\x80b \xcf\xf0\xe8\xe2 c\n")
    assert RUSSIAN + "a\ufffdb \ufffd\ufffd\ufffd\ufffd c\n" == document.text
    assert ("mixed-encoding", "replacement-characters") == document.flags


def test_what_no_detector_knows() -> None:
    """Without an answer it is Windows-1252, which the record calls a default."""
    document = read(b"\x0e\x80")
    assert ("\x0e€", "cp1252", "default") == (document.text, *found(document))


def test_surrogates_encoded_as_utf8() -> None:
    """CESU-8 pairs are joined, lone surrogates marked."""
    pair = "😀".encode("utf-16-be")
    halves = "".join(chr(int.from_bytes(pair[i : i + 2], "big")) for i in (0, 2))
    data = ("a" + halves + "b\ud800c").encode("utf-8", "surrogatepass")
    assert "a😀b\ufffdc" == read(data).text


def test_given_text_is_scrubbed() -> None:
    """Text that came as text loses its mark and its lone surrogates, nothing else."""
    document = read("\ufeffa\ud800b\udfff\r\n\ud83d\ude00\0")
    assert "a\ufffdb\ufffd\r\n😀\0" == document.text
    assert ("", "given-text") == found(document)
    assert ("replacement-characters",) == document.flags


def test_line_ends_are_not_translated() -> None:
    """CR, CR LF, NEL and U+2028 arrive as they are."""
    text = "a\rb\r\nc\x85d\u2028e\n"
    assert text == read(text.encode()).text


def test_nul_bytes_in_text_survive() -> None:
    """A few NULs do not make a text binary; the characters stage takes them out."""
    assert "One\0two.\nЕщё одна строка.\n" == read("One\0two.\nЕщё одна строка.\n".encode()).text


def test_empty_file_is_an_empty_document() -> None:
    """Nothing is text too; the pipeline drops it."""
    assert ("", ()) == (read(b"").text, read(b"").flags)


NOISE = b"".join(hashlib.sha256(bytes([i])).digest() for i in range(150))
PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01" + NOISE


def archive() -> bytes:
    """A ZIP archive with a text in it."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("a.txt", ENGLISH * 50)
    return buffer.getvalue()


PDF = b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\ntrailer\n%%EOF\n"


@pytest.mark.parametrize(
    "data",
    [
        PNG,
        PDF,
        archive(),
        gzip.compress(ENGLISH.encode() * 50, mtime=0),
        Path(sys.executable).resolve().read_bytes()[:200_000],
        NOISE,
        b"\0" * 1_000,
        b"\xff\xfe" + NOISE,
    ],
    ids=["png", "pdf", "zip", "gzip", "program", "random", "nul", "false mark"],
)
def test_binary_is_refused(data: bytes) -> None:
    """What is no text is quarantined as such, and says what it looks like."""
    with pytest.raises(Unreadable) as caught:
        read(data)
    assert ("binary", "page.txt") == (caught.value.code, caught.value.where)


@pytest.mark.parametrize("start", ["MZ", "PK", "ID3 tags", "%PDF-1.4", "GIF89a", "RIFF", "BZh"])
def test_words_that_begin_like_binary_formats(start: str) -> None:
    """First bytes alone prove nothing."""
    text = f"{start} are how some files begin.\n{RUSSIAN}"
    assert text == read(text.encode()).text


@given(st.binary(max_size=300), st.sampled_from([None, "utf-8", "latin-1", "shift_jis"]))
def test_any_bytes_give_text_or_unreadable(data: bytes, label: str | None) -> None:
    """No bytes make it fail in any other way, and its text is always valid Unicode."""
    try:
        document = read(data, label)
    except Unreadable:
        return
    digest = hashlib.sha256(document.text.encode()).hexdigest()
    assert digest == document.source.text_sha256
    assert document == read(data, label)


def test_what_the_reader_knew_is_kept() -> None:
    """Source fields, record key and metadata go through."""
    source = Source("a.jsonl", record="7", bytes=3, sha256="x", url="https://example.org/")
    document = decode(RawDocument(source, b"abc", Metadata(title="T")))
    assert (source.document_id, "T", "7", 3, "x") == (
        document.id,
        document.metadata.title,
        document.source.record,
        document.source.bytes,
        document.source.sha256,
    )
