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
    """An entry of the navigation; ``kind`` when it is the list of a kind of duty."""

    title: str
    url: str
    here: bool
    kind: str = ""


def page(request: HttpRequest) -> dict[str, Any]:
    """Context of every template."""
    actor = getattr(request, "actor", None)
    common = {"actor": actor, "now": getattr(request, "now", None), "city_name": settings.CITY_NAME}
    if actor is None:
        return {**common, "places": ()}
    cockpit, duties = reverse("cockpit"), reverse("duties")
    places = [Place("驾驶舱", cockpit, request.path == cockpit)]
    for kind in registry.kinds().values():
        if actor.may(kind.reads):
            here = request.path == duties and request.GET.get("kind") == kind.key
            places.append(Place(kind.title, f"{duties}?kind={kind.key}", here, kind.key))
    for capability, title, name in settings.PLACES:
        if not capability or actor.may(capability):
            where = reverse(name)
            places.append(Place(title, where, request.path.startswith(where)))
    return {**common, "places": places}
