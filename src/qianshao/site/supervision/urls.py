"""The addresses of supervision, budgets and appraisal."""

from __future__ import annotations

from django.urls import path

from . import lastyear, views, visits
from .decisions import views as decisions

urlpatterns = [
    path("supervision/", views.supervision, name="supervision"),
    path("supervision/decisions/new/", decisions.new, name="decision-new"),
    path("supervision/decisions/open/", decisions.open_items, name="decision-open"),
    path("supervision/slips/<stream:stream>/", views.slip, name="slip-paper"),
    path("burden/", views.burden, name="burden"),
    path("burden/last-year/", lastyear.show, name="last-year"),
    path("burden/last-year/empty.csv", lastyear.template, name="last-year-template"),
    path("burden/<str:meter>/<str:unit>/", views.budget, name="budget"),
    path("visits/", visits.page, name="visits"),
    path("visits/worker.js", visits.worker, name="visits-worker"),
    path("visits/line/", visits.line, name="visits-line"),
    path("visits/<stream:stream>/", visits.send, name="visits-finding"),
    path("appraisal/", views.appraisal, name="appraisal"),
    path("appraisal/points/<str:unit>/", views.points, name="points"),
    path("appraisal/<str:number>/", views.appraisal, name="appraisal-round"),
    path("appraisal/<str:number>/<str:name>/", views.step, name="appraisal-step"),
]
