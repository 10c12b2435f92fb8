"""Where a duty belongs, and whether somebody may see it at all: asked by pages, notices and comments alike."""

from __future__ import annotations

from qianshao.core.accounts.actor import EVERYWHERE, Actor

from . import registry
from .models import Duty


def path_of(duty: Duty) -> str:
    """The path of the unit that owes the duty; one of no unit belongs to the city as a whole."""
    return duty.unit.path if duty.unit else EVERYWHERE


def may_see(duty: Duty, actor: Actor) -> bool:
    """Whether this very duty is among those the actor may see."""
    return actor.may(registry.kind(duty.kind).reads, path_of(duty))
