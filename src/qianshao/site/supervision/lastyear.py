"""The page that takes last year's numbers over: a sheet, what it would do, and then the doing."""

from __future__ import annotations

import tempfile
from dataclasses import astuple
from pathlib import Path

from django.contrib import messages
from django.core import signing
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from qianshao.core.accounts.actor import EVERYWHERE, NotAllowed
from qianshao.core.meters import services as meters
from qianshao.kit import telling
from qianshao.kit.sheets.model import SheetError
from qianshao.kit.staff import StaffRequest
from qianshao.modules.burden import lastyear
from qianshao.modules.burden.lastyear import Preview, Taken

_SALT = "qianshao.lastyear"
_HOURS = 8
_MOST = 5 * 2**20  # bytes


def _may(request: StaffRequest) -> None:
    if not request.actor.may(meters.SET, EVERYWHERE):
        raise NotAllowed(_("没有核定额度的权限"))


@require_http_methods(["GET", "POST"])
def show(request: StaffRequest) -> HttpResponseBase:
    """The form; sent, what the sheet would do; confirmed, the numbers are taken over."""
    _may(request)
    if request.method == "GET":
        return _page(request)
    if carried := request.POST.get("carried", ""):
        return _take_over(request, carried)
    file = request.FILES.get("file")
    if file is None:
        return _page(request, error=_("请选择一个表格文件。"))
    if (file.size or 0) > _MOST:
        return _page(request, error=_("文件超过 5 MB，请只保留需要的工作表。"))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "sheet"
        with path.open("wb") as kept:
            for chunk in file.chunks():
                kept.write(chunk)
        try:
            found = lastyear.preview(lastyear.rows_of(path, file.name or ""), request.now)
        except SheetError as error:
            return _page(request, error=telling.sentence(error.words))
    return _page(request, found=found)


def _page(request: StaffRequest, *, found: Preview | None = None, error: str = "") -> HttpResponse:
    context: dict[str, object] = {"error": error, "columns": list(lastyear.columns()), "found": found}
    if found is not None:
        titles = {meter.key: title for title, meter in lastyear.columns().items()}
        context["rows"] = [(one, titles[one.meter]) for one in found.new]
        if found.new and not found.problems:
            rows = {"actor": request.actor.key, "rows": [astuple(one) for one in found.new]}
            context["carried"] = signing.dumps(rows, salt=_SALT, compress=True)
    status = 422 if error or (found is not None and found.problems) else 200
    return render(request, "site/supervision/lastyear.html", context, status=status)


def _take_over(request: StaffRequest, carried: str) -> HttpResponseBase:
    """What was shown to this reader is written, each number once however often it is sent."""
    try:
        read = signing.loads(carried, salt=_SALT, max_age=_HOURS * 3600)
        if read["actor"] != request.actor.key:
            raise signing.BadSignature
        done = lastyear.take_over([Taken(*row) for row in read["rows"]], actor=request.actor, now=request.now)
    except signing.BadSignature:
        return _page(request, error=_("预览已经过期，请重新上传表格。"))
    except ValueError as refused:
        return _page(request, error=str(refused))
    told = ngettext("已写入 {n} 个上年数。", "已写入 {n} 个上年数。", done)
    messages.success(request, told.format(n=done))
    return redirect("burden")


@require_GET
def template(request: StaffRequest) -> HttpResponseBase:
    """An empty sheet with the right header."""
    _may(request)
    header = ",".join((lastyear.UNIT, lastyear.YEAR, *lastyear.columns()))
    response = HttpResponse(f"\ufeff{header}\r\n", content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="last-year.csv"'
    return response
