"""The two steps: hand in a decision, then correct what was read and open its items."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.html import format_html_join
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from qianshao.core.accounts.actor import NotAllowed
from qianshao.core.duties import in_force, registry
from qianshao.core.duties.door import stream_of
from qianshao.core.duties.models import Duty
from qianshao.core.files.keep import FileGone
from qianshao.kernel.hours import SHANGHAI
from qianshao.kit.staff import StaffRequest
from qianshao.modules.supervision.items.facts import ORDERED, RHYTHMS, Assigned

from . import opening, suggesting, taking
from .places import pieces
from .suggesting import Row
from .taking import Carried, Unreadable

_ORIGINS = {key: title for key, title in ORDERED.items() if key != "split"}


def may_open(request: StaffRequest) -> bool:
    """Whether the reader may do the act that opens an item."""
    return request.actor.may(registry.kind(opening.ITEM).act(Assigned.__name__).who)


def _refuse_others(request: StaffRequest) -> None:
    if not may_open(request):
        raise NotAllowed(_("没有“{act}”的权限").format(act=_("立项交办")))


@require_http_methods(["GET", "POST"])
def new(request: StaffRequest) -> HttpResponseBase:
    """The form for a file or pasted text; sent, the source and its items side by side."""
    _refuse_others(request)
    if request.method == "GET":
        return _asked(request)
    try:
        carried, rows, text, more = _read(request)
    except Unreadable as error:
        return _asked(request, str(error))
    return _review(request, carried, rows, text, more=more)


@require_POST
def open_items(request: StaffRequest) -> HttpResponseBase:
    """Open the ticked items; what stands in the way is told beside each, and then nothing was opened."""
    _refuse_others(request)
    try:
        carried = taking.carried_of(request.POST.get("carried", ""), request.actor.key)
        text = carried.source_text()
    except (Unreadable, FileGone) as error:
        return _asked(request, str(error))
    rows = opening.rows_of(request.POST, carried)
    if not any(row.take for row in rows):
        return _review(request, carried, rows, text, error=_("没有勾选任务，没有立项。"))
    units = suggesting.units_on(_today(request.now))
    try:
        made = opening.open_items(
            rows,
            carried,
            text,
            opening.Common(_chosen(request, "origin", _ORIGINS), _chosen(request, "rhythm", RHYTHMS)),
            known=suggesting.known_of(units),
            units=units,
            actor=request.actor,
            now=request.now,
        )
    except opening.NotOpened:
        n = sum(bool(row.error) for row in rows)
        sentence = _("有 {n} 项不能立项，理由写在各项下面；一项也没有写入。").format(n=n)
        return _review(request, carried, rows, text, error=sentence)
    context = {
        "carried": carried,
        "made": made,
        "new": sum(not one.repeated for one in made),
        "before": sum(one.repeated for one in made),
    }
    return render(request, "site/supervision/decision_made.html", context)


def _today(now: datetime) -> date:
    return now.astimezone(SHANGHAI).date()


def _chosen(request: StaffRequest, name: str, known: Mapping[str, str]) -> str:
    given = request.POST.get(name, "")
    return given if given in known else next(iter(known))


def _asked(request: StaffRequest, error: str = "") -> HttpResponse:
    context = {
        "error": error,
        "most": taking.MOST_BYTES >> 20,
        "characters": taking.MOST_CHARACTERS,
        "text": request.POST.get("text", ""),
        "issued": request.POST.get("issued", ""),
    }
    return render(request, "site/supervision/decision_new.html", context, status=422 if error else 200)


def _read(request: StaffRequest) -> tuple[Carried, list[Row], str, int]:
    """Read and keep what was handed in; the last number is of items beyond those the page takes."""
    upload, pasted = request.FILES.get("file"), request.POST.get("text", "")
    issued = _issued(request.POST.get("issued", ""))
    _book, calendar = in_force.now()
    if isinstance(upload, UploadedFile):
        decision = taking.from_file(upload, issued, calendar)
    elif pasted.strip():
        decision = taking.from_text(pasted, issued, calendar)
    else:
        raise Unreadable(_("请选择文件，或者粘贴文字。"))
    kept, paper = taking.keep_text(
        decision, upload if isinstance(upload, UploadedFile) else None, request.now
    )
    units = suggesting.units_on(_today(request.now))
    known = suggesting.known_of(units)
    rows = [
        suggesting.row_of(n, item, known, units)
        for n, item in enumerate(decision.items[: taking.MOST_ITEMS], 1)
    ]
    carried = Carried(
        by=request.actor.key,
        title=decision.title,
        number=decision.number or "",
        identity=taking.identity_of(decision),
        text=kept,
        paper=paper,
        items=tuple(row.noted for row in rows),
    )
    return carried, rows, decision.text, len(decision.items) - len(rows)


def _issued(given: str) -> date | None:
    try:
        return date.fromisoformat(given) if given else None
    except ValueError:
        raise Unreadable(_("成文日期不是日期，请写成 2026-01-31。")) from None


def _review(
    request: StaffRequest, carried: Carried, rows: Sequence[Row], text: str, *, error: str = "", more: int = 0
) -> HttpResponse:
    units = suggesting.units_on(_today(request.now))
    _note_made(rows, carried, text, first="carried" not in request.POST)
    for row in rows:
        values = dict.fromkeys([*row.noted.candidates, *([row.lead] if row.lead else [])])
        row.options = [option for value in values if (option := suggesting.option_of(value, units))]
    context = {
        "carried": carried,
        "token": carried.signed(),
        "rows": rows,
        "pieces": pieces(text, carried.items),
        # Made once for all selects: 200 of them with 260 units each.
        "every_unit": format_html_join(
            "", '<option value="{}">{}</option>', ((code, unit.name) for code, unit in units.items())
        ),
        "unsure": sum(row.unsure for row in rows),
        "more": more,
        "error": error,
        "origins": _ORIGINS,
        "origin": request.POST.get("origin") or _origin_of(carried.title),
        "rhythms": RHYTHMS,
        "rhythm": request.POST.get("rhythm", ""),
    }
    return render(request, "site/supervision/decision_items.html", context, status=422 if error else 200)


def _note_made(rows: Sequence[Row], carried: Carried, text: str, *, first: bool) -> None:
    """Say which items stand already; on the first look they are not ticked."""
    kind = registry.kind(opening.ITEM)
    streams = {
        row.n: [stream_of(kind, opening.source_of(key, row.noted, code)) for code in row.lead.split(",")]
        for row, key in zip(rows, carried.sources(text), strict=True)
    }
    asked = [stream for each in streams.values() for stream in each]
    there = set(Duty.objects.filter(stream__in=asked).values_list("stream", flat=True))
    for row in rows:
        row.made = next((stream for stream in streams[row.n] if stream in there), "")
        row.take = row.take and not (first and row.made)


def _origin_of(title: str) -> str:
    if "工作报告" in title:
        return "report"
    return "minutes" if "纪要" in title else "decision"
