"""The addresses of the hotline's own pages."""

from __future__ import annotations

from django.urls import path

from . import views

urlpatterns = [
    path("rates/", views.rates, name="hotline-rates"),
    path("returns/", views.returns, name="hotline-returns"),
]
