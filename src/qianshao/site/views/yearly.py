"""The yearly reports: which bodies owe one, each made from the registers, its figures opened, and as files."""

from __future__ import annotations

from datetime import date

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from qianshao.core.accounts.actor import EVERYWHERE, NotAllowed
from qianshao.core.duties import registry
from qianshao.core.duties.models import Duty
from qianshao.core.duties.standing import counted
from qianshao.core.duties.stream import Stream
from qianshao.core.files.names import content_disposition
from qianshao.core.org.models import Unit
from qianshao.kernel.figures import BadSelection, Condition, Scope, scoped
from qianshao.kernel.hours import SHANGHAI, midnight
from qianshao.kit import telling
from qianshao.kit.duties.asking import page
from qianshao.kit.queries import figures as counting
from qianshao.kit.staff import StaffRequest
from qianshao.modules.openness.figures import REPORT, REQUEST
from qianshao.modules.openness.report import compute, exports
from qianshao.modules.openness.report.form import COURSES, NUMERALS, ROW, SECTIONS
from qianshao.modules.openness.report.layout import boxes
from qianshao.modules.openness.report.model import printed_column
from qianshao.site.oversight import yearly
from qianshao.site.oversight.figures import Opened

_READ = "openness.read"
_TABLES = {1: "table2", 2: "table3", 3: "table4"}


@page
def index(request: StaffRequest) -> HttpResponse:
    """Every body that reports, with its duty of the year asked about and what was received in it."""
    paths = request.actor.paths(_READ)
    if not paths:
        raise NotAllowed(_("没有查看政务公开的权限"))
    this_year = request.now.astimezone(SHANGHAI).year
    year = _year(request.GET.get("year", ""), this_year)
    until = midnight(date(year + 1, 1, 1))
    units = Unit.objects.filter(kind__in=yearly.BODIES, valid_from__lt=until.date()).order_by("order", "code")
    owed = {
        duty.unit_id: duty
        for duty in Duty.objects.filter(
            kind=REPORT, opened_at__gte=until, opened_at__lt=midnight(date(year + 2, 1, 1))
        )
    }
    phases = {phase.key: phase.title for phase in registry.kind(REPORT).phases}
    received = scoped(REQUEST, Scope(since=f"{year}-01-01", until=f"{year + 1}-01-01"))
    counts = counting.by_unit(received, request.actor, request.now)
    of_unit = Unit.objects.in_bulk([pk for pk in counts if pk is not None])
    by_path = {unit.path: counts[pk] for pk, unit in of_unit.items()}
    rows = [
        {
            "unit": unit,
            "duty": owed.get(unit.pk),
            "phase": phases[owed[unit.pk].phase] if unit.pk in owed else "",
            "received": Opened(
                sum(n for path, n in by_path.items() if path.startswith(unit.path)),
                received.also(Condition("unit", "under", unit.code)),
            ),
        }
        for unit in units
        if (unit.valid_to is None or unit.valid_to.year >= year)
        and any(path == EVERYWHERE or unit.path.startswith(path) for path in paths)
    ]
    years = range(this_year, max(yearly.FIRST_YEAR, this_year - 9) - 1, -1)
    context = {"rows": rows, "year": year, "years": years, "running": year == this_year}
    return render(request, "site/yearly_index.html", context)


@page
def show(request: StaffRequest, unit: str, year: int) -> HttpResponse:
    """The six sections as they would be printed, every counted figure a link, and what the checks found."""
    made = _made(request, unit, year)
    sections = [
        {
            "title": f"{NUMERALS[place]}、{name}",
            "table": _TABLES.get(place, ""),
            "lines": _lines(made, _TABLES[place]) if place in _TABLES else [],
            "text": [line for line in made.report.text.get(NUMERALS[place], "").splitlines() if line.strip()],
        }
        for place, name in enumerate(SECTIONS)
    ]
    context = {
        "made": made,
        "opening": exports.opening(made.report),
        "sections": sections,
        "findings": [
            {"id": finding.id, "severity": finding.severity, "says": telling.sentence(finding.says)}
            for finding in made.findings
        ],
        "untold": made.untold,
        "may_compile": bool(made.stream) and request.actor.may("openness.handle", made.unit.path),
    }
    return render(request, "site/yearly.html", context)


def _lines(made: yearly.Yearly, table: str) -> list[list[dict[str, object]]]:
    """The printed table line by line; a counted figure carries the address of its records."""
    lines: dict[int, list[dict[str, object]]] = {}
    base = reverse("openness-report-records", args=(made.unit.code, made.year))
    for box in sorted(boxes(made.report, table), key=lambda box: (box.row, box.column)):
        url = ""
        if box.of is not None and table != "table2" and box.text != "0":
            url = f"{base}?table={table}&row={box.of[0]}&column={box.of[1]}"
        lines.setdefault(box.row, []).append({"box": box, "url": url})
    return [lines.get(number, []) for number in range(max(lines) + 1)]


@page
def behind(request: StaffRequest, unit: str, year: int) -> HttpResponse:
    """The records one figure was counted from; a figure the report does not have is not there."""
    made = _made(request, unit, year)
    table, row, column = (request.GET.get(name, "") for name in ("table", "row", "column"))
    if table == "untold":
        named, found = _("未登记申请人类别的申请"), made.untold
    elif yearly.is_cell(table, row, column, made.report):
        label = ROW[row].label if table == "table3" else COURSES[row]
        named = _("{row}，{column}").format(row=label, column=printed_column(table, column))
        found = made.behind(table, row, column)
    else:
        raise Http404
    context = {"made": made, "named": named, "records": found}
    return render(request, "site/yearly_records.html", context)


@page
def file(request: StaffRequest, unit: str, year: int, form: str) -> HttpResponse:
    """The report as .docx, .html or .json."""
    made = _made(request, unit, year)
    if form not in yearly.TYPES:
        raise Http404
    response = HttpResponse(yearly.written(made.report, form), content_type=yearly.TYPES[form])
    response["Content-Disposition"] = content_disposition(f"{exports.title(made.report)}.{form}")
    response["X-Content-Type-Options"] = "nosniff"
    return response


def beside(request: StaffRequest, duty: Duty, stream: Stream) -> SafeString:
    """On the page of a report's duty: the way to the report made from the registers."""
    if duty.unit is None or duty.unit.kind not in yearly.BODIES:
        return SafeString("")
    year = stream.kind.fold(counted(stream.facts)).year
    return render_to_string("site/yearly_beside.html", {"unit": duty.unit, "year": year}, request=request)


def _made(request: StaffRequest, code: str, year: int) -> yearly.Yearly:
    try:
        unit = yearly.body_of(code)
    except yearly.NoBody as error:
        raise Http404(str(error)) from None
    if not request.actor.may(_READ, unit.path):
        raise NotAllowed(_("没有查看政务公开的权限"))
    try:
        return yearly.make(unit, year, request.now)
    except (yearly.BadYear, compute.BadRecord) as error:
        raise BadSelection(
            telling.sentence(error.words) if isinstance(error, compute.BadRecord) else str(error)
        ) from None


def _year(text: str, this_year: int) -> int:
    if not text:
        return this_year - 1
    if not (text.isascii() and text.isdecimal() and yearly.FIRST_YEAR <= int(text) <= this_year):
        raise BadSelection(_("“{name}”的年份超出范围").format(name="year"))
    return int(text)
