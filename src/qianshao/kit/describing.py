"""How the API refuses, and the description that says so: problem documents (RFC 9457) on every operation."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from ninja import NinjaAPI
from ninja.operation import Operation


class Described(NinjaAPI):
    """The framework's API, whose description also tells how it refuses (RFC 9457) and that repeating is harmless."""

    def get_openapi_schema(self, **kwargs: Any) -> Any:
        """OpenAPI 3.1 with every refusal in it."""
        described = super().get_openapi_schema(**kwargs)
        described["components"]["schemas"]["Problem"] = _PROBLEM
        for path, methods in described["paths"].items():
            for about in methods.values():
                for status, title in _refusals("{" in path, "requestBody" in about).items():
                    about["responses"][status] = {"description": title, "content": _CONTENT}
        return described

    def get_openapi_operation_id(self, operation: Operation) -> str:
        """A call's name for generated clients: it stays when the function moves to another file."""
        return f"qianshao_kit_api_{operation.view_func.__name__}"


_CONTENT = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
_PROBLEM = {
    "title": "Problem",
    "type": "object",
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
    },
    "required": ["type", "title", "status", "detail"],
}


def _refusals(of_a_thing: bool, writes: bool) -> dict[int, str]:
    found = {
        400: gettext_noop("请求无法识别"),
        401: gettext_noop("没有有效的登录或令牌"),
        403: gettext_noop("没有权限"),
    }
    if of_a_thing:
        found[404] = gettext_noop("没有找到")
    if writes:
        found |= {
            409: gettext_noop("别人刚刚办理过"),
            422: gettext_noop("规则不允许"),
            503: gettext_noop("暂时不能写入"),
        }
    return dict(sorted(found.items()))


def problem(status: int, title: str, detail: str, **more: Any) -> JsonResponse:
    """A problem document (RFC 9457)."""
    body = {"type": "about:blank", "title": title, "status": status, "detail": detail, **more}
    return JsonResponse(
        body,
        status=status,
        content_type="application/problem+json",
        json_dumps_params={"ensure_ascii": False},
    )


def stranger() -> HttpResponse:
    """401: nobody is signed in, or the token is no good (RFC 6750, section 3)."""
    answer = problem(401, _("没有有效的登录或令牌"), _("请登录，或在请求头 Authorization 中给出有效的令牌。"))
    answer["WWW-Authenticate"] = "Bearer"
    return answer
