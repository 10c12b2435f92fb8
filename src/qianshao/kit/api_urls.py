"""The addresses of the API and of its page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _

from qianshao.kit.api import api


def docs(request: HttpRequest) -> HttpResponse:
    """The OpenAPI description as a page of our own: nothing is fetched from elsewhere."""
    described = api.get_openapi_schema(path_prefix="/api/v1/")
    calls = [
        {
            "method": method.upper(),
            "path": where,
            "summary": _(about["summary"]),
            "about": _(about["description"]),
            "parameters": about.get("parameters", ()),
            "body": "requestBody" in about,
        }
        for where, methods in described["paths"].items()
        for method, about in methods.items()
    ]
    return render(
        request, "kit/duties/api.html", {"calls": calls, "schemas": described["components"]["schemas"]}
    )


urlpatterns = [path("docs/", docs, name="api-docs"), path("docs", docs), path("v1/", api.urls)]
