"""A request for material: due by its day, asked for once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import assert_never

from qianshao.kernel.calendar import Calendar
from qianshao.kernel.clock import Deadline, set_limit
from qianshao.kernel.declare import Look, Rules
from qianshao.kernel.hours import DAY, midnight
from qianshao.kernel.words import Words, say

from . import facts as f


@dataclass(frozen=True)
class Request:
    """A request as its facts leave it."""

    requested: f.Requested
    sent: f.Sent | None = None
    delivered: f.Delivered | None = None
    shared: tuple[str, ...] = ()
    cancelled: f.Cancelled | None = None

    @property
    def closed_at(self) -> datetime | None:
        """When the unit owed nothing any more."""
        last = self.cancelled or self.delivered
        return last.at if last else None


def fold(facts: Iterable[f.AnyFact]) -> Request:
    """The request after these facts; the first is always ``Requested``."""
    stream = iter(facts)
    first = next(stream)
    assert isinstance(first, f.Requested)
    found = Request(first)
    for fact in stream:
        match fact:
            case f.Requested():
                found = Request(fact)
            case f.Sent():
                found = replace(found, sent=fact)
            case f.Delivered():
                found = replace(found, delivered=fact)
            case f.Shared():
                found = replace(found, shared=(*found.shared, fact.body))
            case f.Cancelled():
                found = replace(found, cancelled=fact)
            case _:
                assert_never(fact)
    return found


def clock(found: Request, calendar: Calendar, rules: Rules) -> Deadline:
    """Once it was sent, by the end of the day it was asked for."""
    if found.sent is None:
        return Deadline(None)
    until = midnight(found.requested.until) + DAY
    return set_limit(found.sent.at, until, say("索要材料时定的期限"), found.requested.basis)


def look(found: Request) -> Look:
    """What lists show."""
    requested = found.requested
    stations = (
        ("cancelled", found.cancelled),
        ("delivered", found.delivered),
        ("sent", found.sent),
    )
    return Look(
        phase=next((key for key, there in stations if there), "requested"),
        opened_at=requested.at,
        closed_at=found.closed_at,
        title=requested.title,
        unit=requested.unit,
        marks=(f"by_{requested.body}", *(("shared",) if found.shared else ())),
    )


def while_open(found: Request, fact: f.AnyFact, deadline: Deadline) -> Words | None:
    """Before it was handed in or cancelled."""
    return say("已于{on}了结", on=found.closed_at.date()) if found.closed_at else None


def may_send(found: Request, fact: f.Sent, deadline: Deadline) -> Words | None:
    """Once, for a day that is still to come."""
    if found.sent:
        return say("已于{on}发出", on=found.sent.on)
    if found.requested.until < fact.on:
        return say("报送期限{until}已过", until=found.requested.until)
    return while_open(found, fact, deadline)


def may_deliver(found: Request, fact: f.Delivered, deadline: Deadline) -> Words | None:
    """What was asked for."""
    return while_open(found, fact, deadline) or (None if found.sent else say("还没有发出，不用报送"))


def may_share(found: Request, fact: f.Shared, deadline: Deadline) -> Words | None:
    """Once with each, and not with who asked."""
    if found.cancelled:
        return say("已于{on}了结", on=found.cancelled.on)
    if fact.body == found.requested.body or fact.body in found.shared:
        return say("该单位已经可以使用这份材料")
    return None
