"""The addresses of the hotline's own pages."""

from __future__ import annotations

from django.urls import path

from . import desk, views

urlpatterns = [
    path("desk/", desk.show, name="hotline-desk"),
    path("desk/hints/", desk.hint, name="hotline-desk-hints"),
    path("desk/repeat/<stream:stream>/", desk.repeat, name="hotline-desk-repeat"),
    path("bulletin/", views.bulletin, name="hotline-bulletin"),
    path("rates/", views.rates, name="hotline-rates"),
    path("returns/", views.returns, name="hotline-returns"),
]
