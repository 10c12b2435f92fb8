"""Acts from the browser: one form for each fact, nothing typed is lost, nothing is recorded twice."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from qianshao.core.accounts.actor import NotAllowed
from qianshao.core.duties import registry
from qianshao.core.duties.door import FileRef, Receipt, Refused, Stale
from qianshao.core.duties.models import Duty
from qianshao.core.duties.seeing import path_of
from qianshao.core.duties.stream import load
from qianshao.core.org import queries as org
from qianshao.core.org.models import Unit
from qianshao.kernel.declare import Act, Kind, Voided, fields_of
from qianshao.kernel.hours import SHANGHAI
from qianshao.kit import telling
from qianshao.kit.forms.facts import ActForm
from qianshao.kit.staff import StaffRequest

from . import doing, timeline, titles
from .asking import duty_of, module_of, page, partial


@page
@require_http_methods(["GET", "POST"])
def act(request: StaffRequest, stream: str, fact: str) -> HttpResponseBase:
    """The form of an act on a duty, and its sending."""
    duty, kind = duty_of(stream, request.actor)
    chosen = _act(kind, fact)
    if not chosen.follows:
        raise Http404
    if not request.actor.may(chosen.who, path_of(duty)):
        raise NotAllowed(_("没有“{act}”的权限").format(act=telling.sentence(chosen.title)))
    return _handle(request, kind, chosen, duty)


@page
@require_http_methods(["GET", "POST"])
def opening(request: StaffRequest, kind: str, fact: str) -> HttpResponseBase:
    """The form that opens a duty of a kind."""
    try:
        found = registry.kind(kind)
    except registry.UnknownKind:
        raise Http404 from None
    chosen = _act(found, fact)
    if not chosen.opens:
        raise Http404
    if not request.actor.may(chosen.who):
        raise NotAllowed(_("没有“{act}”的权限").format(act=telling.sentence(chosen.title)))
    return _handle(request, found, chosen, None)


def _act(kind: Kind, fact: str) -> Act:
    try:
        return kind.act(fact)
    except LookupError:
        raise Http404 from None


def _handle(request: StaffRequest, kind: Kind, chosen: Act, duty: Duty | None) -> HttpResponseBase:
    version = duty.version if duty else None
    if request.method == "GET":
        return _form(request, kind, chosen, duty, ActForm(act=chosen, now=request.now, expected=version))
    form = ActForm(request.POST, request.FILES, act=chosen, now=request.now, expected=version)
    if not form.is_valid():
        return _form(request, kind, chosen, duty, form, status=422)
    files = _keep(request, form)
    if files is None:
        return _form(request, kind, chosen, duty, form, status=422)
    try:
        receipt = doing.record(
            kind=kind,
            fact=form.fact(),
            actor=request.actor,
            now=request.now,
            src="web",
            duty=duty,
            token=str(form.cleaned_data["_token"]),
            expected=form.cleaned_data["_expected"],
            files=files,
        )
    except Refused as error:
        form.add_error(None, telling.sentence(error.words))
        return _form(request, kind, chosen, duty, form, status=422)
    except Stale as error:
        form.catch_up(error.duty.version)
        return _form(request, kind, chosen, error.duty, form, status=409, since=len(error.since))
    messages.success(request, _done(telling.sentence(chosen.title), receipt))
    return _go(request, receipt.stream)


def _keep(request: StaffRequest, form: ActForm) -> tuple[FileRef, ...] | None:
    """Evidence kept now and before, so that a refusal afterwards does not make anybody upload again."""
    before = form.kept().files
    try:
        files = (*before, *doing.kept(form.cleaned_data.get("_evidence") or (), request.now))
    except ValueError as error:
        form.add_error("_evidence", str(error))
        return None
    form.keep(files)
    return files


def _done(title: str, receipt: Receipt) -> str:
    if receipt.repeated:
        return _("“{act}”此前已经记录为第 {n} 条，没有重复记录。").format(act=title, n=receipt.sseq)
    return _("“{act}”已记录为第 {n} 条。").format(act=title, n=receipt.sseq)


def _go(request: StaffRequest, stream: str) -> HttpResponseBase:
    where = reverse("duty", args=[stream])
    return HttpResponse(headers={"HX-Redirect": where}) if partial(request) else HttpResponseRedirect(where)


def _form(
    request: StaffRequest,
    kind: Kind,
    chosen: Act,
    duty: Duty | None,
    form: ActForm,
    *,
    status: int = 200,
    since: int = 0,
) -> HttpResponseBase:
    found: dict[str, Any] = {"kind": kind, "duty": duty, "form": form, "stale": since > 0}
    (found["act"],) = doing.offers([chosen])
    if duty is not None:
        found["title"] = titles.titles([duty], request.actor)[duty.stream]
        found["phase"] = kind.phase(duty.phase)
    if since and duty is not None:
        (stream,) = load([duty.stream], lock=False)
        reader = titles.reader(duty, kind, request.actor)
        found["entries"] = timeline.told(stream, reader)[-since:]
    if any(item.shape in ("unit", "units") for item in fields_of(chosen.fact)):
        found["units"] = units_on(request)
    if partial(request):
        # HTMX swaps only answers that say 200; the sentence in the form says what is wrong.
        return render(request, "kit/duties/act_form.html", found)
    return render(request, "kit/duties/act.html", found, status=status)


def units_on(request: StaffRequest) -> list[Unit]:
    """The units of today, to choose from."""
    return list(org.units_on(request.now.astimezone(SHANGHAI).date()))


class VoidForm(forms.Form):
    """A reversal: why, what the sender had seen, and the token."""

    reason = forms.CharField(
        max_length=500, widget=forms.Textarea(attrs={"rows": 3, "class": "form-control"})
    )
    expected = forms.IntegerField(widget=forms.HiddenInput(), min_value=0, max_value=10**9)
    token = forms.UUIDField(widget=forms.HiddenInput(), initial=uuid.uuid4)


@page
@require_http_methods(["GET", "POST"])
def void(request: StaffRequest, stream: str, entry: int) -> HttpResponseBase:
    """Reverse an entry by another one (冲正)."""
    duty, kind = duty_of(stream, request.actor)
    if not request.actor.may(f"{module_of(kind)}.correct", path_of(duty)):
        raise NotAllowed(_("没有“{act}”的权限").format(act=_("冲正")))
    if request.method == "GET":
        return _void_page(request, duty, kind, entry, VoidForm(initial={"expected": duty.version}))
    form = VoidForm(request.POST)
    if not form.is_valid():
        return _void_page(request, duty, kind, entry, form, status=422)
    reason = form.cleaned_data["reason"]
    try:
        receipt = doing.record(
            kind=kind,
            fact=Voided(at=request.now.replace(microsecond=0), entry=entry, reason=reason),
            actor=request.actor,
            now=request.now,
            src="web",
            duty=duty,
            token=str(form.cleaned_data["token"]),
            expected=form.cleaned_data["expected"],
        )
    except Refused as error:
        form.add_error(None, telling.sentence(error.words))
        return _void_page(request, duty, kind, entry, form, status=422)
    except Stale as error:
        again = VoidForm(initial={"expected": error.duty.version, "reason": reason})
        return _void_page(request, error.duty, kind, entry, again, status=409, stale=str(error))
    messages.success(request, _done(_("冲正"), receipt))
    return _go(request, duty.stream)


def _void_page(
    request: StaffRequest,
    duty: Duty,
    kind: Kind,
    entry: int,
    form: VoidForm,
    *,
    status: int = 200,
    stale: str = "",
) -> HttpResponseBase:
    form.fields["reason"].label = _("冲正理由")
    (stream,) = load([duty.stream], lock=False)
    reader = titles.reader(duty, kind, request.actor)
    told = timeline.told(stream, reader)
    chosen = next((item for item in told if item.sseq == entry), None)
    if chosen is None:
        raise Http404
    found = {"duty": duty, "kind": kind, "entry": chosen, "form": form, "stale": stale}
    return render(request, "kit/duties/void.html", found, status=status)
