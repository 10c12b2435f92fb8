"""The pages of the portal: each small, without a script of its own, and the same for everybody."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    JsonResponse,
    StreamingHttpResponse,
)
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from qianshao.core.accounts.actor import Actor
from qianshao.core.duties import door
from qianshao.core.duties.door import FileRef, Refused
from qianshao.core.duties.models import Duty
from qianshao.core.duties.standing import counted
from qianshao.core.duties.stream import load
from qianshao.core.files import keep
from qianshao.core.files.names import extension
from qianshao.core.ledger.gate import ReadOnly
from qianshao.kernel.calendar import CalendarMissing
from qianshao.kernel.rulebook import NoRule
from qianshao.kit import telling
from qianshao.modules.openness.module import REQUEST
from qianshao.modules.openness.requests.facts import Received
from qianshao.modules.openness.requests.outcomes import OUTCOMES

from . import codes, figures, limits, policies
from .asking import address_of, now_of
from .data import DATASETS, Dataset
from .forms import FollowForm, RequestForm

_SRC = "portal"
R = TypeVar("R", bound=HttpResponseBase)
_ACTOR = Actor(
    key="machine:portal",
    name="portal",
    unit="",
    post="",
    scopes={act.who: ("/",) for act in REQUEST.acts if act.opens},
)
# What happens inside the office, and what concerns a third party, is not the applicant's to read.
_INSIDE = frozenset(
    {"Assigned", "Consulted", "ConsultationAnswered", "ConsultationLapsed", "Rescheduled", "Erased"}
)


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """What can be done here, how the office keeps its times, what is new."""
    now = now_of(request)
    newest = policies.told(list(policies.documents(policies.Wanted(), now)[:5]), now)
    year = max((rate.year for rate in figures.rates(now)), default=now.year)
    rates = [rate for rate in figures.rates(now) if rate.year == year]
    return render(request, "portal/home.html", {"rates": rates, "policies": newest, "year": year})


def ask(request: HttpRequest) -> HttpResponse:
    """The form, and when it is in, the receipt with its number and code."""
    if request.method != "POST":
        form = RequestForm(initial={"token": secrets.token_urlsafe(24)})
        return render(request, "portal/ask.html", {"form": form})
    form = RequestForm(request.POST, request.FILES)
    now = now_of(request)
    if form.is_valid():
        try:
            limits.check("ask", address_of(request), now)
            if form.cleaned_data["website"]:
                raise limits.TooOften(_("提交没有成功，请刷新页面后再试。"))
            duty = _receive(form.cleaned_data, now)
        except (ReadOnly, CalendarMissing, NoRule):
            form.add_error(
                None, _("系统暂时不能受理，您填写的内容没有提交。请稍后再试，或者邮寄、当面提交。")
            )
        except (limits.TooOften, Refused, ValueError) as error:
            form.add_error(None, str(error))
        else:
            limits.count("ask", address_of(request), now)
            context = {"duty": duty, "code": codes.code_of(duty.stream)}
            return render(request, "portal/receipt.html", context, status=201)
    return render(request, "portal/ask.html", {"form": form}, status=422)


def _receive(given: dict[str, Any], now: datetime) -> Duty:
    """Record the request at the one door; the same form twice opens one request."""
    fact = Received(
        at=now.replace(microsecond=0),
        channel="web",
        applicant_kind=given["applicant_kind"],
        applicant=given["applicant"],
        contact=given["contact"],
        wanted=given["wanted"],
        form=given["form"],
    )
    source = f"portal:{given['token']}"
    receipt = door.perform(
        kind=REQUEST,
        fact=fact,
        actor=_ACTOR,
        now=now,
        src=_SRC,
        source=source,
        files=_kept(given["attachments"], now),
    )
    return Duty.objects.get(stream=receipt.stream)


def _kept(files: Iterable[Any], now: datetime) -> tuple[FileRef, ...]:
    """Keep attachments under neutral names: a file's own name may name its sender, and entries are for ever."""
    return tuple(
        keep.keep(file, f"附件{number}.{extension(file.name)}", now=now)
        for number, file in enumerate(files, 1)
    )


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happened to a request, as its applicant may read it."""

    at: datetime
    title: str
    note: str


def follow(request: HttpRequest) -> HttpResponse:
    """How a request stands, for whoever holds its number and code; one answer for all that is wrong."""
    if request.method != "POST":
        return render(request, "portal/follow.html", {"form": FollowForm()})
    form = FollowForm(request.POST)
    now = now_of(request)
    if form.is_valid():
        try:
            limits.check("follow", address_of(request), now)
        except limits.TooOften as error:
            form.add_error(None, str(error))
        else:
            duty = codes.find(REQUEST.key, form.cleaned_data["number"], form.cleaned_data["code"])
            if duty is not None:
                return render(request, "portal/standing.html", _standing(duty, now))
            limits.count("follow", address_of(request), now)
            form.add_error(None, _("没有查到。请核对申请编号和查询码；编号和查询码都印在登记回执上。"))
    return render(request, "portal/follow.html", {"form": form}, status=422)


def _standing(duty: Duty, now: datetime) -> dict[str, Any]:
    (stream,) = load([duty.stream], lock=False)
    steps = []
    for fact in counted(stream.facts):
        name = type(fact).__name__
        if name in _INSIDE:
            continue
        outcome = OUTCOMES.get(getattr(fact, "outcome", ""))
        note = telling.sentence(outcome.title) if outcome else ""
        until = getattr(fact, "until", None)
        if until is not None:
            note = _("截至{day}").format(day=telling.day(until))
        steps.append(Step(fact.at, telling.sentence(REQUEST.act(name).title), note))
    return {
        "duty": duty,
        "phase": REQUEST.phase(duty.phase),
        "steps": steps,
        "remaining": telling.remaining(duty, now),
    }


@require_GET
def rates(request: HttpRequest) -> HttpResponse:
    """The published rates of three years, with what each is out of."""
    found = figures.rates(now_of(request))
    years = sorted({rate.year for rate in found}, reverse=True)
    table = [
        (
            indicator,
            [
                (year, next(rate for rate in found if (rate.key, rate.year) == (indicator.key, year)))
                for year in years
            ],
        )
        for indicator in figures.indicators()
    ]
    return render(request, "portal/rates.html", {"years": years, "table": table})


@require_GET
def data(request: HttpRequest) -> HttpResponse:
    """The sets that can be taken away."""
    return render(request, "portal/data.html", {"sets": DATASETS.values()})


def _dataset(name: str) -> Dataset:
    if name not in DATASETS:
        raise Http404
    return DATASETS[name]


@require_GET
def schema(request: HttpRequest, name: str) -> JsonResponse:
    """What the fields of a set mean."""
    return _public(
        JsonResponse(_dataset(name).schema(), json_dumps_params={"ensure_ascii": False, "indent": 1})
    )


@require_GET
def table(request: HttpRequest, name: str, form: str) -> HttpResponseBase:
    """A set as CSV or JSON."""
    chosen, now = _dataset(name), now_of(request)
    if form == "json":
        return _public(HttpResponse(chosen.json(now), content_type="application/json; charset=utf-8"))
    response = StreamingHttpResponse(chosen.csv(now), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return _public(response)


def _public(response: R) -> R:
    """Anybody's copy may be kept for a minute, by caches too."""
    response["Cache-Control"] = f"public, max-age={figures.FRESH}"
    return response
