"""中心组学习: at least one session each month, declared whole in one file."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from qianshao.kernel.calendar import Calendar
from qianshao.kernel.clock import Deadline, Each, Every, Period, run
from qianshao.kernel.declare import Act, Fact, Kind, Look, Module, Phase, Recurrence, Role, Rules, number, text, unit
from qianshao.kernel.words import Words, say

MONTHLY = "learning.monthly"


@dataclass(frozen=True, kw_only=True)
class Planned(Fact):
    """A month began in which the unit owes a session."""

    unit: str = unit("责任单位")
    month: str = text("月份", maximum=7)


@dataclass(frozen=True, kw_only=True)
class Held(Fact):
    """The session took place; minutes are the evidence, attendance is a count and never a score (BUR-14)."""

    topic: str = text("学习专题")
    present: int = number("到会人数", maximum=10_000)


@dataclass(frozen=True)
class Session:
    """A month's session, held or not yet."""

    planned: Planned
    held: Held | None = None


def fold(facts: Iterable[Planned | Held]) -> Session:
    """The session after these facts; the first is always ``Planned``."""
    stream = iter(facts)
    first = next(stream)
    assert isinstance(first, Planned)
    session = Session(first)
    for fact in stream:
        if isinstance(fact, Held):
            session = replace(session, held=fact)
    return session


def clock(session: Session, calendar: Calendar, rules: Rules) -> Deadline:
    """The last moment of the month (LRN-01; the office holds itself to one a month)."""
    return run(rules[MONTHLY], calendar, session.planned.at, stopped_at=session.held.at if session.held else None)


def look(session: Session) -> Look:
    """What lists show."""
    held_at: datetime | None = session.held.at if session.held else None
    topic = session.held.topic if session.held else ""
    return Look(
        phase="held" if held_at else "planned",
        opened_at=session.planned.at,
        closed_at=held_at,
        title=f"{session.planned.month} {topic}".strip(),
        unit=session.planned.unit,
    )


def may_hold(session: Session, fact: Held, deadline: Deadline) -> Words | None:
    """One record a month; a second session is its own affair."""
    return say("本月学习已经登记") if session.held else None


def opens(unit_code: str, period: Period) -> Planned:
    """The fact that opens a unit's month."""
    return Planned(at=period.start, unit=unit_code, month=f"{period.start:%Y-%m}")


SESSION = Kind(
    key="learning.session",
    title="中心组学习",
    law="中国共产党党委（党组）理论学习中心组学习规则；每月一次为本办自定",
    fold=fold,
    clock=clock,
    look=look,
    phases=(Phase("planned", "待开展"), Phase("held", "已开展", open=False)),
    acts=(
        Act(Planned, "列入计划", who="learning.plan", opens=True, evidence="none"),
        Act(Held, "登记学习", who="learning.hold", allow=may_hold),
    ),
    rules=(MONTHLY,),
    reads="learning.read",
    prefix="XX",
    searched=("topic",),
    recurs=Recurrence(Each(Every.MONTH), ("office", "bureau", "county"), opens),
)
ROLES = (Role("learning.clerk", "学习秘书", frozenset({"learning.read", "learning.hold"})),)
MODULE = Module(key="learning", title="学习", kinds=(SESSION,), roles=ROLES)
