"""Trafilatura's vote: the text of a page that it keeps, or why there is none.

`trafilatura.bare_extraction` returns None for an exception inside as it does for an empty
page, and its parts log what they swallow. So its sequence of extractors is called without
that wrapper, which does nothing else that is wanted here, and the log is read.
"""

from __future__ import annotations

import logging
import re
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass
from typing import Any

from trafilatura.core import trafilatura_sequence
from trafilatura.settings import Extractor

from clean_ingest.core.errors import describe

NAME = "trafilatura"

_FRAMES = 6000
"""Nested calls that trafilatura may make: over two for each of the 2,048 elements that a parser
nests. Without a count of our own it would hang on the caller's depth whether a page fails."""

_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Vote:
    """What an extractor keeps of a page: runs of its text, in its order.

    `error` describes the exception that kept it from saying anything, `warnings` what failed
    inside without doing so.
    """

    texts: tuple[str, ...] = ()
    error: str = ""
    warnings: tuple[str, ...] = ()


def vote(tree: Any, *, tables: bool, comments: bool) -> Vote:
    """Ask trafilatura about the page `tree` (an `lxml.html.HtmlElement`), which stays as it is.

    Never raises but for want of memory: other exceptions are the error of the vote.
    """
    options = Extractor(output_format="python", tables=tables, comments=comments)
    with _listening() as warnings, _room():
        try:
            try:
                texts = _texts(copy(tree), options)
            except ValueError:
                # One character that XML does not have fails the whole page: lxml reads it from
                # HTML (`&#xFFFE;`), and refuses it where trafilatura rebuilds an element.
                texts = _texts(_scrubbed(copy(tree)), options)
        except MemoryError:
            raise
        except Exception as error:
            return Vote(error=describe(error), warnings=tuple(warnings))
    return Vote(texts, warnings=tuple(warnings))


def _texts(tree: Any, options: Extractor) -> tuple[str, ...]:
    body, _, comments, _ = trafilatura_sequence(tree, options)
    return (*body.itertext(), *(comments.itertext() if options.comments else ()))


def _scrubbed(tree: Any) -> Any:
    """`tree` without the characters that XML does not have."""
    for element in tree.iter("*"):
        if element.text:
            element.text = _NO_XML.sub("", element.text)
        if element.tail:
            element.tail = _NO_XML.sub("", element.tail)
        for key, value in element.items():
            if _NO_XML.search(value):
                element.set(key, _NO_XML.sub("", value))
    return tree


class _Listener(logging.Handler):
    """Collects warnings for the thread that asked, and keeps them off stderr."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.heard = threading.local()

    def emit(self, record: logging.LogRecord) -> None:
        heard = getattr(self.heard, "messages", None)
        if heard is not None:
            heard.append(str(record.msg).partition(":")[0])


_LISTENER = _Listener()
logging.getLogger(NAME).addHandler(_LISTENER)


@contextmanager
def _listening() -> Iterator[list[str]]:
    messages: list[str] = []
    _LISTENER.heard.messages = messages
    try:
        yield messages
    finally:
        _LISTENER.heard.messages = None


@contextmanager
def _room() -> Iterator[None]:
    depth, frame = 0, sys._getframe()
    while frame.f_back:
        depth, frame = depth + 1, frame.f_back
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(depth + _FRAMES)
    try:
        yield
    finally:
        sys.setrecursionlimit(limit)
