"""The pages: supervision's matrix, the slip on paper, the budgets and how to set them, a round and how to run it."""

from __future__ import annotations

import re
import secrets
from urllib.parse import quote

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from qianshao.core.accounts.actor import EVERYWHERE, NotAllowed
from qianshao.core.duties.door import Refused
from qianshao.core.duties.models import Duty
from qianshao.core.duties.standing import counted
from qianshao.core.duties.stream import load
from qianshao.core.meters import services as meters
from qianshao.core.meters.models import Drawn
from qianshao.core.org.models import Unit
from qianshao.kernel.hours import SHANGHAI
from qianshao.kernel.meter import period_of
from qianshao.kit import telling
from qianshao.kit.duties.asking import duty_of
from qianshao.kit.staff import StaffRequest
from qianshao.modules.appraisal import running
from qianshao.modules.appraisal.claims.kind import INSPECT
from qianshao.modules.appraisal.estimate import BadSample, Estimate
from qianshao.modules.appraisal.scoring import FORMULA
from qianshao.modules.burden.inspections.taking import together
from qianshao.modules.burden.meters import METERS
from qianshao.modules.supervision.slips import paper
from qianshao.modules.supervision.slips.rules import fold as slip_of

from . import board, budgets, rounds, visits
from .decisions.views import may_open

_DRAWS = 100  # on a page of a budget
_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def _may(request: StaffRequest, capability: str, sentence: str) -> None:
    if not request.actor.may(capability):
        raise NotAllowed(sentence)


@require_GET
def supervision(request: StaffRequest) -> HttpResponseBase:
    """The matrix of units for whoever may read supervision: only what they may see is counted."""
    _may(request, "supervision.read", _("没有查看督查督办的权限"))
    year = request.now.astimezone(SHANGHAI).year
    rows, whole = board.matrix(request.actor, request.now, year)
    context = {"rows": rows, "whole": whole, "year": year, "may_open": may_open(request)}
    return render(request, "site/supervision/board.html", context)


@require_GET
def slip(request: StaffRequest, stream: str) -> HttpResponseBase:
    """A slip as .docx, with its receipt."""
    duty, kind = duty_of(stream, request.actor)
    if kind.key != board.SLIP or duty.unit is None:
        raise Http404
    (read,) = load([stream], lock=False)
    state = slip_of(counted(read.facts))  # type: ignore[arg-type]
    office = Unit.objects.filter(kind="office", valid_to=None).order_by("order", "id").first()
    made = paper.write(state, body=office.name if office else "", unit=duty.unit.name)
    response = HttpResponse(made, content_type=_DOCX)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(duty.number)}.docx"
    return response


@require_GET
def burden(request: StaffRequest) -> HttpResponseBase:
    """The budgets, and inspections that could be one."""
    _may(request, "burden.read", _("没有查看减负台账的权限"))
    found = budgets.budgets(request.actor, request.now)
    pairs = together([held.unit.pk for held in found[0].held if held.stands.used > 1], request.now)
    context = {
        "budgets": found,
        "pairs": pairs,
        "year": request.now.astimezone(SHANGHAI).year,
        "may_set": request.actor.may(meters.SET, EVERYWHERE),
    }
    return render(request, "site/supervision/burden.html", context)


@require_http_methods(["GET", "POST"])
def budget(request: StaffRequest, meter: str, unit: str) -> HttpResponseBase:
    """One holder's meter: its draws, each with the duty it was for; here it is set and explained."""
    declared = next((one for one in METERS if one.key == meter), None)
    holder = Unit.objects.filter(code=unit).first()
    if declared is None or holder is None:
        raise Http404
    if not request.actor.may("burden.read", holder.path):
        raise NotAllowed(_("没有查看减负台账的权限"))
    error = ""
    if request.method == "POST":
        try:
            _set(request, meter, holder)
        except (ValueError, NotAllowed) as refused:
            error = str(refused)
        else:
            return redirect("budget", meter=meter, unit=unit)
    draws = Drawn.objects.filter(meter=meter, unit=holder)
    before = request.GET.get("before", "")
    earlier = Q(number__lt=int(before)) if re.fullmatch(r"[0-9]{1,9}", before) else Q()
    rows = list(draws.filter(earlier).order_by("-number")[: _DRAWS + 1])
    more, rows = len(rows) > _DRAWS, rows[:_DRAWS]
    duties = {duty.stream: duty for duty in Duty.objects.filter(stream__in={row.stream for row in rows})}
    given_back = set(draws.filter(reverses__gt=0).values_list("reverses", flat=True))
    shown = [(row, duties.get(row.stream), row.number in given_back) for row in rows]
    context = {
        "meter": declared,
        "unit": holder,
        "stands": meters.stands(meter, holder, request.now),
        "draws": shown,
        "before": rows[-1].number if more else 0,
        "error": error,
        "may_set": request.actor.may(meters.SET, holder.path),
        "may_explain": request.actor.may(meters.EXPLAIN, holder.path),
    }
    return render(request, "site/supervision/budget.html", context, status=422 if error else 200)


def _set(request: StaffRequest, meter: str, holder: Unit) -> None:
    """Set the limit of the present period, or file the explanation; raises ``ValueError`` with a sentence."""
    if "reason" in request.POST:
        meters.explain(meter, holder, request.POST["reason"], actor=request.actor, now=request.now)
        return
    amount = request.POST.get("amount", "").strip()
    if not amount.isascii() or not amount.isdecimal() or len(amount) > 6:
        raise ValueError(_("额度须为 0 到 999999 的整数。"))
    period = period_of(meters.meter_of(meter).span, request.now)
    meters.set_limit(meter, holder, period, int(amount), actor=request.actor, now=request.now)


@require_GET
def appraisal(request: StaffRequest, number: str = "") -> HttpResponseBase:
    """A round: how far it is, what an inspector looks at today, the ratings."""
    _may(request, "appraisal.read", _("没有查看综合评比的权限"))
    found = rounds.rounds(request.actor, request.now)
    chosen = next((one for one in found if one.number == number), found[0] if found and not number else None)
    if number and chosen is None:
        raise Http404
    context: dict[str, object] = {"rounds": found, "round": chosen, "formula": FORMULA}
    if chosen is not None:
        context |= {
            "lines": rounds.lines(chosen, request.actor, request.now),
            "visits": sum(not one.done for one in visits.visits(request.actor, request.now))
            if request.actor.may(INSPECT)
            else 0,
            "step": _STEPS.get(chosen.phase, ("", "", ""))[0],
            "step_title": _STEPS.get(chosen.phase, ("", "", ""))[1],
            "again": chosen.phase == "rated" and request.actor.may("appraisal.run"),
            "may_step": request.actor.may(_STEPS.get(chosen.phase, ("", "", "-"))[2]),
        }
        if chosen.phase in ("revealed", "rated", "published"):
            context["city"] = _shares(rounds.of_all(chosen))
    return render(request, "site/supervision/appraisal.html", context)


def _shares(found: Estimate | None) -> dict[str, str] | None:
    """An estimate as it is read: 91.7%."""
    if found is None:
        return None
    named = (("value", found.value), ("low", found.low), ("high", found.high))
    return {name: telling.percent(round(share * 10_000)) for name, share in named}


_STEPS = {
    "declaring": ("seal", "封存名单和种子", "appraisal.run"),
    "sealed": ("draw", "抽取事项和督查员", "appraisal.run"),
    "drawn": ("reveal", "公布种子", "appraisal.run"),
    "revealed": ("rate", "计算评分", "appraisal.run"),
    "rated": ("publish", "公布评比结果", "appraisal.decide"),
}


@require_POST
def step(request: StaffRequest, number: str, name: str) -> HttpResponseBase:
    """Take the round's next step; a refusal is told on its page."""
    duty = Duty.objects.filter(kind=running.ROUND, number=number).order_by("id").first()
    known = next((one for one in _STEPS.values() if one[0] == name), None)
    if duty is None or known is None:
        raise Http404
    _may(request, known[2], _("没有“{act}”的权限").format(act=_(known[1])))
    actor, now = request.actor, request.now
    try:
        if name == "seal":
            running.seal(duty, seed=secrets.token_bytes(16), actor=actor, now=now)
        elif name == "draw":
            running.draw(duty, actor=actor, now=now)
        elif name == "reveal":
            running.reveal(duty, actor=actor, now=now)
        elif name == "rate":
            changed = running.rate(duty, actor=actor, now=now)
            messages.success(
                request,
                ngettext("{n} 个单位的得分有变化", "{n} 个单位的得分有变化", changed).format(n=changed),
            )
        else:
            place = request.POST.get("place", "").strip() or _("市政府门户网站")
            running.publish(duty, place=place[:200], actor=actor, now=now)
    except Refused as refused:
        messages.error(request, telling.refusal(refused))
    except BadSample:
        messages.error(request, _("有抽中的事项没有核查，不能估计完成率。"))
    return redirect("appraisal-round", number=number)


@require_GET
def points(request: StaffRequest, unit: str) -> HttpResponseBase:
    """The points slips cost a unit, each opening the entry it was given for."""
    holder = Unit.objects.filter(code=unit).first()
    if holder is None:
        raise Http404
    if not request.actor.may("appraisal.read", holder.path):
        raise NotAllowed(_("没有查看综合评比的权限"))
    found = [(point, point.entry.partition("/")[0]) for point in reversed(rounds.points(holder))]
    return render(request, "site/supervision/points.html", {"unit": holder, "points": found})
