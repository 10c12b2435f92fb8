"""The declaration of a decision about which orders are one matter; it is done as soon as it is made."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from qianshao.kernel.calendar import Calendar
from qianshao.kernel.clock import Deadline
from qianshao.kernel.declare import Act, Kind, Look, Phase, Rules, codes
from qianshao.kernel.words import Words, say

from . import facts as f

KEY = "hotline.sameness"
ANALYSE = "hotline.analyse"
_TITLES = {"Confirmed": "确认同一诉求", "Merged": "合并诉求组", "Split": "拆分诉求组"}
_PHASES = {"Confirmed": "confirmed", "Merged": "merged", "Split": "split"}


@dataclass(frozen=True)
class Sameness:
    """A decision, and when it was undone."""

    decided: f.Decision
    undone_at: datetime | None = None


def fold(facts: Iterable[f.AnyFact]) -> Sameness:
    """The decision after these facts; the first is always one."""
    first, *rest = facts
    assert not isinstance(first, f.Undone)
    found = Sameness(first)
    for fact in rest:
        found = replace(found, undone_at=fact.at) if isinstance(fact, f.Undone) else Sameness(fact)
    return found


def clock(found: Sameness, calendar: Calendar, rules: Rules) -> Deadline:
    """Nobody owes anything."""
    return Deadline(None)


def look(found: Sameness) -> Look:
    """What lists show."""
    name = type(found.decided).__name__
    n = len(codes(found.decided.orders)) + len(codes(getattr(found.decided, "others", "")))
    return Look(
        phase="undone" if found.undone_at else _PHASES[name],
        opened_at=found.decided.at,
        closed_at=found.decided.at,
        title=f"{_TITLES[name]}（{n}件）",
    )


def may_undo(found: Sameness, fact: f.Undone, deadline: Deadline) -> Words | None:
    """Once."""
    return say("已于{on}撤销", on=found.undone_at.date()) if found.undone_at else None


SAMENESS = Kind(
    key=KEY,
    title="同一诉求认定",
    law="国办函〔2025〕66号：重复诉求合并办理",
    fold=fold,
    clock=clock,
    look=look,
    phases=(
        Phase("confirmed", "已确认", open=False),
        Phase("merged", "已合并", open=False),
        Phase("split", "已拆分", open=False),
        Phase("undone", "已撤销", open=False),
    ),
    acts=(
        Act(f.Confirmed, "确认同一诉求", who=ANALYSE, opens=True, evidence="none"),
        Act(f.Merged, "合并诉求组", who=ANALYSE, opens=True, evidence="none"),
        Act(f.Split, "拆分诉求组", who=ANALYSE, opens=True, evidence="none"),
        Act(f.Undone, "撤销认定", who=ANALYSE, allow=may_undo, evidence="none"),
    ),
    rules=(),
    reads="hotline.read",
    prefix="TY",
)
