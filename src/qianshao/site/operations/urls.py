"""The addresses of the keeper of the system."""

from __future__ import annotations

from django.urls import path

from . import deliveries, hooks

urlpatterns = [
    path("deliveries/", deliveries.show, name="deliveries"),
    path("deliveries/test/", deliveries.test, name="delivery-test"),
    path("deliveries/<int:number>/retry/", deliveries.retry, name="delivery-retry"),
    path("hooks/", hooks.show, name="hooks"),
    path("hooks/<int:number>/", hooks.calls, name="hook-calls"),
    path("hooks/<int:number>/act/", hooks.act, name="hook-act"),
]
