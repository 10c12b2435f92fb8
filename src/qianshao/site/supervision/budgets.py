"""How the meters of the burden stand, holder by holder, in a handful of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from django.urls import reverse

from qianshao.core.accounts.actor import Actor
from qianshao.core.meters import services
from qianshao.core.meters.models import Drawn, Explanation, Limit
from qianshao.core.org.models import Unit
from qianshao.kernel.meter import Draw, Meter, MeterState, state
from qianshao.modules.burden.meters import METERS

_CODE = "unit-code"  # stands for a unit's code in an address


@dataclass(frozen=True, slots=True)
class Held:
    """A holder's meter, and the address of its page."""

    unit: Unit
    stands: MeterState
    url: str

    @property
    def over_last_year(self) -> bool:
        """Whether it has passed last year's number."""
        return self.stands.used > self.stands.before

    @property
    def empty(self) -> bool:
        """Whether nothing is left."""
        return self.stands.left == 0


@dataclass(frozen=True, slots=True)
class Budget:
    """A meter with everybody who holds a limit or has drawn, those with least left first."""

    meter: Meter
    held: tuple[Held, ...]

    @property
    def used(self) -> int:
        """Of all holders together, this period."""
        return sum(one.stands.used for one in self.held)

    @property
    def before(self) -> int:
        """Of all holders together, the period a year before."""
        return sum(one.stands.before for one in self.held)


def budgets(actor: Actor, now: datetime) -> list[Budget]:
    """Every meter of the burden as far as the reader may see its holders."""
    return [Budget(meter, tuple(_held(meter, actor, now))) for meter in METERS]


def _held(meter: Meter, actor: Actor, now: datetime) -> Iterable[Held]:
    draws: dict[int, list[Draw]] = defaultdict(list)
    rows = Drawn.objects.filter(meter=meter.key, at__gte=services.counting_since(now)).order_by("number")
    for unit, number, amount, at, reverses in rows.values_list(
        "unit_id", "number", "amount", "at", "reverses"
    ):
        draws[unit].append(Draw(number, amount, at, reverses))
    period = state(meter, (), now, limit=None).period
    limits = dict(
        Limit.objects.filter(meter=meter.key, period=period).order_by("eid").values_list("unit_id", "amount")
    )
    explained = set(
        Explanation.objects.filter(meter=meter.key, period=period).values_list("unit_id", flat=True)
    )
    units = Unit.objects.in_bulk({*draws, *limits})
    # A thousand addresses that differ by the unit alone: reversed once and the code put in.
    url = reverse("budget", args=[meter.key, _CODE])
    found = [
        Held(
            unit,
            state(meter, draws[pk], now, limit=limits.get(pk), explained=pk in explained),
            url.replace(_CODE, quote(unit.code)),
        )
        for pk, unit in units.items()
        if actor.may("burden.read", unit.path)
    ]
    return sorted(found, key=lambda one: (one.stands.left is None, one.stands.left, one.unit.code))
