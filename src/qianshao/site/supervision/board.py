"""The matrix of units: how many items each has, in which light, how late, chased how often; every number opens."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from qianshao.core.accounts.actor import Actor
from qianshao.core.org.models import Unit
from qianshao.kernel.figures import Condition, Selection
from qianshao.kit.queries import figures

ITEM, SLIP = "supervision.item", "supervision.slip"
_OPEN = Condition("open", "", True)


@dataclass(frozen=True, slots=True)
class Cell:
    """A number and the list behind it."""

    value: int
    query: str

    @property
    def url(self) -> str:
        """The address of the list."""
        return f"{reverse('duties')}?{self.query}"


@dataclass(frozen=True, slots=True)
class Row:
    """A unit and its numbers, in the order of the columns; no unit where none is named."""

    unit: Unit | None
    cells: tuple[Cell, ...]


def _columns(year: int) -> dict[str, Selection]:
    of_year = (Condition("month", "gte", year * 100 + 1), Condition("month", "lte", year * 100 + 12))
    items, slips = Selection(ITEM), Selection(SLIP)
    return {
        "open": items.also(_OPEN),
        "red": items.also(_OPEN, Condition("lamp", "", "red")),
        "amber": items.also(_OPEN, Condition("lamp", "", "amber")),
        "difficulty": items.also(_OPEN, Condition("marks", "", "difficulty_open")),
        "extended": items.also(*of_year, Condition("marks", "", "extended")),
        "closed": items.also(*of_year, Condition("phase", "", "closed")),
        "late": items.also(
            *of_year, Condition("phase", "", "closed"), Condition("missed_at", "empty", False)
        ),
        "slips": slips.also(*of_year, Condition("phase", "not", "withdrawn")),
        "unanswered": slips.also(_OPEN),
    }


def matrix(actor: Actor, now: datetime, year: int) -> tuple[list[Row], Row]:
    """The rows, most overdue first, and the row of all together: one grouped query a column."""
    columns = _columns(year)
    counted = {key: figures.by_unit(selection, actor, now) for key, selection in columns.items()}
    known = {pk for counts in counted.values() for pk in counts}
    units = Unit.objects.in_bulk([pk for pk in known if pk is not None])
    rows = []
    for pk in known:
        unit = units.get(pk) if pk is not None else None
        whose = Condition("unit", "", unit.code) if unit else Condition("unit", "empty", True)
        cells = tuple(
            Cell(counted[key].get(pk, 0), selection.also(whose).to_query())
            for key, selection in columns.items()
        )
        rows.append(Row(unit, cells))
    rows.sort(key=lambda row: (-row.cells[1].value, -row.cells[0].value, row.unit.code if row.unit else ""))
    whole = tuple(
        Cell(sum(counted[key].values()), selection.to_query()) for key, selection in columns.items()
    )
    return rows, Row(None, whole)
