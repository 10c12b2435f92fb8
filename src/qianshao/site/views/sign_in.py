"""Signing in and out, and the language of the pages."""

from __future__ import annotations

import json
from typing import Any

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from qianshao.core.accounts import outside, passkeys, trail
from qianshao.core.accounts.models import Account, CodeMaker
from qianshao.core.accounts.signing_in import SignInRefused, second_step, sign_in
from qianshao.kit.staff import StaffRequest

from ..entering import city, enter, first_factor, following, half_in, origin, passkeys_work

_STATE = "passkey-state"
_AWAY = "outside"
_MOST = 20_000  # bytes of an authenticator's answer


def show(request: StaffRequest) -> HttpResponse:
    """The form, and what it answers to."""
    refusal = ""
    if request.method == "POST":
        try:
            account = sign_in(
                login=request.POST.get("login", "")[:200],
                password=request.POST.get("password", "")[:1000],
                address=request.address,
                now=request.now,
            )
        except SignInRefused as error:
            refusal = str(error)
        else:
            return first_factor(request, account, "password", following(request))
    return _form(request, refusal)


def _form(request: StaffRequest, refusal: str = "") -> HttpResponse:
    context = {
        "refusal": refusal,
        "next": following(request),
        "login": request.POST.get("login", ""),
        "passkeys": passkeys_work(request),
        "outside": settings.SINGLE_SIGN_ON,
    }
    return render(request, "site/sign_in.html", context, status=401 if refusal else 200)


def second(request: StaffRequest) -> HttpResponse:
    """The second step: a code, a recovery code or a passkey."""
    half = half_in(request)
    if half is None:
        return redirect("sign-in")
    account, how, wanted = half
    refusal = ""
    if request.method == "POST":
        try:
            by = second_step(
                account=account,
                code=request.POST.get("code", "")[:60],
                address=request.address,
                now=request.now,
            )
        except SignInRefused as error:
            refusal = str(error)
        else:
            return enter(request, account, f"{how} {by}", wanted, both=True)
    context = {
        "refusal": refusal,
        "codes": CodeMaker.objects.filter(account=account).exists(),
        "passkeys": account.passkeys.exists() and passkeys_work(request),
        "next": wanted,
    }
    return render(request, "site/sign_in_second.html", context, status=401 if refusal else 200)


@require_POST
def passkey_begin(request: StaffRequest) -> HttpResponse:
    """What to ask the browser for: any passkey of this site, or one of the account that is half in."""
    half = half_in(request)
    options, state = passkeys.begin_signing_in(origin(request), city(), half[0] if half else None)
    request.session[_STATE] = state
    return JsonResponse(options)


@require_POST
def passkey(request: StaffRequest) -> HttpResponse:
    """The browser's answer; where to go from here, or why not."""
    half = half_in(request)
    state = request.session.pop(_STATE, None)
    try:
        account = passkeys.finish_signing_in(
            answer_of(request),
            state=state or {},
            origin=origin(request),
            name=city(),
            now=request.now,
            account=half[0] if half else None,
        )
    except passkeys.BadPasskey as error:
        trail.write(trail.REFUSED, actor="", now=request.now, about="passkey", allowed=False)
        return JsonResponse({"refusal": str(error)}, status=401)
    how = f"{half[1]} passkey" if half else "passkey"
    entered = enter(request, account, how, half[2] if half else following(request), both=True)
    return JsonResponse({"next": entered["Location"]})


def answer_of(request: HttpRequest) -> dict[str, Any]:
    """The authenticator's answer in the body; raises ``BadPasskey`` when it is none."""
    try:
        if len(request.body) > _MOST:
            raise ValueError
        found = json.loads(request.body)
    except ValueError as error:
        raise passkeys.BadPasskey(_("设备的回应未通过核对，请重试。")) from error
    return found if isinstance(found, dict) else {}


@require_GET
def away(request: StaffRequest) -> HttpResponse:
    """To the single sign-on; from the account page it links instead of signing in."""
    provider = settings.SINGLE_SIGN_ON
    if provider is None:
        return redirect("sign-in")
    back = request.build_absolute_uri(_back())
    try:
        where, kept = outside.begin(provider, back, request.now)
    except outside.OutsideRefused as error:
        return _form(request, str(error))
    request.session[_AWAY] = kept | {"next": following(request)}
    return HttpResponseRedirect(where)


def _back() -> str:
    from django.urls import reverse

    return reverse("sign-in-outside-back")


@require_GET
def back(request: StaffRequest) -> HttpResponse:
    """Back from the single sign-on, once."""
    provider = settings.SINGLE_SIGN_ON
    kept = request.session.pop(_AWAY, None)
    if provider is None or kept is None:
        return redirect("sign-in")
    try:
        said = outside.finish(provider, request.GET.dict(), kept, request.now)
        if isinstance(request.user, Account):
            from .account_security import linked

            return linked(request, provider.issuer, said.subject)
        account = outside.account_of(provider, said)
    except outside.OutsideRefused as error:
        trail.write(trail.REFUSED, actor="", now=request.now, about="single sign-on", allowed=False)
        return _form(request, str(error))
    if said.two_factors:
        return enter(request, account, "single sign-on", kept["next"], both=True)
    return first_factor(request, account, "single sign-on", kept["next"])


@require_POST
def leave(request: StaffRequest) -> HttpResponse:
    """Sign out."""
    if request.actor is not None:
        trail.tell(trail.SIGNED_OUT, request.actor, request.now)
    logout(request)
    return redirect("sign-in")


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Remember the language in a cookie, and with the account."""
    wanted = request.POST.get("language", "")
    response = HttpResponseRedirect(following(request))
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
