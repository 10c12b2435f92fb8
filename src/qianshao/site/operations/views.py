"""For watchdogs: is it alive, can it serve, what does it measure. Nothing about content and no secrets."""

from __future__ import annotations

import hmac
import os
from collections.abc import Iterator

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from . import state


def alive(request: HttpRequest) -> HttpResponse:
    """200 as long as this process answers."""
    return JsonResponse({"ok": True})


def ready(request: HttpRequest) -> HttpResponse:
    """200 when pages can be served, 503 when not; ``?strict=1`` also when something behind the pages is late."""
    found = state.checks(timezone.now())
    strict = request.GET.get("strict") == "1"
    well = all(check.well for check in found if check.stops or strict)
    told = {check.name: "ok" if check.well else "failing" if check.stops else "late" for check in found}
    return JsonResponse({"ready": well, "checks": told}, status=200 if well else 503)


class _State(Collector):
    """The gauges, asked when somebody asks."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        families: dict[str, GaugeMetricFamily] = {}
        for gauge in state.gauges(timezone.now()):
            family = families.get(gauge.name)
            if family is None:
                labels = [name for name, _value in gauge.labels]
                family = families[gauge.name] = GaugeMetricFamily(gauge.name, gauge.about, labels=labels)
            family.add_metric([value for _name, value in gauge.labels], gauge.value)
        yield from families.values()


def metrics(request: HttpRequest) -> HttpResponse:
    """The measures of all processes, for whoever holds the token; without a token only for this machine itself."""
    if not _allowed(request):
        raise Http404
    asked = CollectorRegistry(auto_describe=False)
    asked.register(_State())
    counted: CollectorRegistry = REGISTRY
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        counted = CollectorRegistry()
        MultiProcessCollector(counted)  # type: ignore[no-untyped-call]
    return HttpResponse(generate_latest(counted) + generate_latest(asked), content_type=CONTENT_TYPE_LATEST)


def _allowed(request: HttpRequest) -> bool:
    if settings.METRICS_TOKEN:
        given = request.headers.get("Authorization", "")
        return hmac.compare_digest(given.encode(), f"Bearer {settings.METRICS_TOKEN}".encode())
    # A request that came through a proxy carries its mark, and is not this machine's own.
    forwarded = any(name in request.headers for name in ("X-Forwarded-For", "Forwarded", "X-Real-IP"))
    return request.META.get("REMOTE_ADDR") in ("127.0.0.1", "::1", "") and not forwarded
