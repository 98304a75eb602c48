"""Encoding labels: the one in the first bytes of a page, and the codecs that labels mean."""

from __future__ import annotations

import codecs
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


# What a page means by a label (WHATWG Encoding Standard, "Names and labels"), in Python's
# names: the Windows code page in place of the ISO standard that it extends.
_MEANT = {
    "ascii": "cp1252",
    "big5": "big5hkscs",
    "cp950": "big5hkscs",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "euc_kr": "cp949",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
}

# Labels of the Encoding Standard that Python does not know.
_LABELS = {
    "cn-big5": "big5",
    "cseuckr": "cp949",
    "cseucpkdfmtjapanese": "euc-jp",
    "csiso88598e": "iso-8859-8",
    "csiso88598i": "iso-8859-8",
    "csksc56011987": "cp949",
    "csmacintosh": "mac-roman",
    "dos-874": "cp874",
    "gb_2312": "gb18030",
    "gb_2312-80": "gb18030",
    "iso-8859-6-e": "iso-8859-6",
    "iso-8859-6-i": "iso-8859-6",
    "iso-8859-8-i": "iso-8859-8",
    "iso-ir-149": "cp949",
    "iso88591": "cp1252",
    "iso885911": "cp874",
    "iso885915": "iso-8859-15",
    "koi": "koi8-r",
    "koi8": "koi8-r",
    "koi8-ru": "koi8-u",
    "ks_c_5601-1989": "cp949",
    "ksc_5601": "cp949",
    "logical": "iso-8859-8",
    "mac": "mac-roman",
    "sun_eu_greek": "iso-8859-7",
    "visual": "iso-8859-8",
    "windows-31j": "cp932",
    "windows-874": "cp874",
    "windows-949": "cp949",
    "x-euc-jp": "euc-jp",
    "x-gbk": "gb18030",
    "x-mac-cyrillic": "mac-cyrillic",
    "x-mac-roman": "mac-roman",
    "x-mac-ukrainian": "mac-cyrillic",
    "x-sjis": "cp932",
    "x-x-big5": "big5",
    **{f"x-cp125{digit}": f"cp125{digit}" for digit in range(9)},
}
# Python has these under its codecs, and a page may claim any name.
_NO_CHARSETS = frozenset({"idna", "punycode", "raw-unicode-escape", "unicode-escape"})


def codec_of(label: str) -> str:
    """Python's name of the codec that a label means, whatever its case.

    Raises:
        LookupError: there is none, or it is one of Python's own codecs that no page is in.

    """
    label = label.strip().lower()
    name = codecs.lookup(_LABELS.get(label, label)).name
    if name in _NO_CHARSETS:
        raise LookupError(name)
    return codecs.lookup(_MEANT.get(name, name)).name
