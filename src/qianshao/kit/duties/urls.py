"""The addresses of lists, duties and figures."""

from __future__ import annotations

from django.urls import path, register_converter

from . import acts, bulk, compare, detail, figure, listing


class StreamConverter:
    """A stream's key: 26 letters of Crockford's base 32."""

    regex = "[0-9a-hjkmnp-tv-z]{26}"

    def to_python(self, value: str) -> str:
        """As it stands in the address."""
        return value

    def to_url(self, value: str) -> str:
        """As it stands in the address."""
        return value


register_converter(StreamConverter, "stream")

urlpatterns = [
    path("duties/", listing.show, name="duties"),
    path("duties/export/", listing.leave, name="duty-export"),
    path("duties/bulk/", bulk.act, name="duty-bulk"),
    path("duties/compare/", compare.duties, name="duty-compare"),
    path("duties/new/<str:kind>/<str:fact>/", acts.opening, name="duty-new"),
    path("duties/<stream:stream>/", detail.show, name="duty"),
    path("duties/<stream:stream>/why/", detail.explain, name="duty-why"),
    path("duties/<stream:stream>/act/<str:fact>/", acts.act, name="duty-act"),
    path("duties/<stream:stream>/void/<int:entry>/", acts.void, name="duty-void"),
    path("duties/<stream:stream>/reveal/<int:sseq>/", detail.reveal, name="reveal"),
    path("duties/<stream:stream>/receipt/<int:sseq>/", detail.receipt, name="receipt"),
    path("duties/<stream:stream>/evidence/<int:sseq>/<str:sha256>/", detail.evidence, name="evidence"),
    path("views/", listing.views, name="views"),
    path("figures/<str:key>/", figure.show, name="figure"),
    path("figures/<str:key>/compare/", compare.figure, name="figure-compare"),
]
