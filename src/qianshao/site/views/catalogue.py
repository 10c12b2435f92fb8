"""The disclosure catalogue for the staff: every body, and one body's fifteen items."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from qianshao.core.accounts.actor import NotAllowed
from qianshao.kit.duties.asking import page
from qianshao.kit.staff import StaffRequest
from qianshao.modules.openness.documents.catalogue import ITEMS
from qianshao.site.oversight import catalogue


@page
def index(request: StaffRequest) -> HttpResponse:
    """Every body the reader may see: how many of the items hold something, and how guide and catalogue are kept."""
    _reader(request)
    rows = catalogue.bodies(request.actor, request.now)
    return render(request, "site/catalogue.html", {"rows": rows, "all": len(ITEMS), "now": request.now})


@page
def show(request: StaffRequest, unit: str) -> HttpResponse:
    """One body's catalogue, item by item; what holds nothing says so."""
    _reader(request)
    body = catalogue.body_of(unit, request.actor, request.now)
    if body is None:
        raise Http404
    found = catalogue.items(body, request.actor, request.now)
    context = {
        "unit": body,
        "items": found,
        "empty": sum(not item.published.value for item in found if item.key in ITEMS),
        "unplaced": catalogue.unplaced(body, request.actor, request.now),
        "upkeep": catalogue.upkeep(body, request.actor, request.now),
        "may_record": request.actor.may("openness.handle", body.path),
        "now": request.now,
    }
    return render(request, "site/catalogue_body.html", context)


def _reader(request: StaffRequest) -> None:
    if not request.actor.paths(catalogue.READ):
        raise NotAllowed(_("没有查看政务公开的权限"))
