"""The end of every way in: half in after the password, wholly in after what the account asks for besides."""

from __future__ import annotations

from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme

from qianshao.core.accounts import second, trail
from qianshao.core.accounts.models import Account
from qianshao.kit.staff import StaffRequest

PASSED_SECOND = "passed-second"
_HALF = "half-in"
_HALF_LASTS = timedelta(minutes=5)
_BACKEND = "django.contrib.auth.backends.ModelBackend"


def following(request: HttpRequest) -> str:
    """Where the visitor wanted to go; never another site."""
    wanted = request.POST.get("next") or request.GET.get("next") or "/"
    return wanted if url_has_allowed_host_and_scheme(wanted, allowed_hosts=None) else "/"


def origin(request: HttpRequest) -> str:
    """The origin of the page, which a passkey is bound to."""
    return f"{request.scheme}://{request.get_host()}"


def passkeys_work(request: HttpRequest) -> bool:
    """Browsers offer passkeys to named hosts only, and only by TLS or on the machine itself."""
    host = urlsplit(origin(request)).hostname or ""
    named = not host.replace(".", "").isdigit() and ":" not in host
    return named and (request.is_secure() or host == "localhost")


def city() -> str:
    """What authenticators call this installation."""
    return f"前哨 {settings.CITY_NAME}"


def first_factor(request: StaffRequest, account: Account, how: str, wanted: str) -> HttpResponse:
    """In, or on to the second step where the account has one."""
    if not second.has(account):
        return enter(request, account, how, wanted)
    request.session.flush()  # nothing a stranger planted before goes on
    request.session[_HALF] = {
        "account": account.pk,
        "at": request.now.isoformat(),
        "how": how,
        "next": wanted,
    }
    return redirect("sign-in-second")


def half_in(request: StaffRequest) -> tuple[Account, str, str] | None:
    """Who has passed the first step in this browser a moment ago, how, and where they wanted to go."""
    kept = request.session.get(_HALF)
    if kept is None or request.now - datetime.fromisoformat(kept["at"]) > _HALF_LASTS:
        return None
    account = Account.objects.select_related("person").filter(pk=kept["account"], is_active=True).first()
    return (account, kept["how"], kept["next"]) if account else None


def enter(
    request: StaffRequest, account: Account, how: str, wanted: str, *, both: bool = False
) -> HttpResponse:
    """Sign in: a new session key, and a line in the trail."""
    request.session.pop(_HALF, None)
    login(request, account, backend=_BACKEND)
    if both:
        request.session[PASSED_SECOND] = True
    trail.write(trail.SIGNED_IN, actor=f"account:{account.pk}", now=request.now, about=how)
    return HttpResponseRedirect(wanted)
