"""The agent's desk: one form for a call, with hints while typing, sent by the keyboard."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from qianshao.core.accounts.actor import NotAllowed
from qianshao.core.duties.door import Refused, Stale
from qianshao.core.duties.models import Duty
from qianshao.kit import telling
from qianshao.kit.duties import doing
from qianshao.kit.duties.acts import units_on
from qianshao.kit.duties.asking import duty_of, page
from qianshao.kit.forms.facts import ActForm, UnitField
from qianshao.kit.staff import StaffRequest
from qianshao.modules.hotline import facts as f
from qianshao.modules.hotline.knowledge import facts as k
from qianshao.modules.hotline.knowledge.kind import KNOWLEDGE
from qianshao.modules.hotline.module import ORDER

from .suggesting import Draft, hints

_LEFT_OUT = ("unit", "number", "position", "_evidence")
_WRITTEN = 2000  # characters of a story hints are asked about


class DeskForm(ActForm):
    """The fields of a call, the unit it goes to, and the answer when it is answered at once."""

    def __init__(self, *args: Any, now: datetime, **given: Any) -> None:
        super().__init__(*args, act=ORDER.act("Received"), now=now, **given)
        for name in _LEFT_OUT:
            self.fields.pop(name, None)
        self.fields["unit"] = forms.CharField(required=False, widget=forms.HiddenInput())
        self.fields["lead"] = UnitField(on=now, max_length=120, required=False, label=_("派给"))
        self.fields["reply"] = forms.CharField(
            required=False,
            max_length=20_000,
            label=_("即时答复内容"),
            widget=forms.Textarea(attrs={"rows": 3}),
            help_text=_("填写后按“即时答复”归档，不再派单。"),
        )
        self.fields["used"] = forms.CharField(required=False, max_length=26, widget=forms.HiddenInput())
        self.fields["body"].widget.attrs["rows"] = 5
        self.fields["channel"].initial = "phone"
        if self.is_bound:
            self.full_clean()  # once more: the fields above were not there when the act's own were cleaned
        for name in ("lead", "reply"):
            wrong = self.is_bound and name in self.errors
            self.fields[name].widget.attrs["class"] = "form-control is-invalid" if wrong else "form-control"

    def fact(self) -> f.Received:
        """What was said, with no unit: naming one is an act of its own."""
        for name in ("number", "position"):
            self.cleaned_data[name] = ""
        self.cleaned_data["unit"] = ""
        found = super().fact()
        assert isinstance(found, f.Received)
        return found

    def clean(self) -> dict[str, Any]:
        """Either an answer or a unit."""
        found = super().clean()
        if found.get("reply") and found.get("lead"):
            self.add_error("reply", _("已即时答复的不再派单：请清空答复内容，或者清空“派给”。"))
        return found


@page
@require_http_methods(["GET", "POST"])
def show(request: StaffRequest) -> HttpResponseBase:
    """The form, or what came of sending it."""
    if not request.actor.may("hotline.receive"):
        raise NotAllowed(_("没有受理诉求的权限"))
    if request.method == "GET":
        return _shown(request, DeskForm(now=request.now))
    form = DeskForm(request.POST, now=request.now)
    if not form.is_valid():
        return _shown(request, form, 422)
    try:
        with transaction.atomic():
            duty, said = _take_in(request, form)
    except Refused as error:
        form.add_error(None, telling.refusal(error))
        return _shown(request, form, 422)
    messages.success(request, said.format(number=duty.number))
    return redirect("hotline-desk")


def _shown(request: StaffRequest, form: DeskForm, status: int = 200) -> HttpResponse:
    found = {"form": form, "units": units_on(request)}
    return render(request, "site/hotline/desk.html", found, status=status)


def _take_in(request: StaffRequest, form: DeskForm) -> tuple[Duty, str]:
    """Record the call, and what was done with it there and then."""
    given, now = form.cleaned_data, request.now
    token = str(given["_token"])
    received = form.fact()

    def tell(fact: Any, duty: Duty | None, kind: Any = ORDER) -> str:
        receipt = doing.record(
            kind=kind, fact=fact, actor=request.actor, now=now, src="desk", duty=duty, token=token
        )
        return receipt.stream

    duty = Duty.objects.get(stream=tell(received, None))
    at = max(received.at, now.replace(microsecond=0))
    if given["reply"]:
        tell(f.AnsweredAtOnce(at=at, reply=given["reply"]), duty)
        used = Duty.objects.filter(stream=given["used"], kind=KNOWLEDGE.key, open=True).first()
        if used is not None:
            tell(k.Used(at=at, order=duty.number), used, KNOWLEDGE)
        return duty, _("已受理并即时答复：{number}")
    if given["lead"]:
        tell(f.Dispatched(at=at, unit=given["lead"]), duty)
        return duty, _("已受理并派单：{number}")
    return duty, _("已受理，待派单：{number}")


@page
@require_POST
def hint(request: StaffRequest) -> HttpResponseBase:
    """What the desk suggests for what was typed so far; sent in a body, so that no address keeps it."""
    if not request.actor.may("hotline.receive"):
        raise NotAllowed(_("没有受理诉求的权限"))
    given = {
        name: request.POST.get(name, "").strip()[:_WRITTEN] for name in ("title", "body", "place", "phone")
    }
    found = hints(Draft(**given), request.actor, request.now)
    typed = any(given.values())
    return render(request, "site/hotline/hints.html", {"hints": found, "typed": typed, "now": request.now})


@page
@require_POST
def repeat(request: StaffRequest, stream: str) -> HttpResponseBase:
    """The caller rings about an order that is there already: note it on that order instead of opening another."""
    duty, kind = duty_of(stream, request.actor)
    channel = request.POST.get("channel", "phone")
    fact = f.Repeated(
        at=request.now.replace(microsecond=0),
        channel=channel if channel in f.CHANNELS else "phone",
        note=request.POST.get("body", "").strip()[:500],
    )
    try:
        doing.record(
            kind=kind,
            fact=fact,
            actor=request.actor,
            now=request.now,
            src="desk",
            duty=duty,
            token=request.POST.get("_token", "")[:64],
        )
    except (Refused, Stale) as error:
        messages.error(request, telling.refusal(error) if isinstance(error, Refused) else str(error))
    else:
        messages.success(request, _("已登记再次来电：{number}").format(number=duty.number))
    return redirect("hotline-desk")
