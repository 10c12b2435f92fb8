"""The calendar in force: what the product ships, and the notices this city has loaded since."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache

from django.db.models import Max

from qianshao.kernel.calendar import Calendar, read_year, shipped_years

from .models import HolidayNotice

_held: ContextVar[list[Calendar] | None] = ContextVar("held", default=None)


@contextmanager
def held() -> Iterator[None]:
    """Within one page the calendar is looked up once, and every row is told by the same one."""
    token = _held.set([])
    try:
        yield
    finally:
        _held.reset(token)


def current() -> Calendar:
    """The calendar with every notice known here (one small query, or none where it is ``held``)."""
    kept = _held.get()
    if kept:
        return kept[0]
    found = of(HolidayNotice.objects.aggregate(last=Max("id"))["last"])
    if kept is not None:
        kept.append(found)
    return found


@lru_cache(maxsize=2)
def of(last: int | None) -> Calendar:
    """The calendar with the notices up to this one."""
    loaded = [read_year(row.body, str(row.year)) for row in HolidayNotice.objects.order_by("id")]
    return Calendar.from_years([*shipped_years(), *loaded]) if loaded else Calendar.china()


def forget() -> None:
    """Read again at the next question (another database)."""
    of.cache_clear()
