"""What an import would do, without doing any of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from qianshao.core.duties import calendars, rulebook, stream
from qianshao.core.imports.runs import Fault, Reading
from qianshao.kernel.clock import Deadline
from qianshao.kernel.declare import Fact
from qianshao.kernel.rulebook import RuleText
from qianshao.kit.sheets.model import Row, Sheet

from .making import Parsed
from .running import batches, differences, maker, outcome_of, recorded
from .spec import ImportSpec

SHOWN = 10


@dataclass(frozen=True, slots=True)
class First:
    """One of the first rows as it would stand."""

    row: int
    outcome: str
    facts: tuple[Fact, ...]
    deadline: Deadline
    rule: RuleText


@dataclass(slots=True)
class Preview:
    """``counts`` by outcome; ``whole`` is false when only the first rows were looked at."""

    rows: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    first: list[First] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    changed: list[tuple[int, str]] = field(default_factory=list)
    rules: dict[str, tuple[RuleText, int]] = field(default_factory=dict)
    whole: bool = True


def preview(
    spec: ImportSpec, sheet: Sheet, reading: Reading, now: datetime, *, most: int = 0, listed: int = 50
) -> Preview:
    """Look at every row (at the first ``most`` when given); nothing is written anywhere.

    At most ``listed`` faults and changed rows are kept by name, all are counted.
    """
    found = Preview()
    seen: dict[str, Parsed] = {}
    rows = sheet.read()
    for batch in batches(_limited(rows, most, found), maker(spec, sheet, reading), now):
        found.rows += len(batch.parsed) + len(batch.faults)
        found.counts["faulty"] += len(batch.faults)
        found.faults.extend(batch.faults[: listed - len(found.faults)])
        there = {item.key: item for item in stream.load({item.stream for item in batch.parsed}, lock=False)}
        for item in batch.parsed:
            outcome = _outcome(item, there.get(item.stream), seen.get(item.stream))
            seen.setdefault(item.stream, item) if most else None
            found.counts[outcome] += 1
            if outcome == "changed" and len(found.changed) < listed:
                found.changed.append((item.row, differences(item) if item.stream in there else ""))
            _dated(found, spec, item, outcome)
    return found


def _limited(rows: Iterator[Row], most: int, found: Preview) -> Iterator[Row]:
    for number, row in enumerate(rows):
        if most and number >= most:
            found.whole = False
            return
        yield row


def _outcome(item: Parsed, there: stream.Stream | None, earlier: Parsed | None) -> str:
    if there is None:
        return "new"
    before = [recorded(there, delivery) for delivery in item.deliveries]
    pairs = zip(before, item.deliveries, strict=True)
    if any(old is not None and old != delivery.fact for old, delivery in pairs):
        return "changed"
    return outcome_of([old is not None for old in before])


def _dated(found: Preview, spec: ImportSpec, item: Parsed, outcome: str) -> None:
    opening = item.deliveries[0].fact
    book = rulebook.book()
    name = book.names(spec.kind.rules, opening.on)
    rule = book.text(name.split()[0])
    found.rules[name] = (rule, found.rules.get(name, (rule, 0))[1] + 1)
    if len(found.first) < SHOWN:
        facts = tuple(delivery.fact for delivery in item.deliveries)
        deadline = spec.kind.clock(spec.kind.fold(facts), calendars.current(), book.pinned(name))
        found.first.append(First(item.row, outcome, facts, deadline, rule))
