"""The clock of guide and catalogue: the law says in time (及时), the city says in how many days."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import assert_never

from qianshao.kernel.calendar import Calendar
from qianshao.kernel.clock import Deadline, run
from qianshao.kernel.declare import Look, Rules
from qianshao.kernel.words import Words, say

from .. import flags
from . import facts as f

UPKEEP = "openness.upkeep"


@dataclass(frozen=True)
class Upkeep:
    """One piece of upkeep, done or not yet."""

    outdated: f.Outdated
    updated: f.Updated | None = None


def fold(facts: Iterable[f.AnyFact]) -> Upkeep:
    """The upkeep after these facts; the first is always ``Outdated``."""
    stream = iter(facts)
    first = next(stream)
    assert isinstance(first, f.Outdated)
    upkeep = Upkeep(first)
    for fact in stream:
        match fact:
            case f.Outdated():
                upkeep = replace(upkeep, outdated=fact)
            case f.Updated():
                upkeep = replace(upkeep, updated=fact)
            case _:
                assert_never(fact)
    return upkeep


def clock(upkeep: Upkeep, calendar: Calendar, rules: Rules) -> Deadline:
    """When the guide or the catalogue must say it right (PRO-2; the number is the city's own)."""
    rule, updated = rules[UPKEEP], upkeep.updated
    deadline = run(rule, calendar, upkeep.outdated.at, stopped_at=updated.at if updated else None)
    limit = deadline.last_day
    if updated is None or limit is None or updated.on <= limit:
        return deadline
    late = flags.late_upkeep(limit, updated.on, str(rule.citation))
    return replace(deadline, flags=(*deadline.flags, late))


def look(upkeep: Upkeep) -> Look:
    """What lists show."""
    outdated, updated = upkeep.outdated, upkeep.updated
    return Look(
        phase="updated" if updated else "outdated",
        opened_at=outdated.at,
        closed_at=updated.at if updated else None,
        title=outdated.what,
        unit=outdated.unit,
        topic=f.PARTS.get(outdated.part, ""),
    )


def may_update(upkeep: Upkeep, fact: f.Updated, deadline: Deadline) -> Words | None:
    """Once; what changes again is upkeep of its own."""
    return say("已于{on}更新", on=upkeep.updated.on) if upkeep.updated else None
