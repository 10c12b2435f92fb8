"""Draw from meters and give back, for the acts of this module; what is refused leaves no trace."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from qianshao.core.accounts.actor import Actor, machine
from qianshao.core.meters import services as meters
from qianshao.core.meters.models import Drawn
from qianshao.core.org.models import Unit
from qianshao.kernel.meter import Meter
from qianshao.kernel.words import Words


def draw(meter: Meter, code: str, *, stream: str, actor: Actor, now: datetime) -> Words | None:
    """Take one for a duty, or why it cannot be had."""
    try:
        meters.draw(meter.key, Unit.objects.get(code=code), 1, stream=stream, actor=actor, now=now)
    except meters.Exhausted as refused:
        return refused.words
    return None


def give_back(wanted: Iterable[Meter], *, stream: str, now: datetime) -> None:
    """Reverse what a duty took and has not given back; the draws stay readable."""
    for meter in wanted:
        rows = Drawn.objects.filter(meter=meter.key, stream=stream).select_related("unit").order_by("number")
        gone = {row.reverses for row in rows}
        for row in rows:
            if not row.reverses and row.number not in gone:
                meters.give_back(meter.key, row.unit, row.number, actor=machine("burden"), now=now)


def holders_of(meter: Meter, code: str) -> list[str]:
    """The streams of the duties that hold a standing draw on a unit's meter."""
    rows = list(Drawn.objects.filter(meter=meter.key, unit__code=code).order_by("number"))
    gone = {row.reverses for row in rows}
    return [row.stream for row in rows if not row.reverses and row.number not in gone]
