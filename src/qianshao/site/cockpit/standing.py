"""Who is late with what over all kinds, and which units are silent: each number opens its list."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db.models import Count, F, Q

from qianshao.core.accounts.actor import EVERYWHERE
from qianshao.core.org.models import Unit
from qianshao.kernel.declare import Kind
from qianshao.kernel.figures import Condition
from qianshao.kernel.hours import SHANGHAI, midnight
from qianshao.kit.queries import figures

from .asking import OPEN, RED, Asked, Number


@dataclass(frozen=True)
class Late:
    """A kind with what of it is overdue."""

    kind: Kind
    late: Number


@dataclass(frozen=True)
class Row:
    """A unit of the matrix, with one number for each kind; ``unit`` is None where none was named yet."""

    unit: Unit | None
    numbers: tuple[Number, ...]
    all: Number


@dataclass(frozen=True)
class Matrix:
    """Overdue duties by unit and kind; only kinds and units that have any."""

    kinds: tuple[Kind, ...]
    rows: tuple[Row, ...]

    @property
    def by_kind(self) -> tuple[Late, ...]:
        """The sum of each kind, most first."""
        found = [
            Late(
                kind,
                Number(
                    sum(row.numbers[at].value for row in self.rows),
                    self.rows[0].numbers[at].because.without("unit"),
                ),
            )
            for at, kind in enumerate(self.kinds)
        ]
        return tuple(sorted(found, key=lambda late: -late.late.value))


def matrix(asked: Asked) -> Matrix:
    """Overdue duties of everything the reader may see, in one grouped query over the open ones."""
    unit = asked.moment.column("unit_id")
    rows = figures.queryset(asked.of("", RED), asked.actor, asked.now).order_by()
    counted: dict[tuple[int | None, str], int] = {}
    for kind, unit_id, n in rows.values_list("kind", unit).annotate(n=Count("pk")):
        counted[unit_id, kind] = n
    kinds = tuple(kind for kind in asked.kinds if any(key == kind.key for _unit, key in counted))
    units = Unit.objects.in_bulk({pk for pk, _kind in counted if pk is not None})
    made = []
    for pk in {pk for pk, _kind in counted}:
        whose = Condition("unit", "empty", True) if pk is None else Condition("unit", "", units[pk].code)
        numbers = tuple(
            Number(counted.get((pk, kind.key), 0), asked.of(kind.key, RED, whose)) for kind in kinds
        )
        total = Number(sum(number.value for number in numbers), asked.of("", RED, whose))
        made.append(Row(units[pk] if pk is not None else None, numbers, total))
    made.sort(key=lambda row: (-row.all.value, row.unit.order if row.unit else -1))
    return Matrix(kinds, tuple(made))


@dataclass(frozen=True)
class Silent:
    """A unit with duties in hand of which it moved none; ``waiting`` are those it had before the silence began."""

    unit: Unit
    waiting: Number


def silent(asked: Asked) -> list[Silent]:
    """Units with duties in progress and no act on any of them for ``SILENT_DAYS`` days.

    An opening by somebody else is no act of the unit, and what came in since is not held against it.
    """
    since = midnight(asked.on - timedelta(days=settings.SILENT_DAYS))
    moment = asked.moment
    unit = moment.column("unit_id")
    before = Condition("opened_at", "lt", since.astimezone(SHANGHAI).isoformat(timespec="seconds"))
    waiting = figures.queryset(asked.of("", OPEN, before), asked.actor, asked.now).order_by()
    counted: dict[int, int] = {
        pk: n for pk, n in waiting.values_list(unit).annotate(n=Count("pk")) if pk is not None
    }
    visible = figures.queryset(asked.of(""), asked.actor, asked.now).order_by()
    # Every act begins a span of its own; one condition, so that all of it is said of the same span.
    acted = Q(spans__since__gte=since, spans__since__lte=asked.at, spans__since__gt=F("opened_at"))
    moved = visible.filter(figures.is_open(moment)).filter(acted)
    closed = visible.filter(closed_at__gte=since, closed_at__lte=asked.at)
    for active in (moved, closed):
        for pk in active.values_list(unit, flat=True).distinct():
            counted.pop(pk, None)
    units = Unit.objects.in_bulk(counted)
    found = [
        Silent(one, Number(counted[pk], asked.of("", OPEN, before, Condition("unit", "", one.code))))
        for pk, one in units.items()
    ]
    return sorted(found, key=lambda item: (-item.waiting.value, item.unit.order))


@dataclass(frozen=True)
class District:
    """A county or district with its overdue and open duties, those of its towns among them."""

    unit: Unit
    late: Number
    open: Number


def districts(asked: Asked, units: Iterable[Unit]) -> list[District]:
    """The kind's open duties by district, rolled up from two grouped counts."""
    if asked.kind is None:
        return []
    shown = [unit for unit in units if _in_reach(asked, unit)]
    paths = dict(Unit.objects.values_list("id", "path"))
    sums: dict[str, dict[str, int]] = {"late": defaultdict(int), "open": defaultdict(int)}
    for name, condition in (("late", RED), ("open", OPEN)):
        by_unit = figures.by_unit(asked.of(asked.kind.key, condition), asked.actor, asked.now)
        for pk, n in by_unit.items():
            for unit in shown:
                if pk is not None and paths[pk].startswith(unit.path):
                    sums[name][unit.code] += n
    found = []
    for unit in shown:
        under = Condition("unit", "under", unit.code)
        late = Number(sums["late"][unit.code], asked.of(asked.kind.key, RED, under))
        is_open = Number(sums["open"][unit.code], asked.of(asked.kind.key, OPEN, under))
        found.append(District(unit, late, is_open))
    return found


def _in_reach(asked: Asked, unit: Unit) -> bool:
    paths = asked.actor.paths(asked.kind.reads) if asked.kind else ()
    return EVERYWHERE in paths or any(
        path.startswith(unit.path) or unit.path.startswith(path) for path in paths
    )
