"""One's own second factor, passkeys and single sign-on: set up and removed by whoever knows the password."""

from __future__ import annotations

import io
from base64 import b64decode, b64encode
from typing import cast

import qrcode
import qrcode.image.svg
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from qianshao.core.accounts import passkeys, second
from qianshao.core.accounts.models import Account, CodeMaker
from qianshao.core.accounts.services import BadAccount, link, second_factor_changed, unlink
from qianshao.core.accounts.signing_in import SignInRefused, confirm_password
from qianshao.kit.staff import StaffRequest

from ..entering import PASSED_SECOND, city, origin, passkeys_work
from .sign_in import answer_of

_SECRET, _STATE, _NAMED, _CODES = "code-secret", "new-passkey-state", "new-passkey-name", "fresh-codes"


def _account(request: StaffRequest) -> Account:
    return cast(Account, request.user)


@require_GET
def show(request: StaffRequest) -> HttpResponse:
    """What guards the account, and what can be added."""
    account = _account(request)
    context = {
        "needed": bool(request.actor.roles & settings.SECOND_FACTOR_ROLES) and not second.has(account),
        "code_maker": CodeMaker.objects.filter(account=account).first(),
        "passkeys": account.passkeys.order_by("made_at"),
        "passkeys_work": passkeys_work(request),
        "codes_left": second.codes_left(account),
        "fresh_codes": request.session.pop(_CODES, None),
        "outside": settings.SINGLE_SIGN_ON,
        "identity": account.outside_identities.first(),
    }
    return render(request, "site/account_security.html", context)


def code(request: StaffRequest) -> HttpResponse:
    """Set up an app for codes: the picture, and the first code as the proof."""
    account = _account(request)
    refusal = ""
    kept = request.session.get(_SECRET)
    secret = b64decode(kept) if kept else second.new_secret()
    request.session[_SECRET] = b64encode(secret).decode()
    if request.method == "POST":
        try:
            _by_password(request)
            codes = second.set_up(account, secret, request.POST.get("code", "")[:20], request.now)
            if codes is None:
                raise SignInRefused(_("验证码不对。请确认手机时间准确，输入应用当前显示的 6 位数字。"))
        except SignInRefused as error:
            refusal = str(error)
        else:
            del request.session[_SECRET]
            _changed(request, "code")
            request.session[_CODES] = codes
            messages.success(request, _("验证器应用已启用。"))
            return redirect("account-security")
    context = {
        "refusal": refusal,
        "picture": _picture(second.address(secret, account, city())),
        "secret": second.spoken(secret),
    }
    return render(request, "site/account_code.html", context, status=422 if refusal else 200)


def _picture(text: str) -> str:
    """A QR code as a data address: dark squares on white, whatever the theme."""
    drawn = io.BytesIO()
    made = qrcode.make(text, image_factory=qrcode.image.svg.SvgPathFillImage, box_size=12)
    made.save(drawn)
    return f"data:image/svg+xml;base64,{b64encode(drawn.getvalue()).decode()}"


@require_POST
def change(request: StaffRequest) -> HttpResponse:
    """Remove what guarded the account, or make new recovery codes: with the password."""
    account = _account(request)
    try:
        _by_password(request)
    except SignInRefused as error:
        messages.error(request, str(error))
        return redirect("account-security")
    if "passkey" in request.POST:
        number = request.POST["passkey"]
        if number.isdigit() and account.passkeys.filter(pk=int(number)).delete()[0]:
            second.drop_codes_without_factor(account)
            _changed(request, "passkey-removed")
            messages.success(request, _("通行密钥已移除。"))
    elif "code" in request.POST:
        second.remove_code_maker(account)
        _changed(request, "code-removed")
        messages.success(request, _("验证器应用已停用。"))
    elif "codes" in request.POST and second.has(account):
        request.session[_CODES] = second.fresh_codes(account)
        _changed(request, "recovery-codes")
    elif "unlink" in request.POST:
        unlink(account=account, actor=request.actor, now=request.now)
        messages.success(request, _("已解除统一身份绑定。"))
    return redirect("account-security")


@require_POST
def passkey_begin(request: StaffRequest) -> HttpResponse:
    """What to ask the browser for; with the password."""
    try:
        _by_password(request)
        options, state = passkeys.begin_adding(_account(request), origin(request), city())
    except (SignInRefused, passkeys.BadPasskey) as error:
        return JsonResponse({"refusal": str(error)}, status=422)
    request.session[_STATE] = state
    request.session[_NAMED] = request.POST.get("name", "")[:60]
    return JsonResponse(options)


@require_POST
def passkey(request: StaffRequest) -> HttpResponse:
    """The browser's answer."""
    account = _account(request)
    state = request.session.pop(_STATE, None)
    first = not second.has(account)
    try:
        passkeys.finish_adding(
            account,
            answer_of(request),
            state=state or {},
            called=request.session.pop(_NAMED, ""),
            origin=origin(request),
            name=city(),
            now=request.now,
        )
    except passkeys.BadPasskey as error:
        return JsonResponse({"refusal": str(error)}, status=422)
    if first:
        request.session[_CODES] = second.fresh_codes(account)
    _changed(request, "passkey")
    messages.success(request, _("通行密钥已登记，下次可以不用密码直接登录。"))
    return JsonResponse({"next": reverse("account-security")})


def _by_password(request: StaffRequest) -> None:
    """Whoever found an open browser cannot change what guards the account."""
    confirm_password(
        account=_account(request),
        password=request.POST.get("password", "")[:1000],
        address=request.address,
        now=request.now,
    )


def _changed(request: StaffRequest, what: str) -> None:
    account = _account(request)
    second_factor_changed(account=account, what=what, actor=request.actor, now=request.now)
    request.session[PASSED_SECOND] = second.has(account)
    request.session.cycle_key()


def linked(request: StaffRequest, issuer: str, subject: str) -> HttpResponse:
    """Back from the single sign-on while signed in: the subject is linked to this account."""
    try:
        link(account=_account(request), issuer=issuer, subject=subject, actor=request.actor, now=request.now)
    except BadAccount as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("已绑定统一身份，下次可以用它登录。"))
    return HttpResponseRedirect(reverse("account-security"))
