"""The matrix of units: how many items each has, in which light, how late, chased how often; every number opens."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString

from qianshao.core.accounts.actor import Actor
from qianshao.core.duties import registry
from qianshao.core.org.models import Unit
from qianshao.kernel.figures import Condition, Selection
from qianshao.kit.queries import figures

ITEM, SLIP = "supervision.item", "supervision.slip"
_CODE = "unit-code"  # stands for a unit's code in an address
_OPEN = Condition("open", "", True)


@dataclass(frozen=True, slots=True)
class Cell:
    """A number and the address of the list it opens."""

    value: int
    url: str


@dataclass(frozen=True, slots=True)
class Row:
    """A unit and its numbers, in the order of the columns; no unit where none is named."""

    unit: Unit | None
    cells: tuple[Cell, ...]

    @property
    def drawn(self) -> SafeString:
        """The cells as the table shows them: two thousand links take the template engine longer than counting them."""
        return SafeString("".join(map(_drawn, self.cells)))


def _drawn(cell: Cell) -> str:
    if not cell.value:
        return '<td class="num"><span class="quiet">0</span></td>'
    return f'<td class="num"><a href="{escape(cell.url)}">{cell.value}</a></td>'


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
    """The rows, most overdue first, and the row of all together: one grouped query for each kind."""
    columns = _columns(year)
    counted: dict[int | None, dict[str, int]] = {}
    for key in (ITEM, SLIP):
        own = {name: selection for name, selection in columns.items() if selection.kind == key}
        for pk, counts in _counted(key, own, actor, now):
            counted.setdefault(pk, dict.fromkeys(columns, 0)).update(counts)
    units = Unit.objects.in_bulk([pk for pk in counted if pk is not None])
    # Two thousand addresses that differ by the unit alone: each column's is made once and the code put in.
    of_unit = {
        name: _url(selection.also(Condition("unit", "", _CODE))) for name, selection in columns.items()
    }
    rows = []
    for pk, counts in counted.items():
        unit = units.get(pk) if pk is not None else None
        cells = tuple(
            Cell(
                counts[name],
                of_unit[name].replace(_CODE, quote(unit.code))
                if unit
                else _url(selection.also(Condition("unit", "empty", True))),
            )
            for name, selection in columns.items()
        )
        rows.append(Row(unit, cells))
    rows.sort(key=lambda row: (-row.cells[1].value, -row.cells[0].value, row.unit.code if row.unit else ""))
    whole = tuple(
        Cell(sum(counts[name] for counts in counted.values()), _url(selection))
        for name, selection in columns.items()
    )
    return rows, Row(None, whole)


def _url(selection: Selection) -> str:
    return f"{reverse('duties')}?{selection.to_query()}"


def _counted(
    key: str, columns: Mapping[str, Selection], actor: Actor, now: datetime
) -> Iterator[tuple[int | None, dict[str, int]]]:
    """Every column of a kind for each unit; each count equals its list's, since both ask by ``figures``."""
    kind = registry.kind(key)
    rows = figures.standing(figures.moment_of(Selection(key), now)).filter(
        Q(kind=key) & figures.visible(kind, actor)
    )
    wanted = {
        f"n_{name}": Count("pk", filter=figures.of_kind(kind, one, actor, now))
        for name, one in columns.items()
    }
    grouped = rows.order_by().values("unit_id").annotate(**wanted).values_list("unit_id", *wanted)
    for pk, *counts in grouped:
        yield pk, dict(zip(columns, counts, strict=True))
