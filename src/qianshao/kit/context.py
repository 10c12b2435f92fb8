"""What every page knows: who reads it, where they can go, and the day it speaks of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from qianshao.core.duties import registry


@dataclass(frozen=True)
class Place:
    """An entry of the navigation."""

    title: str
    url: str
    here: bool


def page(request: HttpRequest) -> dict[str, Any]:
    """Context of every template."""
    actor = getattr(request, "actor", None)
    common = {"actor": actor, "now": getattr(request, "now", None), "city_name": settings.CITY_NAME}
    if actor is None:
        return {**common, "places": ()}
    at = request.get_full_path()
    places = [_place("驾驶舱", reverse("cockpit"), at)]
    for kind in registry.kinds().values():
        if actor.may(kind.reads):
            places.append(_place(kind.title, f"{reverse('duties')}?kind={kind.key}", at))
    for capability, title, name in settings.PLACES:
        if not capability or actor.may(capability):
            places.append(_place(title, reverse(name), at))
    return {**common, "places": places}


def _place(title: str, url: str, at: str) -> Place:
    return Place(title, url, at == url or (len(url) > 1 and at.startswith(url)))
