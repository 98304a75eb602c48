"""Keeps the main content of a page, line by line, as far as extractors find it.

An extractor is a voter: what it keeps is aligned to the rendered lines, so that each line
stays or goes with a rule and its evidence. Text that is no page is left alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal, NamedTuple

from clean_ingest.core.document import Document, Line, Page, Place
from clean_ingest.core.errors import CleanIngestError
from clean_ingest.core.stage import EVIDENCE_LIMIT, Edit, Tag, option
from clean_ingest.rules.page import width_of
from clean_ingest.stages import _align, _containers

VOTED, HIDDEN = "extract/trafilatura", "render/hidden"

FAILED, EMPTY, LITTLE = "extract-failed", "extract-empty", "extract-little"
"""Flags: the extractor raised an exception; it kept nothing of a page that has text, or next to
nothing. The containers of the page decide then."""

SKIPPED = "extract-skipped"
"""The flag of a page whose elements have more than `_DEEP` elements above them, all counted
together: 5,000 elements nested 1,900 deep, a page of 29 KB, are 19 s of trafilatura. The
containers decide then."""

DEGRADED, UNMATCHED = "extract-degraded", "extract-unmatched"
"""Flags: a part of the extractor failed and the rest went on; more than `_STRAY` of what it kept,
and more than `_STRAY_LEAST` characters, are on no line."""

_DEEP, _FLAT = 1_000_000, 128
"""Pages whose lines are no deeper than the latter need not be counted."""
_STRAY, _STRAY_LEAST = 0.01, 40
_LITTLE = 0.05
"""Share of the body of a page, as its containers tell it, below which a vote is next to nothing."""

_KEPT_IN_PART = 0.5
"""Share of a line that must have been kept for the line to stay."""


@dataclass(frozen=True, slots=True)
class Extract:
    """Removes the lines of an HTML page that are not its main content."""

    name: ClassVar[str] = "extract"

    voters: tuple[Literal["trafilatura"], ...] = option(
        ("trafilatura",),
        "Extractors that say which lines to keep; without any, the containers of a page that "
        "hold its prose decide.",
    )
    containers: bool = option(
        True,
        "Let the containers that hold the prose of a page overrule the voters on single lines.",
    )
    links: bool = option(
        False, "Keep links to elsewhere amid the prose, where the voters find them."
    )
    tables: bool = option(True, "Keep the text of tables where the voters find it.")
    comments: bool = option(False, "Keep the comments of readers where the voters find them.")

    def propose(self, document: Document) -> Iterator[Edit | Tag]:
        """Removals of whole lines with their endings, and a flag where a voter failed.

        Raises:
            CleanIngestError: a stage before this one edited the page (`extract-order`).

        """
        page = document.page
        if page is None or not document.lines:
            return
        if len(page.places) != len(document.lines):
            raise CleanIngestError(
                "extract-order",
                "the text is not what the page was rendered to",
                hint="let `extract` stand before all stages that edit",
            )
        ballot = _ballot(self, document.lines, page)
        yield from (Tag("flag", flag) for flag in ballot.flags)
        yield from _edits(document, page.places, ballot)


class _Ballot(NamedTuple):
    """What was decided: which lines stay, and what there is to be said of those that go.

    `against` has the rule and evidence of a line that a voter kept in vain, `said` the evidence
    for all others.
    """

    keeps: Sequence[bool]
    against: dict[int, tuple[str, str]]
    said: str
    flags: tuple[str, ...] = ()


def _ballot(options: Extract, lines: Sequence[Line], page: Page) -> _Ballot:
    widths = [width_of(line.text) if line.text else 0 for line in lines]
    body = _without_votes(widths, page.places)
    if not options.voters:
        return _Ballot(body, {}, "no extractor was asked")
    (name,) = set(options.voters)
    if _is_too_deep(page):
        said = f"{name} was not asked, as the page is nested too deeply"
        return _Ballot(body, {}, said, (SKIPPED,))
    from clean_ingest.stages import _trafilatura  # as heavy as all other imports together

    vote = _trafilatura.vote(page.tree, tables=options.tables, comments=options.comments)
    flags = [DEGRADED] if vote.warnings else []
    found = _align.align([line.text for line in lines], vote.texts)
    votes = [
        length > 0 and kept >= length * _KEPT_IN_PART
        for length, kept in zip(found.lengths, found.kept, strict=True)
    ]
    if not any(votes):
        said = f"{name} failed: {vote.error}" if vote.error else f"{name} kept nothing"
        return _Ballot(body, {}, said, (*flags, FAILED if vote.error else EMPTY))
    said = f"{name} kept {sum(votes)} of {sum(map(bool, found.lengths))} lines"
    if found.unmatched:
        said += f"; {found.unmatched} of {found.total} characters it kept are on no line"
    if found.unmatched > max(_STRAY_LEAST, found.total * _STRAY):
        flags.append(UNMATCHED)
    if _columns(widths, votes) < _LITTLE * _columns(widths, body):
        keeps = [vote or shown for vote, shown in zip(votes, body, strict=True)]
        return _Ballot(keeps, {}, said, (*flags, LITTLE))
    if not options.containers:
        return _Ballot(votes, {}, said, tuple(flags))
    judged = _containers.judge(widths, page.places, votes, links=options.links)
    prose = f"{name} kept it; the prose is in lines {judged.first + 1} to {judged.last + 1}"
    against = {index: (rule, prose) for index, rule in judged.against.items()}
    return _Ballot(judged.keeps, against, said, tuple(flags))


def _is_too_deep(page: Page) -> bool:
    if max(place.depth for place in page.places) <= _FLAT:
        return False
    from lxml import etree

    depth = work = 0
    for event, _ in etree.iterwalk(page.tree, events=("start", "end")):
        depth += 1 if event == "start" else -1
        work += depth
        if work > 2 * _DEEP:  # each element comes twice
            return True
    return False


def _columns(widths: Sequence[int], chosen: Sequence[bool]) -> int:
    return sum(width for width, choice in zip(widths, chosen, strict=True) if choice)


def _without_votes(widths: Sequence[int], places: Sequence[Place]) -> list[bool]:
    """What stays where nobody voted: the body of the page, or at the least what a reader sees."""
    shown = [
        width > 0 and not place.hidden and place.origin in {"text", "json-ld"}
        for width, place in zip(widths, places, strict=True)
    ]
    if not any(shown):
        return [width > 0 for width in widths]
    return _containers.without_votes(widths, places, shown)


def _edits(document: Document, places: Sequence[Place], ballot: _Ballot) -> Iterator[Edit]:
    """One removal for each run of lines that go by one rule and stand in one container."""
    lines = document.lines
    start = 0
    while start < len(lines):
        if ballot.keeps[start] or not lines[start].text:
            start += 1
            continue
        rule, said = _reason(start, places, ballot)
        where = _containers.container(places[start])
        stop = start + 1
        while stop < len(lines) and (
            not lines[stop].text
            or (
                not ballot.keeps[stop]
                and _containers.container(places[stop]) == where
                and _reason(stop, places, ballot)[0] == rule
            )
        ):
            stop += 1
        end = lines[stop].start if stop < len(lines) else len(document.text)
        evidence = f"{said}; {_block(places[start:stop])}"
        yield Edit(lines[start].start, end, rule, "", evidence[:EVIDENCE_LIMIT])
        start = stop


def _reason(index: int, places: Sequence[Place], ballot: _Ballot) -> tuple[str, str]:
    """The rule by which a line goes, and what is said of it."""
    default = HIDDEN if places[index].hidden else VOTED
    return ballot.against.get(index) or (default, ballot.said)


def _block(places: Sequence[Place]) -> str:
    """Where a block of lines stands, in words."""
    place = places[0]
    many = f"these {len(places)} lines are" if len(places) > 1 else "this line is"
    if place.origin != "text":
        return f"{many} of {place.origin}"
    links = sum(one.links for one in places) / len(places)
    shown = ", hidden" if place.hidden else ""
    where = "/".join(place.path.split("/")[-3:])
    classes = f".{place.words[-1]}" if place.words else ""
    return f"{many} in {where}{classes}{shown}, links {links:.2f}"
