"""The clock of a hotline order: so many working days to answer, the day of receipt not counted."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import assert_never

from qianshao.kernel.calendar import Calendar, midnight
from qianshao.kernel.clock import Deadline, Extension, Pause, Term, Unit, run
from qianshao.kernel.declare import Look, Rules
from qianshao.kernel.words import Words, say

from . import facts as f

ANSWER = "hotline.answer"


@dataclass(frozen=True)
class Order:
    """A request as its facts leave it."""

    received: f.Received
    unit: str
    asked: f.Asked | None = None
    pauses: tuple[Pause, ...] = ()
    extensions: tuple[Extension, ...] = ()
    replied_at: datetime | None = None
    withdrawn_at: datetime | None = None

    @property
    def closed_at(self) -> datetime | None:
        """When the clock stopped for good."""
        return self.replied_at or self.withdrawn_at


def fold(facts: Iterable[f.AnyFact]) -> Order:
    """The order after these facts; the first is always ``Received``."""
    stream = iter(facts)
    first = next(stream)
    assert isinstance(first, f.Received)
    order = Order(received=first, unit=first.unit)
    for fact in stream:
        match fact:
            case f.Received():
                order = replace(order, received=fact, unit=fact.unit)
            case f.Dispatched():
                order = replace(order, unit=fact.unit)
            case f.Asked():
                order = replace(order, asked=fact)
            case f.Supplied():
                order = replace(order, asked=None, pauses=(*order.pauses, *_pause(order, fact.at)))
            case f.Extended():
                term = Term(fact.days, Unit.WORKDAY)
                order = replace(
                    order, extensions=(*order.extensions, Extension(at=fact.at, term=term, agreed_by=fact.agreed_by))
                )
            case f.Replied():
                order = replace(order, replied_at=fact.at, asked=None)
            case f.Withdrawn():
                order = replace(order, withdrawn_at=fact.at, asked=None)
            case _:
                assert_never(fact)
    return order


def _pause(order: Order, until: datetime | None) -> tuple[Pause, ...]:
    if order.asked is None:
        return ()
    return (
        Pause(
            since=order.asked.at,
            until=until,
            why=say("等待诉求人补充"),
            second_due=midnight(order.asked.until, after=True),
        ),
    )


def clock(order: Order, calendar: Calendar, rules: Rules) -> Deadline:
    """When the answer is due (诉求办理时限; the city's own number, see the rulebook)."""
    return run(
        rules[ANSWER],
        calendar,
        order.received.at,
        pauses=(*order.pauses, *_pause(order, None)),
        extensions=order.extensions,
        stopped_at=order.closed_at,
    )


def look(order: Order) -> Look:
    """What lists show. The title is the citizen's own words and stays in the vault."""
    received = order.received
    if order.withdrawn_at:
        phase = "withdrawn"
    elif order.replied_at:
        phase = "replied"
    elif order.asked:
        phase = "asked"
    else:
        phase = "handling" if order.unit else "received"
    return Look(
        phase=phase,
        opened_at=received.at,
        closed_at=order.closed_at,
        unit=order.unit,
        place=received.place,
        topic=received.topic,
        channel=received.channel,
        number=received.number,
        wake_at=midnight(order.asked.until, after=True) if order.asked else None,
    )


def while_open(order: Order, fact: f.AnyFact) -> Words | None:
    """Nothing more happens to a closed order."""
    return say("工单已于 {at} 办结", at=order.closed_at) if order.closed_at else None


def may_ask(order: Order, fact: f.Asked) -> Words | None:
    """One question at a time, and the caller gets at least the day."""
    if order.asked:
        return say("正在等待诉求人补充，不能再次要求补充")
    if fact.until < fact.on:
        return say("补充期限 {until} 早于要求补充的日期", until=fact.until)
    return while_open(order, fact)


def may_supply(order: Order, fact: f.Supplied) -> Words | None:
    """Only what was asked for can be brought."""
    return while_open(order, fact) or (None if order.asked else say("没有要求诉求人补充过内容"))


def may_extend(order: Order, fact: f.Extended) -> Words | None:
    """Once, and never by nothing (the practice of the hotline regulations: one extension with a reason)."""
    if order.extensions:
        return say("已延长过一次")
    if fact.days < 1:
        return say("延长至少 1 个工作日")
    return while_open(order, fact)
