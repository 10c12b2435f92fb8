"""The ledger of returns: what a unit wanted to be rid of, how long it had held it, and what the hotline said."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from .state import Order


@dataclass(frozen=True)
class Kicked:
    """One return. ``held`` is from the dispatch to the return, ``waited`` from there to the judgement."""

    unit: str
    reason: str
    note: str
    rather: str
    dispatched_at: datetime | None
    returned_at: datetime
    result: str
    judged_at: datetime | None

    @property
    def held(self) -> timedelta | None:
        """How long the unit had it; None where it came with its unit and nobody dispatched it."""
        return None if self.dispatched_at is None else self.returned_at - self.dispatched_at

    @property
    def waited(self) -> timedelta | None:
        """How long the hotline took to judge; None while it has not."""
        return None if self.judged_at is None else self.judged_at - self.returned_at


def kicked(order: Order) -> Iterator[Kicked]:
    """Every return of an order, in the order they came."""
    for one in order.returns:
        yield Kicked(
            unit=one.unit,
            reason=one.returned.reason,
            note=one.returned.note,
            rather=one.returned.rather,
            dispatched_at=one.since,
            returned_at=one.returned.at,
            result=one.judged.result if one.judged else "",
            judged_at=one.judged.at if one.judged else None,
        )
