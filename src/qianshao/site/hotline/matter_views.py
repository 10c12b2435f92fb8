"""The pages of matters: all groups, one group and what a person decides about it, and a problem opened from groups."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from qianshao.core.accounts.actor import NotAllowed
from qianshao.core.duties.door import Refused
from qianshao.core.duties.models import Duty
from qianshao.kernel.hours import SHANGHAI
from qianshao.kit import telling
from qianshao.kit.duties import doing, titles
from qianshao.kit.duties.acts import units_on
from qianshao.kit.duties.asking import page
from qianshao.kit.forms.facts import ActForm
from qianshao.kit.staff import StaffRequest
from qianshao.modules.hotline import gathering
from qianshao.modules.hotline.module import ORDER
from qianshao.modules.hotline.problems.kind import ANALYSE, PROBLEM
from qianshao.modules.hotline.sameness import facts as f

from . import matter_job, matters, problems, rising

TEXT = "hotline.text"
_PAGE = 20
_ORDERS = 100
_EVIDENCE_DAYS = 180


def _allowed(request: StaffRequest, capability: str = TEXT) -> None:
    if not request.actor.may(ORDER.reads) or not request.actor.may(capability):
        raise NotAllowed(_("没有查看诉求内容的权限") if capability == TEXT else _("没有分析诉求的权限"))


@page
@require_GET
def show(request: StaffRequest) -> HttpResponseBase:
    """The groups of two and more, the hottest first."""
    _allowed(request)
    asked = request.GET.get("days", "")
    days = int(asked) if asked.isascii() and asked.isdigit() and int(asked) in matters.SPANS else 90
    found = matters.found(request.actor, request.now, days)
    pages = Paginator(found, _PAGE).get_page(request.GET.get("page"))
    context = {
        "days": days,
        "spans": matters.SPANS,
        "pages": pages,
        "lines": matters.told(list(pages.object_list), request.actor),
        "run": gathering.latest(),
        "may_analyse": request.actor.may(ANALYSE),
    }
    return render(request, "site/hotline/matters.html", context)


@page
@require_http_methods(["GET", "POST"])
def one(request: StaffRequest, stream: str) -> HttpResponseBase:
    """One group with all its orders, and what a person decides about it."""
    _allowed(request)
    matter = matters.one(stream, request.actor, request.now)
    if matter is None:
        raise Http404
    if request.method == "POST":
        return _decide(request, matter)
    return _shown(request, matter)


def _shown(request: StaffRequest, matter: matters.Matter, error: str = "") -> HttpResponseBase:
    rows = Paginator(matter.rows, _ORDERS).get_page(request.GET.get("page"))
    duties = Duty.objects.filter(stream__in=[row.stream for row in rows]).select_related("unit")
    there = {duty.stream: duty for duty in duties}
    shown = titles.titles(list(there.values()), request.actor)
    (line,) = matters.told([matter], request.actor)
    context = {
        "line": line,
        "matter": matter,
        "rows": rows,
        "orders": [(row, there[row.stream], shown[row.stream].text) for row in rows if row.stream in there],
        "error": error,
        "may_analyse": request.actor.may(ANALYSE),
    }
    return render(request, "site/hotline/matter.html", context, status=422 if error else 200)


def _decide(request: StaffRequest, matter: matters.Matter) -> HttpResponseBase:
    _allowed(request, ANALYSE)
    try:
        fact = _decision(request, matter)
        gathering.decide(fact, actor=request.actor, now=request.now)
    except Refused as error:
        return _shown(request, matter, telling.refusal(error))
    except _Wrong as error:
        return _shown(request, matter, str(error))
    messages.success(request, _("已记录；以后的归并都按此保持。"))
    return redirect("hotline-matter", stream=matter.rows[0].stream)


class _Wrong(ValueError):
    """What was sent decides nothing; says why."""


def _decision(request: StaffRequest, matter: matters.Matter) -> f.Decision:
    streams = [row.stream for row in matter.rows]
    match request.POST.get("do"):
        case "confirm":
            return f.Confirmed(at=request.now, orders=_listed(streams))
        case "split":
            out = set(request.POST.getlist("order"))
            left, taken = [key for key in streams if key not in out], [key for key in streams if key in out]
            if not left or not taken:
                raise _Wrong(_("请勾选要拆出的工单，并至少留下一件。"))
            return f.Split(at=request.now, orders=_listed(left), others=_listed(taken))
        case "merge":
            number = request.POST.get("other", "").strip()
            if not number:
                raise _Wrong(_("请填写要合并的一组里任一件工单的编号。"))
            order = Duty.objects.filter(kind=ORDER.key, number=number).first()
            other = matters.one(order.stream, request.actor, request.now) if order else None
            if other is None:
                raise _Wrong(_("没有编号为“{number}”的已归并工单。").format(number=number[:60]))
            if other.name == matter.name:
                raise _Wrong(_("这件工单已经在本组。"))
            others = _listed([row.stream for row in other.rows])
            return f.Merged(at=request.now, orders=_listed(streams), others=others)
    raise _Wrong(_("请选择确认、拆分或者合并。"))


def _listed(streams: list[str]) -> str:
    listed = ",".join(streams)
    if len(listed) > f.LONGEST:
        raise _Wrong(_("一次最多认定 {n} 件工单。").format(n=f.LONGEST // 27))
    return listed


@page
@require_POST
def again(request: StaffRequest) -> HttpResponseBase:
    """Have the groups made anew in the background."""
    _allowed(request, ANALYSE)
    matter_job.start(request.actor, request.now)
    messages.success(request, _("已安排重新归并，完成后本页自动更新为新的结果。"))
    return redirect("hotline-matters")


@page
@require_GET
def problem(request: StaffRequest) -> HttpResponseBase:
    """The form that opens a problem, filled from groups or from a class whose season comes."""
    act = PROBLEM.act("Opened")
    _allowed(request)
    _allowed(request, act.who)
    initial = _from_class(request) if request.GET.get("topic") else _from_groups(request)
    form = ActForm(act=act, now=request.now)
    form.initial.update(initial)
    (offer,) = doing.offers([act])
    found = {
        "kind": PROBLEM, "duty": None, "form": form, "stale": False, "act": offer, "units": units_on(request),
    }  # fmt: skip
    return render(request, "kit/duties/act.html", found)


def _from_groups(request: StaffRequest) -> dict[str, Any]:
    streams: list[str] = []
    for name in dict.fromkeys(request.GET.getlist("group")):
        matter = matters.one(name, request.actor, request.now)
        if matter is not None:
            streams += [row.stream for row in matter.rows]
    orders = Duty.objects.filter(stream__in=streams).order_by("opened_at", "id")
    numbers = list(orders.values_list("number", "opened_at"))
    today = request.now.astimezone(SHANGHAI).date()
    first = numbers[0][1].astimezone(SHANGHAI).date() if numbers else today
    since = min(first, today - timedelta(days=_EVIDENCE_DAYS))
    return {
        "source": "found",
        "scope": "matter",
        "orders": "\n".join(number for number, _at in numbers),
        "since": since,
        "until": today,
        "counts": _by_month([at.astimezone(SHANGHAI).strftime("%Y-%m") for _number, at in numbers]),
    }


def _from_class(request: StaffRequest) -> dict[str, Any]:
    """The same four weeks of the year before, and what a class brought then."""
    topic = request.GET["topic"][:60]
    today = request.now.astimezone(SHANGHAI).date()
    since = today - timedelta(days=364)
    until = since + timedelta(days=27)
    orders = Duty.objects.filter(kind=ORDER.key, topic=topic).exclude(phase="merged")
    days = [at.astimezone(SHANGHAI) for at in orders.values_list("opened_at", flat=True)]
    counts = _by_month([at.strftime("%Y-%m") for at in days if since <= at.date() <= until])
    return {
        "source": "season", "scope": "class", "topic": topic, "since": since, "until": until, "counts": counts,
    }  # fmt: skip


def _by_month(months: list[str]) -> str:
    return "\n".join(f"{month} {months.count(month)}" for month in sorted(set(months)))


@page
@require_GET
def rises(request: StaffRequest) -> HttpResponseBase:
    """Rising classes, places and groups, and what the season brings in the coming four weeks."""
    if not request.actor.may(ORDER.reads):
        raise NotAllowed(_("没有查看诉求工单的权限"))
    found = rising.gather(request.actor, request.now)
    context = {
        "rises": found,
        "tables": (
            ("classes", _("上升的类别"), found.classes),
            ("places", _("上升的地点"), found.places),
            ("groups", _("上升的同一诉求"), _titled(request, found.groups)),
        ),
        "may_analyse": request.actor.may(ANALYSE),
    }
    return render(request, "site/hotline/rising.html", context)


def _titled(request: StaffRequest, lines: tuple[rising.Line, ...]) -> list[rising.Line]:
    """Groups by the title of their first order, as far as the reader may read it."""
    duties = Duty.objects.filter(stream__in=[line.key for line in lines]).select_related("unit")
    shown = titles.titles(list(duties), request.actor)
    return [replace(line, title=shown[line.key].text) if line.key in shown else line for line in lines]


@page
@require_GET
def all_problems(request: StaffRequest) -> HttpResponseBase:
    """Problems with their stage and what became of their calls."""
    if not request.actor.may(PROBLEM.reads):
        raise NotAllowed(_("没有查看诉求工单的权限"))
    context = {
        "lines": problems.lines(request.actor, request.now),
        "may_analyse": request.actor.may(ANALYSE) and request.actor.may(TEXT),
        "now": request.now,
    }
    return render(request, "site/hotline/problems.html", context)
