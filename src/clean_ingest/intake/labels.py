"""The encoding that a page names in its own first bytes."""

from __future__ import annotations

import re

_HEAD = 8_192
"""Bytes; the HTML Standard looks at 1,024, and some servers put scripts before the label."""
_XML = re.compile(rb"""^\s*<\?xml[^>]*?\sencoding\s*=\s*["']\s*([\w.:+-]+)""")
_COMMENT = re.compile(rb"<!--.*?-->", re.DOTALL)
_META = re.compile(rb"""<meta\s[^>]*?charset\s*=\s*["']?\s*([\w.:+-]+)""", re.IGNORECASE)


def declared_label(data: bytes) -> str | None:
    """The label of a `meta` element or of the XML declaration, as written; None without one.

    `data` are the bytes of a page in an encoding that has ASCII in it.
    """
    head = data[:_HEAD]
    found = _XML.match(head) or _META.search(_COMMENT.sub(b"", head))
    return found[1].decode("ascii", "replace") if found else None
