"""The cockpit in three views: the mayor's minute, the office head's morning, the clerk's own work; every number opens."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from qianshao.core.accounts.actor import Actor
from qianshao.core.duties import registry
from qianshao.core.org.models import Unit
from qianshao.kernel.declare import Kind
from qianshao.kernel.figures import Condition, Figure, Selection
from qianshao.kernel.hours import DAY, SHANGHAI, midnight
from qianshao.kit import telling
from qianshao.kit.duties import listing
from qianshao.kit.queries import figures
from qianshao.kit.staff import StaffRequest
from qianshao.site.cockpit import asking, managing, progress, standing

_MONTHS = 12
_LATE_SHOWN = 6
_OWING_SHOWN = 8
_RANKS_SHOWN = 8


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

    @property
    def width(self) -> int:
        """The rate as whole percents, for the bar beside it."""
        return (self.figure.basis_points or 0) // 100


@dataclass(frozen=True)
class Owing:
    """How many overdue duties a unit has; no unit where none was named yet."""

    unit: Unit | None
    opened: Opened


@dataclass(frozen=True)
class Late:
    """A duty overdue at the moment asked about: whose it is, since when, and where it stands."""

    row: listing.Row
    said: str
    last: progress.Last | None


@dataclass(slots=True)
class Board:
    """Everything the page shows."""

    lamps: list[Opened] = field(default_factory=list)
    pressing: list[Opened] = field(default_factory=list)
    trend: list[tuple[str, Tally, dict[str, str]]] = field(default_factory=list)
    ranking: list[Ranked] = field(default_factory=list)
    late: list[Late] = field(default_factory=list)
    owing: list[Owing] = field(default_factory=list)

    @property
    def owing_most(self) -> list[Owing]:
        """The units named at the top of the page."""
        return self.owing[:_OWING_SHOWN]

    @property
    def split(self) -> bool:
        """Whether the ranking is too long for one table, so that its two ends are shown first."""
        return len(self.ranking) > 2 * _RANKS_SHOWN

    @property
    def lowest(self) -> list[Ranked]:
        """The units furthest behind, the last one first."""
        return self.ranking[: -_RANKS_SHOWN - 1 : -1]

    @property
    def highest(self) -> list[Ranked]:
        """The units furthest ahead."""
        return self.ranking[:_RANKS_SHOWN]


def show(request: StaffRequest) -> HttpResponse:
    """The page for whoever signed in: only what they may see is counted."""
    asked = asking.read(request)
    if asked.kind is None:
        waiting = managing.work(asked.actor, asked.now)
        return render(request, "site/cockpit.html", {"kinds": (), "board": None, "managing": waiting})
    works = any(progress.works_on(kind, asked.actor) for kind in asked.kinds)
    views = {"minute": _("一分钟"), "morning": _("今天"), **({"mine": _("我的事项")} if works else {})}
    view = request.GET.get("view", "")
    if view not in views:
        city = asked.actor.may("city.read")
        view = "mine" if works and not city else "morning" if works else "minute"
    context = {
        "asked": asked,
        "kinds": asked.kinds,
        "kind": asked.kind,
        "as_of": asked.as_of,
        "moment": asked.at,
        "today": asked.now,
        "views": views,
        "view": view,
        "wall": asked.actor.may("city.read"),
    }
    if view == "mine":
        return render(request, "site/cockpit.html", {**context, "mine": progress.mine(asked, request)})
    context["board"] = board_of(asked, request)
    context["matrix"] = standing.matrix(asked)
    if view == "morning":
        context |= {"silent": standing.silent(asked), "silent_days": settings.SILENT_DAYS}
    return render(request, "site/cockpit.html", context)


def board_of(asked: asking.Asked, request: StaffRequest) -> Board:
    """The counts of one kind as of the moment asked about."""
    assert asked.kind is not None
    return _board(asked.kind, asked.as_of, asked.at, request)


def _board(kind: Kind, as_of: str, at: datetime, request: StaffRequest) -> Board:
    actor, now = request.actor, request.now
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
    board.late = _late(lamps["red"], at, request)
    board.owing = _owing(lamps["red"], actor, now)
    return board


def _late(overdue: Selection, at: datetime, request: StaffRequest) -> list[Late]:
    """What has been overdue longest, as it stood at the moment asked about."""
    due = figures.moment_of(overdue, request.now).column("due_at")
    found = list(figures.queryset(overdue, request.actor, request.now).order_by(due, "id")[:_LATE_SHOWN])
    due_of = {duty.stream: getattr(duty, due) for duty in found}
    last = progress.last_acts(found, registry.kinds(), at)
    return [
        Late(row, telling.overdue_by(due_of[row.duty.stream], at), last.get(row.duty.stream))
        for row in listing.rows(found, request, overdue)
    ]


def _owing(overdue: Selection, actor: Actor, now: datetime) -> list[Owing]:
    """Whose the overdue duties are, the unit with most of them first."""
    counted = figures.by_unit(overdue, actor, now)
    units = Unit.objects.in_bulk([pk for pk in counted if pk is not None])
    found = []
    for pk, n in counted.items():
        unit = units[pk] if pk is not None else None
        whose = Condition("unit", "", unit.code) if unit else Condition("unit", "empty", True)
        title = unit.short if unit else _("未定单位")
        found.append(Owing(unit, Opened(title, n, overdue.also(whose).to_query())))
    return sorted(found, key=lambda item: (-item.opened.value, item.unit is None, item.opened.title))


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
    # Grouped as the index is ordered and counted by nothing it has not, PostgreSQL reads neither the table nor sorts.
    grouped = rows.values_list("month", unit, is_open).annotate(n=Count("*"), ever_missed=Count(missed))
    months: dict[int, Tally] = defaultdict(Tally)
    units: dict[int, Tally] = defaultdict(Tally)
    for month, unit_id, still_open, n, ever_missed in grouped.order_by():
        places = [months[month]] if month >= first else []
        if month // 100 == local.year and unit_id is not None:
            places.append(units[unit_id])
        for tally in places:
            if still_open:
                tally.open += n
            else:
                tally.late += ever_missed
                tally.in_time += n - ever_missed
    overdue = rows.filter(
        figures.is_open(moment), **{f"{moment.column('due_at')}__lte": at}, month__gte=local.year * 100 + 1
    )
    for unit_id, n in overdue.values_list(unit).annotate(n=Count("*")).order_by():
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
