"""The addresses of the portal."""

from __future__ import annotations

from django.urls import path

from . import views

urlpatterns = [
    path("", views.home, name="portal"),
    path("request/", views.ask, name="portal-ask"),
    path("follow/", views.follow, name="portal-follow"),
    path("policies/", views.library, name="portal-policies"),
    path("rates/", views.rates, name="portal-rates"),
    path("data/", views.data, name="portal-data"),
    path("data/<slug:name>.schema.json", views.schema, name="portal-schema"),
    path("data/<slug:name>.csv", views.table, {"form": "csv"}, name="portal-csv"),
    path("data/<slug:name>.json", views.table, {"form": "json"}, name="portal-json"),
]
