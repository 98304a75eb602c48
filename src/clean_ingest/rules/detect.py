"""What only the document itself can show: suffixes that repeat, seams, imprints, labels.

Each function looks at all rows once and yields hits for those that it knows something
about; a hit from here replaces what the matcher said of the line alone.
"""

from __future__ import annotations

import functools
import re
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Container, Iterator, Sequence
from typing import Any

from clean_ingest.rules.fold import key_of
from clean_ingest.rules.match import Hit, Matcher
from clean_ingest.rules.model import Rule
from clean_ingest.rules.page import Row, width_of
from clean_ingest.rules.scripts import letters_of, script_of

IMPRINT = "chrome/any/imprint"
SITE_SUFFIX = "chrome/any/site-suffix"
GLUED_CREDIT = "chrome/any/glued-credit"
SCRIPT_ISLAND = "chrome/any/script-island"
SCRIPT_ISLAND_REPEATED = "chrome/any/script-island-repeated"
JOINED = "chrome/any/joined-phrases"

Found = Iterator[tuple[int, Hit]]

_SEPARATORS = (" - ", " | ", " – ", " — ", " :: ", " » ", " · ")
_LEADING = ("- ", "| ", "– ", "— ")
_DATE = re.compile(r"\b[0-9]{1,4}[./-][0-9]{1,2}[./-][0-9]{2,4}\b")
_CORE = re.compile(r"[0-9.,:/\s-]+")
_CONTACTS = ("@", "www.", "http://", "https://")
_MARKS = "\"'«» "
_CLAIMS = 20
_SITE_REACH = 90
_SITE_FRONT = 20
_SITE_TOP = 2
_SITE_NEAR_TOP = 10
_SITE_WORDS = 3
_CORE_LETTERS = 3
_IMPRINT_ROWS = 12
_IMPRINT_PROSE = 2
_CREDIT_WIDTH = 140
_CAPTION_HEAD = 24
_CAPTION_WORDS = 4
_ISLAND_LETTERS = 4
_ISLANDS = 4
_ISLAND_SHARE = 0.1
_SAMPLE_ROWS = 8
_QUOTED = frozenset("\"'«»“”„‘’()[]「」『』《》—–")


def confirm_labels(rows: Sequence[Row], title: str) -> Iterator[int]:
    """Rows whose pattern names a headline that stands nowhere else: not a label after all."""
    claiming = [i for i, row in enumerate(rows) if row.hit is not None and row.hit.claims]
    if not claiming:
        return
    keys = {row.key for row in rows if row.folded}
    # Asking all lines for each cut headline is quadratic; a page has a few of them.
    prefixes = keys if len(claiming) <= _CLAIMS else set()
    for index in claiming:
        hit = rows[index].hit
        claim = key_of(hit.claims.strip(_MARKS)) if hit is not None else ""
        cut_short = hit is not None and hit.claims.rstrip().endswith(("…", "..."))
        if claim in {"", rows[index].key} or not (
            claim in keys
            or claim == title
            or (cut_short and any(key.startswith(claim) for key in prefixes))
        ):
            yield index


def find_imprint(rows: Sequence[Row], matcher: Matcher, text: str) -> Found:  # noqa: ARG001 - one call for all
    """Prose below the copyright line at the end that says how to reach the site."""
    rule = matcher.built_in.get(IMPRINT)
    if rule is None:
        return
    for start in range(len(rows) - 1, max(-1, len(rows) - 1 - _IMPRINT_ROWS), -1):
        hit = rows[start].hit
        if hit is None or hit.rule.then != "imprint":
            continue
        below = [i for i in range(start + 1, len(rows)) if rows[i].shape == "prose"]
        # A credit in the last part of an article opens with the same sign; text follows it.
        if len(below) > _IMPRINT_PROSE:
            return
        for index in below:
            line = rows[index].line.text
            contact = next((mark for mark in _CONTACTS if mark in line), None)
            if rows[index].hit is None and contact is not None:
                yield index, Hit(rule, 0, len(line), f"{contact} below a copyright line")
        return


def find_site_suffixes(rows: Sequence[Row], matcher: Matcher, text: str) -> Found:
    """` - Site Name, 1920, 25.09.2021`, where the document itself shows that it is a suffix.

    It does so by holding the suffix alone on a line, the rest of the line without it, or the
    same suffix with another full date.
    """
    rule = matcher.built_in.get(SITE_SUFFIX)
    if rule is None:
        return
    groups: dict[str, list[tuple[int, int, str]]] = defaultdict(list)
    for index, (at, site) in sorted(_last_segments(rows, text).items()):
        core = _CORE.sub(" ", site).strip().casefold()
        if sum(map(str.isalpha, core)) >= _CORE_LETTERS:
            groups[core].append((index, at, site))
    keys = {row.key for row in rows if row.folded} if groups else set()
    for group in groups.values():
        yield from _suffixes_of_one_site(rows, group, rule, matcher, keys)


def _last_segments(rows: Sequence[Row], text: str) -> dict[int, tuple[int, str]]:
    """By row: where the last separator of the line begins, and what follows it."""
    found: dict[int, tuple[int, str]] = {}
    starts: list[int] = []
    for mark in _SEPARATORS:
        # From hit to hit through the text, not line by line: most texts hold few or none.
        at = text.find(mark) if mark[1] in text else -1
        while at >= 0:
            starts = starts or [row.line.start for row in rows]
            index = bisect_right(starts, at) - 1
            line = rows[max(index, 0)].line
            if line.end - at > _SITE_REACH:
                at = text.find(mark, line.end - _SITE_REACH)
                continue
            front = line.text[: at - line.start].rstrip()
            site = line.text[at - line.start + len(mark) :].strip()
            if index >= 0 and site and len(front) >= found.get(index, (0, ""))[0]:
                found[index] = (len(front), site)
            at = text.find(mark, at + 1)
    for index, row in enumerate(rows[:_SITE_TOP] if found else ()):
        if row.line.text.startswith(_LEADING):
            found[index] = (0, row.line.text[2:].strip())
    return found


def _suffixes_of_one_site(
    rows: Sequence[Row],
    group: Sequence[tuple[int, int, str]],
    rule: Rule,
    matcher: Matcher,
    keys: Container[str],
) -> Found:
    # A bullet in front of a word looks the same, but lists do not stand at the very top.
    alone = [index for index, at, _ in group if at == 0 and index < _SITE_TOP]
    behind = [(i, at, site) for i, at, site in group if at and _is_front(rows[i].line.text[:at])]
    dated = sum(_DATE.search(site) is not None for _, _, site in behind)
    shown = bool(alone and behind) or dated > 1
    for index, at, site in behind:
        text = rows[index].line.text
        if shown or _stands_alone(keys, index, text[:at], len(group), matcher):
            yield index, Hit(rule, at, len(text), site)
    if shown:
        for index in alone:
            text = rows[index].line.text
            yield index, Hit(rule, 0, len(text), text.strip())


def _is_front(front: str) -> bool:
    return width_of(front) >= _SITE_FRONT if front else False


def _stands_alone(
    keys: Container[str], index: int, front: str, times: int, matcher: Matcher
) -> bool:
    """Whether the line without its suffix is another line; one line alone only near the top."""
    told = index < _SITE_NEAR_TOP or times > 1
    long = front.count(" ") + 1 >= _SITE_WORDS
    return told and long and matcher.folding.key(front) in keys


def find_glued_credits(rows: Sequence[Row], matcher: Matcher, _: str) -> Found:
    """`© Agency / NameA caption` : the credit goes, where the seam to the caption shows.

    It shows where the caption stands again on a line beside it, or else where a capital
    follows small letters without a space.
    """
    rule = matcher.built_in.get(GLUED_CREDIT)
    if rule is None:
        return
    starts = tuple(map(matcher.folding.fold, rule.starts))
    initials = {form for start in starts for form in (start[0], start[0].upper())}
    for index in [i for i, row in enumerate(rows) if row.line.text[0] in initials]:
        text = rows[index].line.text
        if not matcher.folding.fold(text[:16]).startswith(starts):
            continue
        for other in (*rows[index + 1 : index + 2], *rows[max(0, index - 1) : index]):
            seam = text.find(other.line.text.strip()[:_CAPTION_HEAD], 1, _CREDIT_WIDTH)
            if seam > 0 and len(other.line.text) >= _CAPTION_HEAD:
                break
        else:
            seam = _seam(text)
        if seam > 0:
            yield index, Hit(rule, 0, seam, text[:seam])


@functools.cache
def _seam_pattern() -> Any:
    import re2

    return re2.compile(r"\p{Ll}{2}(\p{Lu}\p{Ll}*\s)")


def _seam(text: str) -> int:
    """Where a glued caption begins, or 0."""
    head = text[:_CREDIT_WIDTH].encode("utf-8", "replace").decode("utf-8")
    match = _seam_pattern().search(head)
    if match is None:
        return 0
    caption = text[match.start(1) :]
    told = caption.count(" ") + 1 >= _CAPTION_WORDS and "/" not in caption
    return int(match.start(1)) if told else 0


def find_joined(rows: Sequence[Row], matcher: Matcher, text: str) -> Found:
    """`Log in | Sign up | Subscribe`: a line that separators cut into nothing but phrases."""
    rule = matcher.built_in.get(JOINED)
    if rule is None:
        return
    present = {mark for mark in _JOINT_MARKS if mark in text}
    if not present:
        return
    for index, row in enumerate(rows):
        if row.hit is None and row.folded and not present.isdisjoint(row.folded):
            parts = [key_of(part) for part in _JOINTS.split(row.folded) if part.strip()]
            found = [matcher.phrases.get(part) for part in parts]
            if len(parts) < 2 or None in found:
                continue
            # Two words that are chrome only in company ("Home / Sport") may be a heading.
            if len(parts) > 2 or any(f is not None and f[0].is_strong for f in found):
                yield index, Hit(rule, 0, len(row.line.text), row.line.text.strip())


_JOINT_MARKS = "|•·/»›>\t"
_JOINTS = re.compile(r"\s*[|•·/»›>\t]+\s*")


def find_script_islands(rows: Sequence[Row], matcher: Matcher, text: str) -> Found:
    """Short lines wholly in a script that the text itself never uses.

    Names, glossaries and quotations of a text that speaks of another language stay: there
    the script also stands inside other lines, between quotation marks, or on many lines.
    Latin, which all the world mixes in, is never foreign.
    """
    rule = matcher.built_in.get(SCRIPT_ISLAND)
    if rule is None or text.isascii():
        return
    candidates = [
        (index, script)
        for index, row in enumerate(rows)
        if row.shape == "short" and not row.line.text.isascii()
        if (script := _only_script(row.line.text)) != "Latin"
    ]
    if not candidates:
        return
    own = _script_of_text(rows)
    islands = {index for index, script in candidates if script != own}
    if len(islands) > max(_ISLANDS, _ISLAND_SHARE * len(rows)):
        return
    foreign = {script for _, script in candidates if script != own}
    if not islands:
        return
    others = [
        row.line.text
        for index, row in enumerate(rows)
        if index not in islands and not row.line.text.isascii()
    ]
    unspoken = {name for name in foreign if not any(map(letters_of(name).search, others))}
    repeated = matcher.built_in.get(SCRIPT_ISLAND_REPEATED, rule)
    times = Counter(rows[index].key for index in islands)
    for index, script in candidates:
        line = rows[index].line.text
        if script in unspoken and rows[index].hit is None and _QUOTED.isdisjoint(line):
            by = repeated if times[rows[index].key] > 1 else rule
            yield index, Hit(by, 0, len(line), f"{script} in a text in {own} script")


def _only_script(text: str) -> str:
    """The one script of all letters of `text`, or Latin where there is none such."""
    letters = [char for char in text if char.isalpha()]
    if len(letters) < _ISLAND_LETTERS or any(char.isdigit() for char in text):
        return "Latin"
    scripts = {script_of(char) for char in letters}
    return scripts.pop() if len(scripts) == 1 else "Latin"


def _script_of_text(rows: Sequence[Row]) -> str:
    """The script of most of a sample of letters, from prose where there is any."""
    prose = [row for row in rows if row.shape == "prose"] or rows
    counts = Counter(
        script_of(char)
        for row in prose[:_SAMPLE_ROWS]
        for part in (1, 2, 3)
        if (char := row.line.text[len(row.line.text) * part // 4]).isalpha()
    )
    return counts.most_common(1)[0][0] if counts else "Latin"
