"""One's own sessions and tokens: seen, and ended."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from qianshao.core.accounts import sessions as kept
from qianshao.core.accounts import tokens as keys
from qianshao.core.accounts import trail
from qianshao.core.accounts.models import Account
from qianshao.kit.staff import StaffRequest

_DAYS = 90


def sessions(request: StaffRequest) -> HttpResponse:
    """Where the account is signed in; the others can be ended at once."""
    account = cast(Account, request.user)
    here = request.session.session_key
    if request.method == "POST":
        ended = kept.end(account, but=here)
        trail.tell("SessionsEnded", request.actor, request.now, str(ended))
        messages.success(
            request,
            ngettext("已退出其他 {n} 处登录。", "已退出其他 {n} 处登录。", ended).format(n=ended)
            if ended
            else _("没有其他登录。"),
        )
        return redirect("account-sessions")
    return render(request, "site/account_sessions.html", {"sessions": kept.own(account, here, request.now)})


def tokens(request: StaffRequest) -> HttpResponse:
    """Tokens for programs: made, shown once, revoked."""
    account = cast(Account, request.user)
    refusal, text = "", ""
    if request.method == "POST" and "revoke" in request.POST:
        number = request.POST["revoke"]
        token = account.tokens.filter(pk=int(number)).first() if number.isdigit() else None
        if token is not None:
            keys.revoke(token=token, actor=request.actor, now=request.now)
            messages.success(request, _("令牌“{name}”已撤销，立即失效。").format(name=token.name))
        return redirect("account-tokens")
    if request.method == "POST":
        days = request.POST.get("days", "")
        try:
            _made, text = keys.make(
                account=account,
                name=request.POST.get("name", ""),
                scopes=request.POST.getlist("scope"),
                days=int(days) if days.isascii() and days.isdigit() else 0,
                actor=request.actor,
                now=request.now,
            )
        except keys.BadToken as error:
            refusal = str(error)
    context = {
        "refusal": refusal,
        "text": text,
        "tokens": account.tokens.order_by("-id")[:100],
        "grantable": keys.grantable(request.actor),
        "chosen": request.POST.getlist("scope") if refusal else [],
        "name": request.POST.get("name", "") if refusal else "",
        "days": request.POST.get("days", "") if refusal else _DAYS,
        "most": keys.MOST_DAYS,
    }
    return render(request, "site/account_tokens.html", context, status=422 if refusal else 200)
