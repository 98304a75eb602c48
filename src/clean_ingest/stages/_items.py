"""The lines of a document that have text, ready to be compared; helper of `repeats`."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import accumulate

from clean_ingest.core.document import Document, Line
from clean_ingest.stages import _likeness as likeness

CANDIDATES = 4
"""With how many others a line is compared that begins or ends like it."""
_AROUND = 3
"""How many lines on each side are near a line."""
COLONS = (":", "：", "﹕", "፡", "፦")
"""How a line ends that leads to what stands below it."""


@dataclass(slots=True)
class Meeting:
    """Which items have a key. What more than `CANDIDATES` have in common is a template."""

    first: dict[str, int] = field(default_factory=dict)
    more: dict[str, list[int]] = field(default_factory=dict)

    def meet(self, key: str, item: int) -> Sequence[int]:
        """The earlier items with this key, none where they are too many; `item` joins them."""
        first = self.first.setdefault(key, item)
        if first == item:
            return ()
        items = self.more.setdefault(key, [first])
        if len(items) > CANDIDATES:
            return ()
        items.append(item)
        return items[:-1]


@dataclass(slots=True)
class Page:
    """The lines that have text, as items: `at` leads to their line, `keys` to their folded text.

    `text` is the folded text of the page, code point for code point. A line of `prose`
    letters is a paragraph for sure. The first paragraph, `body`, ends the head of the page (-1
    where the page does not begin with a text), `last` is the last one that is no copy (-1
    until it is asked for). `exact` leads from the later copies of a key to the first one,
    `before` to the one before. Copies next to each other are a run; `runs` has the first item
    of each.
    """

    text: str
    lines: tuple[Line, ...]
    at: list[int]
    keys: list[str]
    prose: float
    wide: bool
    ellipses: bool
    body: int = -1
    last: int = -1
    exact: dict[int, int] = field(default_factory=dict)
    before: dict[int, int] = field(default_factory=dict)
    runs: Sequence[int] = ()
    counts: Counter[str] = field(default_factory=Counter)
    _sums: Sequence[float] = ()

    def weight(self, item: int) -> float:
        """Length of an item in letters."""
        return likeness.weight(self.keys[item], wide=self.wide)

    def weighs(self, item: int, letters: float) -> bool:
        """Whether an item is so long; in most cases its code points tell."""
        length = len(self.keys[item])
        if length >= letters or not self.wide:
            return length >= letters
        shortest = likeness.shortest(letters, wide=True)
        return length >= shortest and self.weight(item) >= letters

    def paragraphs_between(self, first: int, stop: int, letters: float) -> float:
        """Letters of all items from `first` to before `stop` that have `letters` or more.

        Summed up once for all sections of a page, which ask with one number.
        """
        if not self._sums:
            items = range(len(self.keys))
            weights = (self.weight(i) if self.weighs(i, letters) else 0.0 for i in items)
            self._sums = [*accumulate(weights, initial=0.0)]
        return self._sums[stop] - self._sums[first] if first < stop else 0.0

    def opens_body(self, item: int) -> bool:
        """Whether a text may begin here: a paragraph, or half of one that ends as sentences do."""
        if self.weighs(item, self.prose):
            return True
        return self.weighs(item, self.prose / 2) and likeness.is_sentence(self.line(item))

    def copies(self, item: int) -> int:
        """How many copies there are of what an item says; a copy that is not exact is one."""
        return max(1, self.counts[self.keys[item]] - 1)

    def among_prose(self, item: int) -> bool:
        """Whether another line near an item is a paragraph; a run of copies counts as one line."""
        run = bisect_right(self.runs, item) - 1
        others = (*self.runs[max(0, run - _AROUND) : run], *self.runs[run + 1 : run + 1 + _AROUND])
        key = self.keys[item]
        return any(self.weighs(i, self.prose) and self.keys[i] != key for i in others)

    def is_announced(self, item: int, of: int) -> bool:
        """Whether a line with a colon leads to a copy, and to nothing that comes along with it.

        So begin quotations: of a post in the answer to it, of a passage in what is said of it.
        """
        before = self.line(item - 1).rstrip() if item else ""
        return before.endswith(COLONS) and not self._same(item - 1, of - 1)

    def is_only_answer(self, item: int, of: int) -> bool:
        """Whether a copy is all that stands between two labels of its own.

        A label is a line shorter than prose: a heading, a question, a name. It is none of the
        copy's own where the first copy has it at the same side.
        """
        if not 0 < item < len(self.keys) - 1:
            return False
        return not any(
            self.weighs(item + side, self.prose) or self._same(item + side, of + side)
            for side in (-1, 1)
        )

    def _same(self, item: int, other: int) -> bool:
        return 0 <= other < len(self.keys) and self.keys[item] == self.keys[other]

    def is_followed(self, item: int) -> bool:
        """Whether there is text below an item that stands nowhere above it."""
        if self.last < 0:
            below = range(len(self.keys) - 1, 0, -1)
            texts = (i for i in below if i not in self.exact and self.opens_body(i))
            self.last = next(texts, 0)
        return item < self.last

    def line(self, item: int) -> str:
        """The whole line of an item, without its ending."""
        return self.lines[self.at[item]].text

    def is_text(self, item: int) -> bool:
        """Whether an item may be running text."""
        return likeness.is_running_text(self.line(item))

    def stem(self, item: int) -> tuple[str, bool]:
        """The key of an item without an ellipsis at its end, and whether it had one."""
        key = self.keys[item]
        if self.ellipses:
            line = self.line(item)
            if "…" in line or "..." in line:
                return likeness.stem_of(key, line)
        return key, False


def read(document: Document, prose: float, top: int) -> Page:
    """The items of a document; the body begins among the first `top` of them, if it has one."""
    text, lines = document.text, document.lines
    folded = likeness.fold(text)
    # The table of lines was cut at CR too; splitting at LF is the quick way where none is.
    cut = [folded[line.start : line.end] for line in lines] if "\r" in text else folded.split("\n")
    every = [likeness.key_of(part) if part else part for part in cut]
    at = [number for number, key in enumerate(every) if key]
    keys = [key for key in every if key]
    wide = likeness.is_wide(max(keys, key=len, default=""))
    page = Page(folded, lines, at, keys, prose, wide, "…" in text or "..." in text)
    first_items = range(min(len(keys), top))
    page.runs = range(len(keys))
    page.body = next((item for item in first_items if page.opens_body(item)), -1)
    if len(set(keys)) < len(keys):
        page.counts.update(keys)
        page.runs = [item for item, key in enumerate(keys) if not item or key != keys[item - 1]]
        first: dict[str, int] = {}
        latest: dict[str, int] = {}
        for item, key in enumerate(keys):
            of = first.setdefault(key, item)
            if of != item:
                page.exact[item] = of
                page.before[item] = latest[key]
            latest[key] = item
    return page
