"""The results page, and the same as JSON for the command palette."""

from __future__ import annotations

from dataclasses import asdict

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from qianshao.kit.staff import StaffRequest

from . import duties, names
from .hits import Asked, Group

_ON_PAGE = 12
_IN_PALETTE = 5


def _groups(asked: Asked, request: StaffRequest, size: int) -> list[Group]:
    """Everything found; with nothing asked, where one can go and what one can begin."""
    quick = [names.pages(asked, request, size), names.acts(asked, request, size)]
    if not asked.text:
        return [group for group in quick if group.hits]
    found = [
        *duties.groups(asked, request, size),
        names.units(asked, size),
        names.people(asked, request, size),
        names.figures(asked, request.actor, size),
        names.rules(asked, request, size),
        *quick,
    ]
    return [group for group in found if group.hits]


@require_GET
def show(request: StaffRequest) -> HttpResponse:
    """``/search/?q=``: the results in groups, each with the way to all of them."""
    asked = Asked.read(request.GET.get("q", ""))
    found = _groups(asked, request, _ON_PAGE) if asked.text else []
    return render(request, "site/search.html", {"asked": asked, "groups": found})


@require_GET
def find(request: StaffRequest) -> JsonResponse:
    """The palette's answer to what is typed so far."""
    asked = Asked.read(request.GET.get("q", ""))
    found = _groups(asked, request, _IN_PALETTE if asked.text else 60)
    said = [
        {
            "title": group.title,
            "hits": [asdict(hit) for hit in group.hits],
            "more": group.more if group.total > len(group.hits) else "",
            "all": _all(group),
        }
        for group in found
    ]
    total = sum(len(group.hits) for group in found)
    status = ngettext("%(n)s 条结果", "%(n)s 条结果", total) % {"n": total} if total else _("没有找到")
    return JsonResponse({"groups": said, "status": status})


def _all(group: Group) -> str:
    if group.exact:
        return ngettext("全部 %(n)s 件", "全部 %(n)s 件", group.total) % {"n": group.total}
    return _("全部（至少 {n} 件）").format(n=group.total)
