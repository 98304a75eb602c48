"""HTML and XHTML text to a tree, with what the parser lost on record."""

from __future__ import annotations

import html
import re
from typing import Any

from clean_ingest.core.errors import Unreadable

# libxml2 makes U+FFFD of these; browsers show nothing for them. Bytes above 127, of which
# all other characters of UTF-8 are made, stay.
_CONTROLS = bytes({*range(0x09), *range(0x0E, 0x20)})
_SPACED = bytes.maketrans(b"\x0b", b" ")

_CDATA = "<![CDATA["
_CDATA_END = "]]>"
_SECTION = re.compile(r"<(script|style)\b|<!\[CDATA\[", re.IGNORECASE)


def parse(text: str, *, xhtml: bool = False) -> Any:
    """The root of the tree of a page (an `lxml.html.HtmlElement`), comments left out.

    None where there is no element and no text at all. `xhtml` says that sections of CDATA
    hold text.

    Raises:
        Unreadable: the parser stopped before the end: `html-depth` for elements nested more
            deeply than it follows (2,048 in libxml2 2.14), `html-size` for its other limits.

    """
    from lxml import etree
    from lxml.html import HtmlElement

    if xhtml and _CDATA in text:
        text = _without_cdata(text)
    data = _bytes(text)
    parser = etree.HTMLParser(
        huge_tree=True,
        encoding="utf-8",
        remove_comments=True,
        remove_pis=True,
        collect_ids=False,
        default_doctype=False,
    )
    # As lxml.html has it, without its own classes for forms, inputs and labels, and so without
    # its call into Python for each element that is looked at.
    parser.set_element_class_lookup(etree.ElementDefaultClassLookup(element=HtmlElement))
    try:
        tree = etree.fromstring(data, parser) if data.strip() else None
    except etree.LxmlError:
        _refuse(parser.error_log)
        # lxml has no tree for a page of comments alone.
        tree = None
    _refuse(parser.error_log)
    return tree


def _bytes(text: str) -> bytes:
    """UTF-8 without what makes libxml2 drop the rest: lone surrogates and control characters."""
    try:
        data = text.encode()
    except UnicodeEncodeError:
        data = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace").encode()
    return data.translate(_SPACED, _CONTROLS)


def _refuse(log: Any) -> None:
    """Raise where the log of the parser says that it gave up."""
    for entry in log.filter_from_fatals():
        if "depth" in entry.message:
            raise Unreadable(
                "html-depth", f"elements are nested too deeply for the parser in line {entry.line}"
            )
        raise Unreadable("html-size", f"the parser gave up in line {entry.line}: {entry.message}")


def _without_cdata(text: str) -> str:
    """The text with CDATA sections as ordinary text, but in scripts and styles, where they stay."""
    out: list[str] = []
    at = done = 0
    while found := _SECTION.search(text, at):
        code = found[1]
        end = f"</{code}" if code else _CDATA_END
        closing = re.compile(re.escape(end), re.IGNORECASE).search(text, found.end())
        stop = closing.start() if closing else len(text)
        if not code:
            out += (text[done : found.start()], html.escape(text[found.end() : stop], quote=False))
            stop = done = min(stop + len(_CDATA_END), len(text))
        at = stop
    out.append(text[done:])
    return "".join(out)
