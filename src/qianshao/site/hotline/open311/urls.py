"""The addresses of GeoReport v2; the form follows the point: ``services.json``, ``services.xml``."""

from __future__ import annotations

from django.urls import path, re_path, register_converter

from . import views


class FormConverter:
    """``json`` or ``xml``."""

    regex = "json|xml"

    def to_python(self, value: str) -> str:
        """As it stands in the address."""
        return value

    def to_url(self, value: str) -> str:
        """As it stands in the address."""
        return value


register_converter(FormConverter, "form")

urlpatterns = [
    path("discovery.<form:form>", views.discovery),
    path("services.<form:form>", views.service_list),
    path("services/<str:code>.<form:form>", views.service),
    path("requests.<form:form>", views.request_list),
    path("requests/<str:number>.<form:form>", views.one_request),
    path("tokens/<str:token>.<form:form>", views.token),
    re_path(r"^(?:.*\.(?P<form>json|xml))$", views.unknown),
    path("", views.unknown, {"form": "xml"}, name="open311"),
]
