"""A request as its facts leave it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import assert_never

from qianshao.kernel.clock import last_day
from qianshao.kernel.hours import midnight

from . import facts as f
from .outcomes import OUTCOMES, WITHDRAWN, Outcome


@dataclass(frozen=True)
class Consultation:
    """One opinion asked for. ``ended_on`` is the day it came; ``lapsed`` when none came in time."""

    asked: f.Consulted
    ended_on: date | None = None
    lapsed: bool = False

    @property
    def since(self) -> date:
        """The day the other side's own period runs from: when it received the letter."""
        return self.asked.delivered_on or self.asked.on

    @property
    def pending(self) -> bool:
        """Whether an opinion is still awaited."""
        return self.ended_on is None


@dataclass(frozen=True)
class Request:
    """What is known of a request; of facts that replace each other the latest."""

    received: f.Received
    unit: str
    asked: f.CorrectionAsked | None = None
    corrected: f.Corrected | None = None
    consultations: tuple[Consultation, ...] = ()
    extensions: tuple[f.Extended, ...] = ()
    reasons_asked: f.ReasonsAsked | None = None
    reasons: f.ReasonsGiven | None = None
    postponed: f.Postponed | None = None
    fee: f.FeeNotified | None = None
    paid: f.FeePaid | None = None
    answered: f.Answered | None = None
    delivered: f.Delivered | None = None
    withdrawn: f.Withdrawn | None = None
    given_up: f.GivenUp | None = None
    review: f.ReviewSought | None = None
    review_answered: f.ReviewAnswered | None = None
    review_decided: f.ReviewDecided | None = None
    sued: f.Sued | None = None
    defended: f.Defended | None = None
    judged: f.Judged | None = None

    @property
    def since(self) -> datetime:
        """When it counts as received (第三十一条): the day of confirmation where there is one."""
        on = self.received.confirmed_on
        return self.received.at if on is None or on == self.received.on else midnight(on)

    @property
    def closed_at(self) -> datetime | None:
        """When it ended, in whatever way."""
        last = self.answered or self.withdrawn or self.given_up
        return last.at if last else None

    @property
    def correcting(self) -> f.CorrectionAsked | None:
        """The notice the applicant has not met yet."""
        return None if self.corrected else self.asked

    @property
    def paying(self) -> f.FeeNotified | None:
        """The fee not paid yet."""
        return None if self.paid else self.fee

    @property
    def pending(self) -> tuple[Consultation, ...]:
        """The opinions still awaited."""
        return tuple(one for one in self.consultations if one.pending)

    @property
    def replied_on(self) -> date | None:
        """The day the applicant knows the reply: its arrival, or the reply's own day where no proof is kept."""
        return self.arrived_on or (self.answered.on if self.answered else None)

    @property
    def dated_on(self) -> date | None:
        """The day the reply bears."""
        return (self.answered.dated_on or self.answered.on) if self.answered else None

    @property
    def posted_on(self) -> date | None:
        """The day it was posted, told with the reply or with the proof of delivery."""
        later = self.delivered.posted_on if self.delivered else None
        return later or (self.answered.posted_on if self.answered else None)

    @property
    def arrived_on(self) -> date | None:
        """The day it was delivered, the proof before what was said with the reply."""
        if self.delivered is not None:
            return self.delivered.on
        return self.answered.delivered_on if self.answered else None

    @property
    def outcome(self) -> Outcome | None:
        """How it ended, as one of the 22, and so the row of the yearly table; None while it is open."""
        if self.answered:
            return OUTCOMES.get(self.answered.outcome)
        if self.given_up:
            return OUTCOMES.get(self.given_up.because)
        return OUTCOMES[WITHDRAWN] if self.withdrawn else None


def fold(facts: Iterable[f.AnyFact]) -> Request:
    """The request after these facts; the first is always ``Received``."""
    stream = iter(facts)
    first = next(stream)
    assert isinstance(first, f.Received)
    request = Request(received=first, unit=first.unit)
    for fact in stream:
        request = _after(request, fact)
    return request


def _after(request: Request, fact: f.AnyFact) -> Request:
    match fact:
        case f.Received():
            return replace(request, received=fact, unit=fact.unit)
        case f.Assigned():
            return replace(request, unit=fact.unit)
        case f.CorrectionAsked():
            return replace(request, asked=fact, corrected=None)
        case f.Corrected():
            return replace(request, corrected=fact, given_up=None)
        case f.Consulted():
            return replace(request, consultations=(*request.consultations, Consultation(fact)))
        case f.ConsultationAnswered():
            return _ended(request, fact.whom, fact.on, lapsed=False)
        case f.ConsultationLapsed():
            return _ended(request, fact.whom, last_day(fact.at), lapsed=True)
        case f.Extended():
            return replace(request, extensions=(*request.extensions, fact))
        case f.ReasonsAsked():
            return replace(request, reasons_asked=fact)
        case f.ReasonsGiven():
            return replace(request, reasons=fact)
        case f.Postponed():
            return replace(request, postponed=fact)
        case f.FeeNotified():
            return replace(request, fee=fact, paid=None)
        case f.FeePaid():
            return replace(request, paid=fact, given_up=None)
        case f.Answered():
            return replace(request, answered=fact)
        case f.Delivered():
            return replace(request, delivered=fact)
        case f.Withdrawn():
            return replace(request, withdrawn=fact)
        case f.GivenUp():
            return replace(request, given_up=fact)
        case _:
            return _disputed(request, fact)


def _disputed(
    request: Request,
    fact: f.ReviewSought | f.ReviewAnswered | f.ReviewDecided | f.Sued | f.Defended | f.Judged,
) -> Request:
    """What happens after the reply, before the review body and the court."""
    match fact:
        case f.ReviewSought():
            return replace(request, review=fact)
        case f.ReviewAnswered():
            return replace(request, review_answered=fact)
        case f.ReviewDecided():
            return replace(request, review_decided=fact)
        case f.Sued():
            return replace(request, sued=fact)
        case f.Defended():
            return replace(request, defended=fact)
        case f.Judged():
            return replace(request, judged=fact)
        case _:
            assert_never(fact)


def answering(request: Request, whom: str) -> int | None:
    """Which consultation an opinion answers: of those named, the first still awaited, else the first that lapsed."""
    named = [
        number
        for number, one in enumerate(request.consultations)
        if (one.pending or one.lapsed) and whom in ("", one.asked.whom)
    ]
    return min(
        named,
        key=lambda number: (not request.consultations[number].pending, _order(request, number)),
        default=None,
    )


def _order(request: Request, number: int) -> tuple[date, int]:
    return request.consultations[number].since, number


def _ended(request: Request, whom: str, on: date, *, lapsed: bool) -> Request:
    number = answering(request, whom)
    if number is None:
        return request
    ended = replace(request.consultations[number], ended_on=on, lapsed=lapsed)
    before, after = request.consultations[:number], request.consultations[number + 1 :]
    return replace(request, consultations=(*before, ended, *after))
