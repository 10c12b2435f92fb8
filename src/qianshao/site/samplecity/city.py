"""The city as the story knows it: who answers what, how punctual they are, and whose work went to whom."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from random import Random

from qianshao.kernel.hours import SHANGHAI

from . import plan
from .scales import Scale

REFORM_AT = datetime.combine(plan.REFORMED, time(9), SHANGHAI)


@dataclass(frozen=True, slots=True)
class Town:
    """A town or street with the county above it."""

    code: str
    county: str
    county_name: str
    place: str


@dataclass(frozen=True, slots=True)
class City:
    """The units of one scale; ``punctual`` is the part of a unit's answers that come in time."""

    units: tuple[plan.Planned, ...]
    towns: tuple[Town, ...]
    bureaus: tuple[str, ...]
    punctual: dict[str, float]
    shorts: dict[str, str]

    def holders(self, on: date, kinds: tuple[str, ...]) -> list[tuple[str, str]]:
        """Code and kind of the units of these kinds that existed on a day."""
        return [
            (unit.code, unit.kind)
            for unit in self.units
            if unit.kind in kinds
            and unit.since <= on
            and not (unit.code in plan.SUCCESSORS and on >= plan.REFORMED)
        ]


def serving(code: str, on: date) -> str:
    """The unit that does a unit's work on a day."""
    return (plan.SUCCESSORS if on >= plan.REFORMED else plan.PREDECESSORS).get(code, code)


def city_of(scale: Scale, seed: int) -> City:
    """The city of a scale; the seed says which units are slow."""
    units = tuple(plan.units(scale.bureaus, scale.counties, scale.towns))
    names = {unit.code: unit.name for unit in units}
    counties = {plan.county_code(n): name for n, (name, _short) in enumerate(plan.COUNTIES, start=1)}
    towns = tuple(
        Town(unit.code, unit.parent, counties[unit.parent], counties[unit.parent] + names[unit.code])
        for unit in units
        if unit.kind == "town"
    )
    # Shares like those cities publish: most units answer nine in ten in time, a few are well below.
    punctual = {unit.code: 1 - 0.5 * Random(f"{seed}/{unit.code}").betavariate(1.3, 4) for unit in units}
    bureaus = tuple(
        unit.code
        for unit in units
        if unit.kind == "bureau" and unit.since == plan.FOUNDED and unit.code not in plan.SUCCESSORS
    )
    return City(units, towns, bureaus, punctual, {unit.code: unit.short for unit in units})
