"""From facts to how a duty stands: the pure middle of the door, of rebuild and of "as of"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import is_
from typing import Any

from qianshao.kernel.calendar import Calendar
from qianshao.kernel.clock import Deadline
from qianshao.kernel.declare import SHARED_FACTS, Fact, Kind, Look, Rules, Voided


@dataclass(frozen=True, slots=True)
class Numbered:
    """A fact with its number in the stream."""

    sseq: int
    fact: Fact


@dataclass(frozen=True, slots=True)
class Standing:
    """How a duty stands from ``since`` until the next: state, dates, the first miss so far, the next step's end."""

    since: datetime
    state: Any
    look: Look
    deadline: Deadline
    open: bool
    paused: bool
    missed_at: datetime | None
    step_at: datetime | None


def counted(facts: Sequence[Numbered]) -> list[Fact]:
    """The facts that make the state: voided ones and those all kinds share are left out, order kept."""
    voided = {item.fact.entry for item in facts if isinstance(item.fact, Voided)}
    return [
        item.fact for item in facts if item.sseq not in voided and not isinstance(item.fact, SHARED_FACTS)
    ]


@dataclass(frozen=True, slots=True)
class Told:
    """The standings some facts left under these rules and this calendar: what a further fact is told after."""

    facts: Sequence[Fact]
    calendar: Calendar
    rules: Rules
    standings: list[Standing]

    def before(self, facts: Sequence[Fact], calendar: Calendar, rules: Rules) -> list[Standing]:
        """Those of the standings that hold for ``facts`` too: each from before anything that came in since."""
        n = len(self.facts)
        if self.rules is not rules or self.calendar is not calendar or not all(map(is_, self.facts, facts)):
            return []
        if len(facts) <= n:
            return self.standings if len(facts) == n else []
        since = min(fact.at for fact in facts[n:])
        return [standing for standing in self.standings if standing.since < since]


def standings(
    kind: Kind, facts: Sequence[Fact], calendar: Calendar, rules: Rules, told: Told | None = None
) -> list[Standing]:
    """Every standing of a duty in order of the moments facts happened; the last one is how it stands.

    A fact recorded late counts from when it happened, so a past day reads as it really was. A limit that
    was missed before somebody moved it stays missed (design: late stays late). What was ``told`` before of some
    of these facts is not worked out again.
    """
    moments = sorted({fact.at for fact in facts})
    opening = facts[0].at
    found = list(told.before(facts, calendar, rules)) if told else []
    missed = found[-1].missed_at if found else None
    reached = found[-1].since if found else None
    for number, moment in enumerate(moments):
        if moment < opening or (reached is not None and moment <= reached):
            continue
        known = facts if number == len(moments) - 1 else [fact for fact in facts if fact.at <= moment]
        state = kind.fold(known)
        look = kind.look(state)
        deadline = kind.clock(state, calendar, rules)
        phase = kind.phase(look.phase)
        if found and missed is None:
            last = found[-1]
            if last.open and last.deadline.until is not None and last.deadline.until <= moment:
                missed = last.deadline.until
        found.append(
            Standing(
                since=moment,
                state=state,
                look=look,
                deadline=deadline,
                open=phase.open,
                paused=phase.paused,
                missed_at=missed,
                step_at=_step(kind, state, calendar, rules),
            )
        )
    return found


def _step(kind: Kind, state: Any, calendar: Calendar, rules: Rules) -> datetime | None:
    """When the first of the clocks beside the duty's own runs out."""
    clocks = kind.beside(state, calendar, rules) if kind.beside else ()
    return min((clock.until for clock in clocks if clock.until is not None), default=None)
