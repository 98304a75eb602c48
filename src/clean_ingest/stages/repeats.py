"""Repeated lines, runs and sections inside one document; the first full copy stays.

What comes back in a text may be a copy, or it may be a refrain, a speaker's name, a table
cell, a legal formula. Length, distance and what stands around tell them apart: *the further
something is from its copy, the longer it must be, and it must stand among paragraphs*. How
often it comes counts for little: the line under each item of a page is what is repeated most.
Lists, tables, code and verse are left alone unless the copy of a whole section carries them
along. And it must be a page that repeats, not an author: what is quoted in an answer, the note
under the next function, the terms of the next offer are needed where they stand.

Cost is linear in the text: lines meet through dictionaries of their folded text, of its
beginning and of its end, and a line is compared with at most `CANDIDATES` others.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, NamedTuple

from clean_ingest.core.document import Document
from clean_ingest.core.stage import Edit, option
from clean_ingest.stages import _likeness as likeness
from clean_ingest.stages._excerpts import contents, pull_quotes
from clean_ingest.stages._items import Meeting, Page, read

_MEETING, _MEETING_WIDE = 24, 10
"""Code points at the beginning or end by which shortened copies meet."""
_QUOTED = 80
_TEASER = 40.0
"""Fewest letters of a copy that says by its ellipsis that it was cut."""
_CUT_COPY = 80.0
"""Fewest letters of a shortened copy that does not say so."""
_HEAD_ITEMS = 4
"""A headline, its copy and the body stand within a few lines of each other."""
_HEAD_DISTANCE = 8
_HEADLINE, _LONGEST_HEADLINE = 15.0, 200.0
_HEADLINE_SPACES = 2
_PROSE = 1.6
"""A line of so many times `paragraph` letters is no verse, and has text around it."""
_EDGE = 4
"""How many lines before the first paragraph of a copied section may belong to the copy."""
_OWN = 0.05
"""Share of its letters that a copied section may have of its own."""
_APART = 3.0
"""How many times its own length of other text makes a copied section one inside the text."""
_NEAR_DISTANCE, _NEAR_FACTOR, _FAR_FACTOR = 4, 2.0, 2.5
"""A copy further from the one before is taken only where it is longer, as in verse, recipes and
contracts lines come back at a distance. Of the lines that pages of six public sets repeat, the
gold texts made by hand repeat 27 % of those with 60 to 100 letters, 20 % of those above 160."""
_MANY, _MANY_FACTOR = 3, 2.0
"""A sentence that comes again so many times is what the page has under each of its items."""


class _Match(NamedTuple):
    of: int
    rule: str
    similarity: float = 1.0


class _Section(NamedTuple):
    """A chain of copies: items, and the earlier items that they repeat, both rising."""

    copies: list[int]
    of: list[int]


@dataclass(frozen=True, slots=True)
class Repeats:
    """Removes later copies of what the document has already said, with their line endings.

    Of a teaser and its paragraph the earlier goes, since only the later is whole. Evidence
    names the line that is repeated, as counted in the text that the stage was shown, and
    for near copies the share of common shingles.
    """

    name: ClassVar[str] = "repeats"

    paragraph: int = option(
        60,
        "Fewest letters of a repeated line that may be removed by itself; a Han, Kana or Hangul "
        "character counts for 2.5. Copies that stand apart must be longer.",
        minimum=20,
        maximum=10_000,
    )
    section: int = option(
        200,
        "Fewest letters of repeated paragraphs that make a repeated section, whose short lines "
        "then go too. Paragraphs that come more than twice count half.",
        minimum=100,
        maximum=100_000,
    )
    gap: int = option(
        6,
        "How many lines of its own a copy of a section may have between two repeated paragraphs.",
        minimum=0,
        maximum=50,
    )
    near: float = option(
        0.9,
        "Share of shingles that a paragraph inside a repeated section must have in common with "
        "its first copy to count as a near copy. 1 switches near copies with new words off.",
        minimum=0.5,
        maximum=1.0,
    )

    def propose(self, document: Document) -> Iterator[Edit]:
        """Yield one removal for each repeated line."""
        page = read(document, _PROSE * self.paragraph, _HEAD_ITEMS + _HEAD_DISTANCE)
        partial = self._partial(page)
        excerpts = {item: _Match(of, "repeats/contents") for item, of in contents(page)}
        for item, of in pull_quotes(page, self.paragraph):
            excerpts[item] = _Match(of, "repeats/pull-quote")
        if not page.exact and not partial and not excerpts:
            return
        title = likeness.key_of(likeness.fold(document.metadata.title or ""))
        removed = self._removed(page, partial, title)
        teasers = [(item, match) for item, match in partial.items() if match.of > item]
        for item, match in (*teasers, *excerpts.items()):
            # A teaser goes only while the full copy, which comes later, stays.
            if match.of not in removed:
                removed.setdefault(item, match)
        for item in sorted(removed):
            yield _edit(document, page, item, removed[item])

    def _removed(self, page: Page, partial: dict[int, _Match], title: str) -> dict[int, _Match]:
        """Copies that stand below what they repeat: in sections, of headlines, alone."""
        # The length alone rules out most lines, for a fraction of what the weight costs.
        least = likeness.shortest(self.paragraph, wide=page.wide)
        copies = {
            item: _Match(of, "repeats/line")
            for item, of in page.exact.items()
            if len(page.keys[item]) >= least and self._is_paragraph(page, item)
        }
        copies.update((item, match) for item, match in partial.items() if match.of < item)
        removed: dict[int, _Match] = {}
        stays: set[int] = set()
        for section in self._sections(page, copies):
            found = self._section(page, section, copies)
            if found and self._is_variant(page, section, found):
                stays.update(i for i in section.copies if i - page.before.get(i, 0) > 1)
            else:
                removed.update(found)
        for item, of in _doubled_headlines(page, title):
            removed.setdefault(item, _Match(of, "repeats/headline"))
        for item, match in copies.items():
            if item not in stays and self._stands_alone(page, item, match):
                removed.setdefault(item, match)
        return removed

    def _is_paragraph(self, page: Page, item: int) -> bool:
        return page.weight(item) >= self.paragraph and page.is_text(item)

    def _partial(self, page: Page) -> dict[int, _Match]:
        """Shortened copies, teasers and copies with other marks, by item."""
        least = likeness.shortest(_TEASER if page.ellipses else self.paragraph, wide=page.wide)
        size = _MEETING_WIDE if page.wide else _MEETING
        keys = page.keys
        items = [i for i, key in enumerate(keys) if len(key) >= least and i not in page.exact]
        stems = (
            [page.stem(item)[0] for item in items] if page.ellipses else [keys[i] for i in items]
        )
        if len({stem[:size] for stem in stems}) == len(stems) == len({s[-size:] for s in stems}):
            return {}
        heads, tails = Meeting(), Meeting()
        found: dict[int, _Match] = {}
        for item, stem in zip(items, stems, strict=True):
            for other in (*heads.meet(stem[:size], item), *tails.meet(stem[-size:], item)):
                match = self._compare(page, item, other)
                if match:
                    found.setdefault(*match)
                    break
        return found

    def _compare(self, page: Page, late: int, early: int) -> tuple[int, _Match] | None:
        stems = {item: page.stem(item) for item in (late, early)}
        copy, full = sorted((late, early), key=lambda item: (len(stems[item][0]), -item))
        key, cut = stems[copy]
        relation = likeness.relation(key, stems[full][0], cut=cut)
        if relation is None or not (page.is_text(copy) and page.is_text(full)):
            return None
        letters = likeness.weight(key, wide=page.wide)
        if relation is likeness.Relation.SAME:
            return (late, _Match(early, "repeats/near")) if letters >= self.paragraph else None
        # A list of names may begin like another one; a sentence comes to an end.
        if not (cut or likeness.is_sentence(page.line(copy))):
            return None
        rule = "repeats/shortened" if copy == late else "repeats/teaser"
        least = _TEASER if cut else max(_CUT_COPY, self.paragraph)
        return (copy, _Match(full, rule)) if letters >= least else None

    def _sections(self, page: Page, copies: dict[int, _Match]) -> Iterator[_Section]:
        """Chains of copies whose originals stand in the same order, before the whole chain."""
        chain = _Section([], [])
        reach = self.gap + 1
        for item in sorted(copies):
            of = copies[item].of
            if chain.copies:
                last = chain.of[-1]
                # Of several earlier copies the one that continues the chain is meant.
                window = range(last + 1, min(last + 1 + reach, chain.copies[0]))
                of = next((i for i in window if page.keys[i] == page.keys[item]), of)
                if item - chain.copies[-1] <= reach and of in window:
                    chain.copies.append(item)
                    chain.of.append(of)
                    continue
                yield chain
            chain = _Section([item], [copies[item].of])
        if chain.copies:
            yield chain

    def _section(
        self, page: Page, section: _Section, copies: dict[int, _Match]
    ) -> dict[int, _Match]:
        """All lines of a section that is long enough to be a copy, else nothing."""
        # Lines that break off inside a sentence are no paragraphs, and prove nothing; nor does
        # the refrain of a litany by coming often. What comes a third time may be a chorus, or
        # the points of one offer among many.
        closed = {page.keys[i]: i for i in section.copies if likeness.is_sentence(page.line(i))}
        letters = sum(page.weight(i) / min(2, page.copies(i)) for i in closed.values())
        if len(section.copies) == 1 or letters < self.section:
            return {}
        removed = {}
        for item, of in zip(section.copies, section.of, strict=True):
            match = copies[item]
            exact = match.rule == "repeats/line"
            removed[item] = _Match(of, "repeats/section") if exact else match
        first, first_of = section.copies[0], section.of[0]
        edge = range(max(0, first_of - _EDGE), first_of)
        removed.update(self._filling(page, range(max(edge.stop, first - _EDGE), first), edge))
        for n in range(1, len(section.copies)):
            span = range(section.copies[n - 1] + 1, section.copies[n])
            of_span = range(section.of[n - 1] + 1, section.of[n])
            removed.update(self._filling(page, span, of_span))
        return removed

    def _is_variant(self, page: Page, section: _Section, found: dict[int, _Match]) -> bool:
        """Whether a section is not the first one printed again but another one like it.

        The terms of a second offer have points of their own among those that they share with
        the first; whoever answers a post quotes it; a tutorial has the same samples of code on
        its second way, and what to do after an accident is the same with either insurance.
        """
        first, last, of = section.copies[0], section.copies[-1], section.of[0]
        copied = sum(page.weight(i) for i in found)
        own = sum(page.weight(i) for i in range(first, last + 1) if i not in found)
        if own > _OWN * copied or page.is_announced(first, of):
            return True
        apart = page.paragraphs_between(section.of[-1] + 1, first, self.paragraph)
        if apart > copied and 2 * sum(not page.is_text(i) for i in found) > len(found):
            return True
        often = any(page.copies(i) >= _MANY for i in section.copies)
        inside = of > page.body and page.is_followed(last)
        return apart > _APART * copied and inside and not often

    def _filling(self, page: Page, span: range, of_span: range) -> dict[int, _Match]:
        """Lines between the paragraphs of a copied section that the first copy has there too."""
        originals = {page.keys[i]: i for i in reversed(of_span)}
        found: dict[int, _Match] = {}
        for item in span:
            of = originals.get(page.keys[item])
            if of is not None:
                found[item] = _Match(of, "repeats/section")
            elif page.weight(item) >= 2 * self.paragraph and page.is_text(item):
                near = self._nearest(page, item, of_span)
                if near:
                    found[item] = near
        if len(found) == len(span):
            return found
        # Of a table or a listing that was changed, no single lines are taken.
        return {
            item: match
            for item, match in found.items()
            if page.weight(item) >= _HEADLINE and page.is_text(item)
        }

    def _nearest(self, page: Page, item: int, of_span: range) -> _Match | None:
        best: _Match | None = None
        for of in of_span:
            if of in page.exact or not self._is_paragraph(page, of):
                continue
            alike = likeness.similarity(page.keys[item], page.keys[of])
            if alike >= self.near and (best is None or alike > best.similarity):
                best = _Match(of, "repeats/near", alike)
        return best

    def _stands_alone(self, page: Page, item: int, match: _Match) -> bool:
        """Whether a copied paragraph is a copy even outside a copied section."""
        letters, distance = page.weight(item), item - page.before.get(item, match.of)
        if distance > 1 and not self._is_template(page, item, match.of):
            return False
        if match.rule != "repeats/shortened":
            factor = _FAR_FACTOR
            if distance == 1 or match.of <= page.body:
                factor = 1.0
            elif distance <= _NEAR_DISTANCE:
                factor = _NEAR_FACTOR
            elif page.copies(item) >= _MANY:
                factor = _MANY_FACTOR
            # An entry of a table of contents comes again as a heading, further down.
            if distance > 1 and not likeness.is_sentence(page.line(item)):
                factor = _FAR_FACTOR
            if letters < self.paragraph * factor:
                return False
        # Long verses also come back next to each other, but not next to paragraphs; and the
        # refrain of a litany, long as it may be, has only short petitions around it.
        refrain = distance > 1 and match.rule == "repeats/line"
        alone = _FAR_FACTOR * self.paragraph if refrain else page.prose
        return letters >= alone or page.among_prose(item)

    def _is_template(self, page: Page, item: int, of: int) -> bool:
        """Whether a page made a copy that stands apart, and not whoever wrote the text.

        A note comes again under the next function of a manual, an answer under the next
        question. What a page prints again stands at its head or behind its text, next to the
        first copy, or under every item. Of the lines that six public sets have again further
        down, once or twice, inside the text, a third are text.
        """
        if page.is_announced(item, of):
            return False
        if page.copies(item) >= _MANY or of <= page.body or not page.is_followed(item):
            return True
        near = item - page.before.get(item, of) <= _NEAR_DISTANCE
        return near and not page.is_only_answer(item, of)


def _doubled_headlines(page: Page, title: str) -> Iterator[tuple[int, int]]:
    """Items that say a headline again, with the item of the headline.

    A headline is doubled where it comes twice before the body, twice in a row before a
    paragraph, or once more behind the body. A poem whose first verse is its title has
    no body.
    """
    count = len(page.keys)
    found: dict[str, list[tuple[int, int, bool]]] = {}
    for item, of in page.exact.items():
        key = page.keys[item]
        heads = of < page.body and (of < _HEAD_ITEMS or key == title)
        if not (heads or item == of + 1) or not _is_headline(page, item):
            continue
        in_row = item == of + 1 and item + 1 < count and page.opens_body(item + 1)
        before = (
            heads and item <= min(page.body, of + _HEAD_ITEMS) and not _is_listed(page, item, of)
        )
        behind = heads and item > page.body and _is_last(page, item)
        if before or in_row or behind:
            found.setdefault(key, []).append((item, of, before))
    for key, copies in found.items():
        elsewhere = page.counts[key] - 1 - len(copies)
        for item, of, before in copies:
            # What comes inside the body too is a refrain or a label, if it comes there often.
            if elsewhere <= before:
                yield item, of


def _is_listed(page: Page, item: int, of: int) -> bool:
    """Whether the first copy is an entry of a list whose next entries come again as well."""
    nexts = range(of + 1, min(of + 3, item))
    listed = len(nexts) > 1 and all(page.counts[page.keys[i]] > 1 for i in nexts)
    return listed and page.keys[of + 1 : of + 2] != page.keys[item + 1 : item + 2]


def _is_last(page: Page, item: int) -> bool:
    """Whether a line too long for a label has only a few short lines behind it."""
    rest = range(item + 1, len(page.keys))
    if len(rest) >= _HEAD_DISTANCE or page.weight(item) < 2 * _HEADLINE:
        return False
    return all(page.weight(i) < page.prose for i in rest)


def _is_headline(page: Page, item: int) -> bool:
    letters = page.weight(item)
    if not _HEADLINE <= letters <= _LONGEST_HEADLINE or not page.is_text(item):
        return False
    if page.line(item).rstrip()[-1] in likeness.FULL_STOPS:
        return False
    return page.wide or page.keys[item].count(" ") >= _HEADLINE_SPACES


def _edit(document: Document, page: Page, item: int, match: _Match) -> Edit:
    number = page.at[item]
    lines = page.lines
    end = lines[number + 1].start if number + 1 < len(lines) else len(document.text)
    beginning = " ".join(page.line(match.of).strip()[:_QUOTED].split())
    how = f"{match.similarity:.4f} like" if match.similarity < 1 else "repeats"
    evidence = f"{how} line {page.at[match.of] + 1}: {beginning}"
    return Edit(lines[number].start, end, match.rule, evidence=evidence)
