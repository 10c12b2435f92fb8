"""The addresses of the ledger's pages."""

from __future__ import annotations

from django.urls import path

from . import views

urlpatterns = [
    path("ledger/", views.show, name="ledger"),
    path("ledger/checkpoint/", views.checkpoint, name="ledger-checkpoint"),
    path("ledger/export/", views.export, name="ledger-export"),
]
