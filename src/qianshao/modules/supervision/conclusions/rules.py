"""The two clocks of article 17: thirty days to contest a conclusion, thirty to decide; both in calendar days."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import assert_never

from qianshao.kernel.calendar import Calendar
from qianshao.kernel.clock import Deadline, SecondClock, last_day, run
from qianshao.kernel.declare import Look, Rules
from qianshao.kernel.words import Words, say

from . import facts as f

DELIVER, CONTEST, DECIDE = (
    "supervision.conclusion-delivery",
    "supervision.conclusion-review",
    "supervision.conclusion-decision",
)


@dataclass(frozen=True)
class Conclusion:
    """A conclusion as its facts leave it."""

    made: f.Made
    delivered: f.Delivered | None = None
    asked: f.ReviewAsked | None = None
    decided: f.ReviewDecided | None = None
    final: f.BecameFinal | None = None

    @property
    def closed_at(self) -> datetime | None:
        """When it could no longer change."""
        last = self.decided or self.final
        return last.at if last else None


def fold(facts: Iterable[f.AnyFact]) -> Conclusion:
    """The conclusion after these facts; the first is always ``Made``."""
    stream = iter(facts)
    first = next(stream)
    assert isinstance(first, f.Made)
    found = Conclusion(first)
    for fact in stream:
        match fact:
            case f.Made():
                found = Conclusion(fact)
            case f.Delivered():
                found = replace(found, delivered=fact)
            case f.ReviewAsked():
                found = replace(found, asked=fact)
            case f.ReviewDecided():
                found = replace(found, decided=fact)
            case f.BecameFinal():
                found = replace(found, final=fact)
            case _:
                assert_never(fact)
    return found


def clock(found: Conclusion, calendar: Calendar, rules: Rules) -> Deadline:
    """Delivery is owed first; then the unit has its time, and a review that was asked for is owed."""
    if found.delivered is None:
        return run(rules[DELIVER], calendar, found.made.at)
    if found.asked is not None:
        stopped = found.decided.at if found.decided else None
        return run(rules[DECIDE], calendar, found.asked.at, stopped_at=stopped)
    delivery = run(rules[DELIVER], calendar, found.made.at, stopped_at=found.delivered.at)
    if found.final is not None:
        return delivery
    until = run(rules[CONTEST], calendar, found.delivered.at).until
    waiting = SecondClock(say("申请复核期限"), until)
    return replace(delivery, until=None, amber_at=None, provisional=False, waiting=waiting)


def silence(found: Conclusion, calendar: Calendar, rules: Rules) -> f.BecameFinal | None:
    """A conclusion nobody contested in time is final."""
    waiting = clock(found, calendar, rules).waiting
    return f.BecameFinal(at=waiting.until) if waiting and waiting.until else None


def look(found: Conclusion) -> Look:
    """What lists show."""
    stations = (
        (found.decided.outcome if found.decided else "", found.decided),
        ("final", found.final),
        ("reviewing", found.asked),
        ("delivered", found.delivered),
    )
    return Look(
        phase=next((key for key, there in stations if there), "made"),
        opened_at=found.made.at,
        closed_at=found.closed_at,
        title=found.made.title,
        unit=found.made.unit,
        marks=("contested",) if found.asked else (),
    )


def _while_open(found: Conclusion) -> Words | None:
    return say("督查结论已于{on}确定", on=found.closed_at.date()) if found.closed_at else None


def may_deliver(found: Conclusion, fact: f.Delivered, deadline: Deadline) -> Words | None:
    """Once."""
    return say("已于{on}送达", on=found.delivered.on) if found.delivered else None


def may_ask(found: Conclusion, fact: f.ReviewAsked, deadline: Deadline) -> Words | None:
    """Within thirty days of receipt, once."""
    if found.asked:
        return say("已于{on}申请复核", on=found.asked.on)
    if found.delivered is None:
        return say("督查结论还没有送达")
    until = deadline.waiting.until if deadline.waiting else None
    if until is not None and fact.at >= until:
        return say("申请复核的期限（至{limit}）已过（政府督查工作条例 第十七条）", limit=last_day(until))
    return _while_open(found)


def may_decide(found: Conclusion, fact: f.ReviewDecided, deadline: Deadline) -> Words | None:
    """What was contested, once."""
    return _while_open(found) or (None if found.asked else say("没有等待复核的异议"))


def may_become_final(found: Conclusion, fact: f.BecameFinal, deadline: Deadline) -> Words | None:
    """Not while it may still be contested, or is."""
    if found.delivered is None or found.asked:
        return _while_open(found) or say("督查结论还没有送达，或者正在复核")
    until = deadline.waiting.until if deadline.waiting else None
    if until is not None and fact.at < until:
        return say("申请复核的期限（至{limit}）未满", limit=last_day(until))
    return _while_open(found)
