"""The clocks of an inspection: filed before it begins, carried out by its last day, then concluded and fed back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import assert_never

from qianshao.kernel.calendar import Calendar
from qianshao.kernel.clock import Deadline, run, set_limit
from qianshao.kernel.declare import Look, Rules
from qianshao.kernel.hours import DAY, midnight
from qianshao.kernel.words import Words, say

from . import facts as f

KEY = "burden.inspection"
CONCLUDE = "burden.conclusion"
_LAW = "政府督查工作条例 第十五条"


@dataclass(frozen=True)
class Inspection:
    """An inspection as its facts leave it; ``since`` and ``until`` are its days as planned now."""

    planned: f.Planned
    since: date
    until: date
    filed: f.Filed | None = None
    moved: int = 0
    merged: f.Merged | None = None
    carried: f.CarriedOut | None = None
    concluded: f.Concluded | None = None
    cancelled: f.Cancelled | None = None

    @property
    def closed_at(self) -> datetime | None:
        """When nothing more was to be done."""
        last = self.concluded or self.merged or self.cancelled
        return last.at if last else None


def fold(facts: Iterable[f.AnyFact]) -> Inspection:
    """The inspection after these facts; the first is always ``Planned``."""
    stream = iter(facts)
    first = next(stream)
    assert isinstance(first, f.Planned)
    found = Inspection(first, first.since, first.until)
    for fact in stream:
        match fact:
            case f.Planned():
                found = Inspection(fact, fact.since, fact.until)
            case f.Filed():
                found = replace(found, filed=fact)
            case f.Moved():
                found = replace(found, since=fact.since, until=fact.until, moved=found.moved + 1)
            case f.Merged():
                found = replace(found, merged=fact)
            case f.CarriedOut():
                found = replace(found, carried=fact)
            case f.Concluded():
                found = replace(found, concluded=fact)
            case f.Cancelled():
                found = replace(found, cancelled=fact)
            case _:
                assert_never(fact)
    return found


def clock(found: Inspection, calendar: Calendar, rules: Rules) -> Deadline:
    """What is owed next: the filing before the first day, the visit by the last, the conclusion after it."""
    if found.carried is not None:
        stopped = found.concluded.at if found.concluded else None
        start = midnight(found.carried.until)
        return run(rules[CONCLUDE], calendar, max(start, found.planned.at), stopped_at=stopped)
    if found.filed is None:
        return set_limit(found.planned.at, midnight(found.since), say("开始之前须备案"), _LAW)
    return set_limit(found.planned.at, midnight(found.until) + DAY, say("计划的最后一日"), _LAW)


def look(found: Inspection) -> Look:
    """What lists show."""
    planned = found.planned
    return Look(
        phase=phase(found),
        opened_at=planned.at,
        closed_at=found.closed_at,
        title=planned.title,
        unit=planned.unit,
        topic=f.FORMS.get(planned.form, ""),
        marks=tuple(marks(found)),
    )


def phase(found: Inspection) -> str:
    """The station an inspection is at."""
    stations = (
        ("cancelled", found.cancelled),
        ("merged", found.merged),
        ("concluded", found.concluded),
        ("carried", found.carried),
        ("filed", found.filed),
    )
    return next((key for key, there in stations if there), "planned")


def marks(found: Inspection) -> Iterator[str]:
    """What figures count of an inspection."""
    if found.filed:
        yield "filed"
    if found.moved:
        yield "moved"
    if found.carried and found.carried.chief_met:
        yield "chief_met"
    if found.carried and (found.carried.since < found.since or found.carried.until > found.until):
        yield "longer"
    yield f"by_{found.planned.body}"


def overlap(one: Inspection, other: Inspection) -> bool:
    """Whether their days share at least one."""
    return one.since <= other.until and other.since <= one.until


def while_open(found: Inspection, fact: f.AnyFact, deadline: Deadline) -> Words | None:
    """Nothing more happens to what was concluded, merged or given up."""
    return say("检查已于{on}了结", on=found.closed_at.date()) if found.closed_at else None


def may_file(found: Inspection, fact: f.Filed, deadline: Deadline) -> Words | None:
    """Once, before it begins, and with days in order."""
    if refusal := while_open(found, fact, deadline):
        return refusal
    if found.filed:
        return say("已于{on}备案", on=found.filed.on)
    if found.until < found.since:
        return say("结束日期早于开始日期，请改期")
    if fact.on >= found.since and found.planned.form not in ("event", "lead"):
        return say("检查须在开始（{since}）之前备案（{law}）", since=found.since, law=_LAW)
    return None


def may_move(found: Inspection, fact: f.Moved, deadline: Deadline) -> Words | None:
    """Before it was carried out, within the year its budget was drawn in."""
    if found.carried:
        return say("检查已经进行，不能改期")
    if fact.until < fact.since:
        return say("结束日期早于开始日期")
    if fact.since.year != found.since.year:
        return say("不能改到另一年度，请取消后重新列入计划")
    return while_open(found, fact, deadline)


def may_merge(found: Inspection, fact: f.Merged, deadline: Deadline) -> Words | None:
    """Before it was carried out."""
    return while_open(found, fact, deadline) or (say("检查已经进行，不能并入") if found.carried else None)


def may_carry_out(found: Inspection, fact: f.CarriedOut, deadline: Deadline) -> Words | None:
    """Only what was filed, on days that have come."""
    if refusal := while_open(found, fact, deadline):
        return refusal
    if found.filed is None:
        return say("没有备案的检查不得进行（{law}）", law=_LAW)
    if found.carried:
        return say("检查已经登记")
    if fact.until < fact.since:
        return say("结束日期早于开始日期")
    return say("结束日期晚于登记之日") if fact.until > fact.on else None


def may_conclude(found: Inspection, fact: f.Concluded, deadline: Deadline) -> Words | None:
    """After the visit, fed back not before it."""
    if refusal := while_open(found, fact, deadline):
        return refusal
    if found.carried is None:
        return say("检查还没有进行")
    return say("反馈日期早于检查结束日期") if fact.delivered < found.carried.until else None


def may_cancel(found: Inspection, fact: f.Cancelled, deadline: Deadline) -> Words | None:
    """Before it was carried out."""
    return while_open(found, fact, deadline) or (say("检查已经进行，不能取消") if found.carried else None)
