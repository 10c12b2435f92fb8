"""Side by side: two to four duties, or a figure for two units or two periods; what differs is marked with a sign."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import product
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from qianshao.core.duties import registry
from qianshao.core.duties.models import Duty
from qianshao.core.duties.seeing import may_see
from qianshao.core.duties.stream import load
from qianshao.core.org import names
from qianshao.core.org.models import Unit
from qianshao.kernel.declare import Kind
from qianshao.kernel.figures import BadSelection, Figure, Scope
from qianshao.kernel.hours import SHANGHAI
from qianshao.kit import telling
from qianshao.kit.queries import figures
from qianshao.kit.staff import StaffRequest

from . import timeline, titles
from .acts import units_on
from .asking import page
from .figure import day_asked, readable, work_out

MOST = 4
_MEDIAN_OF = 200_000


@dataclass(frozen=True, slots=True)
class Line:
    """One row: what is compared, and what each side has; ``differs`` when they are not all the same."""

    title: str
    cells: tuple[Any, ...]
    differs: bool
    entries: bool = False


@dataclass(frozen=True, slots=True)
class Side:
    """One duty of the comparison."""

    duty: Duty
    kind: Kind
    title: titles.Title
    told: list[timeline.Told]


@page
@require_http_methods(["GET", "POST"])
def duties(request: StaffRequest) -> HttpResponseBase:
    """The comparison; a list posts its chosen rows and is sent on to an address that can be kept."""
    if request.method == "POST":
        chosen = [value.partition(":")[0] for value in request.POST.getlist("row")]
        if not 2 <= len(chosen) <= MOST:
            messages.error(request, _("请选择 2 至 {n} 件事项再对比。").format(n=MOST))
            kind = request.POST.get("kind", "")
            return HttpResponseRedirect(f"{reverse('duties')}?{urlencode({'kind': kind} if kind else {})}")
        return HttpResponseRedirect(
            f"{reverse('duty-compare')}?{urlencode([('with', key) for key in chosen])}"
        )
    wanted = list(dict.fromkeys(request.GET.getlist("with")))
    if not wanted:
        return render(request, "kit/duties/compare.html", {"sides": []})
    if not 2 <= len(wanted) <= MOST:
        raise BadSelection(_("请选择 2 至 {n} 件事项再对比。").format(n=MOST))
    sides = _sides(wanted, request)
    context = {"sides": sides, "lines": _standing(sides, request), "facts": _facts(sides)}
    return render(request, "kit/duties/compare.html", context)


def _sides(wanted: Sequence[str], request: StaffRequest) -> list[Side]:
    found = {
        duty.stream: duty
        for duty in Duty.objects.filter(stream__in=wanted).select_related("unit")
        if may_see(duty, request.actor)
    }
    if len(found) != len(wanted):
        raise Http404
    named = titles.titles(list(found.values()), request.actor)
    streams = {stream.key: stream for stream in load(list(found), lock=False)}
    made = []
    for key in wanted:
        duty = found[key]
        kind = registry.kind(duty.kind)
        told = timeline.told(streams[key], titles.reader(duty, kind, request.actor))
        made.append(Side(duty, kind, named[key], told))
    return made


def _standing(sides: Sequence[Side], request: StaffRequest) -> list[Line]:
    """How each stands, in words; the lamp stands in words too."""
    now = request.now
    asked: tuple[tuple[str, Callable[[Side], str]], ...] = (
        (_("类型"), lambda side: telling.sentence(side.kind.title)),
        (_("灯"), lambda side: telling.lamp_title(telling.lamp_of(side.duty, now))),
        (_("剩余"), lambda side: telling.remaining(side.duty, now)),
        (_("状态"), lambda side: telling.sentence(side.kind.phase(side.duty.phase).title)),
        (_("责任单位"), lambda side: side.duty.unit.name if side.duty.unit else _("未定单位")),
        (_("类别"), lambda side: side.duty.topic),
        (_("地点"), lambda side: side.duty.place),
        (_("登记"), lambda side: telling.moment(side.duty.opened_at)),
        (_("到期"), lambda side: telling.limit(side.duty.due_at)),
        (_("办结"), lambda side: telling.moment(side.duty.closed_at)),
        (_("首次逾期"), lambda side: telling.limit(side.duty.missed_at)),
        (_("已用天数（自然日）"), lambda side: str(_days(side.duty, request))),
        (_("记录数"), lambda side: str(len(side.told))),
    )
    lines = []
    for title, read in asked:
        cells = tuple(read(side) for side in sides)
        if any(cells):
            lines.append(Line(title, cells, len(set(cells)) > 1))
    return lines


def _days(duty: Duty, request: StaffRequest) -> int:
    end = (duty.closed_at or request.now).astimezone(SHANGHAI).date()
    return (end - duty.opened_at.astimezone(SHANGHAI).date()).days


def _facts(sides: Sequence[Side]) -> list[Line]:
    """What happened, the same sort of fact in one row, in the order it first happened anywhere."""
    order: dict[str, None] = {}
    place: dict[str, int] = {}
    for side in sides:
        for number, entry in enumerate(side.told):
            place[entry.title] = min(place.get(entry.title, number), number)
    for title in sorted(place, key=lambda title: place[title]):
        order[title] = None
    lines = []
    for title in order:
        cells = tuple([entry for entry in side.told if entry.title == title] for side in sides)
        said = {
            tuple((tuple((value.label, value.text) for value in entry.values)) for entry in cell)
            for cell in cells
        }
        lines.append(Line(title, cells, len(said) > 1, entries=True))
    return lines


@dataclass(frozen=True, slots=True)
class Column:
    """One unit in one period: the figure, and how long its duties took."""

    name: str
    period: str
    figure: Figure
    median: int | None


@page
@require_GET
def figure(request: StaffRequest, key: str) -> HttpResponseBase:
    """A figure for two units, two periods, or two of each."""
    kind, indicator = readable(key, request.actor)
    if "unit_name" in request.GET:
        return redirect(f"{reverse('figure-compare', args=[key])}?{_named(request)}")
    codes = [code for code in request.GET.getlist("unit") if code][:2]
    units = {unit.code: unit for unit in Unit.objects.filter(code__in=codes)}
    for code in codes:
        if code not in units:
            raise BadSelection(_("没有编码为“{code}”的单位").format(code=code))
    periods = _periods(request)
    columns = []
    for code, (since, until) in product(codes or [""], periods or [("", "")]):
        scope = Scope(unit=code, since=since, until=_after(until))
        worked = work_out(indicator, scope, request.actor, request.now)
        median = None
        if worked.value <= _MEDIAN_OF:
            median = figures.median_days(worked.because, request.actor, request.now)
        name = units[code].name if code else _("全部可见单位")
        columns.append(Column(name, _period(since, until), worked, median))
    context = {
        "kind": kind,
        "indicator": indicator,
        "columns": columns if len(columns) > 1 else [],
        "differs": {
            "value": len({column.figure.value for column in columns}) > 1,
            "of": len({column.figure.of for column in columns}) > 1,
            "rate": len({column.figure.basis_points for column in columns}) > 1,
            "median": len({column.median for column in columns}) > 1,
        },
        "chosen": [units[code].name for code in codes] + [""] * (2 - len(codes)),
        "periods": periods + [("", "")] * (2 - len(periods)),
        "units": units_on(request),
    }
    return render(request, "kit/duties/figure_compare.html", context)


def _periods(request: StaffRequest) -> list[tuple[str, str]]:
    """Pairs of first and last day; one without either is left out."""
    given = list(zip(request.GET.getlist("since"), request.GET.getlist("until"), strict=False))[:2]
    for pair in given:
        for name, text in zip(("since", "until"), pair, strict=True):
            if text:
                day_asked(name, text)
    return [pair for pair in given if any(pair)]


def _after(until: str) -> str:
    return (date.fromisoformat(until) + timedelta(days=1)).isoformat() if until else ""


def _period(since: str, until: str) -> str:
    if not since and not until:
        return _("不限时间")
    first = telling.day(date.fromisoformat(since)) if since else ""
    last = telling.day(date.fromisoformat(until)) if until else ""
    return _("{first} 至 {last}").format(first=first or "…", last=last or "…")


def _named(request: StaffRequest) -> str:
    """The address with units' codes where the form sent their names."""
    on = request.now.astimezone(SHANGHAI).date()
    known = names.load()
    pairs = []
    for written in request.GET.getlist("unit_name"):
        if written.strip():
            try:
                pairs.append(("unit", known.resolve(written.strip(), on).unit.code))
            except (names.UnknownName, names.AmbiguousName) as error:
                raise BadSelection(str(error)) from error
    for since, until in zip(request.GET.getlist("since"), request.GET.getlist("until"), strict=False):
        pairs += [("since", since), ("until", until)]
    return urlencode(pairs)
