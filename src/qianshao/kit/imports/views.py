"""The import in the browser: upload, columns, preview, run, summary, the records behind each number."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from functools import wraps
from itertools import islice
from typing import Any, cast

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from qianshao.core.duties.models import Duty
from qianshao.core.files.names import BadName, clean_name, content_disposition
from qianshao.core.imports import runs
from qianshao.core.imports.models import ImportLine, ImportRun
from qianshao.core.imports.runs import Fault, Reading
from qianshao.core.jobs import services
from qianshao.core.org.models import Unit
from qianshao.kernel.rulebook import STATUSES
from qianshao.kit.duties.titles import titles
from qianshao.kit.sheets.model import SheetError
from qianshao.kit.sheets.opening import open_sheet
from qianshao.kit.staff import StaffRequest
from qianshao.kit.telling import sentence

from . import faults, jobs, mapping, running, uploads
from .forms import ColumnsForm
from .mapping import BadMapping
from .preview import First, preview
from .spec import ImportSpec, spec_of, specs

LOOKED_AT = 20_000  # rows a preview looks at; the import itself looks at all
_PAGE = 50
_LISTED = 100
_MONTH = re.compile(r"(\d{4}-(0[1-9]|1[0-2]))?", re.ASCII)
View = Callable[..., HttpResponseBase]
FILES = (".csv", ".csv.gz", ".gz", ".txt", ".xlsx", ".xls", ".ods")


def importers(view: View) -> View:
    """Only for those who may import over the whole city; foreseen errors become a sentence on the first page."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        staff = cast(StaffRequest, request)
        for spec in specs():
            running.importer(spec, staff.actor)
        try:
            return view(staff, *args, **kwargs)
        except SheetError as error:
            messages.error(request, sentence(error.words))
        except (uploads.Gone, uploads.TooBig, BadName) as error:
            messages.error(request, str(error))
        return redirect("import")

    return guarded


@importers
@require_http_methods(["GET", "POST"])
def begin(request: StaffRequest) -> HttpResponseBase:
    """Hand in a sheet; below it the imports so far."""
    if request.method == "POST":
        return _uploaded(request)
    shown = ImportRun.objects.filter(~Q(state="new") | Q(actor=request.actor.key))
    found = shown.order_by("-made_at", "-id")[:20]
    return render(
        request,
        "kit/imports/begin.html",
        {"specs": specs(), "runs": found, "accept": ",".join(FILES), "most": uploads.MOST // 2**20},
    )


def _uploaded(request: StaffRequest) -> HttpResponseBase:
    spec = {spec.key: spec for spec in specs()}.get(request.POST.get("spec", specs()[0].key))
    if spec is None:
        raise Http404
    file = request.FILES.get("file")
    if file is None:
        messages.error(request, _("请先选择一个文件。"))
        return redirect("import")
    name = clean_name(file.name or "")
    kept = uploads.keep(file.chunks())
    try:
        made, remembered = _opened(request, spec, kept, name)
    except BaseException:
        uploads.drop(kept)
        raise
    return redirect("import-preview" if remembered else "import-map", made.pk)


def _opened(request: StaffRequest, spec: ImportSpec, kept: str, name: str) -> tuple[ImportRun, bool]:
    """A run for an upload, and whether its columns are known from before."""
    sheet = open_sheet(uploads.place(kept), known=lambda title: mapping.known(spec, title), name=name)
    signature = mapping.signature(sheet.header)
    remembered = runs.kept(spec.key, signature)
    made = runs.open_run(
        spec=spec.key,
        file=name,
        path=kept,
        sha256=sheet.sha256,
        signature=signature,
        lines=sheet.lines,
        reading=remembered or mapping.propose(spec, sheet.header),
        actor=request.actor,
        now=request.now,
    )
    return made, remembered is not None


@importers
@require_http_methods(["GET", "POST"])
def columns(request: StaffRequest, run: int) -> HttpResponseBase:
    """Say what each column is, with sample values beside it."""
    made, spec = _own(request, run)
    if made.state != "new":
        return redirect("import-run", made.pk)
    sheet = jobs.sheet_at(spec, made)
    form = ColumnsForm(spec, sheet, Reading(made.columns, made.constants, made.source), request.POST or None)
    status = 200
    if request.method == "POST":
        if form.is_valid():
            reading = form.reading
            made.columns, made.constants, made.source = (
                dict(reading.columns),
                dict(reading.constants),
                reading.source,
            )
            made.save(update_fields=["columns", "constants", "source"])
            runs.keep(
                spec=spec.key, signature=made.signature, reading=reading, actor=request.actor, now=request.now
            )
            return redirect("import-preview", made.pk)
        status = 422
    return render(
        request,
        "kit/imports/columns.html",
        {"run": made, "spec": spec, "sheet": sheet, "form": form},
        status=status,
    )


@importers
@require_GET
def look(request: StaffRequest, run: int) -> HttpResponseBase:
    """What the import would do; nothing is written."""
    made, spec = _own(request, run)
    if made.state != "new":
        return redirect("import-run", made.pk)
    sheet = jobs.sheet_at(spec, made)
    reading = Reading(made.columns, made.constants, made.source)
    try:
        mapping.checked(spec, sheet.header, reading)
    except BadMapping:
        return redirect("import-map", made.pk)
    found = preview(spec, sheet, reading, request.now, most=LOOKED_AT, listed=_LISTED)
    context = {
        "run": made,
        "spec": spec,
        "sheet": sheet,
        "found": found,
        "counts": _titled(dict(found.counts)),
        "rules": [
            (rule, STATUSES[rule.rule.citation.status], rows) for rule, rows in found.rules.most_common()
        ],
        "firsts": [_first(first) for first in found.first],
        "faults": _listed(found.faults, sheet.header),
    }
    return render(request, "kit/imports/preview.html", context)


def _listed(found: Iterable[Fault], header: Sequence[str] = ()) -> list[dict[str, Any]]:
    """The first faults for the page."""
    return [
        {
            "row": fault.row,
            "where": faults.where(header, fault.columns),
            "problem": fault.problem,
            "mend": fault.mend,
        }
        for fault in islice(found, _LISTED)
    ]


def _first(first: First) -> dict[str, Any]:
    """One of the first rows as it would stand, for the page."""
    return {
        "row": first.row,
        "opened": first.facts[0].at,
        "until": first.deadline.until,
        "closed": first.facts[-1].at if len(first.facts) > 1 else None,
        "outcome": _outcomes()[first.outcome],
    }


@importers
@require_http_methods(["GET", "POST"])
def run(request: StaffRequest, run: int) -> HttpResponseBase:
    """How far the import is; when done, what it found. Posting starts it, stops it or clears it away."""
    made, spec = _run(run)
    if request.method == "POST":
        made, spec = _own(request, run)
        return _told_to(request, made, request.POST.get("do", ""))
    if made.state == "new" and jobs.job_of(made) is None:
        made, spec = _own(request, run)
        return redirect("import-preview", made.pk)
    job = jobs.job_of(made)
    working = job is not None and job.state in ("waiting", "running")
    context = {
        "run": made,
        "spec": spec,
        "job": job,
        "counts": _titled(_counts(made)),
        "working": working,
        "own": made.actor == request.actor.key,
        "progress": min(made.line, made.lines),
    }
    if request.headers.get("HX-Request"):
        if working:
            return render(request, "kit/imports/progress.html", context)
        return HttpResponse(headers={"HX-Refresh": "true"})
    if made.state == "done":
        context |= _ended(made, spec, request)
    return render(request, "kit/imports/run.html", context)


def _ended(made: ImportRun, spec: ImportSpec, request: StaffRequest) -> dict[str, Any]:
    changed = ImportLine.objects.filter(run=made, outcome="changed").order_by("row")
    return {
        "report": spec.report(made.pk, request.now),
        "faults": _listed(runs.faults_of(made)),
        "changed": changed[:_LISTED],
        "sheet_of_errors": uploads.faults_of(made.pk).exists(),
    }


def _told_to(request: StaffRequest, made: ImportRun, what: str) -> HttpResponseBase:
    job = jobs.job_of(made)
    if what == "start" and made.state != "done":
        jobs.start(made, actor=request.actor, now=request.now)
    elif what == "stop" and job is not None:
        services.stop(job=job, actor=request.actor, now=request.now)
    elif what == "clear" and made.state in ("new", "stopped", "failed"):
        if job is not None:
            services.stop(job=job, actor=request.actor, now=request.now)
        uploads.clear(made)
        if made.state == "new":
            made.delete()
        messages.success(request, _("上传的文件已经清除。"))
        return redirect("import")
    return redirect("import-run", made.pk)


@importers
@require_GET
def records(request: StaffRequest, run: int) -> HttpResponseBase:
    """Exactly the duties behind a number of the summary."""
    made, spec = _run(run)
    group = request.GET.get("group", "total")
    month = request.GET.get("month", "")
    if (group not in spec.groups and group not in runs.OUTCOMES) or not _MONTH.fullmatch(month):
        raise Http404
    found = _records(made, spec, request, group)
    pages = Paginator(found.select_related("unit").order_by("opened_at", "id"), _PAGE)
    page = pages.get_page(request.GET.get("page"))
    duties = list(page.object_list)
    shown = titles(duties, request.actor)
    return render(
        request,
        "kit/imports/records.html",
        {
            "run": made,
            "title": _outcomes()[group] if group in runs.OUTCOMES else _(spec.groups[group]),
            "page": page,
            "rows": [(duty, shown[duty.stream]) for duty in duties],
            "query": _without_page(request),
            "month": month,
            "unit_name": _unit_name(request.GET.get("unit", "")),
        },
    )


def _records(made: ImportRun, spec: ImportSpec, request: StaffRequest, group: str) -> QuerySet[Duty]:
    if group in runs.OUTCOMES:
        lines = ImportLine.objects.filter(run=made, outcome=group)
        return Duty.objects.filter(stream__in=lines.values("stream"))
    found = spec.records(made.pk, group, request.now)
    month, unit = request.GET.get("month", ""), request.GET.get("unit", "")
    if month:
        found = found.filter(month=int(month.replace("-", "")))
    if unit:
        found = found.filter(unit=None) if unit == "-" else found.filter(unit__code=unit)
    return found


def _unit_name(code: str) -> str:
    if code == "-":
        return _("未定单位")
    unit = Unit.objects.filter(code=code).first() if code else None
    return unit.name if unit else ""


def _without_page(request: StaffRequest) -> str:
    asked = request.GET.copy()
    asked.pop("page", None)
    return asked.urlencode()


@importers
@require_GET
def errors(request: StaffRequest, run: int) -> HttpResponseBase:
    """The rows that were not taken in, as a sheet to mend and hand in again."""
    made, _spec = _own(request, run)
    path = uploads.faults_of(made.pk)
    if not path.exists():
        raise uploads.Gone(_("错误表已经清除；重新上传原文件即可再得到。"))
    name = _("{file}-待改正.xlsx").format(file=made.file.split(".")[0])
    return FileResponse(
        path.open("rb"),
        content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        headers={"Content-Disposition": content_disposition(name)},
    )


def _run(pk: int) -> tuple[ImportRun, ImportSpec]:
    made = get_object_or_404(ImportRun, pk=pk)
    return made, spec_of(made.spec)


def _own(request: StaffRequest, pk: int) -> tuple[ImportRun, ImportSpec]:
    """A run of whoever asks: what they handed in holds people's names and numbers, and is shown to nobody else."""
    made, spec = _run(pk)
    if made.actor != request.actor.key:
        raise Http404
    return made, spec


def _outcomes() -> dict[str, str]:
    return {
        "new": _("新增"),
        "updated": _("补充答复"),
        "known": _("已有"),
        "changed": _("有变动"),
        "faulty": _("有错误"),
    }


def _counts(made: ImportRun) -> dict[str, int]:
    return {name: getattr(made, name) for name in (*runs.OUTCOMES, "faulty")}


def _titled(counts: dict[str, int]) -> list[tuple[str, str, int]]:
    return [(name, title, counts.get(name, 0)) for name, title in _outcomes().items()]
