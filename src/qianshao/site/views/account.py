"""One's own account: the password, which a one-time one has to give way to before anything else."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.password_validation import password_validators_help_texts
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _

from qianshao.core.accounts import passwords, sessions
from qianshao.core.accounts.models import Account
from qianshao.core.accounts.services import WeakPassword, change_password
from qianshao.kit.staff import StaffRequest


def show(request: StaffRequest) -> HttpResponse:
    """The form, and what it answers to; the session goes on under a new key, all others of the account end."""
    account = cast(Account, request.user)
    refusal = ""
    if request.method == "POST":
        new = request.POST.get("new", "")
        try:
            if new != request.POST.get("again", ""):
                raise WeakPassword(_("两次输入的新密码不一致，请重新输入。"))
            change_password(
                account=account,
                old=request.POST.get("old", ""),
                new=new,
                actor=request.actor,
                now=request.now,
            )
        except WeakPassword as error:
            refusal = str(error)
        else:
            update_session_auth_hash(request, account)
            sessions.end(account, but=request.session.session_key)
            messages.success(request, _("密码已修改，其他设备上的登录已退出。"))
            return HttpResponseRedirect("/")
    context = {
        "refusal": refusal,
        "one_time": account.one_time_until,
        "too_old": passwords.too_old(account, request.now),
        "login": account.login,
        "policy": password_validators_help_texts(),
    }
    return render(request, "site/account.html", context, status=422 if refusal else 200)
