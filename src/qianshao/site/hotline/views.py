"""The hotline's own pages: the three rates broken down, and the ledger of returns."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from qianshao.core.accounts.actor import NotAllowed
from qianshao.kernel.hours import SHANGHAI
from qianshao.kit.duties.asking import page
from qianshao.kit.staff import StaffRequest
from qianshao.site.oversight.figures import Reader

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
def returns(request: StaffRequest) -> HttpResponseBase:
    """Who kicks back what, how often, after how long."""
    reader, span = reader_of(request), span_of(request)
    ledger = returned.ledger(span.scope(), reader)
    lines = Paginator(ledger.entries, _LINES).get_page(request.GET.get("page"))
    found = {"span": span, "ledger": ledger, "lines": lines, "most": returned.MOST}
    return render(request, "site/hotline/returns.html", found)
