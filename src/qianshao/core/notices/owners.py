"""Who answers for a duty, to be told of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from qianshao.core.accounts import queries as accounts
from qianshao.core.duties import registry
from qianshao.core.duties.models import Duty
from qianshao.kernel.hours import SHANGHAI


class Owners:
    """Who is told: those of the owning unit who may read the kind, or of the nearest unit above it."""

    def __init__(self, duties: Sequence[Duty], now: datetime) -> None:
        self._on = now.astimezone(SHANGHAI).date()
        self._known: dict[tuple[str, int | None], list[int]] = {}
        for kind in {duty.kind for duty in duties}:
            units = {duty.unit_id for duty in duties if duty.kind == kind and duty.unit_id is not None}
            found = accounts.holders(units, registry.kind(kind).reads, registry.roles(), self._on)
            self._known.update({(kind, unit): found[unit] for unit in found})

    def of(self, duty: Duty) -> list[int]:
        """The accounts to tell, by number; the duty carries its unit."""
        key = (duty.kind, duty.unit_id)
        if key not in self._known:
            self._known[key] = self.above(duty)
        return self._known[key]

    def above(self, duty: Duty) -> list[int]:
        """Those of the nearest unit above the duty's, or the city's."""
        reads, roles = registry.kind(duty.kind).reads, registry.roles()
        unit = duty.unit.parent if duty.unit else None
        while unit is not None:
            found = accounts.holders([unit.pk], reads, roles, self._on)
            if found:
                return found[unit.pk]
            unit = unit.parent
        return accounts.city_holders(reads, roles, self._on)
