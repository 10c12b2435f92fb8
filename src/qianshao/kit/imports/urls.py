"""The addresses of the import."""

from __future__ import annotations

from django.urls import path

from . import views

urlpatterns = [
    path("import/", views.begin, name="import"),
    path("import/<int:run>/columns/", views.columns, name="import-map"),
    path("import/<int:run>/preview/", views.look, name="import-preview"),
    path("import/<int:run>/", views.run, name="import-run"),
    path("import/<int:run>/records/", views.records, name="import-records"),
    path("import/<int:run>/errors.xlsx", views.errors, name="import-errors"),
]
