"""The addresses below the cockpit."""

from __future__ import annotations

from django.urls import path

from . import views

urlpatterns = [
    path("cockpit/charts/", views.charts, name="cockpit-charts"),
    path("cockpit/tables/<str:name>/", views.table, name="cockpit-table"),
    path("wall/", views.wall, name="wall"),
]
