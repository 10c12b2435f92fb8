"""The page of a figure: its value, what it is out of, who and when, every number opening its list."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from qianshao.core.accounts.actor import Actor, NotAllowed
from qianshao.core.duties import registry
from qianshao.core.ledger.models import Reveal
from qianshao.core.org import names
from qianshao.core.org.models import Unit
from qianshao.kernel.declare import Kind
from qianshao.kernel.figures import BadSelection, Condition, Figure, Indicator, Scope, Selection
from qianshao.kernel.hours import SHANGHAI
from qianshao.kernel.words import Words
from qianshao.kit import export, telling
from qianshao.kit.queries import figures
from qianshao.kit.staff import StaffRequest

from .acts import units_on
from .asking import page, partial
from .listing import may_export, sent

_MEDIAN_OF = 200_000  # closed duties; a median of more costs seconds on the embedded database


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a table: whose, the figure, and its links."""

    name: str
    figure: Figure


@dataclass(frozen=True, slots=True)
class Tables:
    """A figure and the same for each unit and for each month of opening."""

    figure: Figure
    by_unit: list[Line]
    by_month: list[Line]


def indicators() -> dict[str, tuple[Kind, Indicator]]:
    """Every declared figure by its key."""
    return {
        indicator.key: (kind, indicator)
        for kind in registry.kinds().values()
        for indicator in kind.indicators
    }


def readable(key: str, actor: Actor) -> tuple[Kind, Indicator]:
    """The figure of a key; one about what the actor may not read is not there."""
    kind, indicator = indicators().get(key, (None, None))
    if kind is None or indicator is None or not actor.paths(kind.reads):
        raise Http404
    return kind, indicator


def work_out(indicator: Indicator, scope: Scope, actor: Actor, now: datetime) -> Figure:
    """Count a figure in a scope: every number is the count of its own selection."""
    because = indicator.counts(scope)
    base = indicator.base(scope) if indicator.base else None
    value = figures.count(because, actor, now)
    of = figures.count(base, actor, now) if base else None
    return Figure(value, of, because, base, _left_out(indicator, scope, actor, now))


def tables(indicator: Indicator, scope: Scope, actor: Actor, now: datetime) -> Tables:
    """``work_out`` with both tables, from one query for the records and one for what they are out of."""
    because = indicator.counts(scope)
    base = indicator.base(scope) if indicator.base else None
    values = figures.by_unit_and_month(because, actor, now)
    bases = figures.by_unit_and_month(base, actor, now) if base else {}
    of = sum(bases.values()) if base else None
    figure = Figure(sum(values.values()), of, because, base, _left_out(indicator, scope, actor, now))
    return Tables(
        figure,
        _by_unit(figure, _summed(values, 0), _summed(bases, 0)),
        _by_month(figure, _summed(values, 1), _summed(bases, 1)),
    )


def _summed(counts: Mapping[tuple[int | None, int], int], part: int) -> Counter[int | None]:
    """The counts for each unit (part 0) or for each month (part 1)."""
    found: Counter[int | None] = Counter()
    for key, n in counts.items():
        found[key[part]] += n
    return found


def _left_out(
    indicator: Indicator, scope: Scope, actor: Actor, now: datetime
) -> tuple[tuple[Words, int, Selection], ...]:
    parts = [(words, part(scope)) for words, part in indicator.left_out]
    return tuple((words, figures.count(part, actor, now), part) for words, part in parts)


def scope_of(request: HttpRequest) -> Scope:
    """The scope in the address; ``until`` is the last day, included. Raises ``BadSelection``."""
    given = {name: request.GET.get(name, "").strip() for name in ("unit", "since", "until", "as_of")}
    for name in ("since", "until", "as_of"):
        if given[name]:
            day_asked(name, given[name])
    if given["unit"] and not Unit.objects.filter(code=given["unit"]).exists():
        raise BadSelection(_("没有编码为“{code}”的单位").format(code=given["unit"]))
    scope = Scope(**given)
    if scope.until:
        return replace(scope, until=(day_asked("until", scope.until) + timedelta(days=1)).isoformat())
    return scope


def day_asked(name: str, text: str) -> date:
    """The day of a question; raises ``BadSelection`` where it is none, or of no year figures are worked out for."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = date.min
    if not figures.FIRST_YEAR <= day.year <= figures.LAST_YEAR:
        raise BadSelection(_("“{name}”须为日期，例如 2026-01-31").format(name=name))
    return day


def _by_unit(figure: Figure, values: Mapping[int | None, int], bases: Mapping[int | None, int]) -> list[Line]:
    """The figure for each unit's own duties, in the city's order."""
    wanted = values.keys() | bases.keys()
    units = Unit.objects.filter(pk__in=[pk for pk in wanted if pk is not None]).order_by("order", "code")
    lines = [
        _line(unit.short, figure, values, bases, unit.pk, Condition("unit", "", unit.code)) for unit in units
    ]
    if None in wanted:
        lines.append(_line(_("未定单位"), figure, values, bases, None, Condition("unit", "empty", True)))
    return lines


def _by_month(
    figure: Figure, values: Mapping[int | None, int], bases: Mapping[int | None, int]
) -> list[Line]:
    """The figure for the duties opened in each month."""
    months = sorted(month for month in values.keys() | bases.keys() if month is not None)
    return [
        _line(f"{month // 100}-{month % 100:02}", figure, values, bases, month, Condition("month", "", month))
        for month in months
    ]


def _line(
    name: str,
    figure: Figure,
    values: Mapping[int | None, int],
    bases: Mapping[int | None, int],
    key: int | None,
    condition: Condition,
) -> Line:
    base = figure.base.also(condition) if figure.base else None
    of = bases.get(key, 0) if base else None
    return Line(name, Figure(values.get(key, 0), of, figure.because.also(condition), base))


@page
@require_GET
def show(request: StaffRequest, key: str) -> HttpResponseBase:
    """The page of a figure, or its tables as a spreadsheet."""
    kind, indicator = readable(key, request.actor)
    if "unit_name" in request.GET:
        return HttpResponseRedirect(f"{reverse('figure', args=[key])}?{_named(request)}")
    actor, now = request.actor, request.now
    scope = scope_of(request)
    told = tables(indicator, scope, actor, now)
    figure, units, months = told.figure, told.by_unit, told.by_month
    if request.GET.get("format"):
        return _leave(request, kind, indicator, figure, units, months)
    unit = Unit.objects.filter(code=scope.unit).first() if scope.unit else None
    found = {
        "kind": kind,
        "indicator": indicator,
        "figure": figure,
        "rate": figure.basis_points,
        "by_unit": units,
        "by_month": months,
        "scope": scope,
        "until": request.GET.get("until", ""),
        "unit": unit,
        "moment": figures.moment_of(figure.because, now),
        "median": figures.median_days(figure.because, actor, now) if figure.value <= _MEDIAN_OF else None,
        "units": units_on(request),
        "query": request.GET.urlencode(),
        "may_export": may_export(kind, request),
        "others": [
            (other.key, other.title)
            for other_kind, other in indicators().values()
            if other_kind is kind and other.key != key
        ],
    }
    template = "kit/duties/figure_body.html" if partial(request) else "kit/duties/figure.html"
    return render(request, template, found)


def _named(request: StaffRequest) -> str:
    """The address with a unit's code where the form sent its name, and without what is empty."""
    given = {name: str(value) for name, value in request.GET.items() if value and name != "unit_name"}
    written = request.GET["unit_name"].strip()
    if written:
        try:
            on = request.now.astimezone(SHANGHAI).date()
            given["unit"] = names.load().resolve(written, on).unit.code
        except (names.UnknownName, names.AmbiguousName) as error:
            raise BadSelection(str(error)) from error
    return urlencode(given)


def _leave(
    request: StaffRequest,
    kind: Kind,
    indicator: Indicator,
    figure: Figure,
    units: list[Line],
    months: list[Line],
) -> HttpResponseBase:
    if not may_export(kind, request):
        raise NotAllowed(_("没有导出“{kind}”的权限").format(kind=telling.sentence(kind.title)))
    form = request.GET["format"]
    if form not in ("xlsx", *export.ENCODINGS):
        known = _("、").join(("xlsx", *export.ENCODINGS))
        raise BadSelection(
            _("“{name}”不能取“{value}”，可用：{known}").format(name="format", value=form, known=known)
        )
    Reveal.objects.create(
        at=request.now,
        actor=request.actor.key,
        stream="",
        sseq=0,
        fields="figure",
        reason=f"export {form} {indicator.key} {request.GET.urlencode()}"[:500],
    )
    title = telling.sentence(indicator.title)
    heading = [_("分组"), _("名称"), _("件数"), _("其中总数"), _("比率")]
    return sent(title, title, heading, _table(figure, units, months), form)


def _table(figure: Figure, units: list[Line], months: list[Line]) -> Iterator[list[export.Cell]]:
    groups = ((_("合计"), [Line("", figure)]), (_("按单位"), units), (_("按月份"), months))
    for group, lines in groups:
        for line in lines:
            rate = telling.percent(line.figure.basis_points) if line.figure.base else ""
            yield [group, line.name, line.figure.value, line.figure.of, rate]


def list_query(selection: Selection, key: str) -> str:
    """The address of the list behind a number; told where it comes from, the list counts exactly."""
    return f"{selection.to_query()}&from={key}"
