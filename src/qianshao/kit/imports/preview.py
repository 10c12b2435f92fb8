"""What an import would do, without doing any of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.translation import gettext as _

from qianshao.core.duties import calendars, rulebook, stream
from qianshao.core.duties.standing import counted
from qianshao.core.imports.runs import Fault, Reading
from qianshao.kernel.clock import Deadline
from qianshao.kernel.declare import Fact
from qianshao.kernel.rulebook import RuleText
from qianshao.kernel.words import Words
from qianshao.kit.sheets.model import Row, Sheet

from .dating import dated
from .faults import Summary
from .making import Parsed
from .running import NO_LAW, SEE_DUTY, batches, differences, maker, outcome_of, recorded
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
    """``counts`` by outcome; ``whole`` is false when only the first rows were looked at.

    ``faults`` are the first of them, ``alike`` all of them by what is wrong.
    ``rules`` are the editions in force and for how many rows.
    """

    rows: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    first: list[First] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    alike: Summary = field(default_factory=Summary)
    changed: list[tuple[int, str]] = field(default_factory=list)
    rules: Counter[RuleText] = field(default_factory=Counter)
    whole: bool = True


def preview(
    spec: ImportSpec, sheet: Sheet, reading: Reading, now: datetime, *, most: int = 0, listed: int = 50
) -> Preview:
    """Look at every row (at the first ``most`` when given); nothing is written anywhere.

    At most ``listed`` faults and changed rows are kept by name, all are counted. Memory: some 300 bytes a
    row, to notice a number that stands twice in the file.
    """
    return _Look(spec, listed).at(sheet, reading, now, most)


class _Look:
    def __init__(self, spec: ImportSpec, listed: int) -> None:
        self.spec = spec
        self.listed = listed
        self.found = Preview()
        self.book = rulebook.book()
        self.calendar = calendars.current()
        self._seen: dict[str, tuple[int, tuple[int, ...]]] = {}

    def at(self, sheet: Sheet, reading: Reading, now: datetime, most: int) -> Preview:
        rows = self._first(sheet.read(), most)
        for batch in batches(rows, maker(self.spec, sheet, reading), now):
            self.found.rows += len(batch.parsed) + len(batch.faults)
            there = {
                item.key: item for item in stream.load({item.stream for item in batch.parsed}, lock=False)
            }
            faults = list(batch.faults)
            for item in batch.parsed:
                fault = self._row(item, there.get(item.stream))
                if fault is not None:
                    faults.append(fault)
            self.found.counts["faulty"] += len(faults)
            faults.sort(key=lambda fault: fault.row)
            for fault in faults:
                self.found.alike.add(fault)
            self.found.faults.extend(faults[: self.listed - len(self.found.faults)])
        return self.found

    def _first(self, rows: Iterator[Row], most: int) -> Iterator[Row]:
        for number, row in enumerate(rows):
            if most and number >= most:
                self.found.whole = False
                return
            yield row

    def _row(self, item: Parsed, there: stream.Stream | None) -> Fault | None:
        """Count a row; the fault when the door would refuse it."""
        found = dated(self.spec.kind, item, self.book, self.calendar)
        if isinstance(found, Words):
            return Fault(item.row, found, NO_LAW)
        refusal = self._refusal(item, there) if there else None
        if refusal is not None:
            return Fault(item.row, refusal, SEE_DUTY)
        outcome, earlier = self._outcome(item, there)
        self.found.counts[outcome] += 1
        self.found.rules[found.rule] += 1
        if outcome == "changed" and len(self.found.changed) < self.listed:
            self.found.changed.append((item.row, earlier or differences(item)))
        if len(self.found.first) < SHOWN:
            facts = tuple(delivery.fact for delivery in item.deliveries)
            self.found.first.append(First(item.row, outcome, facts, found.deadline, found.rule))
        return None

    def _outcome(self, item: Parsed, there: stream.Stream | None) -> tuple[str, str]:
        """As the door would answer, after the rows of this file that came before; and which of them it was."""
        hashes = tuple(hash(delivery.fact) for delivery in item.deliveries)
        first, earlier = self._seen.get(item.stream, (0, None))
        if there is not None and earlier is None:
            before = [recorded(there, delivery) for delivery in item.deliveries]
            earlier = tuple(hash(fact) for fact in before if fact is not None)
        known = earlier or ()
        self._seen[item.stream] = (first or item.row, known + hashes[len(known) :])
        if earlier is None:
            return "new", ""
        if any(old != new for old, new in zip(earlier, hashes, strict=False)):
            same = _("编号与第 {row} 行相同，内容不同").format(row=first) if there is None else ""
            return "changed", same
        return outcome_of([place < len(earlier) for place in range(len(hashes))]), ""

    def _refusal(self, item: Parsed, there: stream.Stream) -> Words | None:
        """What the kind's rules say to a fact this import has not recorded yet."""
        kind = self.spec.kind
        for delivery in item.deliveries[1:]:
            act = kind.act(type(delivery.fact).__name__)
            if act.allow is None or recorded(there, delivery) is not None:
                continue
            state = kind.fold(counted(there.facts))
            deadline = kind.clock(state, self.calendar, self.book.pinned(there.rule, kind.rules))
            words = act.allow(state, delivery.fact, deadline)
            if words is not None:
                return words
        return None
