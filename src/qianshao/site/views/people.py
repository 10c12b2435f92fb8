"""The city's units as a tree, with the names they bore."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from qianshao.core.org.models import Unit

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
