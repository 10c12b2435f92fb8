"""Recording a fact through the one door: opening a duty, or acting on one."""

from __future__ import annotations

from typing import Any, cast

from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from ninja import Body, Router

from qianshao.core.accounts.actor import NotAllowed
from qianshao.core.duties import registry
from qianshao.core.duties.door import Receipt
from qianshao.core.duties.models import Duty
from qianshao.core.duties.seeing import path_of
from qianshao.kernel.declare import Kind
from qianshao.kit import telling
from qianshao.kit.duties import doing
from qianshao.kit.duties.asking import duty_of
from qianshao.kit.facts_json import BadBody, fact_of
from qianshao.kit.staff import StaffRequest

from .shapes import ReceiptOut

calls = Router()

_BODY: Any = Body(  # type: ignore[type-arg] # its stub says class, the call is a function
    ..., description=gettext_noop("事实的字段，按名称；at 为发生时间，expected 为所见版本")
)


@calls.post(
    "/kinds/{kind}/acts/{fact}",
    response=ReceiptOut,
    summary=gettext_noop("登记一件事项"),
    description=gettext_noop("请求头 Idempotency-Key 相同的请求只记录一次。"),
)
def open_duty(request: HttpRequest, kind: str, fact: str, body: dict[str, Any] = _BODY) -> ReceiptOut:
    """Record the opening fact; the ``Idempotency-Key`` header makes a repeated sending harmless."""
    try:
        found = registry.kind(kind)
    except registry.UnknownKind:
        raise Http404 from None
    return _record(cast(StaffRequest, request), found, fact, body, None)


@calls.post(
    "/duties/{stream}/acts/{fact}",
    response=ReceiptOut,
    summary=gettext_noop("办理一件事项"),
    description=gettext_noop("at 不填为现在；expected 为所见版本，别人先办理过时返回 409。"),
)
def act(request: HttpRequest, stream: str, fact: str, body: dict[str, Any] = _BODY) -> ReceiptOut:
    """Record a fact. ``at`` is when it happened (now when left out), ``expected`` the version last seen."""
    asked = cast(StaffRequest, request)
    found, kind = duty_of(stream, asked.actor)
    return _record(asked, kind, fact, body, found)


def _record(
    request: StaffRequest, kind: Kind, name: str, body: dict[str, Any], found: Duty | None
) -> ReceiptOut:
    try:
        chosen = kind.act(name)
    except LookupError:
        raise Http404 from None
    if not (chosen.follows if found else chosen.opens):
        raise Http404
    if not request.actor.may(chosen.who, path_of(found) if found else None):
        raise NotAllowed(_("没有“{act}”的权限").format(act=telling.sentence(chosen.title)))
    if chosen.evidence == "must":
        raise BadBody(_("“{act}”须附佐证，请在网页上办理。").format(act=telling.sentence(chosen.title)))
    token = request.headers.get("Idempotency-Key", "")
    if len(token) > 200:
        raise BadBody(_("“{name}”最多 200 个字符").format(name="Idempotency-Key"))
    expected = body.pop("expected", None)
    if expected is not None and (type(expected) is not int or not 0 <= expected < 10**9):
        raise BadBody(_("“{name}”须为整数").format(name="expected"))
    receipt = doing.record(
        kind=kind,
        fact=fact_of(chosen.fact, body, request.now),
        actor=request.actor,
        now=request.now,
        src="api",
        duty=found,
        token=token,
        expected=expected,
    )
    return _receipt_out(receipt)


def _receipt_out(receipt: Receipt) -> ReceiptOut:
    return ReceiptOut(
        stream=receipt.stream,
        entry=receipt.sseq,
        hash=receipt.leaf,
        recorded_at=receipt.recorded_at,
        repeated=receipt.repeated,
        changed=receipt.changed,
    )
