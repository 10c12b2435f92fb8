"""From the web to the requests and back, with every error in the specification's form."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

from django.conf import settings
from django.core.exceptions import BadRequest, SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from qianshao.core.ledger.gate import Unavailable
from qianshao.core.org import city
from qianshao.kit.staff import StaffRequest

from . import keys, limits, requests, services
from .answers import Refusal, answer, refused

SPECIFICATION = "http://wiki.open311.org/GeoReport_v2"
_Asked = Callable[..., HttpResponse]
_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")


def _method(*allowed: str) -> Callable[[_Asked], _Asked]:
    """Errors in the form that was asked for, a jurisdiction that is ours, and only these methods."""

    def wrapped(view: _Asked) -> _Asked:
        @wraps(view)
        def shown(request: HttpRequest, *args: Any, form: str, **given: Any) -> HttpResponse:
            try:
                if request.method not in allowed:
                    raise Refusal(405, _("只支持 {allowed}").format(allowed=_("、").join(allowed)))
                _jurisdiction(_posted(request) if request.method == "POST" else request.GET)
                return view(request, *args, form=form, **given)
            except Refusal as error:
                return refused(error, form)
            except Unavailable as error:
                return refused(Refusal(503, str(error)), form)

        return csrf_exempt(shown)  # an app has no session; its key is what lets it in

    return wrapped


def _posted(request: HttpRequest) -> Mapping[str, str]:
    """What an app sent, refused where it is no form or no text: what is recorded is never written anew."""
    if request.content_type not in _FORMS:
        raise Refusal(415, _unreadable())
    try:
        posted = request.POST
        if request.content_type == _FORMS[0]:
            request.body.decode()  # what is no UTF-8 Django takes for Latin letters
    except (BadRequest, MultiPartParserError, SuspiciousOperation, UnicodeDecodeError):
        raise Refusal(400, _unreadable()) from None
    for name, value in posted.items():
        if "\ufffd" in f"{name}{value}":  # what bytes of another encoding are read as
            raise Refusal(400, _("“{name}”不是 UTF-8 编码的文字").format(name=name[:40]))
        if _CONTROL.search(f"{name}{value}"):
            raise Refusal(400, _("“{name}”里有不能使用的控制字符").format(name=name[:40]))
    return {name: str(value) for name, value in posted.items()}


def _unreadable() -> str:
    return _("读不出请求的内容：请以 application/x-www-form-urlencoded 发送，文字用 UTF-8 编码")


def _jurisdiction(given: Mapping[str, str]) -> None:
    named = given.get("jurisdiction_id", "")
    if named and named != settings.OPEN311_JURISDICTION:
        raise Refusal(404, _("没有 jurisdiction_id 为“{name}”的辖区").format(name=named[:60]))


@_method("GET")
def discovery(request: StaffRequest, *, form: str) -> HttpResponse:
    """Where the endpoint is and what it speaks."""
    content = {
        "changeset": "2026-03-01T00:00:00+08:00",
        "contact": _("{city} 12345 热线").format(city=_(city.name())),
        "key_service": _("向热线中心申请 api_key"),
        "endpoints": [
            {
                "specification": SPECIFICATION,
                "url": request.build_absolute_uri(reverse("open311")).rstrip("/"),
                "changeset": "2026-03-01T00:00:00+08:00",
                "type": "production",
                "formats": ["application/json", "text/xml"],
            }
        ],
    }
    return answer("discovery", content, form)


@_method("GET")
def service_list(request: StaffRequest, *, form: str) -> HttpResponse:
    """The classes of appeals."""
    offered = services.offered(request.now)
    return answer("services", [services.told(code, topic) for code, topic in offered.items()], form)


@_method("GET")
def service(request: StaffRequest, code: str, *, form: str) -> HttpResponse:
    """What may be told about an appeal of a class."""
    if code not in services.offered(request.now):
        raise Refusal(404, _("没有 service_code 为“{code}”的服务").format(code=code[:40]))
    return answer("service_definition", services.definition(code), form)


@_method("GET", "POST")
def request_list(request: StaffRequest, *, form: str) -> HttpResponse:
    """Ask about requests, or send one."""
    if request.method == "POST":
        return _sent(request, form)
    given = {name: str(value) for name, value in request.GET.items()}
    found = requests.asked(given, request.now)
    return answer("service_requests", [requests.told(duty) for duty in found], form)


def _sent(request: StaffRequest, form: str) -> HttpResponse:
    given = request.POST.dict()  # looked at already, with the jurisdiction
    app = keys.owner(given.get("api_key", ""))
    if app is None:
        raise Refusal(403, _("api_key 缺失或者无效"))
    limits.count(app, request.now)
    token = request.headers.get("Idempotency-Key", "")[:64]
    duty = requests.sent(given, app, request.now, token)
    content = [
        {
            "service_request_id": duty.number,
            "token": duty.stream,
            "service_notice": _("凭编号查询办理情况"),
            "account_id": None,
        }
    ]
    return answer("service_requests", content, form, 201)


@_method("GET")
def one_request(request: StaffRequest, number: str, *, form: str) -> HttpResponse:
    """One request by its number."""
    found = [requests.told(duty) for duty in requests.everybody_s().filter(number=number)[:1]]
    if not found:
        raise Refusal(404, _("没有编号为“{number}”的诉求").format(number=number[:60]))
    return answer("service_requests", found, form)


@_method("GET")
def token(request: StaffRequest, token: str, *, form: str) -> HttpResponse:
    """The number a token stands for; here every request has one at once."""
    duty = requests.everybody_s().filter(stream=token).first()
    if duty is None:
        raise Refusal(404, _("没有这个 token"))
    return answer("service_requests", [{"service_request_id": duty.number, "token": token}], form)


@_method("GET")
def unknown(request: StaffRequest, *, form: str) -> HttpResponse:
    """Anything else below the endpoint."""
    raise Refusal(404, _("没有这个地址；可用：services、requests、tokens、discovery"))
