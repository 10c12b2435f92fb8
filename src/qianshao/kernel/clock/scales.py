"""The two ways a clock counts: by whole days, and from the moment."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Protocol, TypeVar

from ..calendar import Calendar
from ..hours import DAY, OfficeHours, midnight
from .terms import Rule, Start, Term, Unit, last_day

Place = TypeVar("Place", date, datetime)
LENGTHS = {
    Unit.MINUTE: timedelta(minutes=1),
    Unit.HOUR: timedelta(hours=1),
    Unit.OFFICE_HOUR: timedelta(hours=1),
}


class Scale(Protocol[Place]):
    """What a count needs to know of its unit. Excluded time is an ``int``: days, or microseconds."""

    def begin(self, start: datetime) -> Place:
        """Where a count that starts at the instant stands at zero."""

    def resume(self, until: datetime) -> Place:
        """The same for a count that starts afresh when a pause ends."""

    def excluded(self, place: Place, since: datetime, until: datetime) -> int:
        """What a pause takes out of a count begun at ``place``."""

    def until(self, place: Place, n: int, excluded: int, not_before: datetime | None) -> datetime:
        """When the count of ``n`` is over; never before the end of the latest pause."""

    def provisional(self, place: Place, until: datetime) -> bool:
        """Whether a notice still to come could move ``until``."""


def add_months(on: date, n: int) -> date:
    """The corresponding day ``n`` months away, or the month's end without one (民法典 第二百零二条)."""
    year, month = divmod(on.year * 12 + on.month - 1 + n, 12)
    return date(year, month + 1, min(on.day, monthrange(year, month + 1)[1]))


def start_for(rule: Rule, unit: Unit) -> Start:
    """The rule's start, for a term that may be counted in another unit than its own (a promise)."""
    if unit.exact:
        return Start.INSTANT
    return Start.NEXT_DAY if rule.start is Start.INSTANT else rule.start


@dataclass(frozen=True, slots=True)
class DayScale:
    """Counts whole days. A place is the day before the first counted one."""

    calendar: Calendar
    unit: Unit
    start: Start
    roll: bool

    def begin(self, start: datetime) -> date:
        return self._before_first(start.date())

    def resume(self, until: datetime) -> date:
        return self._before_first(last_day(until))

    def _before_first(self, on: date) -> date:
        if self.start is Start.SAME_DAY:
            return on - DAY
        return self.calendar.next_workday(on) if self.start is Start.NEXT_WORKDAY else on

    def paused(self, place: date, since: datetime, until: datetime) -> tuple[date, date]:
        """The days (first, last] a pause covers: from the day after it began to the day it ended."""
        first = max(since.date(), place)
        return first, max(first, last_day(until))

    def excluded(self, place: date, since: datetime, until: datetime) -> int:
        first, last = self.paused(place, since, until)
        if self.unit is Unit.WORKDAY:
            return self.calendar.workdays_between(first, last)
        return (last - first).days

    def last(self, place: date, n: int, excluded: int, not_before: datetime | None) -> date:
        """The last counted day, before any roll-over."""
        if self.unit is Unit.WORKDAY:
            last = self.calendar.add_workdays(place, n + excluded)
        elif self.unit is Unit.CALENDAR_DAY:
            last = place + (n + excluded) * DAY
        elif self.start is Start.SAME_DAY:
            last = add_months(place + DAY, n) + (excluded - 1) * DAY
        else:
            last = add_months(place, n) + excluded * DAY
        # A working-day clock paused on its very last day goes on to the day the pause ended.
        return last if not_before is None else max(last, last_day(not_before))

    def until(self, place: date, n: int, excluded: int, not_before: datetime | None) -> datetime:
        last = self.last(place, n, excluded, not_before)
        if self.roll:
            last = self.calendar.next_workday(last)
        return midnight(last + DAY)

    def provisional(self, place: date, until: datetime) -> bool:
        last = last_day(until)
        if self.unit is Unit.WORKDAY:
            return self.calendar.is_provisional(min(place + DAY, last), last)
        # Whether the last day is one of rest is all the calendar decides here.
        return self.roll and self.calendar.is_provisional(self.calendar.previous_workday(last - DAY), last)


@dataclass(frozen=True, slots=True)
class InstantScale:
    """Counts from the moment, round the clock or, given office hours, while the office is open."""

    calendar: Calendar
    length: timedelta
    hours: OfficeHours | None

    def begin(self, start: datetime) -> datetime:
        return start

    def resume(self, until: datetime) -> datetime:
        return until

    def excluded(self, place: datetime, since: datetime, until: datetime) -> int:
        return self.passed(since, until) // timedelta.resolution

    def passed(self, since: datetime, until: datetime) -> timedelta:
        """The time that counts between two instants."""
        return until - since if self.hours is None else self.hours.length(self.calendar, since, until)

    def until(self, place: datetime, n: int, excluded: int, not_before: datetime | None) -> datetime:
        by = n * self.length + timedelta(microseconds=excluded)
        return place + by if self.hours is None else self.hours.shift(self.calendar, place, by)

    def provisional(self, place: datetime, until: datetime) -> bool:
        return self.hours is not None and self.calendar.is_provisional(place.date(), last_day(until))


def instant_scale(calendar: Calendar, unit: Unit, hours: OfficeHours | None) -> InstantScale:
    """The scale of an exact unit. Raises ``ValueError`` for office hours nobody has given."""
    if unit is not Unit.OFFICE_HOUR:
        return InstantScale(calendar, LENGTHS[unit], None)
    if hours is None:
        raise ValueError("a term in office hours needs the office's hours")
    return InstantScale(calendar, LENGTHS[unit], hours)


def earlier(calendar: Calendar, until: datetime, term: Term, hours: OfficeHours | None) -> datetime:
    """The instant when exactly ``term`` is left before ``until``; of days, a midnight."""
    if term.unit.exact:
        scale = instant_scale(calendar, term.unit, hours)
        if scale.hours is None:
            return until - term.n * scale.length
        return scale.hours.shift(calendar, until, -term.n * scale.length)
    last = last_day(until)
    match term.unit:
        case Unit.WORKDAY:
            eve = calendar.add_workdays(calendar.previous_workday(last), -term.n)
        case Unit.MONTH:
            eve = add_months(last, -term.n)
        case _:
            eve = last - term.n * DAY
    return midnight(eve + DAY)
