"""Tell whoever stands above a unit that its reminders lie unread: once for a unit and day, with the number of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, time, timedelta

from django.db import transaction
from django.utils.http import urlencode

from qianshao.core.duties import calendars
from qianshao.core.duties.models import Duty
from qianshao.kernel.calendar import CalendarMissing
from qianshao.kernel.hours import SHANGHAI, OfficeHours, Span
from qianshao.kernel.words import say

from . import channels, sorts
from .models import Notice
from .owners import Owners
from .telling import Telling, tell_many

OFFICE = OfficeHours((Span(time(8, 30), time(12)), Span(time(14, 30), time(18))))
_BACK = timedelta(
    days=60
)  # what is older than that was told above long ago, or the feature was not there yet


def raise_unread(now: datetime, limit: int = 500) -> int:
    """Look for overdue reminders unread for so many working hours and tell above; how many units were named."""
    since = _since(now)
    if since is None:
        return 0
    with transaction.atomic():
        unread = Notice.objects.filter(
            read_at=None, raised_at=None, sort__in=sorts.RISING, made_at__lte=since, made_at__gt=since - _BACK
        )
        found = list(unread.order_by("made_at", "id").values_list("pk", "stream")[:limit])
        if not found:
            return 0
        streams = {stream for _pk, stream in found}
        duties = list(Duty.objects.filter(stream__in=streams, open=True).select_related("unit__parent"))
        tell_many(_tellings(duties, now), now=now)
        Notice.objects.filter(pk__in=[pk for pk, _stream in found]).update(raised_at=now)
    return len({duty.unit_id for duty in duties})


def _since(now: datetime) -> datetime | None:
    """Before this moment a notice has lain long enough; None where the calendar of the year is not loaded."""
    try:
        hours = channels.current().raise_after_hours
    except channels.BadChannels:
        hours = 8
    try:
        return OFFICE.add(calendars.current(), now, -hours * 60)
    except CalendarMissing:
        return None


def _tellings(duties: Sequence[Duty], now: datetime) -> list[Telling]:
    above = Owners(duties, now)
    counted = Counter(duty.unit_id for duty in duties)
    one = {duty.unit_id: duty for duty in duties}
    today = now.astimezone(SHANGHAI).date()
    return [
        Telling(
            key=f"unread/{unit}/{today.isoformat()}",
            to=above.above(one[unit]),
            words=say(
                "{unit}有 {n} 件逾期提醒无人阅读，请督促",
                unit=duty.unit.short if duty.unit else "—",
                n=counted[unit],
            ),
            sort=sorts.RAISED,
            link="/duties/?" + urlencode({"lamp": "red", **({"unit": duty.unit.code} if duty.unit else {})}),
        )
        for unit, duty in one.items()
    ]
