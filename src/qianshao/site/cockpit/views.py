"""The drawings of the cockpit, which come after its first view; their tables to take away; and the wall screen."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from qianshao.core.accounts.actor import NotAllowed
from qianshao.core.duties import registry
from qianshao.core.ledger.models import Reveal
from qianshao.kernel.figures import BadSelection
from qianshao.kit.citymap import keeping
from qianshao.kit.duties.asking import page, partial
from qianshao.kit.duties.listing import sent
from qianshao.kit.staff import StaffRequest
from qianshao.modules.hotline.module import ORDER
from qianshao.site.views import cockpit

from . import asking, drawings, progress, standing, tables

_WALL_LATE = 8


@page
@require_GET
def charts(request: StaffRequest) -> HttpResponseBase:
    """Calendar, matrix, map and flow; a piece of the cockpit when HTMX asks, a page of its own without."""
    asked = asking.read(request)
    if asked.kind is None:
        raise Http404
    context = {
        "asked": asked,
        "kind": asked.kind,
        "as_of": asked.as_of,
        "days": drawings.days(asked),
        "matrix": standing.matrix(asked),
        "districts": standing.districts(asked, keeping.districts(asked.on)),
        "flows": drawings.returns(asked) if asked.kind is ORDER else None,
    }
    template = "site/cockpit/charts_body.html" if partial(request) else "site/cockpit/charts.html"
    return render(request, template, context)


@page
@require_GET
def table(request: StaffRequest, name: str) -> HttpResponseBase:
    """A table behind a drawing as Excel or CSV; who took it is kept, as for every list that leaves."""
    asked = asking.read(request)
    if asked.kind is None or name not in tables.TABLES:
        raise Http404
    form = request.GET.get("format") or "xlsx"
    if form not in ("xlsx", "utf-8-sig"):
        raise BadSelection(
            _("“{name}”不能取“{value}”，可用：{known}").format(
                name="format", value=form, known=_("、").join(("xlsx", "utf-8-sig"))
            )
        )
    title, heading, rows = tables.TABLES[name](asked)
    Reveal.objects.create(
        at=request.now,
        actor=request.actor.key,
        stream="",
        sseq=0,
        fields="table",
        reason=f"export {form} cockpit {name} {asked.kind.key} {asked.as_of}".strip(),
    )
    return sent(tables.name_of(title, asked.on), title, heading, rows, form)


@page
@require_GET
def wall(request: StaffRequest) -> HttpResponse:
    """The screen on the wall: for those who see the city's figures; it names no person and no citizen's words."""
    if not request.actor.may("city.read"):
        raise NotAllowed(_("没有查看全市数字的权限；大屏需用可以查看全市数字的账号登录。"))
    asked = asking.read(request)
    if asked.kind is None:
        raise Http404
    board = cockpit.board_of(asked, request)
    late = [item.row.duty for item in board.late[:_WALL_LATE]]
    context = {
        "asked": asked,
        "kind": asked.kind,
        "board": board,
        "matrix": standing.matrix(asked),
        "districts": standing.districts(asked, keeping.districts(asked.on)),
        "last": progress.last_acts(late, registry.kinds(), asked.at),
        "seconds": settings.WALL_SECONDS,
    }
    template = "site/cockpit/wall_body.html" if partial(request) else "site/cockpit/wall.html"
    return render(request, template, context)
