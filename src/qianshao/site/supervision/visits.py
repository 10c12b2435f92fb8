"""An inspector's own visits, on a phone that may lose its line: the page, its worker, and what it sends later.

Only what is already open is on the page: visits of today and those left from days before. A finding is kept on the
phone until it has arrived; whatever the line repeats, it is recorded once under the number the phone gave it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.contrib.staticfiles import finders
from django.http import Http404, HttpResponse, HttpResponseBase, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from qianshao.core.accounts.actor import Actor, NotAllowed
from qianshao.core.duties.door import Refused
from qianshao.core.duties.models import Duty
from qianshao.kernel.figures import Condition, Selection
from qianshao.kernel.hours import SHANGHAI
from qianshao.kit import telling
from qianshao.kit.duties import doing
from qianshao.kit.duties.asking import duty_of
from qianshao.kit.forms.facts import ActForm
from qianshao.kit.queries import figures
from qianshao.kit.staff import StaffRequest
from qianshao.modules.appraisal import running
from qianshao.modules.appraisal.claims import facts as c
from qianshao.modules.appraisal.claims.kind import CLAIM, INSPECT
from qianshao.modules.appraisal.rounds import planning

_LONGEST = timedelta(days=31)  # a phone that says it kept a finding for longer has a clock nobody can trust


@dataclass(frozen=True, slots=True)
class Visit:
    """A declaration this inspector looks at, and whether the finding has arrived."""

    duty: Duty
    done: bool


def visits(actor: Actor, now: datetime) -> Iterator[Visit]:
    """Today's and those left from days before, of every round that is being checked; nobody sees anybody else's."""
    today = now.astimezone(SHANGHAI).date()
    checking = figures.queryset(Selection(running.ROUND, (Condition("phase", "", "drawn"),)), actor, now)
    for found in checking.order_by("opened_at", "id"):
        mine = {
            stream: one.on
            for stream, one in planning.plan(found).items()
            if one.on <= today and actor.key == f"account:{one.inspector}"
        }
        duties = Duty.objects.filter(stream__in=mine).select_related("unit").order_by("unit__code", "id")
        for duty in duties:
            done = "|checked|" in duty.marks
            if not done or mine[duty.stream] == today:
                yield Visit(duty, done)


def _may(request: StaffRequest) -> None:
    if not request.actor.may(INSPECT):
        raise NotAllowed(_("没有核查的权限，只有效能督查员有抽查任务"))


@require_GET
def page(request: StaffRequest) -> HttpResponseBase:
    """The visits, each with its short form."""
    _may(request)
    context = {
        "visits": list(visits(request.actor, request.now)),
        "account": request.actor.key,
        "made": request.now,
        "results": c.RESULTS,
    }
    return render(request, "site/supervision/visits.html", context)


@require_GET
def line(request: StaffRequest) -> HttpResponseBase:
    """Who is signed in, and the token their findings are sent with: asked before kept findings are sent."""
    _may(request)
    return JsonResponse({"account": request.actor.key, "token": get_token(request)})


@require_GET
def worker(request: StaffRequest) -> HttpResponseBase:
    """The script that keeps the page; served here because a worker rules only over what lies below it."""
    script = finders.find("site/visits-worker.js")
    if script is None:
        raise Http404
    return HttpResponse(Path(script).read_bytes(), content_type="text/javascript; charset=utf-8")


@require_POST
def send(request: StaffRequest, stream: str) -> HttpResponseBase:
    """Record a finding once; the answer says in a sentence what became of it.

    ``waited`` is how many seconds the phone kept the finding. It is counted on the phone alone, so that a phone whose
    clock is wrong still tells the right moment.
    """
    duty, kind = duty_of(stream, request.actor)
    if kind.key != CLAIM.key:
        raise Http404
    if not request.actor.may(INSPECT):
        return _answer(_("没有核查的权限，只有效能督查员有抽查任务"), 403)
    data = request.POST.copy()
    waited = data.get("waited", "0")
    kept = (
        timedelta(seconds=int(waited))
        if waited.isascii() and waited.isdecimal() and len(waited) < 9
        else None
    )
    if kept is None or kept > _LONGEST:
        return _answer(_("这条结果在手机上保存得太久，请重新填写。"), 422)
    data["at"] = (request.now - kept).astimezone(SHANGHAI).strftime("%Y-%m-%dT%H:%M:%S")
    form = ActForm(data, request.FILES, act=kind.act("Checked"), now=request.now)
    if not form.is_valid():
        told = [
            f"{form.fields[name].label}{_('：')}{error}" if name in form.fields else str(error)
            for name, errors in form.errors.items()
            for error in errors
        ]
        return _answer(" ".join(told), 422)
    try:
        files = doing.kept(form.cleaned_data["_evidence"], request.now)
        receipt = doing.record(
            kind=kind,
            fact=form.fact(),
            actor=request.actor,
            now=request.now,
            src="web",
            duty=duty,
            token=str(form.cleaned_data["_token"]),
            files=files,
        )
    except Refused as refused:
        return _answer(telling.sentence(refused.words), 422)
    except NotAllowed as refused:
        return _answer(str(refused), 403)
    except ValueError as refused:  # the evidence is no file that is kept; its own sentence says why
        return _answer(str(refused), 422)
    return JsonResponse({"entry": receipt.sseq, "at": telling.moment(receipt.recorded_at)})


def _answer(reason: str, status: int) -> HttpResponse:
    return JsonResponse({"reason": reason}, status=status)
