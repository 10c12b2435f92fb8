"""The city's units as a tree, with the names they bore; and one unit with who works there and what it owes."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from qianshao.core.accounts.actor import EVERYWHERE
from qianshao.core.duties import registry
from qianshao.core.org import queries as org
from qianshao.core.org.models import Unit
from qianshao.kernel.figures import Condition, Selection
from qianshao.kernel.hours import SHANGHAI
from qianshao.kit.queries import figures
from qianshao.kit.staff import StaffRequest
from qianshao.site.search.names import reach_of

KINDS = {
    "city": "市",
    "office": "政府办公室",
    "section": "内设科室",
    "bureau": "市直部门",
    "county": "县（市、区）",
    "town": "乡镇（街道）",
}


def units(request: HttpRequest) -> HttpResponse:
    """All units by kind; ended ones say what became of them."""
    found = list(
        Unit.objects.select_related("parent", "merged_into")
        .prefetch_related("names")
        .order_by("order", "code")
    )
    groups = [(title, [unit for unit in found if unit.kind == kind]) for kind, title in KINDS.items()]
    return render(
        request, "site/units.html", {"groups": [group for group in groups if group[1]], "total": len(found)}
    )


@dataclass(frozen=True)
class Owed:
    """What a unit has in hand of one kind, and how much of it is overdue; each number opens."""

    title: str
    open: int
    late: int
    open_url: str
    late_url: str


def unit(request: StaffRequest, code: str) -> HttpResponse:
    """One unit: its names, the units below, its staff for those who work with it, and what it has in hand."""
    found = Unit.objects.select_related("parent", "merged_into").filter(code=code).first()
    if found is None:
        raise Http404
    today = request.now.astimezone(SHANGHAI).date()
    reach = reach_of(request.actor)
    near = EVERYWHERE in reach or any(found.path.startswith(path) for path in reach)
    context = {
        "unit": found,
        "sort": KINDS.get(found.kind, ""),
        "names": list(found.names.order_by("valid_from")),
        "below": list(org.on(Unit.objects.filter(parent=found), today).order_by("order", "code")),
        "staff": list(org.holdings_on(found, today)) if near else [],
        "near": near,
        "owed": _owed(found, request),
    }
    return render(request, "site/unit.html", context)


def _owed(unit: Unit, request: StaffRequest) -> list[Owed]:
    having = Selection("", (Condition("unit", "", unit.code), Condition("open", "", True)))
    rows = figures.queryset(having, request.actor, request.now).order_by().values_list("kind")
    counted = rows.annotate(n=Count("pk"), late=Count("pk", filter=Q(due_at__lte=request.now)))
    numbers = {kind: (n, late) for kind, n, late in counted}
    found = []
    for kind in registry.kinds().values():
        if kind.key in numbers:
            asked = Selection(kind.key, having.where)
            late = asked.without("open").also(Condition("lamp", "", "red"))
            address = reverse("duties")
            found.append(
                Owed(
                    kind.title,
                    *numbers[kind.key],
                    f"{address}?{asked.to_query()}",
                    f"{address}?{late.to_query()}",
                )
            )
    return found
