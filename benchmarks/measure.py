"""One page measured: every cleaner over one rendering of it, and its gold text fed back in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from clean_ingest.core.document import split_lines
from cleaning import Cleaned, clean
from pages import NO_TRAINING, Page
from peers import PEERS
from scores import CHROME, GOLD, MIXED, Tally, Words, align, fates, tally, words

OURS = "clean_ingest"
BEST = "best of lines"
"""What a perfect choice of whole lines would give."""


@dataclass(slots=True)
class Snippets:
    """Snippets of the main text, and of what is none, found before cleaning and after."""

    kept: int = 0
    kept_left: int = 0
    gone: int = 0
    gone_left: int = 0

    def add(self, other: Snippets) -> None:
        """Add another page's snippets to these."""
        self.kept += other.kept
        self.kept_left += other.kept_left
        self.gone += other.gone
        self.gone_left += other.gone_left

    @property
    def kept_share(self) -> float:
        """Per cent of the snippets of the main text that are still there."""
        return 100 * self.kept_left / max(1, self.kept)

    @property
    def removed(self) -> float:
        """Per cent of the other snippets that are gone."""
        return 100 * (1 - self.gone_left / max(1, self.gone))


@dataclass(slots=True)
class Scored:
    """What cleaning did to one rendering of a page, by cleaner; `rules` took gold lines.

    `lost` and `left` are gold lines that our rules took (rule, line), and chrome lines that
    they left; empty unless asked for, and for sets that are to be judged on only.
    """

    tallies: dict[str, Tally] = field(default_factory=dict)
    snippets: dict[str, Snippets] = field(default_factory=dict)
    rules: Counter[str] = field(default_factory=Counter)
    lost: list[tuple[str, str]] = field(default_factory=list)
    left: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Fed:
    """What the default pipeline took from a gold text that was fed in as plain text.

    `rules` has the words lost by rule; `copies` of them stand in lines of which another copy
    is left. A headline is the page's title: where the gold text has it as a line, and, for
    articles where it has not, put above the text. It is lost when no line of what is left
    has its words.
    """

    words: int = 0
    rules: Counter[str] = field(default_factory=Counter)
    copies: int = 0
    lines: list[tuple[str, str]] = field(default_factory=list)
    headlines: int = 0
    headlines_lost: list[tuple[str, str]] = field(default_factory=list)

    def add(self, other: Fed) -> None:
        """Add another text's losses to these."""
        self.words += other.words
        self.rules.update(other.rules)
        self.copies += other.copies
        self.lines += other.lines
        self.headlines += other.headlines
        self.headlines_lost += other.headlines_lost

    @property
    def words_lost(self) -> float:
        """Per cent of the words."""
        return 100 * self.rules.total() / max(1, self.words)

    @property
    def copies_lost(self) -> float:
        """Per cent of the words that are lost and stand in a line of which a copy is left."""
        return 100 * self.copies / max(1, self.words)


def score(page: Page, set_name: str, text: str, detail: bool) -> Scored:
    """Run every cleaner over one rendering of a page."""
    lines = [line.text for line in split_lines(text)]
    ours = clean(text)
    left = {OURS: ours.left} | {name: peer(lines, page.language) for name, peer in PEERS.items()}
    result = Scored()
    before = [words(line) for line in lines]
    spared = [words(line) for line in ours.spared]
    after = {name: [words(line) for line in rest] for name, rest in left.items()}
    if not page.gold:
        for name, rest in after.items():
            result.snippets[name] = _snippets(page, before, rest)
        return result
    gold_lines = [words(line) for line in page.gold.split("\n")]
    bag = Counter(word for line in gold_lines for word in line)
    kinds = align(before, gold_lines, [words(title) for title in page.titles])
    after[BEST] = [
        line if kind in {GOLD, MIXED} else () for line, kind in zip(before, kinds, strict=True)
    ]
    for name, rest in after.items():
        result.tallies[name] = tally(kinds, before, rest, bag, spared if name == OURS else rest)
    detail = detail and set_name not in NO_TRAINING
    for fate in fates(kinds, before, spared):
        taken = [i for i in fate.indices if 2 * len(spared[i]) < len(before[i])]
        for index in taken[: fate.gold_gone]:
            result.rules[ours.rules[index]] += 1
            if detail:
                result.lost.append((ours.rules[index], lines[index]))
        if detail:
            stays = [i for i in fate.indices if kinds[i] == CHROME and i not in taken]
            result.left += [lines[i] for i in stays[: fate.chrome - fate.chrome_gone]]
    return result


def _snippets(page: Page, before: Sequence[Words], after: Sequence[Words]) -> Snippets:
    old, new = (" ".join(["", *(w for line in rows for w in line), ""]) for rows in (before, after))
    result = Snippets()
    for snippet in page.kept:
        needle = " ".join(["", *words(snippet), ""])
        if needle in old:
            result.kept += 1
            result.kept_left += needle in new
    for snippet in page.gone:
        needle = " ".join(["", *words(snippet), ""])
        if needle in old:
            result.gone += 1
            result.gone_left += needle in new
    return result


def feed(page: Page) -> Fed:
    """Clean the gold text of a page, which has nothing in it to be cleaned."""
    result = Fed()
    cleaned = clean(page.gold)
    lines = [line.text for line in split_lines(page.gold)]
    rest = [words(line) for line in cleaned.spared]
    for line, left, rule in zip(lines, rest, cleaned.rules, strict=True):
        before = words(line)
        result.words += len(before)
        if len(left) < len(before):
            result.rules[rule] += len(before) - len(left)
            result.copies += len(before) if before in rest else 0
            result.lines.append((rule, line))
    title = words(page.title)
    if title and any(words(line) == title for line in lines):
        _look_for(result, title, page.gold, cleaned)
    elif title and page.kind == "article":
        text = f"{' '.join(page.title.split())}\n\n{page.gold}"
        _look_for(result, title, text, clean(text))
    return result


def _look_for(result: Fed, title: Words, text: str, cleaned: Cleaned) -> None:
    result.headlines += 1
    rows = zip(split_lines(text), cleaned.spared, cleaned.rules, strict=True)
    found = [
        (line.text, words(left), rule) for line, left, rule in rows if words(line.text) == title
    ]
    if not any(2 * len(left) >= len(title) for _, left, _ in found):
        line, _, rule = found[0]
        result.headlines_lost.append((rule, line))
