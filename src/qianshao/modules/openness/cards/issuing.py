"""Give cards when limits come near or pass: the watch of openness over its own duties."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from qianshao.core.accounts.actor import machine
from qianshao.core.duties import calendars, registry, rulebook
from qianshao.core.duties.door import Delivery, Receipt, perform_many
from qianshao.core.duties.models import Duty
from qianshao.core.notices.owners import Owners
from qianshao.core.notices.telling import Telling, tell_many
from qianshao.kernel.calendar import CalendarMissing
from qianshao.kernel.clock import last_day
from qianshao.kernel.hours import SHANGHAI
from qianshao.kernel.words import say

from . import facts as f
from . import rules

KIND = "openness.card"
_LATER = timedelta(days=1)
_WHY = {"yellow": "临近期限仍未办结", "red": "期限届满仍未办结"}


def watch(duties: Sequence[Duty], now: datetime) -> dict[str, datetime]:
    """Give the card each duty has earned, once for each limit and level; when to look at it again.

    The settings are those in force on the limit's last day. A duty nobody is named for, and a date that is
    provisional, earn no card yet.
    """
    book, calendar = rulebook.book(), calendars.current()
    again: dict[str, datetime] = {}
    deliveries = []
    for duty in duties:
        if duty.due_at is None:
            continue
        limit = last_day(duty.due_at.astimezone(SHANGHAI))
        yellow, red = (book.in_force(keys[duty.kind], limit).rule for keys in (rules.YELLOW, rules.RED))
        try:
            moments = rules.earns(
                calendar, yellow, red, amber_at=duty.amber_at, due_at=duty.due_at.astimezone(SHANGHAI)
            )
        except CalendarMissing:
            again[duty.stream] = now + _LATER
            continue
        if duty.provisional:
            again[duty.stream] = now + _LATER
            continue
        later = [moment for moment in moments if moment > now]
        if later:
            again[duty.stream] = min(later)
        earned = rules.level(moments, now)
        if earned and duty.unit is not None:
            deliveries.append(_delivery(duty, earned, now))
    _give(deliveries, now)
    return again


def _delivery(duty: Duty, level: str, now: datetime) -> Delivery:
    assert duty.unit is not None and duty.due_at is not None
    due_at = duty.due_at.astimezone(SHANGHAI)
    fact = f.Issued(
        at=now,
        level=level,
        unit=duty.unit.code,
        about=duty.kind,
        stream=duty.stream,
        number=duty.number,
        limit=last_day(due_at),
        reason=_WHY[level],
    )
    source = f"{duty.stream}/{due_at.isoformat()}/{level}"
    return Delivery(kind=registry.kind(KIND), fact=fact, source=source)


def _give(deliveries: Sequence[Delivery], now: datetime) -> None:
    if not deliveries:
        return
    outcomes = perform_many(deliveries, actor=machine("openness"), now=now, src="tick")
    fresh = [item.stream for item in outcomes if isinstance(item, Receipt) and not item.repeated]
    cards = list(Duty.objects.filter(stream__in=fresh).select_related("unit").order_by("id"))
    owners = Owners(cards, now)
    tell_many(
        [
            Telling(
                key=f"{card.stream}/issued",
                to=owners.of(card),
                words=say(
                    "收到预警卡 {number}（{level}），请签收并说明", number=card.number, level=card.topic
                ),
                stream=card.stream,
            )
            for card in cards
        ],
        now=now,
    )
