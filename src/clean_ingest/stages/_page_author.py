"""Who wrote a page, where its markup says so: persons and houses, never addresses or accounts."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from typing import Any

from clean_ingest.core.document import Line, Place
from clean_ingest.stages._byline import PARTICLES, is_at_home, name_words, names_in
from clean_ingest.stages._declared import Declared, Linked
from clean_ingest.stages._labels import opening
from clean_ingest.stages._values import text_of

_LONGEST, _LONGEST_LIST = 80, 1_000
_MOST = 50
_MOST_WORDS = 8
_MOST_LINKED = 3
_ABOVE, _BELOW = 3, 9

_METAS = (
    *("author", "citation_author", "dc.creator", "dc.creator.aut", "dcterms.creator"),
    *("parsely-author", "sailthru.author", "article:author_name", "cxenseparse:author"),
    *("og:article:author", "og:author", "authors", "byl", "article:author", "creator"),
)
_NO_NAME = re.compile(r"https?:|www\.|^@|@\S*\.|[<>{}\[\]=\\]|^\W*\d*\W*$|\d{5}")
_ACCOUNT = re.compile(r"(?=.*[._\d-])[a-z0-9._-]+|[a-z]+[a-z0-9]{9,}", re.ASCII)
# Authorized dealers are none.
_CLASS = re.compile(r"author(?!i[sz])|autor|auteur|byline|creator|verfasser", re.IGNORECASE)
_APART = re.compile(r"\s*[;|、；]\s*")
_COMMA = re.compile(r"\s*[,，،]\s*")
_WORD = re.compile(r"[^\W\d_]+")


def author_of(found: Declared, sites: Collection[str], language: Callable[[], str]) -> str | None:
    """The names, ", " between them: of JSON-LD, of metas, of the markup of its text.

    The first of these that has any counts. `admin` and `Staff` say nothing in any language,
    and the name of an account is one in forums only. `sites` are names to be left out: a site
    is said to be the author of all that it has. `language` is asked for a BCP 47 tag where
    only that tells whether `Per` is a label or a name.
    """
    own = {_folded(site) for site in sites}
    for values, is_forum in _sources(found, language):
        names = [*_names(values, own, is_forum, language)]
        if names:
            return ", ".join(names)
    return None


def author_near(
    lines: Sequence[Line], places: Sequence[Place], title: int, language: Callable[[], str]
) -> str | None:
    """The names on the first line near that of the title that classes call the author's."""
    for at in range(max(0, title - _ABOVE), min(len(lines), title + _BELOW)):
        place, text = places[at], lines[at].text
        if place.hidden or len(text) > _LONGEST or not any(map(_CLASS.search, place.words[-2:])):
            continue
        if names := names_in(_unlabelled(text.strip(), language)):
            return ", ".join(names)
    return None


def _sources(
    found: Declared, language: Callable[[], str]
) -> Iterator[tuple[Iterable[object], bool]]:
    articles = found.articles
    is_forum = any(each.is_forum for each in found.linked)
    named = {
        each.data["@id"]: each.data.get("name")
        for each in found.linked
        if isinstance(each.data.get("@id"), str)
    }
    # More articles than one are a list of them, and whose they are is not whose the page is.
    for article in articles[:1] if len(_authored(articles)) < 3 else ():
        yield _persons(article.data.get("author") or article.data.get("creator"), named), is_forum
    for name in _METAS:
        yield found.metas_of(name), is_forum
    label = next(found.metas_of("twitter:label1"), "")
    kinds = known.kinds if (known := opening(f"{label}:")) else frozenset()
    if "by" in kinds or "author" in kinds:
        yield found.metas_of("twitter:data1"), is_forum
    yield _few(found.properties.get("author", ()), is_forum), is_forum
    yield _few(found.link_texts.get("author", ()), is_forum), is_forum
    yield _linked_people(found, language), is_forum


def _authored(articles: Iterable[Linked]) -> list[Linked]:
    return [each for each in articles if "author" in each.data]


def _few(values: Iterable[str], is_forum: bool) -> list[str]:
    """The different values, none of many; in a forum the first, who opened the thread."""
    different = [*dict.fromkeys(values)]
    if is_forum:
        return different[:1]
    return different if len(different) <= _MOST_LINKED else []


def _linked_people(found: Declared, language: Callable[[], str]) -> list[str]:
    """Names whose letters are those of the address that they lead to, unless there are many.

    In other scripts than Latin, whose names are spelt anew in addresses, the only one.
    """
    names = {
        name: _is_spelt_in(name, address)
        for address, text in found.people
        for name in names_in(_unlabelled(text, language))
    }
    proved = [name for name, is_proved in names.items() if is_proved or not name.isascii()]
    return proved if len(proved) <= _MOST_LINKED else []


def _is_spelt_in(name: str, address: str) -> bool:
    words = [word for word in _WORD.findall(_plain(name)) if len(word) > 1]
    return bool(words) and all(word in _plain(address) for word in words)


def _plain(text: str) -> str:
    decomposed = unicodedata.normalize("NFD", text[:_LONGEST].casefold())
    return "".join(char for char in decomposed if not unicodedata.combining(char))


def _persons(value: Any, named: dict[str, Any]) -> Iterator[object]:
    for each in value if isinstance(value, list) else [value]:
        if isinstance(each, dict):
            name = each.get("name") or named.get(str(each.get("@id")))
            if not name and each.get("familyName"):
                name = f"{each.get('givenName') or ''} {each['familyName']}"
            yield from name if isinstance(name, list) else [name]
        else:
            yield each


def _names(
    values: Iterable[object], own: Collection[str], is_forum: bool, language: Callable[[], str]
) -> list[str]:
    names: dict[str, str] = {}
    for value in values:
        for part in _parts(text_of(value, _LONGEST_LIST)):
            name = _unlabelled(part, language)
            if _is_name(name, is_forum) and _folded(name) not in own:
                names.setdefault(_folded(name), name)
    return [*names.values()][:_MOST]


def _parts(text: str) -> Iterator[str]:
    """Names in a row; at commas and ands only where each part is a name: `Ann Example, MD`."""
    joins = name_words()[2]
    for part in _APART.split(text):
        for one in _parts_at(_COMMA, part):
            yield from _parts_at(joins, one)


def _parts_at(mark: re.Pattern[str], text: str) -> list[str]:
    parts = mark.split(text)
    return parts if len(parts) > 1 and all(map(_is_whole, parts)) else [text]


def _is_whole(text: str) -> bool:
    """Whether it could be a name by itself: of two words, and none but particles small."""
    words = text.split()
    small = any(word[0].islower() and word not in PARTICLES for word in words)
    return not small and (len(words) > 1 or not text.isascii())


def _unlabelled(text: str, language: Callable[[], str]) -> str:
    """Without `By`, `Author:` and the like before it."""
    label = opening(text)
    if label and ("by" in label.kinds or label.marked) and is_at_home(label, language):
        text = text[label.end :]
    return text.strip(" .,;:|-–—/")


def _is_name(text: str, is_forum: bool) -> bool:
    words = _WORD.findall(text.casefold())
    if not words or len(text) > _LONGEST or len(words) > _MOST_WORDS or _NO_NAME.search(text):
        return False
    roles, no_names, _ = name_words()
    if all(word in roles or word in no_names for word in words):
        return False
    return is_forum or not _ACCOUNT.fullmatch(text)


def _folded(text: str) -> str:
    return " ".join(_WORD.findall(text.casefold()))
