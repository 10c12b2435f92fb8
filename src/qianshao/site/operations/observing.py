"""Around every request: its number, its measure, its line in the log."""

from __future__ import annotations

import logging
import re
import time
import uuid
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from qianshao.core import measures

from .logs import request_id

log = logging.getLogger("qianshao.request")
_GIVEN = re.compile(r"[A-Za-z0-9-]{8,64}")


class Observed:
    """Gives each request a number (the proxy's, when it sends one in X-Request-ID), measures and logs it by route, never by address."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-ID", "")
        number = given if _GIVEN.fullmatch(given) else uuid.uuid4().hex
        token = request_id.set(number)
        began = time.perf_counter()
        try:
            response = self.get_response(request)
            took = time.perf_counter() - began
            route = request.resolver_match.route if request.resolver_match else "(none)"
            method = request.method if request.method in ("GET", "POST", "HEAD", "PUT", "DELETE") else "OTHER"
            measures.REQUESTS.labels(route or "/", method, str(response.status_code)).observe(took)
            actor = getattr(request, "actor", None)
            log.info(
                "request",
                extra={
                    "route": route or "/",
                    "method": method,
                    "status": response.status_code,
                    "ms": round(took * 1000, 1),
                    "actor": actor.key if actor else "",
                },
            )
            response.headers["X-Request-ID"] = number
            return response
        finally:
            request_id.reset(token)
