"""Raw documents to documents: decoded, pages rendered."""

from __future__ import annotations

import hashlib

import pytest

from clean_ingest.core.document import Document, RawDocument, Source
from clean_ingest.intake.take_in import take_in

CHINESE = "今天早上港口的新码头启用了。第一班渡轮七点到达,码头上站满了人,大家都很高兴。"
JAPANESE = "今朝、港に新しい桟橋が開いた。最初のフェリーは七時に着いて、人々は手を振った。"
RUSSIAN = "Сегодня утром в порту открыли новый причал."


def taken(data: bytes | str, kind: str = "text/html", charset: str | None = None) -> Document:
    return take_in(RawDocument(Source("page", media_type=kind), data, charset=charset))


def labelled(text: str, encoding: str, label: str) -> bytes:
    """A page that says it is in `label`."""
    return f"<html><head><meta charset={label}></head><body><p>{text}</p></body>".encode(encoding)


def test_a_page_becomes_its_text() -> None:
    """The hash is that of the rendered text: it is what the ledger starts from."""
    document = taken(b"<p>Hello<p>world")
    assert ("Hello\nworld", "html/body/p") == (
        document.text,
        document.page.places[1].path if document.page else None,
    )
    assert hashlib.sha256(b"Hello\nworld").hexdigest() == document.source.text_sha256
    assert ("utf-8", "utf-8") == (document.source.encoding, document.source.encoding_method)


def test_text_stays_as_it_is() -> None:
    """Tags in a text are text."""
    document = taken("a <b>\n", "text/plain")
    assert ("a <b>\n", None) == (document.text, document.page)


@pytest.mark.parametrize(
    ("data", "charset", "expected"),
    [
        (labelled(RUSSIAN, "cp1251", "windows-1251"), None, ("cp1251", "declared")),
        (labelled(RUSSIAN, "koi8-r", '"KOI8-R"'), None, ("koi8-r", "declared")),
        (labelled(RUSSIAN, "cp1251", "koi8-r"), "windows-1251", ("cp1251", "declared")),
        (labelled(RUSSIAN, "utf-8", "windows-1251"), "koi8-r", ("utf-8", "utf-8")),
        (
            b'<?xml version="1.0" encoding="ISO-8859-5"?><html>' + RUSSIAN.encode("iso8859-5"),
            None,
            ("iso8859-5", "declared"),
        ),
        (
            b"<!-- <meta charset=koi8-r> --><META http-equiv='Content-Type' "
            b"content='text/html;charset=cp1251'>" + RUSSIAN.encode("cp1251"),
            None,
            ("cp1251", "declared"),
        ),
        (
            labelled("“Où est l’été ?”", "cp1252", "iso-8859-1"),
            None,
            ("cp1252", "declared"),
        ),
        (labelled(CHINESE, "gbk", "gb2312"), None, ("gb18030", "declared")),
        (labelled(JAPANESE, "shift_jis", "x-sjis"), None, ("cp932", "declared")),
        (labelled(CHINESE, "gbk", "utf-8"), None, ("gb18030", "detected")),
        (labelled(JAPANESE, "shift_jis", "utf-8"), "UTF-8", ("cp932", "detected")),
    ],
)
def test_the_label_of_a_page_is_used(
    data: bytes, charset: str | None, expected: tuple[str, str]
) -> None:
    """What the bytes prove goes first, then the server's label, then the page's own."""
    source = taken(data, charset=charset).source
    assert expected == (source.encoding, source.encoding_method)


def test_detected_pages_have_their_text() -> None:
    """GBK and Shift-JIS that claim to be UTF-8."""
    assert CHINESE == taken(labelled(CHINESE, "gbk", "utf-8")).text
    assert JAPANESE == taken(labelled(JAPANESE, "shift_jis", "utf-8")).text


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        ('<html xmlns="x"><p>a<![CDATA[b<c & d]]>e</p></html>', "application/xhtml+xml"),
        ("<?xml version='1.0'?>\n<html><p>a<![CDATA[b<c & d]]>e</p></html>", "text/html"),
    ],
)
def test_cdata_of_xhtml_is_text(data: str, kind: str) -> None:
    """An HTML parser takes it for a comment."""
    assert "ab<c & de" == taken(data, kind).text


def test_xhtml_has_empty_elements() -> None:
    """A title or script without an end is none that takes the page with it."""
    data = "<html><head><title/><script src='a'/></head><body><a id='b'/><p>c</p></body></html>"
    assert "c" == taken(data, "application/xhtml+xml").text


def test_scripts_keep_their_cdata() -> None:
    """Else what is in them is no JSON any more."""
    script = '<script type="application/ld+json">//<![CDATA[\n{"a": "<b>"}\n//]]></script>'
    document = taken(f"{script}<p><![CDATA[x]]></p>", "application/xhtml+xml")
    assert ("x", ({"a": "<b>"},)) == (
        document.text,
        document.page.linked_data if document.page else None,
    )
