"""The addresses of a person's desk."""

from __future__ import annotations

from django.urls import path

from . import views

urlpatterns = [
    path("desk/", views.show, name="desk"),
    path("desk/follow/", views.follow, name="follow"),
    path("desk/clear/", views.clear, name="desk-clear"),
    path("duties/<stream:stream>/comments/", views.say, name="comment"),
    path("duties/<stream:stream>/comments/<str:key>/", views.change, name="comment-change"),
]
