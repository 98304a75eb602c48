"""What the markup of a page declares: one look at its tree, which is left as it is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any, NamedTuple
from urllib.parse import unquote

from clean_ingest.core.document import Page

# Of the elements that are looked at; a page with more of one kind is a list.
_MOST = 1_000
_LONGEST = 2_000
_MOST_NODES = 4_000
_EVENTS = ("start", "end", "comment", "pi")

_RELATIONS = frozenset({"author", "canonical", "category", "license", "shortlink", "tag"})
_PROPERTIES = frozenset(
    {"articlesection", "author", "datecreated", "datepublished", "headline", "inlanguage"}
    | {"keywords", "license"}
)
# Looked for without Python first: a page may have a thousand links.
_TO_PEOPLE = ".//a[{}]".format(
    " or ".join(
        f'contains(@href, "/{word}")'
        for word in ("aut", "writer", "contribut", "people/", "staff", "report", "journalist")
    )
)
_TO_LICENSES = './/a[contains(@href, "creativecommons.org/")]'
_PERSON = re.compile(
    r"/(?:authors?|autor(?:es|i|en|e|zy)?|auteurs?|writers?|contribut(?:or|eur)s?|people|staff"
    r"|reporters?|journalists?)/(?:[^/?#]*/)?(?P<who>[^/?#]+)/?(?:[?#].*)?$",
    re.IGNORECASE,
)
_NAMED_BY = ("property", "name", "itemprop", "http-equiv")
_XML_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
_PUBLISHED = ("publish", "posted", "pubdate", "entry-date", "datecreated")
_UPDATED = ("updated", "modified")
_INLINE = frozenset(
    {"a", "abbr", "b", "bdi", "bdo", "cite", "code", "em", "font", "i", "ins", "mark", "q", "s"}
    | {"small", "span", "strong", "sub", "sup", "u", "wbr"}
)
_UNSEEN = frozenset({"script", "style", "template", "svg", "noscript"})

_ARTICLE = ("article", "posting", "report", "review", "recipe", "howto", "question", "story")
_NO_ARTICLE = frozenset({"reviewaction", "jobposting", "userreview", "aggregaterating"})
_PAGE = frozenset({"webpage", "itempage", "aboutpage", "collectionpage", "qapage", "faqpage"})
_FORUM = frozenset({"discussionforumposting", "socialmediaposting", "question", "comment"})


class Linked(NamedTuple):
    """One object of JSON-LD with the names of its types, lower case."""

    types: tuple[str, ...]
    data: dict[str, Any]

    @property
    def is_article(self) -> bool:
        """Whether it is a text that somebody wrote: an article, a posting, a recipe."""
        return any(
            word in name for name in self.types for word in _ARTICLE
        ) and _NO_ARTICLE.isdisjoint(self.types)

    @property
    def is_page(self) -> bool:
        """Whether it is the page itself."""
        return not _PAGE.isdisjoint(self.types)

    @property
    def is_forum(self) -> bool:
        """Whether its author may well go by the name of an account."""
        return not _FORUM.isdisjoint(self.types)


class Moment(NamedTuple):
    """A `time` element: its `datetime`, its text, and how many `h1` stand before it.

    `is_published`: its other attributes say that it is when the text was published.
    """

    value: str
    text: str
    headings: int
    is_published: bool


@dataclass(frozen=True, slots=True)
class Declared:
    """All of it in page order; names of metas, relations and properties are lower case."""

    linked: tuple[Linked, ...]
    metas: dict[str, list[str]]
    """What is declared, by `property`, `name`, `itemprop` or `http-equiv`."""
    links: dict[str, list[str]]
    """Addresses by relation, as written, of `link` and `a`."""
    link_texts: dict[str, list[str]]
    """What the `a` elements among these say."""
    people: tuple[tuple[str, str], ...]
    """Links to the pages of people who write: the last part of the address, and the text."""
    properties: dict[str, list[str]]
    """By `itemprop`, those of `meta` left out: `datetime`, `content` or the text."""
    footer_licenses: tuple[str, ...]
    """Where links in the footer lead that lead to Creative Commons."""
    title: str
    headings: tuple[str, ...]
    moments: tuple[Moment, ...]
    language: str
    base: str

    @property
    def articles(self) -> list[Linked]:
        """Texts that the JSON-LD describes."""
        return [each for each in self.linked if each.is_article]

    def metas_of(self, *names: str) -> Iterator[str]:
        """The contents of all metas of the first name, then of the next."""
        for name in names:
            yield from self.metas.get(name, ())


def declared(page: Page) -> Declared:
    """Read the markup of a page."""
    root = page.tree
    links: dict[str, list[str]] = {}
    link_texts: dict[str, list[str]] = {}
    for element in islice(root.xpath(".//link[@rel] | .//a[@rel]"), _MOST):
        is_anchor = element.tag == "a"
        for relation in element.get("rel").lower().split():
            if relation in _RELATIONS and element.get("href"):
                links.setdefault(relation, []).append(element.get("href"))
                if is_anchor:
                    link_texts.setdefault(relation, []).append(text_in(element))
    headings, moments = _headings_and_moments(root)
    return Declared(
        linked=tuple(_linked(page.linked_data)),
        metas=_metas(root),
        links=links,
        link_texts=link_texts,
        properties=_properties(root),
        people=tuple(_people(root)),
        footer_licenses=tuple(_footer_licenses(root)),
        title=_title(root),
        headings=headings,
        moments=moments,
        language=root.get("lang") or root.get("xml:lang") or root.get(_XML_LANGUAGE) or "",
        base=next((element.get("href") or "" for element in root.iter("base")), ""),
    )


def _linked(objects: tuple[dict[str, Any], ...]) -> Iterator[Linked]:
    for data in objects:
        yield Linked(_types(data), data)
        for key in ("mainEntity", "mainEntityOfPage"):
            inner = data.get(key)
            if isinstance(inner, dict) and "@type" in inner:
                yield Linked(_types(inner), inner)


def _types(data: dict[str, Any]) -> tuple[str, ...]:
    value = data.get("@type")
    values = value if isinstance(value, list) else [value]
    return tuple(each.rpartition("/")[2].lower() for each in values if isinstance(each, str))


def _metas(root: Any) -> dict[str, list[str]]:
    metas: dict[str, list[str]] = {}
    for element in islice(root.iter("meta"), _MOST):
        content = element.get("content")
        if not content or content.isspace():
            continue
        # Some pages give one meta two names, of two vocabularies.
        names = {element.get(key, "").strip().lower(): None for key in _NAMED_BY}
        for name in filter(None, names):
            metas.setdefault(name, []).append(content[:_LONGEST])
    return metas


def _properties(root: Any) -> dict[str, list[str]]:
    properties: dict[str, list[str]] = {}
    for element in islice(root.xpath(".//*[@itemprop][not(self::meta)]"), _MOST):
        for name in element.get("itemprop").lower().split():
            if name in _PROPERTIES:
                value = element.get("datetime") or element.get("content")
                properties.setdefault(name, []).append(value or text_in(_named(element)))
    return properties


def _named(element: Any) -> Any:
    """The element that holds the name, where a property is a thing with a name of its own."""
    if element.get("itemscope") is None:
        return element
    return next(iter(element.xpath('.//*[@itemprop="name"]')), element)


def _people(root: Any) -> Iterator[tuple[str, str]]:
    for element in islice(root.xpath(_TO_PEOPLE), _MOST):
        if at := _PERSON.search(element.get("href")):
            yield unquote(at["who"]), text_in(element)


def _footer_licenses(root: Any) -> Iterator[str]:
    for element in islice(root.xpath(_TO_LICENSES), _MOST):
        if any(map(_is_footer, islice(element.iterancestors(), _MOST))):
            yield element.get("href")


def _is_footer(element: Any) -> bool:
    said = f"{element.get('class', '')} {element.get('id', '')}".lower()
    return element.tag == "footer" or "footer" in said


def _title(root: Any) -> str:
    for element in islice(root.iter("title"), _MOST):
        if not any(above.tag == "svg" for above in element.iterancestors()):
            return text_in(element)
    return ""


def _headings_and_moments(root: Any) -> tuple[tuple[str, ...], tuple[Moment, ...]]:
    headings: list[str] = []
    moments: list[Moment] = []
    for element in islice(root.iter("h1", "time"), _MOST):
        if element.tag == "h1":
            headings.append(text_in(element))
            continue
        said = " ".join(map(element.get, ("itemprop", "class", "id"), ("", "", ""))).lower()
        published = element.get("pubdate") is not None or any(map(said.__contains__, _PUBLISHED))
        updated = any(map(said.__contains__, _UPDATED))
        moments.append(
            Moment(
                element.get("datetime", "")[:_LONGEST],
                text_in(element),
                len(headings),
                published and not updated,
            )
        )
    return tuple(headings), tuple(moments)


def text_in(element: Any) -> str:
    """The text of an element, a space where a block begins or ends; not much over 2,000."""
    from lxml.etree import iterwalk

    parts: list[str] = []
    length = 0
    unseen: Any = None
    # Not by recursion: pages nest a million elements.
    for event, each in islice(iterwalk(element, events=_EVENTS), _MOST_NODES):
        text = each.tail
        if event == "start":
            text = each.text
            if unseen is None and each.tag in _UNSEEN:
                unseen = each
        elif each is unseen:
            unseen = None
        elif each is element:
            break
        if unseen is not None:
            continue
        if event in {"start", "end"} and each.tag not in _INLINE:
            parts.append(" ")
        parts.append(text or "")
        length += len(parts[-1])
        if length > _LONGEST:
            break
    return " ".join("".join(parts).split())
