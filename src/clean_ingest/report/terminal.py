"""What people read: what became of documents and runs, in sentences and tables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from clean_ingest.report.visible import quoted, table

if TYPE_CHECKING:
    from pathlib import Path

    from clean_ingest.core.ledger import Ledger
    from clean_ingest.core.pipeline import Outcome
    from clean_ingest.engine.local import RunSummary
    from clean_ingest.engine.plan import Plan
    from clean_ingest.engine.single import Explanation
    from clean_ingest.engine.stored import Found
    from clean_ingest.engine.verify import Damage
    from clean_ingest.rules.check import Failure
    from clean_ingest.rules.lint import Problem
    from clean_ingest.rules.model import Rule


def explanation(changes: Iterable[Explanation]) -> str:
    """Every change of a document, in order: source line, stage, rule, what went, why, evidence."""
    return "".join(map(_change, changes))


def headline(outcome: Outcome) -> str:
    """One or two lines on a document: what became of it, how much is left, its language."""
    document = outcome.document
    return _headline(
        document.source.name,
        told(outcome.outcome, outcome.stage, outcome.reason, outcome.detail),
        outcome.ledger,
        f"language {document.language}{_sure(document.language_confidence)}",
        document.flags,
    )


def stored_headline(found: Found) -> str:
    """The same for a document of a run, excluded ones too."""
    row, flags = found.row, ()
    if found.table == "documents":
        became = "kept"
        language = f"language {row['language']}{_sure(row['language_confidence'])}"
        flags = row["cleaning"]["flags"]
    else:
        became = told(row["outcome"], row["stage"], row["reason"], row["detail"])
        language = ""
    record = f"#{row['source']['record']}" if row["source"]["record"] else ""
    return _headline(row["source"]["name"] + record, became, found.ledger, language, flags)


def told(outcome: str, stage: str, reason: str, detail: str) -> str:
    """An outcome in words: who left the document out, and why."""
    if not reason:
        return outcome
    return f"{outcome} by {stage}: {reason}" + (f" ({detail})" if detail else "")


def damage(found: Sequence[Damage], out: str) -> str:
    """What `verify` found, a line each; one line where all is well."""
    if not found:
        return f"{out} is sound: every hash and count is right, every document was rebuilt\n"
    return table([(item.code, item.where, item.detail) for item in found])


def stats(figures: Mapping[str, Any]) -> str:
    """The figures of a run as tables: outcomes, languages, flags, stages, rules."""
    counts, characters = figures["counts"], figures["characters"]
    source, left = characters.get("source_chars", 0), characters.get("text_chars", 0)
    share = f" ({100 * left / source:.1f} %)" if source else ""
    reasons = [
        (outcome, reason, f"{number:,}")
        for outcome, numbers in sorted(counts["reasons"].items())
        for reason, number in sorted(numbers.items())
    ]
    parts = [
        f"{counts['read']:,} read: {counts['kept']:,} kept, {counts['dropped']:,} dropped, "
        f"{counts['quarantined']:,} quarantined\n",
        table(reasons, indent="  "),
        f"{left:,} of {source:,} code points of the kept documents are left{share}\n",
        _counted("languages", figures["languages"]),
        _counted("flags", figures["flags"]),
    ]
    for name in ("stages", "rules"):
        head = (name, "edits", "documents", "removed", "rewritten")
        rows = [head, *(_figures(row, row[name.removesuffix("s")]) for row in figures[name])]
        parts.append("\n" + table(rows) if figures[name] else "")
    return "".join(parts)


def _figures(row: Mapping[str, Any], name: str) -> tuple[str, ...]:
    numbers = ("edits", "documents", "characters_removed", "characters_rewritten")
    return (name, *(f"{row[number]:,}" for number in numbers))


def _counted(name: str, counts: Mapping[str, int]) -> str:
    listed = ", ".join(f"{key} {number:,}" for key, number in counts.items())
    return f"{name}: {listed}\n" if counts else ""


def _headline(
    name: str, became: str, ledger: Ledger | None, language: str, flags: Sequence[str]
) -> str:
    much = "never decoded"
    if ledger is not None:
        left, source = len(ledger.text), len(ledger.source)
        edits = count(len(ledger.rows()), "edit")
        much = f"{left:,} of {source:,} code points left, {edits}"
    line = "; ".join(filter(None, (f"{name}: {became}", much, language)))
    return f"{line}\n" + (f"flags: {', '.join(flags)}\n" if flags else "")


def _sure(confidence: float | None) -> str:
    return "" if confidence is None else f" ({confidence:.2f})"


def plan(planned: Plan, out: Path) -> str:
    """What a run would do: how much it would read, and which inputs each shard has."""
    from clean_ingest.engine.plan import called

    lines = [
        f"would read {count(planned.inputs, 'input')} ({planned.size:,} bytes) "
        f"in {count(len(planned.shards), 'shard')} into {out}{_hidden(planned.hidden)}\n"
    ]
    for shard in planned.shards:
        first, last = called(shard.inputs[0]), called(shard.inputs[-1])
        names = first if len(shard.inputs) == 1 else f"{first} … {last}"
        many = count(len(shard.inputs), "input")
        lines.append(f"  shard {shard.ordinal}: {many}, {shard.size:,} bytes: {names}\n")
    return "".join(lines)


def summary(done: RunSummary) -> str:
    """What a run did: the counts, why documents were left out, where it is, what to do next."""
    reasons = [
        ("", outcome, reason, f"{number:,}")
        for outcome, numbers in sorted(done.reasons.items())
        for reason, number in sorted(numbers.items())
    ]
    return (
        f"read {count(done.read, 'document')} from {count(done.inputs, 'input')}: "
        f"{done.kept:,} kept, {done.dropped:,} dropped, {done.quarantined:,} quarantined"
        f"{_hidden(done.hidden)}\n"
        f"{table(reasons)}"
        f"made {count(done.edits, 'edit')} in {done.seconds:,.1f} s; the run is in {done.out}\n"
        f"next: clean-ingest stats {done.out}\n"
    )


def rule(shown: Rule) -> str:
    """One rule, every field that it has; examples and phrases are one a line."""
    scalars = ("why", "kind", "strength", "where", "then", "longest", "least", "since", "source")
    rows = [(name, str(getattr(shown, name))) for name in scalars if getattr(shown, name)]
    parts = [f"{shown.id}\n", table([*rows, ("file", f"rulebook/{shown.file}")], indent="  ")]
    for name in ("phrases", "words", "starts", "ends", "contains", "patterns", "removes", "keeps"):
        if texts := getattr(shown, name):
            parts.append(f"  {name}\n" + "".join(f"    {quoted(text)}\n" for text in texts))
    return "".join(parts)


def faults(found: Sequence[Problem], rules: int) -> str:
    """What `rules lint` found, a line each; one line where all is well."""
    if not found:
        return f"{count(rules, 'rule')}, no faults\n"
    return "".join(f"{f.file}: {f.rule}: {f.key}: {f.message}\n" for f in found)


def failures(found: Sequence[Failure], rules: Iterable[Rule]) -> str:
    """Which examples `rules test` found not to hold, a line each; one line where all do."""
    if not found:
        rules = list(rules)
        examples = sum(len(rule.removes) + len(rule.keeps) for rule in rules)
        return f"{count(len(rules), 'rule')}, {count(examples, 'example')}, all of them hold\n"
    return "".join(f"{f.rule}: {f.key} {quoted(f.example)}: {f.message}\n" for f in found)


def count(number: int, noun: str) -> str:
    """`1 input`, `2,000 inputs`."""
    return f"{number:,} {noun}" + ("" if number == 1 else "s")


def _hidden(number: int) -> str:
    return f"; passed over {number:,} hidden files or folders" if number else ""


def _change(change: Explanation) -> str:
    row = change.row
    if not row.before:
        what = f"inserted  {quoted(row.after)}"
    elif not row.after:
        what = f"removed   {quoted(row.before)}"
    else:
        what = f"rewrote   {quoted(row.before)}\n  as        {quoted(row.after)}"
    place = f"line {change.line:,}, {row.start}-{row.end}"
    lines = ["", f"{place}  {row.stage}  {row.rule}", f"  {what}"]
    if change.why:
        lines.append(f"  why       {change.why}")
    if row.evidence:
        lines.append(f"  evidence  {row.evidence}")
    lines += [f"  before    {cause.stage}  {cause.rule}" for cause in row.earlier]
    return "\n".join(lines) + "\n"
