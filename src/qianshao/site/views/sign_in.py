"""Signing in and out, and the language of the pages."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth import login, logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from qianshao.core.accounts.models import Account
from qianshao.core.accounts.signing_in import SignInRefused, sign_in
from qianshao.kit.staff import StaffRequest


def _next(request: HttpRequest) -> str:
    wanted = request.POST.get("next") or request.GET.get("next") or "/"
    return wanted if url_has_allowed_host_and_scheme(wanted, allowed_hosts=None) else "/"


def show(request: StaffRequest) -> HttpResponse:
    """The form, and what it answers to."""
    refusal = ""
    if request.method == "POST":
        try:
            account = sign_in(
                login=request.POST.get("login", ""),
                password=request.POST.get("password", ""),
                address=request.META.get("REMOTE_ADDR", ""),
                now=request.now,
            )
        except SignInRefused as error:
            refusal = str(error)
        else:
            login(request, account)
            return HttpResponseRedirect(_next(request))
    context = {"refusal": refusal, "next": _next(request), "login": request.POST.get("login", "")}
    return render(request, "site/sign_in.html", context, status=401 if refusal else 200)


@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Sign out."""
    logout(request)
    return redirect("sign-in")


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Remember the language in a cookie, and with the account."""
    wanted = request.POST.get("language", "")
    response = HttpResponseRedirect(_next(request))
    if wanted in dict(settings.LANGUAGES):
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            wanted,
            max_age=365 * 86400,
            httponly=True,
            samesite="Lax",
            secure=settings.HTTPS,
        )
        if isinstance(request.user, Account):
            Account.objects.filter(pk=request.user.pk).update(language=wanted)
    return response
