"""The API itself: who may call it, its description, and how it refuses."""

from __future__ import annotations

from typing import Any, cast

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.security import HttpBearer, SessionAuth

from qianshao.core.accounts.actor import NotAllowed
from qianshao.core.duties.door import Refused, Stale
from qianshao.core.ledger.gate import Unavailable
from qianshao.core.org import units
from qianshao.kernel.figures import BadSelection
from qianshao.kit import telling
from qianshao.kit.describing import Described, problem, stranger
from qianshao.kit.facts_json import BadBody
from qianshao.kit.staff import StaffRequest


class Session(SessionAuth):
    """Whoever the middleware let in by the browser's session."""

    def authenticate(self, request: HttpRequest, key: str | None) -> Any | None:
        """The actor of the request, None when nobody is signed in."""
        return None if cast(StaffRequest, request).by_token else getattr(request, "actor", None)


class ByToken(HttpBearer):
    """Whoever the middleware let in by a token; no browser sends it by itself, so no CSRF token is needed."""

    def authenticate(self, request: HttpRequest, token: str) -> Any | None:
        """The actor of the request."""
        return getattr(request, "actor", None)


api = Described(
    title="前哨 API",
    version="1",
    urls_namespace="api-v1",
    docs_url=None,
    openapi_url="/openapi.json",
    auth=[ByToken(), Session(csrf=True)],
)


@api.exception_handler(BadSelection)
@api.exception_handler(BadBody)
def _bad(request: HttpRequest, error: Exception) -> HttpResponse:
    return problem(400, _("请求无法识别"), telling.refusal(error))


@api.exception_handler(ValidationError)
def _invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    places = [".".join(str(part) for part in item["loc"]) for item in error.errors]
    return problem(400, _("请求无法识别"), _("这些参数不合要求：{names}").format(names=_("、").join(places)))


@api.exception_handler(HttpError)
def _http(request: HttpRequest, error: HttpError) -> HttpResponse:
    # Ninja's only 400, told in English: the body is no JSON.
    told = _("请求的内容不是 JSON") if error.status_code == 400 else str(error)
    return problem(error.status_code, _("请求无法识别"), told)


@api.exception_handler(Refused)
def _refused(request: HttpRequest, error: Refused) -> HttpResponse:
    return problem(422, _("规则不允许"), telling.sentence(error.words))


@api.exception_handler(Stale)
def _stale(request: HttpRequest, error: Stale) -> HttpResponse:
    since = [{"entry": body.sseq, "fact": body.fact, "recorded_at": body.rec} for body in error.since]
    return problem(409, _("别人刚刚办理过"), str(error), version=error.duty.version, since=since)


@api.exception_handler(AuthenticationError)
def _stranger(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    return stranger()


@api.exception_handler(NotAllowed)
def _not_allowed(request: HttpRequest, error: NotAllowed) -> HttpResponse:
    return problem(403, _("没有权限"), str(error))


@api.exception_handler(Unavailable)
def _unavailable(request: HttpRequest, error: Unavailable) -> HttpResponse:
    return problem(503, _("暂时不能写入"), str(error))


@api.exception_handler(Http404)
def _not_found(request: HttpRequest, error: Http404) -> HttpResponse:
    return problem(404, _("没有找到"), _("这里没有内容，或不在您的查看范围内。"))


@api.exception_handler(units.UnknownUnit)
def _no_unit(request: HttpRequest, error: units.UnknownUnit) -> HttpResponse:
    return problem(400, _("请求无法识别"), _("没有编码为“{code}”的单位").format(code=error))
