"""The addresses of calendars. The secret ends the address of the file, which is never logged (see ``operations.logs``)."""

from __future__ import annotations

from django.urls import path

from . import views

urlpatterns = [
    path("", views.show, name="feeds"),
    path("<int:number>/revoke/", views.revoke, name="feed-revoke"),
    path("calendar/<str:token>.ics", views.calendar, name="calendar-feed"),
]
