"""The plan of a round's visits, worked out whenever it is asked for: it is nowhere written down.

The seed lies in the vault, its commitment in the open. Whoever may not open the vault cannot know who is visited
when, the office included; on each visit's morning the plan is worked out again and its inspector told.
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from qianshao.core.duties import calendars
from qianshao.core.duties.models import Duty
from qianshao.core.duties.standing import counted
from qianshao.core.duties.stream import load
from qianshao.kernel.calendar import Calendar

from .drawing import Listed, Visit, visits, visits_since
from .rules import Round, fold


def listed(number: str) -> list[Listed]:
    """The declarations of a round that stand, in order of their streams."""
    rows = Duty.objects.filter(kind="appraisal.claim", topic=number, marks__contains="|declared|")
    found = rows.order_by("stream").values_list("stream", "unit__code", "marks")
    return [
        Listed(stream, unit, "risk" if "|stratum_risk|" in marks else "ordinary")
        for stream, unit, marks in found
        if unit
    ]


def round_of(duty: Duty) -> Round:
    """A round read back, its sealed seed opened."""
    (read,) = load([duty.stream], lock=False)
    return fold(counted(read.facts))  # type: ignore[arg-type]


def plan(duty: Duty) -> dict[str, Visit]:
    """The visits of a round that was drawn; empty once its seed can no longer be read."""
    found = round_of(duty)
    if found.sealed is None or found.drawn is None or not found.sealed.seed:
        return {}
    return _kept(bytes.fromhex(found.sealed.seed), found, calendars.current())


@lru_cache(maxsize=8)
def _kept(seed: bytes, found: Round, calendar: Calendar) -> dict[str, Visit]:
    """Worked out once for a round: the sealed list, whose digest ``found`` carries, does not change any more.

    Nine thousand declarations cost a quarter of a second, and every finding of an inspector asks for the plan.
    """
    return visits(seed, found, listed(found.opened.name), calendar)


def proposed(found: Round, on: date) -> dict[str, Visit]:
    """What the draw of a day would give, before it is recorded."""
    assert found.sealed is not None
    claims = listed(found.opened.name)
    return visits_since(bytes.fromhex(found.sealed.seed), found, claims, on, calendars.current())


def item_of(claim: Duty) -> str:
    """The stream of the item a declaration is about."""
    (read,) = load([claim.stream], lock=False)
    return str(read.bodies[0].data.get("stream", ""))
