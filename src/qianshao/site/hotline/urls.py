"""The addresses of the hotline's own pages."""

from __future__ import annotations

from django.urls import path

from . import desk, learning_views, matter_views, spread_views, views

urlpatterns = [
    path("desk/", desk.show, name="hotline-desk"),
    path("desk/hints/", desk.hint, name="hotline-desk-hints"),
    path("desk/repeat/<stream:stream>/", desk.repeat, name="hotline-desk-repeat"),
    path("bulletin/", views.bulletin, name="hotline-bulletin"),
    path("rates/", views.rates, name="hotline-rates"),
    path("matters/", matter_views.show, name="hotline-matters"),
    path("matters/again/", matter_views.again, name="hotline-matters-again"),
    path("matters/<stream:stream>/", matter_views.one, name="hotline-matter"),
    path("rising/", matter_views.rises, name="hotline-rising"),
    path("learning/", learning_views.show, name="hotline-learning"),
    path("learning/start/", learning_views.start, name="hotline-learning-start"),
    path("learning/tolerate/", learning_views.tolerate, name="hotline-learning-tolerate"),
    path("spread/", spread_views.show, name="hotline-spread"),
    path("problems/", matter_views.all_problems, name="hotline-problems"),
    path("problems/new/", matter_views.problem, name="hotline-problem-new"),
    path("returns/", views.returns, name="hotline-returns"),
]
