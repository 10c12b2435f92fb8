"""The plan of a round's visits, as it follows from the sealed seed and the fixed lists; nothing else goes in.

Once the seed is shown, everybody repeats it: draws are named ``round/unit/stratum``, the match ``round``, the lot of the
days ``round/day``.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil

from qianshao.kernel.calendar import Calendar
from qianshao.kernel.hours import DAY
from qianshao.kernel.sampling import Candidate, draw, list_digest, match, number_of

from .rules import Round


@dataclass(frozen=True, slots=True)
class Listed:
    """A declaration as the draw sees it."""

    stream: str
    unit: str
    stratum: str

    @property
    def candidate(self) -> Candidate:
        """Its place in the list that is sealed."""
        return Candidate(self.stream, f"{self.unit}/{self.stratum}")


@dataclass(frozen=True, slots=True)
class Visit:
    """Who looks at a declaration, and on which day."""

    unit: str
    inspector: str
    on: date


def digest_of(claims: Iterable[Listed]) -> str:
    """The digest that is sealed: of streams with unit and stratum."""
    return list_digest([claim.candidate for claim in claims])


def wanted(size: int, share: int) -> int:
    """How many are drawn of a stratum: the share rounded up, at least one."""
    return min(size, max(1, ceil(size * share / 100)))


def drawn(seed: bytes, found: Round, claims: Sequence[Listed]) -> list[Listed]:
    """The declarations that are visited: a draw of its own in each unit's each stratum."""
    groups: dict[tuple[str, str], dict[str, Listed]] = {}
    for claim in claims:
        groups.setdefault((claim.unit, claim.stratum), {})[claim.stream] = claim
    shares = {"ordinary": found.opened.share, "risk": found.opened.risk_share}
    picked = []
    for (unit, stratum), members in sorted(groups.items()):
        name = f"{found.opened.name}/{unit}/{stratum}"
        number = wanted(len(members), shares[stratum])
        tickets = draw(seed, name, [Candidate(key) for key in members], number)
        picked += [members[ticket.candidate.key] for ticket in tickets if ticket.drawn]
    return picked


def pairs(conflicts: str) -> frozenset[tuple[str, str]]:
    """(unit, inspector) of the conflicts as they are sealed: ``unit:number`` between commas."""
    split = (pair.partition(":") for pair in conflicts.split(",") if pair)
    return frozenset((unit, inspector) for unit, _colon, inspector in split)


def visits(seed: bytes, found: Round, claims: Sequence[Listed], calendar: Calendar) -> dict[str, Visit]:
    """Every visit by the stream of its declaration. Raises ``BadDraw`` when a unit has no inspector without conflict.

    An inspector takes as many units as it needs for all to be visited, shared out evenly; a unit is visited on one day
    between the draw and the last day, by lot.
    """
    assert found.sealed is not None and found.drawn is not None
    return visits_since(seed, found, claims, found.drawn.on, calendar)


def visits_since(
    seed: bytes, found: Round, claims: Sequence[Listed], since: date, calendar: Calendar
) -> dict[str, Visit]:
    """The visits a draw of the day ``since`` gives."""
    assert found.sealed is not None
    picked = drawn(seed, found, claims)
    units = sorted({claim.unit for claim in picked})
    people = [number for number in found.sealed.inspectors.split(",") if number]
    turns = max(1, ceil(len(units) / max(1, len(people))))
    slots = {f"{person}#{turn}": person for person in people for turn in range(turns)}
    barred = pairs(found.sealed.conflicts)
    conflicts = {(unit, slot) for slot, person in slots.items() for unit in units if (unit, person) in barred}
    matched = match(seed, found.opened.name, units, slots, conflicts)
    days = _days(since, found.opened.visit_by, calendar)
    on = {
        unit: days[int(number_of(seed, f"{found.opened.name}/day", Candidate(unit)), 16) % len(days)]
        for unit in units
    }
    return {claim.stream: Visit(claim.unit, slots[matched[claim.unit]], on[claim.unit]) for claim in picked}


def _days(since: date, until: date, calendar: Calendar) -> list[date]:
    """The working days after the draw up to the last; the last day itself when there is none."""
    found = [day.on for day in calendar.days(since + DAY, until) if day.workday] if since < until else []
    return found or [until]


def plan_digest(plan: Mapping[str, Visit]) -> str:
    """SHA-256 of the plan, one visit a line, sorted: stream, unit, inspector, day between tabs."""
    lines = sorted(f"{key}\t{one.unit}\t{one.inspector}\t{one.on.isoformat()}\n" for key, one in plan.items())
    return hashlib.sha256("".join(lines).encode()).hexdigest()
