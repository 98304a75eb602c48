"""Rules bring their own proof: the check behind `rules test`.

An example is a text. Where `⟦` and `⟧` stand in one of `removes`, the rule must remove what
stands between them and nothing else; without them it must remove something. Of a text in
`keeps` it must remove nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from clean_ingest.core.document import Document
from clean_ingest.core.ledger import Ledger
from clean_ingest.core.stage import Edit, Proposal
from clean_ingest.rules.model import Rule, Rulebook

Propose = Callable[[str, Document, Rulebook], Iterable[Proposal]]
"""Runs one stage, named by the first argument, over a document with a given rulebook.

Rules lie below stages, so that whoever asks for a check brings the stages along
(`clean_ingest.stages.proof.propose`)."""

_GONE = re.compile(r"⟦(.*?)⟧", re.DOTALL)


class Failure(NamedTuple):
    """An example that did not hold: the rule, `removes` or `keeps`, the text, and why."""

    rule: str
    key: str
    example: str
    message: str


def text_of(example: str) -> str:
    """The text of an example, without the brackets around what has to go."""
    return example.replace("⟦", "").replace("⟧", "")


def check(book: Rulebook, propose: Propose) -> list[Failure]:
    """Run every example of every rule, by rule id; empty where all of them hold."""
    return [
        failure
        for _, rule in sorted(book.rules.items())
        for failure in (*_check_removes(rule, book, propose), *_check_keeps(rule, book, propose))
    ]


def redundant(book: Rulebook, propose: Propose) -> list[str]:
    """Rules without which none of their own `removes` would come out any different.

    Each is left out of the rulebook in turn, and what its stage still charges to it is
    not applied, for a stage that is an algorithm does not ask the rulebook.
    """
    return [rule.id for _, rule in sorted(book.rules.items()) if _is_redundant(rule, book, propose)]


def _is_redundant(rule: Rule, book: Rulebook, propose: Propose) -> bool:
    less = book.without(rule.id)
    for text in map(text_of, rule.removes):
        with_rule = _apply(text, rule.stage, _edits(text, rule, book, propose))
        without = [e for e in _edits(text, rule, less, propose) if e.rule != rule.id]
        if with_rule != _apply(text, rule.stage, without):
            return False
    return True


def _apply(text: str, stage: str, edits: Iterable[Edit]) -> str:
    return Ledger.of(text).apply(sorted(edits), stage).text


def _edits(text: str, rule: Rule, book: Rulebook, propose: Propose) -> list[Edit]:
    document = Document.from_text(text)
    return [p for p in propose(rule.stage, document, book) if isinstance(p, Edit)]


def _check_removes(rule: Rule, book: Rulebook, propose: Propose) -> Iterator[Failure]:
    for example in rule.removes:
        text = text_of(example)
        own = [edit for edit in _edits(text, rule, book, propose) if edit.rule == rule.id]
        gone = _lines(_GONE.findall(example))
        found = _lines(text[edit.start : edit.end] for edit in own)
        if gone and found != gone:
            message = f"removes {found}, should remove {gone}"
            yield Failure(rule.id, "removes", text, message)
        elif not own:
            yield Failure(rule.id, "removes", text, "removes nothing")


def _lines(parts: Iterable[str]) -> list[str]:
    """The lines of removed parts, sorted: several lines may go as one."""
    lines = (line.strip() for part in parts for line in part.split("\n"))
    return sorted(filter(None, lines))


def _check_keeps(rule: Rule, book: Rulebook, propose: Propose) -> Iterator[Failure]:
    for text in rule.keeps:
        for edit in _edits(text, rule, book, propose):
            if edit.rule == rule.id:
                message = f"removes {text[edit.start : edit.end]!r}"
                yield Failure(rule.id, "keeps", text, message)
                break
