"""Loading the State Council's holiday notice of a year the product was shipped without."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from qianshao.core.accounts.actor import Actor, NotAllowed
from qianshao.kernel.calendar import read_year

from .models import HolidayNotice


def check(text: str, source: str) -> int:
    """The year of a notice; raises ``CalendarInvalid`` saying which day or key is wrong."""
    return read_year(text, source).year


def load(text: str, source: str, *, actor: Actor, now: datetime) -> HolidayNotice:
    """Keep the notice; the calendar has it from the next question on. Dates move with ``reschedule_open``."""
    if not actor.may("rules.set"):
        raise NotAllowed(_("没有载入放假通知的权限"))
    return HolidayNotice.objects.create(
        year=check(text, source), body=text, loaded_by=actor.key, loaded_at=now
    )
