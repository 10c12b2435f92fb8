"""The addresses of search."""

from __future__ import annotations

from django.urls import path

from . import views

urlpatterns = [
    path("", views.show, name="search"),
    path("find/", views.find, name="search-find"),
]
