"""The addresses of the portal."""

from __future__ import annotations

from django.urls import path

from . import reading, views

urlpatterns = [
    path("", views.home, name="portal"),
    path("request/", views.ask, name="portal-ask"),
    path("follow/", views.follow, name="portal-follow"),
    path("policies/", reading.library, name="portal-policies"),
    path("policies/<stream:stream>/", reading.document, name="portal-policy"),
    path("interpretations/<stream:stream>/", reading.interpretation, name="portal-interpretation"),
    path("catalogue/", reading.bodies, name="portal-catalogue"),
    path("catalogue/<str:unit>/", reading.body, name="portal-catalogue-body"),
    path("rates/", views.rates, name="portal-rates"),
    path("data/", views.data, name="portal-data"),
    path("data/<slug:name>.schema.json", views.schema, name="portal-schema"),
    path("data/<slug:name>.csv", views.table, {"form": "csv"}, name="portal-csv"),
    path("data/<slug:name>.json", views.table, {"form": "json"}, name="portal-json"),
]
