"""Once per request: who acts and when; and the headers that keep staff pages private and scripts our own."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import quote

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone, translation

from qianshao.core.accounts.actor import NotAllowed, actor_of
from qianshao.core.accounts.models import Account
from qianshao.core.duties import calendars, registry
from qianshao.core.ledger.gate import Unavailable
from qianshao.kernel.figures import BadSelection
from qianshao.kernel.hours import SHANGHAI

from .views import errors

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self';"
    " connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)

_WITH_ONE_TIME = ("/account/", "/sign-out/", "/language/", "/static/", "/healthz", "/readyz")


class StaffPages:
    """Every page needs an account but those named in ``settings.OPEN_PAGES``."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.now = timezone.now()  # type: ignore[attr-defined]
        request.actor = None  # type: ignore[attr-defined]
        account = request.user
        if isinstance(account, Account):
            try:
                today = request.now.astimezone(SHANGHAI).date()  # type: ignore[attr-defined]
                request.actor = actor_of(account, registry.roles(), today)  # type: ignore[attr-defined]
            except NotAllowed:
                logout(request)
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME) or getattr(account, "language", "")
        translation.activate(chosen if chosen in dict(settings.LANGUAGES) else "zh-hans")
        if request.actor is None and not request.path.startswith(settings.OPEN_PAGES):  # type: ignore[attr-defined]
            return self._private(self._to_sign_in(request))
        if getattr(account, "one_time_until", None) and not request.path.startswith(_WITH_ONE_TIME):
            return self._private(self._to(request, reverse("account")))
        if request.method != "GET":
            return self._private(self.get_response(request))
        with calendars.held():
            return self._private(self.get_response(request))

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
            return HttpResponse(status=401)
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
