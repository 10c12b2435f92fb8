"""An order as its facts leave it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import assert_never

from qianshao.kernel.clock import Extension, Pause, SecondClock, Term, Unit
from qianshao.kernel.declare import codes
from qianshao.kernel.hours import DAY, midnight
from qianshao.kernel.words import say

from . import facts as f


@dataclass(frozen=True)
class Turn:
    """A unit's turn: from its dispatch until the next one, or until a return is upheld."""

    dispatched: f.Dispatched
    signed_at: datetime | None = None
    contacted_at: datetime | None = None


@dataclass(frozen=True)
class Return:
    """A unit wanted to be rid of the order; ``since`` is when it got it."""

    returned: f.Returned
    unit: str
    since: datetime | None
    judged: f.ReturnJudged | None = None


@dataclass(frozen=True)
class Answer:
    """A reply and what became of it."""

    replied: f.Replied
    reviewed: f.Reviewed | None = None
    called: f.CalledBack | None = None


@dataclass(frozen=True)
class Order:
    """What is known of a request; ``answer`` is the one that stands, ``answers`` are all there were."""

    received: f.Received
    unit: str
    appeal: str
    topic: str
    place: str
    urgency: str
    reclassified: bool = False
    co_units: tuple[str, ...] = ()
    turns: tuple[Turn, ...] = ()
    returns: tuple[Return, ...] = ()
    asked: f.Asked | None = None
    pauses: tuple[Pause, ...] = ()
    extensions: tuple[Extension, ...] = ()
    co_reports: tuple[f.CoReported, ...] = ()
    at_once: f.AnsweredAtOnce | None = None
    answer: Answer | None = None
    answers: tuple[Answer, ...] = ()
    called: f.CalledBack | None = None
    rated: f.Rated | None = None
    closed: f.Closed | None = None
    redone: tuple[datetime, ...] = ()
    repeated: int = 0
    level: str = ""
    merged: f.Merged | None = None
    declined: f.Declined | None = None
    withdrawn: f.Withdrawn | None = None

    @property
    def since(self) -> datetime:
        """Where the answer clock begins: at receipt, or when the order was last sent back or reopened."""
        return self.redone[-1] if self.redone else self.received.at

    @property
    def closed_at(self) -> datetime | None:
        """When the answer clock stopped for good; review and call-back come after it, with clocks of their own."""
        last = self.withdrawn or self.declined or self.merged or self.at_once
        if last is not None:
            return last.at
        return self.answer.replied.at if self.answer else None

    @property
    def moved(self) -> bool:
        """Whether it went to another unit than the one it was given to before."""
        return len({self.received.unit, *(turn.dispatched.unit for turn in self.turns)} - {""}) > 1

    @property
    def turn(self) -> Turn | None:
        """The turn of the unit that has the order now."""
        return self.turns[-1] if self.turns and self.unit else None

    @property
    def pending(self) -> Return | None:
        """The return nobody has judged yet."""
        return self.returns[-1] if self.returns and self.returns[-1].judged is None else None


def extension(fact: f.Extended) -> Extension:
    """The time an ``Extended`` gives."""
    return Extension(fact.at, Term(fact.days, Unit.WORKDAY), fact.agreed_by)


def waiting(order: Order, until: datetime | None) -> tuple[Pause, ...]:
    """The wait for the caller: the caller's own clock runs meanwhile."""
    if order.asked is None:
        return ()
    second = SecondClock(say("诉求人补充期限"), midnight(order.asked.until) + DAY)
    return (Pause(order.asked.at, until, say("等待诉求人补充"), second=second),)


def fold(facts: Iterable[f.AnyFact]) -> Order:
    """The order after these facts; the first is always ``Received``."""
    stream = iter(facts)
    first = next(stream)
    assert isinstance(first, f.Received)
    order = _received(first)
    for fact in stream:
        order = _after(order, fact)
    return order


def _received(fact: f.Received) -> Order:
    return Order(
        received=fact,
        unit=fact.unit,
        appeal=fact.appeal,
        topic=fact.topic,
        place=fact.place,
        urgency=fact.urgency,
    )


def _after(order: Order, fact: f.AnyFact) -> Order:
    match fact:
        case f.Received():
            return _received(fact)
        case f.Classified():
            return replace(
                order,
                appeal=fact.appeal,
                topic=fact.topic or order.topic,
                reclassified=order.reclassified or bool(order.topic and fact.topic not in ("", order.topic)),
                place=fact.place or order.place,
                urgency=fact.urgency or order.urgency,
            )
        case f.Merged():
            return replace(order, merged=fact)
        case f.Unmerged():
            return replace(order, merged=None)
        case f.AnsweredAtOnce():
            return replace(order, at_once=fact)
        case f.Declined():
            return replace(order, declined=fact)
        case f.Withdrawn():
            return replace(order, withdrawn=fact, asked=None)
        case f.Repeated():
            return replace(order, repeated=order.repeated + 1)
        case f.Escalated():
            return replace(order, level=fact.level)
        case _:
            return _in_hand(order, fact)


_InHand = (
    f.Dispatched
    | f.Signed
    | f.Returned
    | f.ReturnJudged
    | f.Contacted
    | f.Asked
    | f.Supplied
    | f.Extended
    | f.CoReported
    | f.Replied
    | f.Reviewed
    | f.CalledBack
    | f.Rated
    | f.Closed
    | f.Reopened
)


def _in_hand(order: Order, fact: _InHand) -> Order:
    """What units do while the order is theirs."""
    match fact:
        case f.Dispatched():
            turns = (*order.turns, Turn(fact))
            return replace(order, unit=fact.unit, co_units=codes(fact.co_units), turns=turns)
        case f.Signed():
            return _turned(order, signed_at=fact.at)
        case f.Contacted():
            first = order.turn.contacted_at if order.turn else None
            return _turned(order, contacted_at=first or fact.at) if fact.reached else order
        case f.Returned():
            since = order.turn.dispatched.at if order.turn else None
            return replace(order, returns=(*order.returns, Return(fact, order.unit, since)))
        case f.ReturnJudged():
            return _judged(order, fact)
        case f.Asked():
            return replace(order, asked=fact)
        case f.Supplied():
            return replace(order, asked=None, pauses=(*order.pauses, *waiting(order, fact.at)))
        case f.Extended():
            return replace(order, extensions=(*order.extensions, extension(fact)))
        case f.CoReported():
            return replace(order, co_reports=(*order.co_reports, fact))
        case _:
            return _answered(order, fact)


def _answered(
    order: Order, fact: f.Replied | f.Reviewed | f.CalledBack | f.Rated | f.Closed | f.Reopened
) -> Order:
    """The reply, and what becomes of it."""
    match fact:
        case f.Replied():
            answer = Answer(fact)
            return replace(order, answer=answer, answers=(*order.answers, answer), asked=None)
        case f.Reviewed():
            order = _answer(order, reviewed=fact)
            return _again(order, fact.at) if fact.result == "back" else order
        case f.CalledBack():
            return replace(_answer(order, called=fact), called=fact)
        case f.Rated():
            return replace(order, rated=fact)
        case f.Closed():
            return replace(order, closed=fact)
        case f.Reopened():
            return _again(order, fact.at)
        case _:
            assert_never(fact)


def _turned(
    order: Order, *, signed_at: datetime | None = None, contacted_at: datetime | None = None
) -> Order:
    if order.turn is None:
        return order
    turn = replace(
        order.turn,
        signed_at=signed_at or order.turn.signed_at,
        contacted_at=contacted_at or order.turn.contacted_at,
    )
    return replace(order, turns=(*order.turns[:-1], turn))


def _judged(order: Order, fact: f.ReturnJudged) -> Order:
    if order.pending is None:
        return order
    returns = (*order.returns[:-1], replace(order.pending, judged=fact))
    if fact.result != "upheld":
        return replace(order, returns=returns)
    return replace(order, returns=returns, unit="", co_units=())


def _answer(order: Order, *, reviewed: f.Reviewed | None = None, called: f.CalledBack | None = None) -> Order:
    if order.answer is None:
        return order
    answer = replace(
        order.answer, reviewed=reviewed or order.answer.reviewed, called=called or order.answer.called
    )
    return replace(order, answer=answer, answers=(*order.answers[:-1], answer))


def _again(order: Order, at: datetime) -> Order:
    """Back to the unit, with a fresh clock; a caller's rating of what is to be done again stands no more."""
    return replace(order, answer=None, at_once=None, closed=None, rated=None, redone=(*order.redone, at))
