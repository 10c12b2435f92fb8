"""Once per request: who acts and when, what the audit trail says of it, and the headers that keep pages private."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import quote, urlencode

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from qianshao.core.accounts import passwords, second, sessions, tokens, trail
from qianshao.core.accounts.actor import Actor, NotAllowed, actor_of
from qianshao.core.accounts.addresses import address_of, within
from qianshao.core.accounts.models import Account
from qianshao.core.duties import calendars, registry
from qianshao.core.ledger.gate import Unavailable
from qianshao.kernel.figures import BadSelection
from qianshao.kernel.hours import SHANGHAI
from qianshao.kit.describing import stranger

from .entering import PASSED_SECOND
from .views import errors

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self';"
    " connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)

_ALWAYS = ("/sign-out/", "/language/", "/static/", "/healthz", "/readyz", "/metrics")
_ADMINISTRATION = ("/people/", "/audit/", "/system/")
# What was searched for may name a person, and no name belongs into the trail.
_UNTOLD = ("text", "name", "q")


class StaffPages:
    """Every page needs an account but those named in ``settings.OPEN_PAGES``."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.now = timezone.now()  # type: ignore[attr-defined]
        request.address = address_of(request.META)  # type: ignore[attr-defined]
        request.actor = None  # type: ignore[attr-defined]
        with trail.coming_from(request.address):  # type: ignore[attr-defined]
            return self._private(self._recorded(request, self._answered(request)))

    def _answered(self, request: HttpRequest) -> HttpResponse:
        said = request.headers.get("Authorization", "")
        by_token = request.path.startswith("/api/v1/") and bool(said)
        if by_token:
            request.actor = self._by_token(request, said)  # type: ignore[attr-defined]
        else:
            request.actor = self._by_session(request)  # type: ignore[attr-defined]
        request.by_token = by_token  # type: ignore[attr-defined]
        self._speak(request)
        actor: Actor | None = request.actor  # type: ignore[attr-defined]
        if actor is None and not request.path.startswith(settings.OPEN_PAGES):
            return self._to_sign_in(request)
        if actor is not None and not by_token and (first := self._first(request, actor)):
            return self._to(request, first)
        if request.path.startswith(_ADMINISTRATION) and not self._from_inside(request):
            return errors.not_found(request, Http404())
        if request.method != "GET":
            return self.get_response(request)
        with calendars.held():
            return self.get_response(request)

    def _by_session(self, request: HttpRequest) -> Actor | None:
        account = request.user
        if not isinstance(account, Account):
            return None
        now = request.now  # type: ignore[attr-defined]
        if sessions.over(request.session, now):
            logout(request)
            messages.info(request, _("登录已超时，请重新登录。"))
            return None
        try:
            return actor_of(account, registry.roles(), now.astimezone(SHANGHAI).date())
        except NotAllowed as refused:
            logout(request)
            if str(refused) != account.login:
                messages.error(request, str(refused))
            return None

    def _by_token(self, request: HttpRequest, said: str) -> Actor | None:
        scheme, _space, text = said.partition(" ")
        now = request.now  # type: ignore[attr-defined]
        today = now.astimezone(SHANGHAI).date()
        if scheme.lower() != "bearer":
            return None
        return tokens.actor_by(text.strip(), registry.roles(), today, now)

    def _speak(self, request: HttpRequest) -> None:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME) or getattr(request.user, "language", "")
        translation.activate(chosen if chosen in dict(settings.LANGUAGES) else "zh-hans")

    def _first(self, request: HttpRequest, actor: Actor) -> str | None:
        """What has to be done before anything else: another password, or a second factor where a role asks for one."""
        account = request.user
        if not isinstance(account, Account) or request.path.startswith(_ALWAYS):
            return None
        if account.one_time_until is not None or passwords.too_old(account, request.now):  # type: ignore[attr-defined]
            where = reverse("account")
            return None if request.path == where else where
        if actor.roles & settings.SECOND_FACTOR_ROLES and not request.session.get(PASSED_SECOND):
            where = reverse("account-security")
            if second.has(account):  # enrolled elsewhere meanwhile: this session has not shown it
                logout(request)
                return reverse("sign-in")
            return None if request.path.startswith(where) or request.path == reverse("account") else where
        return None

    def _from_inside(self, request: HttpRequest) -> bool:
        networks = settings.ADMIN_NETWORKS
        return not networks or within(request.address, networks)  # type: ignore[attr-defined]

    def _recorded(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """What leaves as a file, and what was asked for in vain, stands in the trail before the answer goes out."""
        actor: Actor | None = request.actor  # type: ignore[attr-defined]
        if actor is None:
            return response
        taken = response.get("Content-Disposition", "").startswith("attachment")
        if not taken and response.status_code not in (403, 404):
            return response
        asked = [(key, value) for key, value in request.GET.items() if key not in _UNTOLD]
        about = f"{request.method} {request.path}{'?' if asked else ''}{urlencode(asked)}"
        act = trail.EXPORTED if taken else trail.DENIED
        try:
            trail.tell(act, actor, request.now, about, allowed=taken)  # type: ignore[attr-defined]
        except Unavailable as error:
            answer = errors.unavailable(request, error)
            # What the file was read from is let go when this answer is: closing it here would end the request.
            answer._resource_closers.extend(response._resource_closers)  # type: ignore[attr-defined]
            return answer
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """What a user can cause becomes a page with the error's own sentence."""
        if isinstance(exception, BadSelection):
            return errors.bad_request(request, exception)
        if isinstance(exception, NotAllowed):
            return errors.forbidden(request, exception)
        if isinstance(exception, Unavailable):
            return errors.unavailable(request, exception)
        return None

    def _to_sign_in(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith("/api/"):
            return stranger()
        return self._to(request, f"{reverse('sign-in')}?next={quote(request.get_full_path())}")

    def _to(self, request: HttpRequest, where: str) -> HttpResponse:
        if request.headers.get("HX-Request"):
            return HttpResponse(headers={"HX-Redirect": where})
        return HttpResponseRedirect(where)

    def _private(self, response: HttpResponse) -> HttpResponse:
        response.headers.setdefault("Cache-Control", "no-store")
        response.headers.setdefault("Content-Security-Policy", _POLICY)
        response.headers.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
        return response
