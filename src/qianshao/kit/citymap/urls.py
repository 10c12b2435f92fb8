"""The address of the city's map."""

from __future__ import annotations

from django.urls import path

from . import views

urlpatterns = [path("map/<slug:digest>.geojson", views.shapes, name="city-map")]
