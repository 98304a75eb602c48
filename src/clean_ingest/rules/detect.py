"""What only the document itself can show: suffixes that repeat, seams, imprints, labels.

Each function looks at all rows once and yields hits for those that it knows something
about; a hit from here replaces what the matcher said of the line alone. Most pages have
nothing for most of these to look at, which each of them finds out first.
"""

from __future__ import annotations

import functools
import re
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

from clean_ingest.rules.fold import key_of
from clean_ingest.rules.match import Hit, Matcher
from clean_ingest.rules.model import Rule
from clean_ingest.rules.page import Page, width_of
from clean_ingest.rules.scripts import letters_of, script_of

IMPRINT = "chrome/any/imprint"
SITE_SUFFIX = "chrome/any/site-suffix"
GLUED_CREDIT = "chrome/any/glued-credit"
SCRIPT_ISLAND = "chrome/any/script-island"
SCRIPT_ISLAND_REPEATED = "chrome/any/script-island-repeated"
JOINED = "chrome/any/joined-phrases"
MENU_ROW = "chrome/any/menu-row"
TRAIL = "chrome/any/breadcrumb-trail"

Found = Iterator[tuple[int, Hit]]

_SEPARATORS = (" - ", " | ", " – ", " — ", " :: ", " » ", " · ")
_LEADING = ("- ", "| ", "– ", "— ")
_DATE = re.compile(r"\b[0-9]{1,4}[./-][0-9]{1,2}[./-][0-9]{2,4}\b")
_OF_A_YEAR = re.compile(r"\b(?:19|20)[0-9]{2}\b")
_CORE = re.compile(r"[0-9.,:/\s-]+")
_CONTACTS = ("@", "www.", "http://", "https://")
_CALL = re.compile(r"\+[0-9][0-9 ()/.-]{6,}[0-9]")
_MARKS = "\"'«» "
_CLAIMS = 20
_SITE_REACH = 90
_HOPS = 32
_SITE_FRONT = 20
_SITE_TOP = 2
_SITE_NEAR_TOP = 10
_SITE_WORDS = 3
_CORE_LETTERS = 3
_LABEL_WIDTH = 30
_STEPS_LEAST, _STEPS_MOST = 3, 7
_IMPRINT_ROWS = 12
_IMPRINT_PROSE = 2
_IMPRINT_WIDTH = 600
_CREDIT_WIDTH = 140
_CREDIT_OPENS = 16
_CAPTION_HEAD = 24
_CAPTION_WORDS = 4
_ISLAND_LETTERS = 4
_ISLANDS = 4
_ISLAND_SHARE = 0.1
_SAMPLE_ROWS = 8
_QUOTED = frozenset("\"'«»“”„‘’()[]「」『』《》—–")


def confirm_labels(page: Page) -> Iterator[int]:
    """Rows whose pattern names a headline that stands nowhere else: not a label after all."""
    claiming = [(index, hit) for index, hit in page.hits.items() if hit.claims]
    if not claiming:
        return
    keys = page.all_keys()
    # Asking all lines for each cut headline is quadratic; a page has a few of them.
    prefixes = keys if len(claiming) <= _CLAIMS else set()
    for index, hit in claiming:
        claim = key_of(hit.claims.strip(_MARKS))
        cut_short = hit.claims.rstrip().endswith(("…", "..."))
        if claim in {"", page.rows[index].key} or not (
            claim in keys
            or claim == page.title
            or (cut_short and any(key.startswith(claim) for key in prefixes))
        ):
            yield index


def find_imprint(page: Page, matcher: Matcher, text: str) -> Found:  # noqa: ARG001 - one call for all
    """Lines below the copyright line at the end that say how to reach the site."""
    rule = matcher.built_in.get(IMPRINT)
    if rule is None:
        return
    rows = page.rows
    for start in range(len(rows) - 1, max(-1, len(rows) - 1 - _IMPRINT_ROWS), -1):
        hit = page.hits.get(start)
        if hit is None or hit.rule.then != "imprint":
            continue
        below = [i for i in range(start + 1, len(rows)) if rows[i].shape == "prose"]
        # A credit in the last part of an article opens with the same sign; text follows it.
        if len(below) > _IMPRINT_PROSE:
            return
        for index in range(start + 1, len(rows)):
            line = rows[index].text
            contact = next((mark for mark in _CONTACTS if mark in line), "")
            if not contact and (number := _CALL.search(line)):
                contact = number[0]
            short = rows[index].width <= _IMPRINT_WIDTH
            if index not in page.hits and contact and short:
                yield index, Hit(rule, 0, len(line), f"{contact} below a copyright line")
        return


def find_site_suffixes(page: Page, matcher: Matcher, text: str) -> Found:
    """` - Site Name, 1920, 25.09.2021`, where the document itself shows that it is a suffix.

    It does so by holding the suffix alone on a line, the rest of the line without it, or the
    same suffix with another full date.
    """
    rule = matcher.built_in.get(SITE_SUFFIX)
    if rule is None:
        return
    segments = _last_segments(page, text)
    # One suffix alone counts near the top only.
    if len(segments) < 2 and not any(index < _SITE_NEAR_TOP for index in segments):
        return
    groups: dict[str, list[tuple[int, int, str]]] = defaultdict(list)
    for index, (at, site) in sorted(segments.items()):
        core = _CORE.sub(" ", site).strip().casefold()
        if core[:_CORE_LETTERS].isalpha() or sum(map(str.isalpha, core)) >= _CORE_LETTERS:
            groups[core].append((index, at, site))
    for group in groups.values():
        if len(group) > 1 or group[0][0] < _SITE_NEAR_TOP:
            yield from _suffixes_of_one_site(page, group, rule, matcher)


def _last_segments(page: Page, text: str) -> dict[int, tuple[int, str]]:
    """By row: where the last separator of the line begins, and what follows it."""
    found: dict[int, tuple[int, str]] = {}
    rows, starts = page.rows, page.starts
    for mark in _SEPARATORS:
        # From hit to hit through the text, not line by line: most texts hold few or none.
        at = _next(text, mark, 0)
        while at >= 0:
            index = max(bisect_right(starts, at) - 1, 0)
            start, line = starts[index], rows[index].text
            end = start + len(line)
            if end - at > _SITE_REACH:
                at = _next(text, mark, end - _SITE_REACH)
                continue
            front = line[: max(at - start, 0)].rstrip()
            site = line[max(at - start, 0) + len(mark) :].strip()
            if at >= start and site and len(front) >= found.get(index, (0, ""))[0]:
                found[index] = (len(front), site)
            at = _next(text, mark, at + 1)
    for index, row in enumerate(rows[:_SITE_TOP] if found else ()):
        if row.text.startswith(_LEADING):
            found[index] = (0, row.text[2:].strip())
    return found


def _next(text: str, mark: str, at: int) -> int:
    """As `text.find(mark, at)`, in a fifth of the time: the middle of the mark is rare."""
    middle = at
    for _ in range(_HOPS):
        middle = text.find(mark[1], middle + 1)
        if middle < 0:
            return -1
        if text.startswith(mark, middle - 1):
            return middle - 1
    return text.find(mark, middle)


def _suffixes_of_one_site(
    page: Page,
    group: Sequence[tuple[int, int, str]],
    rule: Rule,
    matcher: Matcher,
) -> Found:
    rows = page.rows
    # A bullet in front of a word looks the same, but lists do not stand at the very top.
    alone = [index for index, at, _ in group if at == 0 and index < _SITE_TOP]
    behind = [(i, at, site) for i, at, site in group if at and _is_front(rows[i].text[:at])]
    dated = sum(_DATE.search(site) is not None for _, _, site in behind)
    shown = bool(alone and behind) or dated > 1
    for index, at, site in behind:
        text = rows[index].text
        if shown or _stands_alone(page, index, text[:at], len(group), matcher):
            yield index, Hit(rule, at, len(text), site)
    if shown:
        for index in alone:
            text = rows[index].text
            yield index, Hit(rule, 0, len(text), text.strip())


def _is_front(front: str) -> bool:
    return width_of(front) >= _SITE_FRONT if front else False


def _stands_alone(page: Page, index: int, front: str, times: int, matcher: Matcher) -> bool:
    """Whether the line without its suffix is another line; one line alone only near the top."""
    told = index < _SITE_NEAR_TOP or times > 1
    long = front.count(" ") + 1 >= _SITE_WORDS
    return told and long and matcher.folding.key(front) in page.all_keys()


def find_glued_credits(page: Page, matcher: Matcher, _: str) -> Found:
    """`© Agency / NameA caption` : the credit goes, where the seam to the caption shows.

    It shows where the caption stands again on a line beside it, or else where a capital
    follows small letters without a space.
    """
    rule = matcher.built_in.get(GLUED_CREDIT)
    if rule is None:
        return
    rows = page.rows
    starts, initials = _credit_starts(matcher)
    for index in [i for i, row in enumerate(rows) if row.text[0] in initials]:
        text = rows[index].text
        if not (rows[index].folded or matcher.folding.fold(text[:_CREDIT_OPENS])).startswith(
            starts
        ):
            continue
        for other in (*rows[index + 1 : index + 2], *rows[max(0, index - 1) : index]):
            seam = text.find(other.text.strip()[:_CAPTION_HEAD], 1, _CREDIT_WIDTH)
            if seam > 0 and len(other.text) >= _CAPTION_HEAD:
                break
        else:
            seam = _seam(text)
        if seam > 0:
            yield index, Hit(rule, 0, seam, text[:seam])


@functools.lru_cache(maxsize=4)
def _credit_starts(matcher: Matcher) -> tuple[tuple[str, ...], frozenset[str]]:
    """How glued credits begin, folded, and the characters that these begin with."""
    starts = tuple(map(matcher.folding.fold, matcher.built_in[GLUED_CREDIT].starts))
    return starts, frozenset(form for start in starts for form in (start[0], start[0].upper()))


@functools.cache
def _seam_pattern() -> Any:
    import re2

    return re2.compile(r"\p{Ll}{2}(\p{Lu}(?:\p{Ll}+\s|\s\p{Ll}))")


def _seam(text: str) -> int:
    """Where a glued caption begins, or 0."""
    head = text[:_CREDIT_WIDTH].encode("utf-8", "replace").decode("utf-8")
    match = _seam_pattern().search(head)
    if match is None:
        return 0
    # A year makes it the line of a site, and the seam the middle of its name.
    if _OF_A_YEAR.search(text, 0, match.start(1)):
        return 0
    caption = text[match.start(1) :]
    told = caption.count(" ") + 1 >= _CAPTION_WORDS and "/" not in caption
    return int(match.start(1)) if told else 0


def find_joined(page: Page, matcher: Matcher, text: str) -> Found:
    """`Log in | Sign up | Subscribe`: a line that separators cut into nothing but phrases."""
    rule = matcher.built_in.get(JOINED)
    if rule is None or not page.rows:
        return
    rows, starts = page.rows, page.starts
    joined: set[int] = set()
    for mark in _JOINT_MARKS:
        # From line to line that has one: most have none.
        at = text.find(mark)
        while at >= 0:
            index = max(bisect_right(starts, at) - 1, 0)
            joined.add(index)
            at = text.find(mark, max(at + 1, starts[index] + len(rows[index].text)))
    menu, trail = matcher.built_in.get(MENU_ROW), matcher.built_in.get(TRAIL)
    for index in sorted(joined):
        row = rows[index]
        if index in page.hits and page.hits[index].rule.strength != "faint":
            continue
        parts = _cells(row.folded)
        known = [phrase[0] for part in parts if (phrase := matcher.phrases.get(key_of(part)))]
        # Two words that are chrome only in company ("Home / Sport") may be a heading.
        strong = len(known) > 2 or (len(known) > 1 and any(by.is_strong for by in known))
        if len(known) == len(parts) and strong:
            yield index, Hit(rule, 0, len(row.text), row.text.strip())
        elif menu and _is_menu(parts, known) and not _is_cut_alike(page, index, len(parts)):
            evidence = f"{len(known)} of {len(parts)}: {row.text.strip()}"
            yield index, Hit(menu, 0, len(row.text), evidence)
        elif trail and _is_trail(parts, row.folded):
            yield index, Hit(trail, 0, len(row.text), row.text.strip())


def _is_menu(parts: Sequence[str], known: Sequence[Rule]) -> bool:
    """Whether half or more of the labels in a row are menu words."""
    narrow = max(map(len, parts), default=0) <= _LABEL_WIDTH
    return len(known) > 1 and 2 * len(known) >= len(parts) and narrow


def _is_trail(parts: Sequence[str], folded: str) -> bool:
    """Whether a row names three steps or more, each below the one before it."""
    steps = any(folded.count(mark) >= len(parts) - 1 for mark in _STEPS)
    return steps and _STEPS_LEAST <= len(parts) <= _STEPS_MOST


def _is_cut_alike(page: Page, index: int, count: int) -> bool:
    """Whether a row beside this one has as many cells: both are rows of a table."""
    beside = (i for i in (index - 1, index + 1) if 0 <= i < len(page.rows))
    return any(len(_cells(page.rows[i].folded)) == count for i in beside)


def _cells(folded: str) -> list[str]:
    """What stands between the separators of a row."""
    return [cell for part in _JOINTS.split(folded) if (cell := part.strip())]


_JOINT_MARKS = "|•·/»›>\t｜／＞"
_STEPS = (">", "»", "›", " / ")
# No white space around the marks: a search for some before them is quadratic in its length.
_JOINTS = re.compile(r"[|•·/»›>\t]+")


def find_script_islands(page: Page, matcher: Matcher, text: str) -> Found:
    """Short lines wholly in a script that the text itself never uses.

    Names, glossaries and quotations of a text that speaks of another language stay: there
    the script also stands inside other lines, between quotation marks, or on many lines.
    Latin, which all the world mixes in, is never foreign.
    """
    rule = matcher.built_in.get(SCRIPT_ISLAND)
    if rule is None or text.isascii():
        return
    rows = page.rows
    islands = _islands(page)
    if not islands:
        return
    others = [
        row.text
        for index, row in enumerate(rows)
        if index not in islands and not row.text.isascii()
    ]
    foreign = set(islands.values())
    unspoken = {name for name in foreign if not any(map(letters_of(name).search, others))}
    repeated = matcher.built_in.get(SCRIPT_ISLAND_REPEATED, rule)
    times = Counter(rows[index].key for index in islands)
    own = _script_of_text(page)
    for index, script in islands.items():
        line = rows[index].text
        if script in unspoken and index not in page.hits and _QUOTED.isdisjoint(line):
            by = repeated if times[rows[index].key] > 1 else rule
            yield index, Hit(by, 0, len(line), f"{script} in a text in {own} script")


def _islands(page: Page) -> dict[int, str]:
    """The short rows in one script which is not that of the text; none where there are many."""
    most = max(_ISLANDS, _ISLAND_SHARE * len(page.rows))
    own = ""
    found: dict[int, str] = {}
    for index, row in enumerate(page.rows):
        if row.shape != "short" or row.text.isascii():
            continue
        # The first letter rules out nearly all lines, of a page in any script.
        first = row.script = row.script or _script_of_first(row.text)
        if first in {"Latin", own}:
            continue
        own = own or _script_of_text(page)
        if first != own and _only_script(row.text) != "Latin":
            found[index] = first
            if len(found) > most:
                return {}
    return found


def _script_of_first(text: str) -> str:
    """The script of the first letter, or Latin."""
    for char in text:
        if char.isalpha():
            return script_of(char)
    return "Latin"


def _only_script(text: str) -> str:
    """The one script of all letters of `text`, or Latin where there is none such."""
    letters = [char for char in text if char.isalpha()]
    if len(letters) < _ISLAND_LETTERS or any(char.isdigit() for char in text):
        return "Latin"
    scripts = {script_of(char) for char in letters}
    return scripts.pop() if len(scripts) == 1 else "Latin"


def _script_of_text(page: Page) -> str:
    """The script of most of a sample of letters, from prose where there is any."""
    sample = list(islice(page.prose(), _SAMPLE_ROWS)) or range(min(_SAMPLE_ROWS, len(page.rows)))
    counts = Counter(
        script_of(char)
        for text in (page.rows[index].text for index in sample)
        for part in (1, 2, 3)
        if (char := text[len(text) * part // 4]).isalpha()
    )
    return counts.most_common(1)[0][0] if counts else "Latin"
