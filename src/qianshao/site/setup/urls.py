"""The addresses of the first set-up and of the organisation."""

from __future__ import annotations

from django.urls import path

from . import checklist, holidays_page, organisation, removal, views

urlpatterns = [
    path("setup/", views.show, name="setup"),
    path("calendar/load/", holidays_page.show, name="calendar-load"),
    path("calendar/load/sheet.csv", holidays_page.template, name="calendar-load-sheet"),
    path("going-live/", checklist.show, name="going-live"),
    path("going-live/sample/", removal.show, name="sample-removal"),
    path("organisation/", organisation.show, name="organisation"),
    path("organisation/templates/<str:key>.xlsx", organisation.template, name="organisation-template"),
    path("organisation/<int:run>/", organisation.run, name="organisation-run"),
    path("organisation/<int:run>/errors.xlsx", organisation.errors, name="organisation-errors"),
    path("organisation/codes/", organisation.codes, name="sign-in-codes"),
    path("organisation/changes/", organisation.changes, name="unit-changes"),
    path("organisation/grants/", organisation.grants, name="asked-grants"),
]
