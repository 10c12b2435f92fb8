"""The pages that only show: the policy library, a document, an interpretation, the disclosure catalogue."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from qianshao.core.duties.standing import counted
from qianshao.core.duties.stream import load
from qianshao.modules.openness.documents.catalogue import ITEMS
from qianshao.modules.openness.documents.facts import CATALOGUE
from qianshao.site.oversight import catalogue

from . import policies
from .asking import now_of


@require_GET
def library(request: HttpRequest) -> HttpResponse:
    """Published documents with their interpretations, by words of title or number, unit, item and year."""
    now, wanted = now_of(request), policies.Wanted.of(request.GET.dict())
    page = Paginator(policies.documents(wanted, now), policies.SIZE).get_page(request.GET.get("page"))
    asked = {"q": wanted.text, "unit": wanted.unit, "item": wanted.item, "year": wanted.year or ""}
    context = {
        "page": page,
        "policies": policies.told(list(page.object_list), now),
        "wanted": wanted,
        "kept": urlencode({name: value for name, value in asked.items() if value}),
        "units": policies.units(now),
        "items": CATALOGUE.items(),
        "years": policies.years(now),
    }
    return render(request, "portal/policies.html", context)


@require_GET
def document(request: HttpRequest, stream: str) -> HttpResponse:
    """One published document with its interpretations; what is withheld or waiting is not there."""
    found = policies.document(stream, now_of(request))
    if found is None:
        raise Http404
    return render(request, "portal/policy.html", {"policy": found})


@require_GET
def interpretation(request: HttpRequest, stream: str) -> HttpResponse:
    """One published interpretation, linked back to its documents."""
    found = policies.interpretation(stream, now_of(request))
    if found is None:
        raise Http404
    return render(request, "portal/interpretation.html", {"note": found[0], "policies": found[1]})


@require_GET
def bodies(request: HttpRequest) -> HttpResponse:
    """Every body with how many documents it has published, under how many items."""
    rows = catalogue.bodies(policies.READER, now_of(request))
    return render(request, "portal/catalogue.html", {"rows": rows, "all": len(ITEMS)})


@require_GET
def body(request: HttpRequest, unit: str) -> HttpResponse:
    """One body's catalogue: the items of article 20, the documents under each, and its guide."""
    now = now_of(request)
    found = catalogue.body_of(unit, policies.READER, now)
    if found is None:
        raise Http404
    context = {
        "unit": found,
        "items": catalogue.items(found, policies.READER, now),
        "upkeep": [_kept(part, now) for part in catalogue.upkeep(found, policies.READER, now)],
    }
    return render(request, "portal/catalogue_body.html", context)


def _kept(part: catalogue.Upkeep, now: datetime) -> dict[str, Any]:
    """When it was last brought up to date and where it is; that it is being mended, but not what was wrong."""
    url = ""
    if part.updated is not None:
        (stream,) = load([part.updated.stream], lock=False)
        updated = stream.kind.fold(counted(stream.facts)).updated
        url = updated.url if updated and updated.url.startswith(("https://", "http://")) else ""
    return {
        "title": part.title,
        "updated_at": part.updated.closed_at if part.updated else None,
        "url": url,
        "mending": part.open is not None,
    }
