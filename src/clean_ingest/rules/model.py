"""What a rule is. Rules are data: the TOML files under `rulebook/` hold nothing but these."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any, Literal, get_args

Kind = Literal["phrase", "words", "lead-in", "notice", "prefix", "suffix", "pattern", "built-in"]
"""How a rule finds what it removes; docs/how-to/write-a-rule.md has an example of each.

phrase: a whole line. words: a whole line made of such words alone. lead-in: a line that
opens with one of `starts` and a colon. notice: a line that opens or ends so, and holds
one of `contains` or matches one of `patterns` where these are given. prefix, suffix: the
opening or the end of a line, which alone goes. pattern: a whole line that one of the
`patterns` matches. built-in: an algorithm of the stage, which asks under this id.
"""

Strength = Literal["strong", "weak", "faint"]
"""strong: goes wherever `where` allows it. weak: only beside other chrome. faint: as weak, and
no company for others; for numbers and marks, which also fill tables."""

Where = Literal["any", "head", "tail", "edge", "end"]
"""head: before the first line of prose. tail: after the last one. edge: either. end: either, and
in the last few lines of the tail a weak rule needs no other chrome."""

Then = Literal["", "links", "imprint"]
"""What else a line of the tail takes with it: a list of links, or a site's own imprint."""

KINDS: tuple[str, ...] = get_args(Kind)
STRENGTHS: tuple[str, ...] = get_args(Strength)
WHERES: tuple[str, ...] = get_args(Where)
THENS: tuple[str, ...] = get_args(Then)

MATCHERS: Mapping[str, frozenset[str]] = {
    "phrase": frozenset({"phrases"}),
    "words": frozenset({"words"}),
    "lead-in": frozenset({"starts"}),
    "notice": frozenset({"starts", "ends", "contains", "patterns"}),
    "prefix": frozenset({"starts"}),
    "suffix": frozenset({"ends"}),
    "pattern": frozenset({"patterns"}),
    "built-in": frozenset({"starts"}),
}
"""The fields in which a rule of each kind says what it matches."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule, as its file gives it.

    `id` is never reused; its first word names the stage that applies the rule. `longest`
    bounds the lines that the rule may touch, in columns (a wide character, such as a Han
    one, is two); 0 stands for the bound of its kind. `least` is how many of its `words` a
    line must have. `repeats` is for weak buttons: a line that stands so often in a document,
    or at its tail, needs no other signal. `removes` and `keeps` are its proof (see
    `rules.check`). `source` is the licence and origin of phrases that were collected
    elsewhere, `file` where it stands.
    """

    id: str
    kind: Kind
    why: str
    since: str
    removes: tuple[str, ...]
    keeps: tuple[str, ...]
    strength: Strength = "strong"
    where: Where = "any"
    then: Then = ""
    phrases: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    starts: tuple[str, ...] = ()
    ends: tuple[str, ...] = ()
    contains: tuple[str, ...] = ()
    patterns: tuple[str, ...] = ()
    longest: int = 0
    least: int = 1
    repeats: int = 0
    source: str = ""
    file: str = ""

    @property
    def stage(self) -> str:
        """The name of the stage that applies this rule."""
        return self.id.partition("/")[0]

    @property
    def is_for_pages(self) -> bool:
        """Whether the rule, and so its examples, are about HTML pages and not about text."""
        return self.stage in {"extract", "render"}

    @property
    def is_strong(self) -> bool:
        """Whether the rule needs no second signal."""
        return self.strength == "strong"


@dataclass(frozen=True, slots=True)
class Label:
    """What pages in one language write before an author's name or a date (`metadata.toml`).

    They remove nothing, so they are no rules; the head of their file says what each field
    holds. `reads` is their proof: a line, ` = `, and what is read from it.
    """

    language: str
    reads: tuple[str, ...]
    by: tuple[str, ...] = ()
    author: tuple[str, ...] = ()
    credit: tuple[str, ...] = ()
    behind: tuple[str, ...] = ()
    published: tuple[str, ...] = ()
    date: tuple[str, ...] = ()
    updated: tuple[str, ...] = ()
    rights: tuple[str, ...] = ()
    no_sites: tuple[str, ...] = ()
    companies: tuple[str, ...] = ()
    joins: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    no_names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Rulebook:
    """All rules, by id, the labels of metadata, and letters that stand for one another.

    Compared by identity, so that what is compiled from it can be cached; `sha256` says
    whether two are the same. Made by `without`, it remembers from which one, and less what.
    """

    rules: Mapping[str, Rule]
    letters: Mapping[str, str] = field(default_factory=dict)
    labels: tuple[Label, ...] = ()
    base: Rulebook | None = None
    left_out: Rule | None = None

    @property
    def sha256(self) -> str:
        """SHA-256 over everything that can change what the rules do; not where they stand."""
        rules = [_plain(rule) for _, rule in sorted(self.rules.items())]
        for rule in rules:
            del rule["file"]
        content = {
            "labels": [_plain(label) for label in self.labels],
            "letters": dict(sorted(self.letters.items())),
            "rules": rules,
        }
        canonical = json.dumps(content, ensure_ascii=True, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(canonical.encode("ascii")).hexdigest()

    def of_stage(self, name: str) -> tuple[Rule, ...]:
        """The rules of one stage, in order of their ids."""
        return tuple(rule for _, rule in sorted(self.rules.items()) if rule.stage == name)

    def without(self, rule_id: str) -> Rulebook:
        """The same rulebook less one rule."""
        rules = {key: rule for key, rule in self.rules.items() if key != rule_id}
        return replace(self, rules=rules, base=self, left_out=self.rules[rule_id])


def _plain(entry: Rule | Label) -> dict[str, Any]:
    # `asdict` copies every phrase, which took most of the time of a small run.
    return {each.name: getattr(entry, each.name) for each in fields(entry)}
