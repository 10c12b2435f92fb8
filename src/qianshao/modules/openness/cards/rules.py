"""The clocks of a warning card, and when a duty of openness earns one.

No national text on cards could be read: every number here is an editable setting, marked unverified.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import assert_never

from qianshao.kernel.calendar import Calendar
from qianshao.kernel.clock import Deadline, Rule, SecondClock, earlier, last_day, run
from qianshao.kernel.declare import Look, Rules
from qianshao.kernel.hours import DAY, midnight
from qianshao.kernel.words import Words, say

from . import facts as f

EXPLAIN, DECIDE, APPEAL = "openness.card-explanation", "openness.card-decision", "openness.card-appeal"
YELLOW: Mapping[str, str] = {
    "openness.request": "openness.card-yellow-request",
    "openness.document": "openness.card-yellow-document",
    "openness.interpretation": "openness.card-yellow-interpretation",
    "openness.yearly_report": "openness.card-yellow-report",
}
RED: Mapping[str, str] = {
    "openness.request": "openness.card-red-request",
    "openness.document": "openness.card-red-document",
    "openness.interpretation": "openness.card-red-interpretation",
    "openness.yearly_report": "openness.card-red-report",
}


@dataclass(frozen=True)
class Card:
    """A card as its facts leave it. ``decided`` is the decision that counts; an appeal takes it off."""

    issued: f.Issued
    signed: f.SignedFor | None = None
    explained: f.Explained | None = None
    appealed: f.Appealed | None = None
    decided: f.Decided | None = None
    closed: f.Closed | None = None

    @property
    def withdrawn(self) -> bool:
        """Whether it was taken back."""
        return self.decided is not None and self.decided.outcome == "withdrawn"

    @property
    def closed_at(self) -> datetime | None:
        """When nothing was asked any more: taken back, upheld on appeal, or closed."""
        if self.decided is not None and (self.withdrawn or self.appealed is not None):
            return self.decided.at
        return self.closed.at if self.closed else None

    @property
    def heard(self) -> f.Explained | f.Appealed | None:
        """What the unit said last."""
        return self.appealed or self.explained


def fold(facts: Iterable[f.AnyFact]) -> Card:
    """The card after these facts; the first is always ``Issued``."""
    stream = iter(facts)
    first = next(stream)
    assert isinstance(first, f.Issued)
    card = Card(first)
    for fact in stream:
        match fact:
            case f.Issued():
                card = replace(card, issued=fact)
            case f.SignedFor():
                card = replace(card, signed=fact)
            case f.Explained():
                card = replace(card, explained=fact)
            case f.Appealed():
                card = replace(card, appealed=fact, decided=None)
            case f.Decided():
                card = replace(card, decided=fact)
            case f.Closed():
                card = replace(card, closed=fact)
            case _:
                assert_never(fact)
    return card


def clock(card: Card, calendar: Calendar, rules: Rules) -> Deadline:
    """The unit's time to explain from the day of issue; then the head's to decide; then the unit's to appeal."""
    if card.heard is None and card.decided is None:
        return run(rules[EXPLAIN], calendar, card.issued.at, stopped_at=card.closed_at)
    since = card.heard.at if card.heard else card.issued.at
    decision = run(rules[DECIDE], calendar, since, stopped_at=card.decided.at if card.decided else None)
    if card.decided is None or card.closed_at is not None:
        return decision
    until = run(rules[APPEAL], calendar, card.decided.at).until
    waiting = SecondClock(say("被发牌单位申诉"), until)
    return replace(decision, until=None, amber_at=None, provisional=False, waiting=waiting)


def silence(card: Card, calendar: Calendar, rules: Rules) -> f.Closed | None:
    """A card that was upheld and not contested in time is closed."""
    waiting = clock(card, calendar, rules).waiting
    return f.Closed(at=waiting.until) if waiting and waiting.until else None


def look(card: Card) -> Look:
    """What lists show."""
    issued = card.issued
    named = f"{f.ABOUT.get(issued.about, '')} {issued.number}".strip() or issued.reason[:40]
    return Look(
        phase=phase(card),
        opened_at=issued.at,
        closed_at=card.closed_at,
        title=f"{f.LEVELS.get(issued.level, '')}：{named}",
        unit=issued.unit,
        topic=f.LEVELS.get(issued.level, ""),
    )


def phase(card: Card) -> str:
    """The station a card is at."""
    if card.closed_at is not None:
        return "withdrawn" if card.withdrawn else "closed"
    stations = (
        ("upheld", card.decided),
        ("appealed", card.appealed),
        ("explained", card.explained),
        ("signed", card.signed),
    )
    return next((key for key, there in stations if there), "issued")


def earns(
    calendar: Calendar, yellow: Rule, red: Rule, *, amber_at: datetime | None, due_at: datetime
) -> tuple[datetime, datetime]:
    """When a duty earns its yellow and its red card, each a midnight.

    Yellow when so much is left, but not before the duty's own lamp turns amber: a short period is
    not yellow from its first day. Red from the beginning of the n-th day after the last one. Raises ``CalendarMissing``.
    """
    left = earlier(calendar, due_at, yellow.term, None)
    passed = run(red, calendar, midnight(last_day(due_at))).until
    assert passed is not None
    return max(left, amber_at or left), passed - DAY


def level(moments: tuple[datetime, datetime], now: datetime) -> str:
    """The highest card earned by now, or none: what is found overdue gets no yellow card as well."""
    yellow_at, red_at = moments
    return "red" if red_at <= now else "yellow" if yellow_at <= now else ""


def _over(card: Card, fact: f.AnyFact) -> Words | None:
    if card.closed_at is not None:
        return say("预警卡已于{on}了结", on=card.closed_at.date())
    last = card.decided or card.heard or card.signed or card.issued
    return say("早于上一步（{at}）", at=last.at) if fact.at < last.at else None


def may_sign(card: Card, fact: f.SignedFor, deadline: Deadline) -> Words | None:
    """Once."""
    return say("预警卡已于{on}签收", on=card.signed.on) if card.signed else _over(card, fact)


def may_explain(card: Card, fact: f.Explained, deadline: Deadline) -> Words | None:
    """Once, before a decision; late is accepted and stays late."""
    if card.explained:
        return say("已于{on}作出说明", on=card.explained.on)
    return say("已于{on}作出决定", on=card.decided.on) if card.decided else _over(card, fact)


def may_appeal(card: Card, fact: f.Appealed, deadline: Deadline) -> Words | None:
    """Once, and after a decision only within its time."""
    if card.appealed:
        return say("已于{on}申诉，申诉以一次为限", on=card.appealed.on)
    until = deadline.waiting.until if deadline.waiting else None
    if until is not None and fact.at >= until:
        return say("申诉期限（至{limit}）已过", limit=last_day(until))
    return _over(card, fact)


def may_decide(card: Card, fact: f.Decided, deadline: Deadline) -> Words | None:
    """After the unit was heard, or had its time to speak."""
    if card.decided and card.closed_at is None:
        return say("已于{on}作出决定", on=card.decided.on)
    unheard = card.heard is None and deadline.until is not None and fact.at < deadline.until
    if unheard and deadline.last_day is not None:
        return say("单位的说明期限（至{limit}）未满，应先听取说明", limit=deadline.last_day)
    return _over(card, fact)


def may_close(card: Card, fact: f.Closed, deadline: Deadline) -> Words | None:
    """Only what was upheld, and not while it may still be contested."""
    if card.decided is None:
        return _over(card, fact) or say("尚未作出决定")
    until = deadline.waiting.until if deadline.waiting else None
    if until is not None and fact.at < until:
        return say("申诉期限（至{limit}）未满", limit=last_day(until))
    return _over(card, fact)
