"""Before there is a city, every page that wants an account leads to the set-up."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from . import code

_OPEN = (
    "/setup/",
    "/static/",
    "/healthz",
    "/readyz",
    "/metrics",
    "/language/",
    "/portal/",
    "/open311/",
    "/api/",
)


class FirstRun:
    """Once anybody has begun, the question is never asked again in this process."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self._begun = False

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not self._begun and not request.path.startswith(_OPEN):
            if code.needed():
                return HttpResponseRedirect(reverse("setup"), headers={"Cache-Control": "no-store"})
            self._begun = True
        return self.get_response(request)
