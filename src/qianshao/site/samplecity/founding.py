"""Found the city: its units, the office's staff, and what the reform of 2019 changed; all through core's doors."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from itertools import count
from random import Random

from django.db import transaction

from qianshao.core.org import services, units
from qianshao.core.org.models import Person, Unit
from qianshao.kernel.hours import SHANGHAI

from . import plan, texts
from .city import REFORM_AT, City
from .replay import ACTOR

# The product is taken into use before the first call of the story.
FOUNDED_AT = datetime.combine(plan.FOUNDED.replace(year=2017, month=12, day=25), time(9), SHANGHAI)
_TITLES = ("科长", "副科长", "一级主任科员", "二级主任科员", "四级主任科员", "一级科员")


@transaction.atomic
def found(city: City, seed: int) -> None:
    """The units of before the reform and the 74 people of the office."""
    made: dict[str, Unit] = {}
    now = moments(FOUNDED_AT)
    for order, unit in enumerate(city.units):
        if unit.since == plan.FOUNDED:
            made[unit.code] = _unit(unit, made.get(unit.parent), order, next(now))
    units.forget()
    _staff(made, Random(f"{seed}/staff"), now)


def moments(since: datetime) -> Iterator[datetime]:
    """Somebody typing: one thing every few seconds, never two at once."""
    return (since + timedelta(seconds=7 * number) for number in count())


def _unit(unit: plan.Planned, parent: Unit | None, order: int, now: datetime) -> Unit:
    return services.add_unit(
        code=unit.code,
        name=unit.name,
        short=unit.short,
        kind=unit.kind,
        parent=parent,
        since=unit.since,
        order=order,
        actor=ACTOR,
        now=now,
    )


def _staff(made: dict[str, Unit], random: Random, now: Iterator[datetime]) -> None:
    places = [(made[plan.OFFICE], title) for title in plan.LEADERS]
    for code, _name, people in plan.SECTIONS:
        places += [(made[code], _TITLES[min(number, len(_TITLES) - 1)]) for number in range(people)]
    names: set[str] = set()
    for unit, title in places:
        post = services.add_post(unit=unit, title=title, actor=ACTOR, now=next(now))
        person = Person.objects.create(name=_fresh(random, names))
        services.hold_post(person=person, post=post, since=FOUNDED_AT.date(), actor=ACTOR, now=next(now))


def _fresh(random: Random, names: set[str]) -> str:
    name = texts.name(random)
    while name in names:
        name = texts.name(random)
    names.add(name)
    return name


@transaction.atomic
def reform(city: City) -> None:
    """15 January 2019: two units founded, two renamed, one merged. Past days keep the names they had."""
    there = {unit.code: unit for unit in Unit.objects.all()}
    now = moments(REFORM_AT)
    for order, unit in enumerate(city.units):
        if unit.since == plan.REFORMED:
            there[unit.code] = _unit(unit, there[unit.parent], order, next(now))
    for change in plan.RENAMED:
        services.rename_unit(
            unit=there[change.code],
            name=change.name,
            short=change.short,
            since=plan.REFORMED,
            actor=ACTOR,
            now=next(now),
        )
    for merger in plan.MERGED:
        services.merge_units(
            old=[there[merger.code]], into=there[merger.into], on=plan.REFORMED, actor=ACTOR, now=next(now)
        )
    units.forget()
