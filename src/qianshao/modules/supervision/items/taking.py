"""Asking for a report besides the rhythm is a burden: for units of the grass roots it is drawn from their budget."""

from __future__ import annotations

from datetime import datetime

from qianshao.core.accounts.actor import Actor
from qianshao.core.meters import services as meters
from qianshao.core.org.models import Unit
from qianshao.kernel.words import Words

from . import facts as f
from .state import Item

METER = "burden.report-requests"
GRASS_ROOTS = ("county", "town")


def ask_report(*, stream: str, state: Item, fact: f.ReportAsked, actor: Actor, now: datetime) -> Words | None:
    """One of the unit's yearly number, where this installation counts them."""
    unit = Unit.objects.get(code=state.unit)
    if unit.kind not in GRASS_ROOTS:
        return None
    try:
        meters.draw(METER, unit, 1, stream=stream, actor=actor, now=now)
    except meters.UnknownMeter:
        return None
    except meters.Exhausted as refused:
        return refused.words
    return None
