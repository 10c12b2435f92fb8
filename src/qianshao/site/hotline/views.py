"""The hotline's own pages: the three rates broken down, and the ledger of returns."""

from __future__ import annotations

from datetime import date
from urllib.parse import quote

from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from qianshao.core.accounts.actor import NotAllowed
from qianshao.kernel.figures import BadSelection
from qianshao.kernel.hours import SHANGHAI
from qianshao.kit.counted_paper import DOCX
from qianshao.kit.duties.asking import page
from qianshao.kit.staff import StaffRequest
from qianshao.site.oversight.figures import Reader

from . import bulletin as bulletins
from . import figures, spans
from . import returns as returned

READ = "hotline.read"
_LINES = 50


def span_of(request: StaffRequest) -> spans.Span:
    """The days in the address; raises ``BadSelection``."""
    today = request.now.astimezone(SHANGHAI).date()
    return spans.asked(request.GET.get("since", "").strip(), request.GET.get("until", "").strip(), today)


def reader_of(request: StaffRequest) -> Reader:
    """Who asks; raises ``NotAllowed`` for those who may not read work orders."""
    if not request.actor.may(READ):
        raise NotAllowed(_("没有查看诉求工单的权限"))
    return Reader(request.actor, request.now)


@page
@require_GET
def rates(request: StaffRequest) -> HttpResponseBase:
    """Response, solution and satisfaction over a span, by unit, place, class, channel and month."""
    reader, span = reader_of(request), span_of(request)
    scope = span.scope()
    found = {
        "span": span,
        "rates": [(figures.indicator(key), figures.share(key, scope, reader)) for key in figures.RATES],
        "tables": figures.breakdowns(scope, reader),
    }
    return render(request, "site/hotline/rates.html", found)


@page
@require_GET
def bulletin(request: StaffRequest) -> HttpResponseBase:
    """The bulletin of the day, week or month a day lies in, of what the reader may see."""
    reader = reader_of(request)
    asked = request.GET.get("on", "") or reader.on.isoformat()
    try:
        found = bulletins.gather(request.GET.get("period", "day"), date.fromisoformat(asked), reader)
    except bulletins.BadPeriod as error:
        raise BadSelection(str(error)) from None
    except ValueError:
        raise BadSelection(_("“{name}”须为日期，例如 2026-01-31").format(name="on")) from None
    made = bulletins.write(found, request.build_absolute_uri("/"))
    response = HttpResponse(made, content_type=DOCX)
    name = quote(f"{bulletins.title_of(found.period)}-{found.span.since}")
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}.docx"
    return response


@page
@require_GET
def returns(request: StaffRequest) -> HttpResponseBase:
    """Who kicks back what, how often, after how long."""
    reader, span = reader_of(request), span_of(request)
    ledger = returned.ledger(span.scope(), reader)
    lines = Paginator(ledger.entries, _LINES).get_page(request.GET.get("page"))
    found = {"span": span, "ledger": ledger, "lines": lines, "most": returned.MOST}
    return render(request, "site/hotline/returns.html", found)
