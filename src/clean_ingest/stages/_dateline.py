"""When a text was published: a line that says so before a date, or that is one."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Literal, NamedTuple

from clean_ingest.stages._dates import date_of
from clean_ingest.stages._labels import WORD_START, Row, opening

# Lines, not counting blank ones, in which a date belongs to the title or, where there is none,
# to the byline; without either there may be no other date. The date above a whole menu is that
# of the day on which the page was fetched.
_AROUND_TITLE = range(-2, 9)
_AROUND_BYLINE = range(-2, 4)
_AT_THE_TOP = range(1, 41)
_MOST_DATES = 3

_YEAR = re.compile(r"(?<!\d)\d{4}(?!\d)")
_BREAK = re.compile(r"\s*[|·•∙▪¦]\s*|\s+[/–—-]\s+|\s{2,}")
_TRAILING = " \t,;.:-–—()[]|/"
_LONG_WORD = re.compile(r"[^\W\d_]{3,}")
_BEHIND_NAMES = re.compile(r"(?:,\s|\s(?:on|am|le|el|em|il|den)\s)(?=\D{0,12}\d)")
_NEXT_LABEL = re.compile(r"\s[^\W\d_]{1,16}\s?[:：]")
_DIGIT = re.compile(r"\d")

Kind = Literal["published", "date", "updated", "line", "part"]
_KINDS: tuple[Kind, ...] = ("published", "date", "updated")
_DATE_KINDS = frozenset(_KINDS)
_AUTHORS = frozenset({"author", "credit"})


class _Dated(NamedTuple):
    kind: Kind
    value: str
    text: str


def published(
    rows: Sequence[Row], language: Callable[[], str], *, has_title: bool, byline: int | None = None
) -> str | None:
    """The date of publication in ISO 8601, from the lines of `_labels.rows`.

    A date behind a label that says so counts most; then, near the title, a line that is a date,
    and one with something beside it. Without a title, `byline` is the distance of the author's
    line. The date of a later version is never it. `language` is asked for a BCP 47 tag where
    only that tells what a date means.
    """
    near = _AROUND_TITLE
    if not has_title:
        near = range(byline + near.start, byline + _AROUND_BYLINE.stop) if byline else _AT_THE_TOP
    found: dict[str, _Dated] = {}
    for row in rows:
        if not row.has_year:
            continue
        labelled = [*_labelled(row.text, language)]
        if said := next((dated.value for dated in labelled if dated.kind == "published"), None):
            return said
        if row.distance not in near or any(dated.kind == "updated" for dated in labelled):
            continue
        plain = labelled[0] if labelled else _plain(row.text, language)
        if plain is None:
            continue
        if near is not _AT_THE_TOP or not _is_masthead(plain):
            found.setdefault(plain.value[:10], plain)
    # More of them are those of a list of articles.
    if not found or len(found) > (1 if near is _AT_THE_TOP else _MOST_DATES):
        return None
    return min(found.values(), key=lambda dated: dated.kind == "part").value


def _is_masthead(dated: _Dated) -> bool:
    """Whether it is a day of the week with its date, and no time: today's, more often than not."""
    return "T" not in dated.value and len(_LONG_WORD.findall(dated.text)) > 1


def _labelled(text: str, language: Callable[[], str]) -> Iterator[_Dated]:
    """The dates behind labels, anywhere in the line."""
    labels = [
        (word.start(), label)
        for word in WORD_START.finditer(text)
        if (label := opening(text[word.start() :])) and not label.kinds.isdisjoint(_DATE_KINDS)
    ]
    for n, (start, label) in enumerate(labels):
        end = labels[n + 1][0] if n + 1 < len(labels) else len(text)
        if value := _first_date(text[start + label.end : end], label.languages, language):
            yield _Dated(next(kind for kind in _KINDS if kind in label.kinds), value, text)


def _plain(text: str, language: Callable[[], str]) -> _Dated | None:
    """The date that a line is, or one of its parts."""
    parts = [part.strip(_TRAILING) for part in _BREAK.split(text)]
    # Beside words the whole is no date, and asking costs more than anything else here.
    beside = any(_LONG_WORD.search(part) and not _DIGIT.search(part) for part in parts)
    if not beside and (whole := date_of(text, language)):
        return _Dated("line", whole, text)
    # Two dates are a span of time.
    if len(_YEAR.findall(text)) != 1:
        return None
    shorter = [_NEXT_LABEL.split(text, maxsplit=1)[0], *_beside_author(text)]
    for part in dict.fromkeys((*parts, *(part.strip(_TRAILING) for part in shorter))):
        if part != text and (value := date_of(part, language)):
            return _Dated("part", value, part)
    return None


def _first_date(text: str, languages: Sequence[str], language: Callable[[], str]) -> str | None:
    """The date that a text is, as a whole or up to a mark that parts it from the rest.

    In one of the languages of its label, if they do not differ; English labels are found on
    pages in every language.
    """
    known = [language] if "en" in languages else [partial(str, tag) for tag in languages]
    shorter = (_BREAK.split(text, maxsplit=1)[0], *_beside_author(text))
    for candidate in dict.fromkeys(part.strip(_TRAILING) for part in (text, *shorter)):
        found = {value for ask in known if (value := date_of(candidate, ask))}
        if len(found) == 1:
            return found.pop()
    return None


def _beside_author(text: str) -> list[str]:
    """What stands before the first label of an author, or behind names that one opens."""
    for word in WORD_START.finditer(text):
        label = opening(text[word.start() :])
        if label and (
            "by" in label.kinds or (label.marked and not label.kinds.isdisjoint(_AUTHORS))
        ):
            if word.start() > 0:
                # 12 de marzo de 2024 holds a label of Romanian, and is a date as a whole.
                return [text[: word.start()]]
            behind = _BEHIND_NAMES.search(text)
            return [text[behind.end() :]] if behind else []
    return []
