"""The cockpit's first form: lamps, today, this week, newly late, ranking and trend; every number opens."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import urlencode

from django.db.models import BooleanField, Count, ExpressionWrapper, Q
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from qianshao.core.accounts.actor import Actor
from qianshao.core.duties import registry
from qianshao.core.duties.models import Duty
from qianshao.core.org.models import Unit
from qianshao.kernel.declare import Kind
from qianshao.kernel.figures import BadSelection, Condition, Figure, Selection, as_of_moment
from qianshao.kernel.hours import DAY, SHANGHAI, midnight
from qianshao.kit import telling
from qianshao.kit.queries import figures
from qianshao.kit.staff import StaffRequest

_MONTHS = 12
_LATE_SHOWN = 8


@dataclass(frozen=True)
class Opened:
    """A number with the address of the list behind it."""

    title: str
    value: int
    query: str
    note: str = ""
    lamp: str = ""

    @property
    def url(self) -> str:
        """The list of exactly these records."""
        return f"{reverse('duties')}?{self.query}"


@dataclass(slots=True)
class Tally:
    """Counts of one unit or one month."""

    in_time: int = 0
    late: int = 0
    open: int = 0
    overdue: int = 0

    @property
    def due(self) -> int:
        """What was answered, and what should have been by now: the denominator of the rate."""
        return self.in_time + self.late + self.overdue


@dataclass(frozen=True)
class Ranked:
    """A unit's place by its rate of answers in time."""

    place: int
    unit: Unit
    figure: Figure

    @property
    def rate(self) -> str:
        """97.53%."""
        return telling.percent(self.figure.basis_points)


Late = tuple[Duty, Unit | None, datetime, str]


@dataclass(slots=True)
class Board:
    """Everything the page shows."""

    lamps: list[Opened] = field(default_factory=list)
    pressing: list[Opened] = field(default_factory=list)
    trend: list[tuple[str, Tally, dict[str, str]]] = field(default_factory=list)
    ranking: list[Ranked] = field(default_factory=list)
    late: list[Late] = field(default_factory=list)


def show(request: StaffRequest) -> HttpResponse:
    """The page for whoever signed in: only what they may see is counted."""
    actor, now = request.actor, request.now
    kinds = [kind for kind in registry.kinds().values() if actor.may(kind.reads)]
    if not kinds:
        return render(request, "site/cockpit.html", {"kinds": (), "board": None})
    chosen = next((kind for kind in kinds if kind.key == request.GET.get("kind")), kinds[0])
    asked = request.GET.get("as_of", "")
    try:
        moment = min(as_of_moment(asked), now) if asked else now
    except ValueError:
        raise BadSelection(_("“截至”须为日期，例如 2026-01-31。")) from None
    context = {
        "kinds": kinds,
        "kind": chosen,
        "as_of": asked if moment < now else "",
        "moment": moment,
        "board": _board(chosen, asked if moment < now else "", moment, actor, now),
        "list_query": urlencode(
            {"kind": chosen.key, "late": 1, "open": 1, **({"as_of": asked} if moment < now else {})}
        ),
    }
    return render(request, "site/cockpit.html", context)


def _board(kind: Kind, as_of: str, at: datetime, actor: Actor, now: datetime) -> Board:
    base = Selection(kind.key, (), as_of)
    board = Board()
    lamps = {
        name: base.also(Condition("open", "", True), Condition("lamp", "", name)) for name in figures.LAMPS
    }
    pressing = _pressing(base, at)
    counted = _count_open(kind, {**lamps, **{name: item[0] for name, item in pressing.items()}}, actor, now)
    titles = {"red": _("逾期"), "amber": _("临期"), "green": _("正常"), "grey": _("暂停")}
    for name, selection in lamps.items():
        board.lamps.append(Opened(titles[name], counted[name], selection.to_query(), lamp=name))
    for name, (selection, title, note) in pressing.items():
        board.pressing.append(Opened(title, counted[name], selection.to_query(), note))
    months, units = _tallies(kind, base, at, actor, now)
    board.trend = _trend(months, base, at)
    board.ranking = _ranking(units, base, at)
    board.late = _late(lamps["red"], at, actor, now)
    return board


def _late(overdue: Selection, at: datetime, actor: Actor, now: datetime) -> list[Late]:
    """What has been overdue longest, as it stood at the moment asked about."""
    moment = figures.moment_of(overdue, now)
    due, unit = moment.column("due_at"), moment.column("unit_id")
    rows = list(figures.queryset(overdue, actor, now).order_by(due, "id")[:_LATE_SHOWN])
    units = Unit.objects.in_bulk([getattr(row, unit) for row in rows])
    return [
        (row, units.get(getattr(row, unit)), getattr(row, due), telling.overdue_by(getattr(row, due), at))
        for row in rows
    ]


def _pressing(base: Selection, at: datetime) -> dict[str, tuple[Selection, str, str]]:
    today = at.astimezone(SHANGHAI).date()
    tomorrow = midnight(today) + DAY
    monday = today - timedelta(days=today.weekday())
    next_monday = midnight(monday) + timedelta(days=7)
    is_open = Condition("open", "", True)

    def due(since: datetime, until: datetime) -> Selection:
        return base.also(
            is_open, Condition("due_at", "gt", _iso(since)), Condition("due_at", "lte", _iso(until))
        )

    return {
        "today": (due(at, tomorrow), _("今天到期"), telling.day(today, weekday=True)),
        "week": (due(at, next_monday), _("本周到期"), _("到星期日为止")),
        "new": (due(at - timedelta(days=7), at), _("新近逾期"), _("最近七天")),
        "open": (base.also(is_open), _("在办"), _("尚未办结的全部")),
    }


def _iso(moment: datetime) -> str:
    return moment.astimezone(SHANGHAI).isoformat(timespec="seconds")


def _count_open(kind: Kind, selections: dict[str, Selection], actor: Actor, now: datetime) -> dict[str, int]:
    """All counts of open duties in one query over the partial index; each equals its list's."""
    moment = figures.moment_of(Selection(kind.key, (), next(iter(selections.values())).as_of), now)
    rows = figures.standing(moment).filter(
        Q(kind=kind.key) & figures.visible(kind, actor) & figures.is_open(moment)
    )
    counts = {
        f"n_{name}": Count("pk", filter=figures.of_kind(kind, selection, actor, now))
        for name, selection in selections.items()
    }
    return {name.removeprefix("n_"): int(value) for name, value in rows.aggregate(**counts).items()}


def _tallies(
    kind: Kind, base: Selection, at: datetime, actor: Actor, now: datetime
) -> tuple[dict[int, Tally], dict[int, Tally]]:
    """The last twelve months by month, and this year by unit: two grouped queries over covering indexes."""
    local = at.astimezone(SHANGHAI)
    first = _month_before(local.year * 100 + local.month, _MONTHS - 1)
    moment = figures.moment_of(base, now)
    unit, is_open, missed = (moment.column(name) for name in ("unit_id", "open", "missed_at"))
    visible = Q(kind=kind.key) & figures.visible(kind, actor)
    rows = figures.standing(moment).filter(visible, month__gte=min(first, local.year * 100 + 1))
    if moment.past:  # nothing was opened after it; said by month, the index stops there
        rows = rows.filter(month__lte=local.year * 100 + local.month)
    missed_once = ExpressionWrapper(Q(**{f"{missed}__isnull": False}), BooleanField())
    grouped = rows.annotate(was_missed=missed_once).values_list("month", unit, is_open, "was_missed")
    counted = grouped.annotate(n=Count("pk")).order_by()
    months: dict[int, Tally] = defaultdict(Tally)
    units: dict[int, Tally] = defaultdict(Tally)
    for month, unit_id, still_open, was_missed, n in counted:
        places = [months[month]] if month >= first else []
        if month // 100 == local.year and unit_id is not None:
            places.append(units[unit_id])
        for tally in places:
            if still_open:
                tally.open += n
            elif was_missed:
                tally.late += n
            else:
                tally.in_time += n
    overdue = rows.filter(
        figures.is_open(moment), **{f"{moment.column('due_at')}__lte": at}, month__gte=local.year * 100 + 1
    )
    for unit_id, n in overdue.values_list(unit).annotate(n=Count("pk")).order_by():
        if unit_id is not None:
            units[unit_id].overdue = n
    return months, units


def _month_before(month: int, back: int) -> int:
    number = month // 100 * 12 + month % 100 - 1 - back
    return number // 12 * 100 + number % 12 + 1


def _trend(
    months: dict[int, Tally], base: Selection, at: datetime
) -> list[tuple[str, Tally, dict[str, str]]]:
    local = at.astimezone(SHANGHAI)
    found = []
    for back in range(_MONTHS - 1, -1, -1):
        month = _month_before(local.year * 100 + local.month, back)
        of_month = base.also(Condition("month", "", month))
        links = {
            "in_time": of_month.also(
                Condition("open", "", False), Condition("missed_at", "empty", True)
            ).to_query(),
            "late": of_month.also(
                Condition("open", "", False), Condition("missed_at", "empty", False)
            ).to_query(),
            "open": of_month.also(Condition("open", "", True)).to_query(),
        }
        found.append((f"{month // 100}-{month % 100:02}", months.get(month, Tally()), links))
    return found


def _ranking(units: dict[int, Tally], base: Selection, at: datetime) -> list[Ranked]:
    """Units by rate, ties share a place; only units that owed at least one answer this year."""
    year = at.astimezone(SHANGHAI).year
    this_year = base.also(
        Condition("month", "gte", year * 100 + 1), Condition("month", "lte", year * 100 + 12)
    )
    known = Unit.objects.in_bulk([pk for pk, tally in units.items() if tally.due])
    rows: list[tuple[Unit, Figure]] = []
    for pk, unit in known.items():
        of_unit = this_year.also(Condition("unit", "", unit.code))
        in_time = of_unit.also(Condition("open", "", False), Condition("missed_at", "empty", True))
        due = of_unit.also(Condition("settled", "", True))
        rows.append((unit, Figure(units[pk].in_time, units[pk].due, in_time, due)))
    rows.sort(key=lambda row: (-(row[1].basis_points or 0), -(row[1].of or 0), row[0].code))
    return list(_placed(rows))


def _placed(rows: Iterable[tuple[Unit, Figure]]) -> Iterable[Ranked]:
    place, last = 0, None
    for number, (unit, figure) in enumerate(rows, 1):
        if figure.basis_points != last:
            place, last = number, figure.basis_points
        yield Ranked(place, unit, figure)
