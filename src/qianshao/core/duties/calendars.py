"""The calendar in force: what the product ships, and the notices this city has loaded since."""

from __future__ import annotations

from functools import lru_cache

from django.db.models import Max

from qianshao.kernel.calendar import Calendar, read_year, shipped_years

from .models import HolidayNotice


def current() -> Calendar:
    """The calendar with every notice known here (one small query)."""
    return _calendar(HolidayNotice.objects.aggregate(last=Max("id"))["last"])


@lru_cache(maxsize=2)
def _calendar(last: int | None) -> Calendar:
    loaded = [read_year(row.body, str(row.year)) for row in HolidayNotice.objects.order_by("id")]
    return Calendar.from_years([*shipped_years(), *loaded]) if loaded else Calendar.china()


def forget() -> None:
    """Read again at the next question (another database)."""
    _calendar.cache_clear()
