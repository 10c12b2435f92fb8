"""How often a key may send: so many requests a minute and a day, counted in the database, so for all processes together."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from qianshao.kernel.hours import SHANGHAI, midnight
from qianshao.modules.hotline.models import Sent

from .answers import Refusal


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of time with its limit; the count begins anew when it is over."""

    span: str
    since: datetime
    until: datetime
    most: int


def windows(now: datetime) -> tuple[Window, ...]:
    """The minute and the day (of Shanghai) that a moment lies in."""
    minute = now.replace(second=0, microsecond=0)
    day = midnight(now.astimezone(SHANGHAI).date())
    return (
        Window("minute", minute, minute + timedelta(minutes=1), settings.OPEN311_PER_MINUTE),
        Window("day", day, day + timedelta(days=1), settings.OPEN311_PER_DAY),
    )


@transaction.atomic
def count(app: str, now: datetime) -> None:
    """Count one request of an app; raises ``Refusal`` 429 with the seconds to wait when a limit is reached.

    What is refused is not counted, so that an app that waits as told gets through.
    """
    for window in windows(now):
        Sent.objects.get_or_create(app=app, span=window.span, defaults={"since": window.since, "count": 0})
        mine = Sent.objects.filter(app=app, span=window.span)
        mine.filter(since__lt=window.since).update(since=window.since, count=0)
        if not mine.filter(count__lt=window.most).update(count=F("count") + 1):
            wait = max(1, -int((now - window.until).total_seconds() // 1))
            raise Refusal(
                429,
                _("发送过于频繁：每分钟最多 {minute} 件，每天最多 {day} 件；请 {wait} 秒后再发。").format(
                    minute=settings.OPEN311_PER_MINUTE, day=settings.OPEN311_PER_DAY, wait=wait
                ),
                {"Retry-After": str(wait)},
            )


def today(now: datetime) -> dict[str, int]:
    """How many requests each app has sent today."""
    (_minute, day) = windows(now)
    return dict(Sent.objects.filter(span="day", since=day.since).values_list("app", "count"))


def forget(app: str) -> None:
    """Drop what was counted for a key that was taken back."""
    Sent.objects.filter(app=app).delete()
