"""What browsers make of each element: a block, part of a line, or nothing that is seen.

After the user agent style sheet of the HTML Standard (section 15.3), and CSS in the element's
own `style` attribute, as far as it says block, inline, hidden or white space.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any

INLINE = 0
BLOCK = 1
LINK = 2
BREAK = 3
CODE = 4
"""What stays outside: scripts and styles."""
ROW = 5
CELL = 6
KEEPS = 7
"""A block that keeps its lines and spaces."""
KEEPS_INLINE = 8
"""Part of a line that keeps its lines and spaces."""
CONTROL = 9
"""What it says is a line of its own, and the text around it closes up."""
FIELD = 10
"""A control that keeps its lines."""
BUTTON = 11
"""A control that says what its `value` says."""
OPTION = 12
DRAWING = 13
TITLE = 14
"""The name of a drawing inside one; elsewhere the name of the page, which is no part of it."""
RUBY = 15
"""What is set above the text before it."""
UNSHOWN = 16
RAW = 17
"""Markup that browsers take for text, and do not show."""
DIALOG = 18

HIDES = 32
"""Added to a kind: the element is not shown."""

ASIDE = frozenset({CONTROL, FIELD, BUTTON, OPTION, DRAWING, TITLE, UNSHOWN, RAW, DIALOG})
"""Amid a line these do not break it."""
UNSEEN = frozenset({UNSHOWN, RAW})
KEEPING = frozenset({KEEPS, KEEPS_INLINE, FIELD})
IN_LINE = frozenset({INLINE, LINK, KEEPS_INLINE, RUBY})

_TAGS = {
    BLOCK: """
        address article aside blockquote body caption center dd details dir div dl dt fieldset
        figcaption figure footer foreignobject form frameset h1 h2 h3 h4 h5 h6 head header hgroup
        hr html legend li main marquee menu nav ol p search section summary table tbody tfoot
        thead ul
    """,
    LINK: "a",
    BREAK: "br",
    CODE: "script style",
    ROW: "tr",
    CELL: "td th",
    KEEPS: "listing plaintext pre xmp",
    CONTROL: "button select",
    FIELD: "textarea",
    BUTTON: "input",
    OPTION: "optgroup option",
    DRAWING: "svg",
    TITLE: "desc title",
    RUBY: "rt",
    UNSHOWN: """
        annotation annotation-xml audio canvas datalist meter noscript object progress template
        video
    """,
    RAW: "iframe noembed noframes",
    DIALOG: "dialog",
}
KINDS = {tag: kind for kind, tags in _TAGS.items() for tag in tags.split()}
"""Kinds by tag; any other is part of a line, as browsers have elements unknown to them."""

_DECLARATION = re.compile(
    r"(?:^|;)\s*(display|visibility|white-space)\s*:\s*([a-z-]+)", re.IGNORECASE
)
_SAYS = re.compile("display|visibility|white-space", re.IGNORECASE)
_BLOCKS = frozenset({"block", "flex", "flow-root", "grid", "list-item", "table"})
_KEPT = frozenset({"break-spaces", "pre", "pre-line", "pre-wrap"})
_UNSEEN = frozenset({"collapse", "hidden"})


def styled(tree: Any) -> dict[Any, int]:
    """Kinds of the elements whose `hidden` or `style` attribute changes what their tag says."""
    found: dict[Any, int] = {}
    # Attributes, not the elements that have them: a predicate on each element costs four times
    # as much.
    styles, hidden = _attributes()
    for style in styles(tree):
        if _SAYS.search(style):
            element = style.getparent()
            kind = KINDS.get(element.tag, INLINE)
            changed = _with_style(kind, style)
            if changed != kind:
                found[element] = changed
    for attribute in hidden(tree):
        element = attribute.getparent()
        found[element] = found.get(element, KINDS.get(element.tag, INLINE)) | HIDES
    return found


@cache
def _attributes() -> tuple[Any, Any]:
    """What finds the `style` and `hidden` attributes under an element."""
    from lxml.etree import XPath

    return XPath("descendant-or-self::*/@style"), XPath("descendant-or-self::*/@hidden")


def _with_style(kind: int, style: str) -> int:
    hides = 0
    for name, value in _DECLARATION.findall(style):
        word = value.lower()
        match name.lower():
            case "display" if word == "none":
                hides = HIDES
            case "display" if word in _BLOCKS and kind == INLINE:
                kind = BLOCK
            case "display" if word == "inline" and kind == BLOCK:
                kind = INLINE
            case "visibility" if word in _UNSEEN:
                hides = HIDES
            case "white-space" if word in _KEPT and kind in {INLINE, BLOCK}:
                kind = KEEPS if kind == BLOCK else KEEPS_INLINE
    return kind | hides
