"""What every page knows: who reads it, where they can go, and the day it speaks of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_noop

from qianshao.core.accounts.actor import Actor
from qianshao.core.duties import registry
from qianshao.core.org import city
from qianshao.kernel.declare import Module


@dataclass(frozen=True)
class Place:
    """An entry of the navigation; ``kind`` when it is the list of a kind of duty."""

    title: str
    url: str
    here: bool
    kind: str = ""


@dataclass(frozen=True)
class Group:
    """The places of one module under its title; a single place stands for its group."""

    title: str
    places: tuple[Place, ...]

    @property
    def here(self) -> bool:
        """Whether the page is one of them."""
        return any(place.here for place in self.places)

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds whose lists stand here; their duties' own pages belong to the group too."""
        return tuple(place.kind for place in self.places if place.kind)


def page(request: HttpRequest) -> dict[str, Any]:
    """Context of every template."""
    actor = getattr(request, "actor", None)
    common = {"actor": actor, "now": getattr(request, "now", None), "city_name": city.name()}
    if actor is None:
        return {**common, "places": ()}
    return {**common, "places": groups_of(request)}


def groups_of(request: HttpRequest) -> list[Group]:
    """The navigation of whoever is signed in: only where they may go."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    cockpit = reverse("cockpit")
    # The navigation marks the nearest place above the page: /openness/catalogue/, not /openness/ as well.
    places = [(*place, reverse(name)) for *place, name in settings.PLACES]
    above = [where for *_rest, where in places if request.path.startswith(where)]
    nearest = max(above, key=len, default="")

    def pages(module: str) -> tuple[Place, ...]:
        return tuple(
            Place(title, where, where == nearest)
            for of, capability, title, where in places
            if of == module and (not capability or actor.may(capability))
        )

    groups = [Group(gettext_noop("驾驶舱"), (Place("驾驶舱", cockpit, request.path == cockpit),))]
    for module in registry.modules():
        groups.append(Group(module.title, (*pages(module.key), *_lists(request, actor, module))))
    groups.append(Group(gettext_noop("系统"), pages("")))
    return [group for group in groups if group.places]


def _lists(request: HttpRequest, actor: Actor, module: Module) -> tuple[Place, ...]:
    duties = reverse("duties")
    shown = request.GET.get("kind") if request.path == duties else None
    return tuple(
        Place(kind.title, f"{duties}?kind={kind.key}", shown == kind.key, kind.key)
        for kind in module.kinds
        if actor.may(kind.reads)
    )
