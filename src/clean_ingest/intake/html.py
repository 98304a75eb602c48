"""HTML and XHTML text to a tree, with what the parser lost on record."""

from __future__ import annotations

import html
import re
from typing import Any, NamedTuple

from clean_ingest.core.errors import Unreadable

# libxml2 makes U+FFFD of these; browsers show nothing for them. Bytes above 127, of which
# all other characters of UTF-8 are made, stay.
_CONTROLS = bytes({*range(0x09), *range(0x0E, 0x20)})
_SPACED = bytes.maketrans(b"\x0b", b" ")

_MOST_UNCLOSED = 4
_CODE = frozenset({"script", "style"})
_TEXT_ONLY = _CODE | {"iframe", "noembed", "noframes", "textarea", "title", "xmp"}
_PAGE_END = re.compile(r"</(?:body|html)\s*>\s*$", re.IGNORECASE)
_TAIL = 1_000  # code points

_CDATA = "<![CDATA["
_CDATA_END = "]]>"
_SECTION = re.compile(r"<(script|style)\b|<!\[CDATA\[", re.IGNORECASE)


class Parsed(NamedTuple):
    """The root of a tree (an `lxml.html.HtmlElement`) or None, and flags of the document."""

    tree: Any
    flags: tuple[str, ...] = ()


def parse(text: str, *, xhtml: bool = False) -> Parsed:
    """Parse a page, comments left out; no tree where there is no element and no text at all.

    `xhtml` says that sections of CDATA hold text. A title, script, frame or the like that is
    never closed has the rest of the page for its content; it is closed where the rest begins,
    with the flag `html-unclosed`.

    Raises:
        Unreadable: the parser stopped before the end: `html-depth` for elements nested more
            deeply than it follows (2,048 in libxml2 2.14), `html-size` for its other limits.

    """
    if xhtml and _CDATA in text:
        text = _without_cdata(text)
    tree = _tree(text)
    flags: tuple[str, ...] = ()
    for _ in range(_MOST_UNCLOSED):
        closed = None if tree is None else _closed(text, tree)
        if closed is None:
            break
        text = closed
        tree = _tree(text)
        flags = ("html-unclosed",)
    return Parsed(tree, flags)


def _tree(text: str) -> Any:
    from lxml import etree
    from lxml.html import HtmlElement

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


def _closed(text: str, tree: Any) -> str | None:
    """The page with an end tag for the element that has the rest of it for its text, if any."""
    last = tree
    while len(last):
        last = last[-1]
    tag = last.tag
    if tag not in _TEXT_ONLY or not _PAGE_END.search((last.text or "")[-_TAIL:]):
        return None
    lower = text.lower()
    if len(lower) != len(text):  # a letter whose small form is two
        lower = text
    start = lower.find(">", lower.find(f"<{tag}", lower.rfind(f"</{tag}") + 1)) + 1
    # Code has signs of markup in it; a title, a frame or a field has not.
    at = lower.find("<body" if tag in _CODE else "<", start)
    return f"{text[:at]}</{tag}>{text[at:]}" if 0 < start <= at else None


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
