"""Give slips when limits come near or pass: the watch of supervision over its items."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from qianshao.core.accounts.actor import machine
from qianshao.core.duties import calendars, registry, rulebook
from qianshao.core.duties.door import Delivery, Receipt, perform_many, stream_of
from qianshao.core.duties.models import Duty
from qianshao.core.ledger.register import hold
from qianshao.core.notices.owners import Owners
from qianshao.core.notices.telling import Telling, tell_many
from qianshao.kernel.calendar import CalendarMissing
from qianshao.kernel.clock import Rule, last_day
from qianshao.kernel.hours import SHANGHAI
from qianshao.kernel.rulebook import RuleText
from qianshao.kernel.words import say

from ..items import facts as i
from . import facts as f
from . import rules

ITEM, SLIP = "supervision.item", "supervision.slip"
_LATER = timedelta(days=1)
_REQUIREMENT = {
    "blue": "请抓紧办理，于期限届满前办结；确有困难的，及时反映。",
    "orange": "请于签收之日起立即整改，说明逾期原因和完成时间。",
    "red": "请主要负责人组织整改，书面说明逾期原因、责任和完成时间。",
}


def watch(duties: Sequence[Duty], now: datetime) -> dict[str, datetime]:
    """Give each item the slip it has earned, level by level; when to look at it again.

    A request for time that nobody has judged and a difficulty nobody has answered are good reasons: nothing
    above a reminder is given meanwhile. A provisional date earns nothing yet.
    """
    book, calendar = rulebook.book(), calendars.current()
    again: dict[str, datetime] = {}
    earned: list[tuple[Duty, str, RuleText]] = []
    for duty in duties:
        if duty.due_at is None or duty.unit is None:
            continue
        if duty.provisional:
            again[duty.stream] = now + _LATER
            continue
        due_at = duty.due_at.astimezone(SHANGHAI)
        texts = {level: book.in_force(key, last_day(due_at)) for level, key in rules.LEVEL_RULES.items()}
        ruled: Mapping[str, Rule] = {level: text.rule for level, text in texts.items()}
        given = [level for level in i.LEVELS if f"|slip_{level}|" in duty.marks]
        try:
            steps = rules.ladder(
                calendar, ruled, weight=_weight(duty), amber_at=duty.amber_at, due_at=due_at, given=given
            )
        except CalendarMissing:
            again[duty.stream] = now + _LATER
            continue
        come = [level for moment, level in steps if moment <= now]
        later = [moment for moment, _level in steps if moment > now]
        if later:
            again[duty.stream] = min(later)
        if come and due_at <= now and _has_reason(duty):
            again[duty.stream] = now + _LATER
        elif come:
            earned.append((duty, come[-1], texts[come[-1]]))
    if earned:
        _give(earned, now)
    return again


def _weight(duty: Duty) -> str:
    return next((weight for weight in i.WEIGHTS if weight and f"|weight_{weight}|" in duty.marks), "")


def _has_reason(duty: Duty) -> bool:
    return "|extension_pending|" in duty.marks or "|difficulty_open|" in duty.marks


def _give(earned: Sequence[tuple[Duty, str, RuleText]], now: datetime) -> None:
    """Number the slips, record them and the item's own note of them, and tell who has to receive them."""
    slip, item = registry.kind(SLIP), registry.kind(ITEM)
    keyed = {stream_of(slip, f"{duty.stream}/{level}"): (duty, level, text) for duty, level, text in earned}
    known = set(Duty.objects.filter(stream__in=keyed).values_list("stream", flat=True))
    local = now.astimezone(SHANGHAI)
    hold(f"slips:{local.year}")  # two ticks must not give one number twice
    taken = dict.fromkeys(i.LEVELS, 0)
    prefixes = {level: f"督〔{local.year}〕{title}" for level, title in i.LEVELS.items()}
    for level, prefix in prefixes.items():
        taken[level] = Duty.objects.filter(kind=SLIP, number__startswith=prefix).count()
    deliveries: list[Delivery] = []
    for stream, (duty, level, text) in keyed.items():
        if stream in known:
            continue
        taken[level] += 1
        number = f"{prefixes[level]}{taken[level]}号"
        deliveries.append(_issued(duty, level, text, number, now))
        escalated = i.Escalated(at=now, level=level, slip=number)
        source = f"slip/{level}"
        deliveries.append(Delivery(kind=item, fact=escalated, stream=duty.stream, source=source))
    outcomes = perform_many(deliveries, actor=machine("supervision"), now=now, src="tick")
    fresh = [one.stream for one in outcomes if isinstance(one, Receipt) and not one.repeated]
    slips = list(Duty.objects.filter(stream__in=fresh, kind=SLIP).select_related("unit").order_by("id"))
    owners = Owners(slips, now)
    tell_many(
        [
            Telling(
                key=f"{one.stream}/issued",
                to=owners.of(one),
                words=say("收到督办单 {number}，请签收并回复", number=one.number),
                stream=one.stream,
            )
            for one in slips
        ],
        now=now,
    )


def _issued(duty: Duty, level: str, text: RuleText, number: str, now: datetime) -> Delivery:
    assert duty.unit is not None and duty.due_at is not None
    fact = f.Issued(
        at=now,
        level=level,
        title=text.title[:60],
        number=number,
        unit=duty.unit.code,
        item=duty.number,
        stream=duty.stream,
        matter=duty.title[:300],
        limit=last_day(duty.due_at.astimezone(SHANGHAI)),
        requirement=_REQUIREMENT[level],
    )
    return Delivery(kind=registry.kind(SLIP), fact=fact, source=f"{duty.stream}/{level}")
