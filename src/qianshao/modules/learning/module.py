"""中心组学习: at least one session each month, declared whole in one file."""

from collections.abc import Iterable
from dataclasses import dataclass

from qianshao.kernel.calendar import Calendar
from qianshao.kernel.clock import Deadline, Each, Every, Period, run
from qianshao.kernel.declare import Act, Fact, Kind, Look, Module, Phase, Recurrence, Role, Rules

from qianshao.kernel.declare import number, text, unit  # isort: skip
from qianshao.kernel.words import Words, say

MONTHLY = "learning.monthly"
HOLDERS = ("office", "bureau", "county")


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
    first, *rest = facts
    assert isinstance(first, Planned)
    return Session(first, next((fact for fact in rest if isinstance(fact, Held)), None))


def clock(session: Session, calendar: Calendar, rules: Rules) -> Deadline:
    """The last moment of the month (LRN-01; the office holds itself to one a month)."""
    stopped = session.held.at if session.held else None
    return run(rules[MONTHLY], calendar, session.planned.at, stopped_at=stopped)


def look(session: Session) -> Look:
    """What lists show."""
    held, planned = session.held, session.planned
    return Look(
        phase="held" if held else "planned",
        opened_at=planned.at,
        closed_at=held.at if held else None,
        title=f"{planned.month} {held.topic if held else ''}".strip(),
        unit=planned.unit,
    )


def may_hold(session: Session, fact: Held, deadline: Deadline) -> Words | None:
    """One record a month; a second session is its own affair."""
    return say("本月学习已经登记") if session.held else None


def opens(unit_code: str, unit_kind: str, period: Period) -> Planned:
    """The fact that opens a unit's month."""
    return Planned(at=period.start, unit=unit_code, month=f"{period.start:%Y-%m}")


SESSION = Kind(
    key="learning.session", title="中心组学习",
    law="中国共产党党委（党组）理论学习中心组学习规则；每月一次为本办自定",
    fold=fold, clock=clock, look=look, rules=(MONTHLY,), reads="learning.read", prefix="XX", searched=("topic",),
    phases=(Phase("planned", "待开展"), Phase("held", "已开展", open=False)),
    acts=(
        Act(Planned, "列入计划", who="learning.plan", opens=True, evidence="none"),
        Act(Held, "登记学习", who="learning.hold", allow=may_hold),
    ),
    recurs=Recurrence(Each(Every.MONTH), HOLDERS, opens),
)  # fmt: skip
CLERK = Role("learning.clerk", "学习秘书", frozenset({"learning.read", "learning.hold"}))
MODULE = Module(key="learning", title="学习", kinds=(SESSION,), roles=(CLERK,))
