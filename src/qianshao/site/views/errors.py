"""Error pages: what happened, and what to do next, in the reader's language."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from qianshao.kit import telling


def _page(request: HttpRequest, status: int, title: str, text: str) -> HttpResponse:
    return render(request, "site/error.html", {"status": status, "title": title, "text": text}, status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400: the address or the form asked for something that does not exist."""
    said = telling.refusal(exception)
    text = (
        said
        if said and not said.startswith(("Invalid", "The request"))
        else _("地址或表单里有无法识别的内容，请从列表重新进入。")
    )
    return _page(request, 400, _("请求无法识别"), text)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403: the account lacks the right."""
    return _page(
        request,
        403,
        _("没有权限"),
        str(exception) or _("您的账号没有这项权限；如有需要，请联系安全管理员授权。"),
    )


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404: nothing here, or nothing this account may see; the page does not say which."""
    return _page(
        request, 404, _("没有找到"), _("这里没有内容，或不在您的查看范围内。可以用上方的搜索再找一找。")
    )


def unavailable(request: HttpRequest, exception: Exception) -> HttpResponse:
    """503: the ledger takes no entries now; the sentence says what to mend."""
    return _page(request, 503, _("暂时不能写入"), str(exception))


def broken(request: HttpRequest) -> HttpResponse:
    """500: our fault; nothing was half-written."""
    return _page(
        request,
        500,
        _("出错了"),
        _("这次操作没有完成，也没有写入任何内容。请稍后重试；如多次出现，请联系系统管理员。"),
    )


def csrf(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form from another page or an old session."""
    return _page(
        request, 403, _("表单已失效"), _("页面打开过久，或登录状态已变化。请返回上一页，刷新后重新提交。")
    )
