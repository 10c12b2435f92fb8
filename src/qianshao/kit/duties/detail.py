"""One duty: how it stands, what happened, why this date, and its place in the ledger."""

from __future__ import annotations

from typing import Any, cast

from django.conf import settings
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.utils.module_loading import import_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from qianshao.core.accounts import queries as accounts
from qianshao.core.accounts.actor import NotAllowed
from qianshao.core.accounts.models import Account
from qianshao.core.desk import services as desk
from qianshao.core.duties import registry
from qianshao.core.duties.models import Duty
from qianshao.core.duties.seeing import path_of
from qianshao.core.duties.stream import Stream, load
from qianshao.core.files import keep
from qianshao.core.files.names import content_disposition
from qianshao.core.ledger.models import Checkpoint, Leaf, Reveal
from qianshao.kernel.declare import Kind, fields_of
from qianshao.kernel.hours import SHANGHAI
from qianshao.kit.staff import StaffRequest

from . import doing, timeline, titles
from .asking import duty_of, module_of, page
from .why import why

_REASON = 500


@page
@require_GET
def show(request: StaffRequest, stream: str) -> HttpResponseBase:
    """The page of a duty."""
    duty, kind = duty_of(stream, request.actor)
    desk.opened(account=cast(Account, request.user), stream=stream, now=request.now)
    return render(request, "kit/duties/duty.html", context(request, duty, kind))


@page
@require_GET
def explain(request: StaffRequest, stream: str) -> HttpResponseBase:
    """Why this date, as a page of its own to print or to send."""
    duty, kind = duty_of(stream, request.actor)
    told = why(_stream_of(duty))
    return render(request, "kit/duties/why.html", {"duty": duty, "kind": kind, "why": told})


@page
@require_http_methods(["POST"])
def reveal(request: StaffRequest, stream: str, sseq: int) -> HttpResponseBase:
    """Show masked values of one entry once, for a reason that is kept."""
    duty, kind = duty_of(stream, request.actor)
    _allowed(request, duty, f"{module_of(kind)}.reveal", _("查看完整个人信息"))
    reason = request.POST.get("reason", "").strip()
    if not 2 <= len(reason) <= _REASON:
        said = _("请写明查看理由（2 至 500 字）。")
        found = context(request, duty, kind) | {"reveal_error": said, "reveal_entry": sseq}
        return render(request, "kit/duties/duty.html", found, status=422)
    read = _stream_of(duty)
    if not 1 <= sseq <= read.version or not read.bodies[sseq - 1].pii:
        raise Http404
    Reveal.objects.create(
        at=request.now,
        actor=request.actor.key,
        stream=duty.stream,
        sseq=sseq,
        fields=",".join(sorted(read.bodies[sseq - 1].pii)),
        reason=reason,
    )
    found = context(request, duty, kind, revealed=frozenset({sseq}))
    return render(request, "kit/duties/duty.html", found)


@page
@require_GET
def evidence(request: StaffRequest, stream: str, sseq: int, sha256: str) -> HttpResponseBase:
    """A file an entry names, under the name it was handed in with."""
    duty, kind = duty_of(stream, request.actor)
    _allowed(request, duty, f"{module_of(kind)}.text", _("查看佐证"))
    read = _stream_of(duty)
    files = read.bodies[sseq - 1].files if 1 <= sseq <= read.version else []
    name = next((file["n"] for file in files if file["sha256"] == sha256), None)
    if name is None:
        raise Http404
    try:
        content = keep.open_file(sha256)
    except keep.FileGone as error:
        return HttpResponse(str(error), status=410, content_type="text/plain; charset=utf-8")
    response = FileResponse(content, content_type="application/octet-stream")
    response["Content-Disposition"] = content_disposition(name)
    response["X-Content-Type-Options"] = "nosniff"
    return response


@page
@require_GET
def receipt(request: StaffRequest, stream: str, sseq: int) -> HttpResponseBase:
    """What proves that an entry was recorded: its hash, its time and its place in the city's log."""
    duty, kind = duty_of(stream, request.actor)
    told = timeline.told(_stream_of(duty), timeline.Reader(text=False))
    entry = next((item for item in told if item.sseq == sseq), None)
    if entry is None:
        raise Http404
    leaf = Leaf.objects.filter(seq=entry.leaf).first() if entry.leaf is not None else None
    covering = Checkpoint.objects.filter(size__gt=entry.leaf).order_by("size").first() if leaf else None
    answer = {
        "log": entry.body.log,
        "kind": kind.key,
        "number": duty.number,
        "stream": duty.stream,
        "entry": entry.sseq,
        "fact": entry.fact,
        "recorded_at": entry.body.rec,
        "happened_at": entry.body.at,
        "sha256": entry.hash,
        "sm3": bytes(leaf.sm3).hex() if leaf else None,
        "leaf": entry.leaf,
        "checkpoint": covering.note if covering else None,
    }
    response = JsonResponse(answer, json_dumps_params={"ensure_ascii": False, "indent": 1})
    response["Content-Disposition"] = content_disposition(f"{duty.number}-{sseq}.json")
    return response


def context(
    request: StaffRequest, duty: Duty, kind: Kind, *, revealed: frozenset[int] = frozenset()
) -> dict[str, Any]:
    """Everything the page of a duty shows."""
    stream = _stream_of(duty)
    module = module_of(kind)
    actor = request.actor
    reader = titles.reader(duty, kind, actor, revealed)
    acts = doing.acts_on(duty, kind, actor)
    told = timeline.told(stream, reader, may_void=actor.may(f"{module}.correct", path_of(duty)))
    return {
        "duty": duty,
        "kind": kind,
        "phase": kind.phase(duty.phase),
        "title": titles.titles([duty], actor)[duty.stream],
        "entries": told,
        "why": why(stream),
        "acts": doing.offers(acts),
        "owners": _owners(request, duty, kind),
        "may_reveal": reader.text and actor.may(f"{module}.reveal", path_of(duty)),
        "channel": _option(kind, "channel", duty.channel),
        "head": stream.head,
        "revealed": revealed,
        "beside": _beside(request, duty, stream),
        "paper": settings.PAPERS.get(kind.key, ""),
    }


def _beside(request: StaffRequest, duty: Duty, stream: Stream) -> SafeString:
    """What the site adds to the pages of a kind; nothing for most."""
    path = settings.BESIDE.get(duty.kind)
    found: SafeString = import_string(path)(request, duty, stream) if path else SafeString("")
    return found


def _option(kind: Kind, field: str, value: str) -> str:
    """The title of a choice the projection keeps by key."""
    for act in kind.acts:
        for item in fields_of(act.fact):
            if item.name == field and value:
                return dict(item.options).get(value, value)
    return value


def _owners(request: StaffRequest, duty: Duty, kind: Kind) -> list[str]:
    """Who answers for the duty in its unit: the people behind the accounts that may act there."""
    if duty.unit_id is None:
        return []
    today = request.now.astimezone(SHANGHAI).date()
    found: set[int] = set()
    for capability in sorted({act.who for act in kind.acts if act.follows}):
        holding = accounts.holders([duty.unit_id], capability, registry.roles(), today)
        found.update(holding.get(duty.unit_id, ()))
    names = accounts.everything().filter(pk__in=found).values_list("person__name", flat=True)
    return list(names)


def _stream_of(duty: Duty) -> Stream:
    (found,) = load([duty.stream], lock=False)
    return found


def _allowed(request: StaffRequest, duty: Duty, capability: str, what: str) -> None:
    if not request.actor.may(capability, path_of(duty)):
        raise NotAllowed(_("没有“{act}”的权限").format(act=what))
