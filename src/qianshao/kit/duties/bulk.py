"""One act on many rows: every row goes through the door by itself and says what became of it."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from qianshao.core.accounts.actor import NotAllowed
from qianshao.core.duties import registry
from qianshao.core.duties.door import Refused, Stale
from qianshao.core.duties.models import Duty
from qianshao.core.duties.seeing import may_see, path_of
from qianshao.kernel.declare import Kind, fields_of
from qianshao.kernel.figures import BadSelection
from qianshao.kit import telling
from qianshao.kit.forms.facts import ActForm
from qianshao.kit.staff import StaffRequest

from . import doing, titles
from .acts import units_on
from .asking import page

_MOST = 200


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one row."""

    duty: Duty
    title: titles.Title
    done: bool
    text: str


@page
@require_POST
def act(request: StaffRequest) -> HttpResponseBase:
    """The form for many rows, and after its sending the result of each."""
    kind = _kind(request)
    try:
        chosen = kind.act(request.POST.get("fact", ""))
    except LookupError:
        raise Http404 from None
    if not chosen.follows or not request.actor.may(chosen.who):
        raise NotAllowed(_("没有“{act}”的权限").format(act=telling.sentence(chosen.title)))
    seen = _seen(request.POST.getlist("row"))
    wanted = Duty.objects.filter(stream__in=seen, kind=kind.key).select_related("unit").order_by("id")
    duties = [duty for duty in wanted if may_see(duty, request.actor)]
    sent = "at" in request.POST
    form = ActForm(request.POST if sent else None, act=chosen, now=request.now, many=True)
    named = titles.titles(duties, request.actor)
    found = {
        "kind": kind,
        "act": doing.offers([chosen])[0],
        "form": form,
        "chosen": [(duty, seen[duty.stream], named[duty.stream]) for duty in duties],
        "units": units_on(request)
        if any(f.shape in ("unit", "units") for f in fields_of(chosen.fact))
        else [],
    }
    if not duties or not sent or not form.is_valid():
        return render(request, "kit/duties/bulk.html", found, status=422 if sent else 200)
    results = []
    for duty in duties:
        done, text = _one(request, kind, form, duty, seen[duty.stream])
        results.append(Result(duty, named[duty.stream], done, text))
    found |= {"results": results, "done": sum(result.done for result in results)}
    return render(request, "kit/duties/bulk_done.html", found)


def _kind(request: StaffRequest) -> Kind:
    try:
        return registry.kind(request.POST.get("kind", ""))
    except registry.UnknownKind:
        raise Http404 from None


def _seen(rows: list[str]) -> dict[str, int]:
    """The chosen rows with the entry number the sender had seen of each; raises ``BadSelection``."""
    if len(rows) > _MOST:
        raise BadSelection(_("一次最多处理 {n} 件，请分批选择。").format(n=_MOST))
    seen: dict[str, int] = {}
    for row in rows:
        stream, _colon, version = row.partition(":")
        if not (version.isascii() and version.isdigit() and len(version) < 10 and len(stream) == 26):
            raise BadSelection(_("“{name}”含有不能识别的行").format(name="row"))
        seen[stream] = int(version)
    return seen


def _one(request: StaffRequest, kind: Kind, form: ActForm, duty: Duty, expected: int) -> tuple[bool, str]:
    if not request.actor.may(form.act.who, path_of(duty)):
        return False, _("没有对该单位事项的操作权限")
    try:
        receipt = doing.record(
            kind=kind,
            fact=form.fact(),
            actor=request.actor,
            now=request.now,
            src="web",
            duty=duty,
            token=str(form.cleaned_data["_token"]),
            expected=expected,
        )
    except Refused as error:
        return False, telling.sentence(error.words)
    except Stale as error:
        return False, str(error)
    if receipt.repeated:
        return True, _("此前已经记录为第 {n} 条").format(n=receipt.sseq)
    return True, _("已记录为第 {n} 条").format(n=receipt.sseq)
