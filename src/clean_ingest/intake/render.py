"""HTML text to lines of text in page order, each with its place in the page.

One walk over one tree. What browsers do not show becomes lines marked `hidden`; only the code
of scripts and styles, and the title in the head, stay outside. Where text is more useful in
another form than on a screen, it has that form: a row of a table whose cells are short is one
line, and what stands on buttons, in lists to choose from and in hidden elements amid a line
comes behind that line, which closes up.
"""

from __future__ import annotations

from dataclasses import dataclass

from clean_ingest.core.document import Page, Place
from clean_ingest.intake.articles import missing_articles
from clean_ingest.intake.html import parse
from clean_ingest.intake.lines import Record
from clean_ingest.intake.linked_data import linked_data
from clean_ingest.intake.walk import Walk


@dataclass(frozen=True, slots=True)
class Rendered:
    """A rendered page: its lines, each ended by LF but the last, and what is known of them.

    `flags` are for the document: `html-unclosed`.
    """

    text: str
    page: Page
    flags: tuple[str, ...] = ()


def render(text: str, *, xhtml: bool = False) -> Rendered:
    """Render a page: `text` is HTML, or XHTML where `xhtml` says so.

    Raises:
        Unreadable: the parser could not read the page to its end (`html-depth`, `html-size`).

    """
    tree, flags = parse(text, xhtml=xhtml)
    if tree is None:
        from lxml.html import Element

        return Rendered("", Page((), Element("html")))
    walk = Walk()
    walk.page(tree)
    objects = linked_data(walk.scripts)
    records = walk.records
    records += [
        Record(line, "", 0, -1, origin="json-ld")
        for line in missing_articles(objects, [record.text for record in records])
    ]
    lines = "\n".join(record.text for record in records)
    return Rendered(lines, Page(_places(records), tree, objects), flags)


def _places(records: list[Record]) -> tuple[Place, ...]:
    places = []
    number = 0
    last = records[0].block if records else 0
    for text, path, depth, block, linked, words, hidden, origin in records:
        if block != last:
            number += 1
            last = block
        links = min(1.0, linked / len(text)) if linked else 0.0
        places.append(Place(path, depth, number, links, words, hidden, origin))
    return tuple(places)
