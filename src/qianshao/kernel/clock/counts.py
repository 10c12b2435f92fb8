"""The two ways a clock counts: by whole days, and from the moment."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, datetime, timedelta

from ..calendar import Calendar
from ..hours import DAY, OfficeHours, midnight
from .course import Course
from .terms import INSTANT_BEFORE, Rule, Start, Term, Unit, last_day

LENGTHS = {
    Unit.MINUTE: timedelta(minutes=1),
    Unit.HOUR: timedelta(hours=1),
    Unit.OFFICE_HOUR: timedelta(hours=1),
}


def add_months(on: date, n: int) -> date:
    """The corresponding day ``n`` months away, or the month's end without one (民法典 第二百零二条)."""
    year, month = divmod(on.year * 12 + on.month - 1 + n, 12)
    return date(year, month + 1, min(on.day, monthrange(year, month + 1)[1]))


class DayCourse(Course):
    """Counts whole days; ``eve`` is the day before the first counted one."""

    __slots__ = ("calendar", "eve", "roll", "since", "unit")

    def __init__(self, calendar: Calendar, term: Term, start: datetime, since: Start, roll: bool) -> None:
        super().__init__(start, term.n)
        self.calendar = calendar
        self.unit = term.unit
        self.since = since
        self.roll = roll
        self.eve = self.eve_of(start.date())

    def eve_of(self, on: date) -> date:
        """The day before the first counted one, for what happened on a day."""
        if self.since is Start.SAME_DAY:
            return on - DAY
        return self.calendar.next_workday(on) if self.since is Start.NEXT_WORKDAY else on

    def restart(self, until: datetime) -> None:
        self.eve = self.eve_of(last_day(until))

    def paused(self, eve: date, since: datetime, until: datetime) -> tuple[date, date]:
        """The days (first, last] a pause covers: from the day after it began to the day it ended."""
        first = max(since.date(), eve)
        return first, max(first, last_day(until))

    def measure(self, since: datetime, until: datetime) -> int:
        return self.days(*self.paused(self.eve, since, until))

    def days(self, first: date, last: date) -> int:
        """The days of first < d <= last that this clock would count."""
        if self.unit is Unit.WORKDAY:
            return self.calendar.workdays_between(first, last)
        return (last - first).days

    def after(self, until: datetime) -> datetime:
        return until - INSTANT_BEFORE

    def within(self, since: datetime) -> datetime:
        return min(since, midnight(self.last()))

    def last(self) -> date:
        """The last counted day, before any roll-over."""
        if self.unit is Unit.WORKDAY:
            last = self.calendar.add_workdays(self.eve, self.n + self.excluded)
        elif self.unit is Unit.CALENDAR_DAY:
            last = self.eve + (self.n + self.excluded) * DAY
        elif self.since is Start.SAME_DAY:
            last = add_months(self.eve + DAY, self.n) + (self.excluded - 1) * DAY
        else:
            last = add_months(self.eve, self.n) + self.excluded * DAY
        # A working-day clock paused on its very last day goes on to the day the pause ended.
        return last if self.not_before is None else max(last, last_day(self.not_before))

    def until(self) -> datetime:
        last = self.last()
        if self.roll and not self.calendar.is_workday(last):
            last = self.calendar.add_workdays(last, 1)
        return midnight(last + DAY)

    def provisional(self, until: datetime) -> bool:
        last = last_day(until)
        if self.unit is Unit.WORKDAY:
            return self.calendar.is_provisional(min(self.eve + DAY, last), last)
        # Whether the last day is one of rest is all the calendar decides here.
        return self.roll and self.calendar.day(last).provisional


class InstantCourse(Course):
    """Counts from the moment, round the clock or, given office hours, while the office is open."""

    __slots__ = ("calendar", "hours", "length", "origin")

    def __init__(self, calendar: Calendar, term: Term, start: datetime, hours: OfficeHours | None) -> None:
        super().__init__(start, term.n)
        self.calendar = calendar
        self.length = LENGTHS[term.unit]
        self.hours = needed(hours) if term.unit is Unit.OFFICE_HOUR else None
        self.origin = start

    def restart(self, until: datetime) -> None:
        self.origin = until

    def measure(self, since: datetime, until: datetime) -> int:
        return self.passed(since, until) // timedelta.resolution

    def passed(self, since: datetime, until: datetime) -> timedelta:
        """The time that counts between two instants."""
        return until - since if self.hours is None else self.hours.length(self.calendar, since, until)

    def after(self, until: datetime) -> datetime:
        return until

    def within(self, since: datetime) -> datetime:
        return since

    def until(self) -> datetime:
        by = self.n * self.length + timedelta(microseconds=self.excluded)
        return self.origin + by if self.hours is None else self.hours.shift(self.calendar, self.origin, by)

    def provisional(self, until: datetime) -> bool:
        return self.hours is not None and self.calendar.is_provisional(self.origin.date(), last_day(until))


def course_of(
    rule: Rule, term: Term, calendar: Calendar, start: datetime, hours: OfficeHours | None
) -> DayCourse | InstantCourse:
    """The course of a term under a rule; a promise may be counted in another unit than the rule's own."""
    if not term.unit.timed:
        raise ValueError(f"no clock runs in {term.unit} ({rule.key})")
    if term.unit.exact:
        return InstantCourse(calendar, term, start, hours)
    since = Start.NEXT_DAY if rule.start is Start.INSTANT else rule.start
    # A term of working days never ends on a day off, whatever the rule says of roll-over.
    return DayCourse(calendar, term, start, since, rule.roll or term.unit is Unit.WORKDAY)


def needed(hours: OfficeHours | None) -> OfficeHours:
    """The hours, or ``ValueError`` when nobody has given any."""
    if hours is None:
        raise ValueError("a term in office hours needs the office's hours")
    return hours


def earlier(calendar: Calendar, until: datetime, term: Term, hours: OfficeHours | None) -> datetime:
    """The instant when exactly ``term`` is left before ``until``; of days, a midnight."""
    last = last_day(until)
    match term.unit:
        case Unit.OFFICE_HOUR:
            return needed(hours).shift(calendar, until, -term.n * LENGTHS[term.unit])
        case Unit.HOUR | Unit.MINUTE:
            return until - term.n * LENGTHS[term.unit]
        case Unit.WORKDAY:
            eve = calendar.add_workdays(calendar.previous_workday(last), -term.n)
        case Unit.CALENDAR_DAY:
            eve = last - term.n * DAY
        case Unit.MONTH:
            eve = add_months(last, -term.n)
        case Unit.SECOND | Unit.PERCENT | Unit.LETTER:
            raise ValueError(f"{term.unit} measures no time before a limit")
    return midnight(eve + DAY)
