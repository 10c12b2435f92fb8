"""Units, names and posts as they were on a day."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import TypeVar

from django.db.models import Model, Prefetch, Q, QuerySet

from .models import Holding, Unit, UnitName

M = TypeVar("M", bound=Model)


def on(rows: QuerySet[M], day: date) -> QuerySet[M]:
    """Those of the rows that are true on a day; ``valid_to`` is exclusive."""
    return rows.filter(valid_from__lte=day).filter(Q(valid_to=None) | Q(valid_to__gt=day))


def units_on(day: date) -> QuerySet[Unit]:
    """The units that existed on a day, in the city's own order."""
    return on(Unit.objects.all(), day).order_by("order", "code")


def name_on(unit: Unit, day: date) -> str:
    """The name a unit bore on a day; before its first name the first, after its last the last."""
    return names_on([unit.pk], day)[unit.pk]


def names_on(units: Collection[int], day: date) -> dict[int, str]:
    """``name_on`` for many units, in one query."""
    found: dict[int, str] = {}
    for row in UnitName.objects.filter(unit_id__in=units).order_by("unit_id", "valid_from"):
        if row.unit_id not in found or row.valid_from <= day:
            found[row.unit_id] = row.name
    return found


def tree(day: date) -> list[tuple[Unit, int]]:
    """Every unit of a day with its depth (0 is the city), each right after the unit above it."""
    below: dict[int | None, list[Unit]] = {}
    there = list(units_on(day))
    known = {unit.pk for unit in there}
    for unit in there:
        below.setdefault(unit.parent_id if unit.parent_id in known else None, []).append(unit)
    found: list[tuple[Unit, int]] = []
    waiting = [(unit, 0) for unit in reversed(below.get(None, []))]
    while waiting:
        unit, depth = waiting.pop()
        found.append((unit, depth))
        waiting.extend((child, depth + 1) for child in reversed(below.get(unit.pk, [])))
    return found


def successor_on(unit: Unit, day: date) -> Unit:
    """The unit that does a unit's work on a day: itself, or what it was merged into by then."""
    while unit.merged_into is not None and unit.valid_to is not None and unit.valid_to <= day:
        unit = unit.merged_into
    return unit


def holdings_on(unit: Unit, day: date) -> QuerySet[Holding]:
    """Who held which post of a unit on a day."""
    return (
        on(Holding.objects.filter(post__unit=unit), day)
        .select_related("person", "post")
        .order_by("post_id", "id")
    )


def with_names(units: QuerySet[Unit]) -> QuerySet[Unit]:
    """The units with all names they ever bore, oldest first, in one more query."""
    return units.prefetch_related(Prefetch("names", UnitName.objects.order_by("valid_from")))
