"""The calendar of limits and the flow of returns, each as the table it is drawn from."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count
from django.utils.translation import gettext as _

from qianshao.core.org.models import Unit
from qianshao.kernel.clock import last_day
from qianshao.kernel.figures import Condition
from qianshao.kernel.hours import DAY, SHANGHAI, midnight
from qianshao.kit import telling
from qianshao.kit.queries import figures
from qianshao.modules.hotline.facts import RETURN_REASONS
from qianshao.modules.hotline.module import ORDER

from .asking import OPEN, Asked, Number

_BACK, _AHEAD = 12, 8  # weeks of the calendar before and after the day asked about
_MONTHS = 12
_BY, _FOR = "returned_by_", "returned_for_"


@dataclass(frozen=True)
class Day:
    """The open duties whose last day this is; ``past`` when that makes them overdue."""

    on: date
    due: Number
    past: bool


@dataclass(frozen=True)
class Days:
    """Weeks from Monday to Sunday, and what lies before and after them."""

    weeks: tuple[tuple[Day, ...], ...]
    before: Number
    after: Number
    never: Number


def days(asked: Asked) -> Days:
    """Open duties of the kind by the last day on which they can be done in time, in one grouped query."""
    kind = asked.kind.key if asked.kind else ""
    column = asked.moment.column("due_at")
    rows = figures.queryset(asked.of(kind, OPEN), asked.actor, asked.now).order_by()
    counted: Counter[date | None] = Counter()
    for until, n in rows.values_list(column).annotate(n=Count("pk")):
        counted[last_day(until.astimezone(SHANGHAI)) if until is not None else None] += n
    monday = asked.on - timedelta(days=asked.on.weekday())
    first, end = monday - timedelta(weeks=_BACK), monday + timedelta(weeks=_AHEAD)
    never = counted.pop(None, 0)

    def due(n: int, *conditions: Condition) -> Number:
        return Number(n, asked.of(kind, OPEN, *conditions))

    def one(day: date) -> Day:
        number = due(
            counted[day],
            Condition("due_at", "gt", _iso(midnight(day))),
            Condition("due_at", "lte", _iso(midnight(day) + DAY)),
        )
        return Day(day, number, midnight(day) + DAY <= asked.at)

    weeks = tuple(
        tuple(one(first + timedelta(days=7 * week + day)) for day in range(7))
        for week in range(_BACK + _AHEAD)
    )
    dated = [(day, n) for day, n in counted.items() if day is not None]
    before = sum(n for day, n in dated if day < first)
    after = sum(n for day, n in dated if day >= end)
    return Days(
        weeks,
        due(before, Condition("due_at", "lte", _iso(midnight(first)))),
        due(after, Condition("due_at", "gt", _iso(midnight(end)))),
        due(never, Condition("due_at", "empty", True)),
    )


def _iso(moment: datetime) -> str:
    return moment.astimezone(SHANGHAI).isoformat(timespec="seconds")


@dataclass(frozen=True)
class Flow:
    """Orders that went from one to the other. The ends carry a key, so that a unit can stand on both sides."""

    origin: str
    origin_title: str
    goal: str
    goal_title: str
    orders: Number


def returns(asked: Asked) -> list[Flow]:
    """Who returned orders for which reason, and who has those orders now; of the last twelve months.

    Counted from the marks the list filters by: an order returned twice stands under both its reasons.
    """
    first = asked.on.year * 12 + asked.on.month - _MONTHS
    since = Condition("month", "gte", first // 12 * 100 + first % 12 + 1)
    returned = asked.of(ORDER.key, since, Condition("marks", "", "returned"))
    marks, unit = asked.moment.column("marks"), asked.moment.column("unit_id")
    rows = figures.queryset(returned, asked.actor, asked.now).order_by()
    away: Counter[tuple[str, str]] = Counter()
    home: Counter[tuple[str, int]] = Counter()
    for text, pk, n in rows.values_list(marks, unit).annotate(n=Count("pk")):
        names = text.strip("|").split("|")
        reasons = [name.removeprefix(_FOR) for name in names if name.startswith(_FOR)]
        for reason in reasons:
            for name in names:
                if name.startswith(_BY):
                    away[name.removeprefix(_BY), reason] += n
            if pk is not None:
                home[reason, pk] += n
    known = {one.code: one for one in Unit.objects.filter(code__in={code for code, _reason in away})}
    holders = Unit.objects.in_bulk({pk for _reason, pk in home})

    def of(*conditions: Condition, n: int) -> Number:
        return Number(n, asked.of(ORDER.key, since, *conditions))

    found = []
    for (code, reason), n in away.most_common():
        title = known[code].short if code in known else code
        number = of(Condition("marks", "", f"{_BY}{code}"), Condition("marks", "", f"{_FOR}{reason}"), n=n)
        found.append(Flow(f"by:{code}", title, f"for:{reason}", _reason(reason), number))
    for (reason, pk), n in home.most_common():
        holder = holders[pk]
        number = of(Condition("marks", "", f"{_FOR}{reason}"), Condition("unit", "", holder.code), n=n)
        title = _("{unit}（现承办）").format(unit=holder.short)
        found.append(Flow(f"for:{reason}", _reason(reason), f"now:{holder.code}", title, number))
    return found


def _reason(key: str) -> str:
    return telling.sentence(RETURN_REASONS[key])
