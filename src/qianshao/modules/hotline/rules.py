"""The clock of a hotline order: so many working days to answer, the day of receipt not counted."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import assert_never

from qianshao.kernel.calendar import Calendar
from qianshao.kernel.clock import Deadline, Extension, Pause, SecondClock, Term, Unit, may_extend, run
from qianshao.kernel.declare import Look, Rules
from qianshao.kernel.hours import DAY, midnight
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
                order = replace(order, extensions=(*order.extensions, extension(fact)))
            case f.Replied():
                order = replace(order, replied_at=fact.at, asked=None)
            case f.Withdrawn():
                order = replace(order, withdrawn_at=fact.at, asked=None)
            case _:
                assert_never(fact)
    return order


def extension(fact: f.Extended) -> Extension:
    """The time an ``Extended`` gives."""
    return Extension(fact.at, Term(fact.days, Unit.WORKDAY), fact.agreed_by)


def _pause(order: Order, until: datetime | None) -> tuple[Pause, ...]:
    """The wait for the caller: the caller's own clock runs meanwhile."""
    if order.asked is None:
        return ()
    second = SecondClock(say("诉求人补充期限"), midnight(order.asked.until) + DAY)
    return (Pause(order.asked.at, until, say("等待诉求人补充"), second=second),)


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
        wake_at=midnight(order.asked.until) + DAY if order.asked else None,
    )


def while_open(order: Order, fact: f.AnyFact, deadline: Deadline) -> Words | None:
    """Nothing more happens to a closed order."""
    return say("工单已于{at}办结", at=order.closed_at) if order.closed_at else None


def may_ask(order: Order, fact: f.Asked, deadline: Deadline) -> Words | None:
    """One question at a time, and the caller gets at least the day."""
    if order.asked:
        return say("正在等待诉求人补充，不能再次要求补充")
    if fact.until < fact.on:
        return say("补充期限{until}早于要求补充的日期", until=fact.until)
    return while_open(order, fact, deadline)


def may_supply(order: Order, fact: f.Supplied, deadline: Deadline) -> Words | None:
    """Only what was asked for can be brought."""
    return while_open(order, fact, deadline) or (None if order.asked else say("没有要求诉求人补充过内容"))


def may_be_extended(order: Order, fact: f.Extended, deadline: Deadline) -> Words | None:
    """Within the rule's own limits: how often, how much, with whose consent, and before it ran out."""
    if fact.days < 1:
        return say("延长至少 1 个工作日")
    if order.asked:
        return say("时限正在暂停，恢复后才能延期")
    if deadline.rule is None:
        return say("本期限不能延长")
    return while_open(order, fact, deadline) or may_extend(
        deadline.rule, deadline.until, order.extensions, extension(fact)
    )
