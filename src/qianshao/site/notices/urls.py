"""The addresses of one's notices."""

from __future__ import annotations

from django.urls import path

from . import views

urlpatterns = [
    path("", views.inbox, name="notices"),
    path("read/", views.read, name="notices-read"),
    path("settings/", views.wishes, name="notice-wishes"),
    path("<int:number>/", views.open_one, name="notice"),
]
