"""The matrix of units: how many items each has, in which light, how late, chased how often; every number opens."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from django.db.models import Count, F, Q
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
class Row:
    """A unit, its numbers in the order of the columns, and the cells as the table shows them; no unit where none is named.

    Two thousand links take the template engine longer than counting them, so they are put together here.
    """

    unit: Unit | None
    numbers: tuple[int, ...]
    drawn: SafeString


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
        for pk, counts in _counted(key, own, actor, now, year):
            counted.setdefault(pk, dict.fromkeys(columns, 0)).update(counts)
    units = Unit.objects.in_bulk([pk for pk in counted if pk is not None])
    # Two thousand addresses that differ by the unit alone: each column's is made once and the code put in.
    of_units = [escape(_url(one.also(Condition("unit", "", _CODE)))) for one in columns.values()]
    of_nobody = [escape(_url(one.also(Condition("unit", "empty", True)))) for one in columns.values()]
    rows = []
    for pk, counts in counted.items():
        unit = units.get(pk) if pk is not None else None
        code = quote(unit.code) if unit else ""
        links = [link.replace(_CODE, code) for link in of_units] if unit else of_nobody
        numbers = tuple(counts.values())
        rows.append(Row(unit, numbers, _drawn(numbers, links)))
    rows.sort(key=lambda row: (-row.numbers[1], -row.numbers[0], row.unit.code if row.unit else ""))
    whole = tuple(sum(counts[name] for counts in counted.values()) for name in columns)
    links = [escape(_url(selection)) for selection in columns.values()]
    return rows, Row(None, whole, _drawn(whole, links, strong=True))


def _drawn(numbers: tuple[int, ...], links: Sequence[str], *, strong: bool = False) -> SafeString:
    """``links`` are escaped."""
    if strong:
        cells = (f'<a href="{link}"><strong>{n}</strong></a>' for n, link in zip(numbers, links, strict=True))
    else:
        cells = (
            f'<a href="{link}">{n}</a>' if n else '<span class="quiet">0</span>'
            for n, link in zip(numbers, links, strict=True)
        )
    return SafeString("".join(f'<td class="num">{cell}</td>' for cell in cells))


def _url(selection: Selection) -> str:
    return f"{reverse('duties')}?{selection.to_query()}"


def _counted(
    key: str, columns: Mapping[str, Selection], actor: Actor, now: datetime, year: int
) -> Iterator[tuple[int | None, dict[str, int]]]:
    """Every column of a kind for each unit; each count equals its list's, since both ask by ``figures``.

    Every column is of what is open or of the year, which an index tells before the rows of years long closed are
    read. Grouped by a sum, because SQLite would walk the index in the order of units instead and read them all.
    """
    kind = registry.kind(key)
    rows = figures.standing(figures.moment_of(Selection(key), now)).filter(
        Q(kind=key)
        & figures.visible(kind, actor)
        & (Q(open=True) | Q(month__gte=year * 100 + 1, month__lte=year * 100 + 12))
    )
    wanted = {
        f"n_{name}": Count("pk", filter=figures.of_kind(kind, one, actor, now))
        for name, one in columns.items()
    }
    of_unit = rows.order_by().annotate(of=F("unit_id") + 0).values("of")
    grouped = of_unit.annotate(**wanted).values_list("of", *wanted)
    for pk, *counts in grouped:
        yield pk, dict(zip(columns, counts, strict=True))
