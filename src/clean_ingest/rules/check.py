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

Read = Callable[[Rule, str], Document]
"""Makes the document of an example: of a rule for pages the rendered page
(`clean_ingest.intake.example.read`), else the text as it stands."""

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


def plain(_rule: Rule, example: str) -> Document:
    """The text of an example as a document; enough for rules that know no pages."""
    return Document.from_text(example)


def check(book: Rulebook, propose: Propose, read: Read = plain) -> list[Failure]:
    """Run every example of every rule, by rule id; empty where all of them hold."""
    proofs = (_Proof(rule, book, propose, read) for _, rule in sorted(book.rules.items()))
    return [f for proof in proofs for f in (*_check_removes(proof), *_check_keeps(proof))]


def redundant(book: Rulebook, propose: Propose, read: Read = plain) -> list[str]:
    """Rules without which none of their own `removes` would come out any different.

    Each is left out of the rulebook in turn, and what its stage still charges to it is
    not applied, for a stage that is an algorithm does not ask the rulebook.
    """
    proofs = (_Proof(rule, book, propose, read) for _, rule in sorted(book.rules.items()))
    return [proof.rule.id for proof in proofs if _is_redundant(proof)]


class _Proof(NamedTuple):
    rule: Rule
    book: Rulebook
    propose: Propose
    read: Read

    def edits(self, document: Document) -> list[Edit]:
        proposals = self.propose(self.rule.stage, document, self.book)
        return [p for p in proposals if isinstance(p, Edit)]


def _is_redundant(proof: _Proof) -> bool:
    rule = proof.rule
    without_rule = proof._replace(book=proof.book.without(rule.id))
    for example in rule.removes:
        document = proof.read(rule, text_of(example))
        less = [edit for edit in without_rule.edits(document) if edit.rule != rule.id]
        if _apply(document, rule, proof.edits(document)) != _apply(document, rule, less):
            return False
    return True


def _apply(document: Document, rule: Rule, edits: Iterable[Edit]) -> str:
    return Ledger.of(document.text).apply(sorted(edits), rule.stage).text


def _check_removes(proof: _Proof) -> Iterator[Failure]:
    rule = proof.rule
    for example in rule.removes:
        text = text_of(example)
        document = proof.read(rule, text)
        own = [edit for edit in proof.edits(document) if edit.rule == rule.id]
        gone = _lines(_GONE.findall(example))
        found = _lines(document.text[edit.start : edit.end] for edit in own)
        if gone and found != gone:
            message = f"removes {found}, should remove {gone}"
            yield Failure(rule.id, "removes", text, message)
        elif not own:
            yield Failure(rule.id, "removes", text, "removes nothing")


def _lines(parts: Iterable[str]) -> list[str]:
    """The lines of removed parts, sorted: several lines may go as one."""
    lines = (line.strip() for part in parts for line in part.split("\n"))
    return sorted(filter(None, lines))


def _check_keeps(proof: _Proof) -> Iterator[Failure]:
    rule = proof.rule
    for text in rule.keeps:
        document = proof.read(rule, text)
        for edit in proof.edits(document):
            if edit.rule == rule.id:
                message = f"removes {document.text[edit.start : edit.end]!r}"
                yield Failure(rule.id, "keeps", text, message)
                break
