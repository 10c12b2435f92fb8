"""Office hours: minutes that count only while the office is open.

The office opens in the same spans every working day, with other spans in summer (夏令作息). China
has kept no daylight-saving time since 1991, so ``SHANGHAI`` stands for a fixed +08:00 in every year
a calendar here covers, and the wall clock can be added to without surprises.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from .calendar import Calendar, CalendarMissing

SHANGHAI = ZoneInfo("Asia/Shanghai")
DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)
NONE = timedelta()


def in_shanghai(instant: datetime) -> datetime:
    """The instant on the office's wall clock. Raises ``ValueError`` for one without a time zone."""
    if instant.tzinfo is SHANGHAI:
        return instant
    if instant.tzinfo is None:
        raise ValueError(f"{instant!r} has no time zone: a clock needs an instant, not a wall time")
    return instant.astimezone(SHANGHAI)


def midnight(on: date) -> datetime:
    """The first instant of a day in Asia/Shanghai."""
    return datetime(on.year, on.month, on.day, tzinfo=SHANGHAI)


@dataclass(frozen=True, slots=True)
class Span:
    """One stretch of opening within a day, ``closes`` excluded; 00:00 as ``closes`` is the next midnight."""

    opens: time
    closes: time

    @property
    def start(self) -> timedelta:
        """Time from midnight to the opening."""
        return timedelta(hours=self.opens.hour, minutes=self.opens.minute)

    @property
    def end(self) -> timedelta:
        """Time from midnight to the closing."""
        return timedelta(hours=self.closes.hour, minutes=self.closes.minute) or DAY


@dataclass(frozen=True, slots=True)
class Season:
    """Other spans from one (month, day) to another, both included; may run over New Year."""

    first: tuple[int, int]
    last: tuple[int, int]
    periods: tuple[Span, ...]

    def covers(self, on: date) -> bool:
        """Whether the season's hours apply on that day."""
        today = (on.month, on.day)
        if self.first <= self.last:
            return self.first <= today <= self.last
        return today >= self.first or today <= self.last


@dataclass(frozen=True, slots=True)
class OfficeHours:
    """The spans of an ordinary working day, and those of summer when the office keeps any.

    Raises ``ValueError`` when a day has no span, or spans overlap or stand out of order.
    """

    periods: tuple[Span, ...]
    summer: Season | None = None

    def __post_init__(self) -> None:
        for spans in (self.periods, self.summer.periods if self.summer else self.periods):
            edges = [edge for span in spans for edge in (span.start, span.end)]
            if not edges or any(edges[i + 1] <= edges[i] for i in range(len(edges) - 1)):
                raise ValueError("office hours need at least one span; spans stand in order, apart")

    def add(self, calendar: Calendar, instant: datetime, minutes: int) -> datetime:
        """The instant ``minutes`` of opening later; earlier when negative.

        A term that ends with a span ends when the office closes, not when it next opens; counted
        back, when the office opens. Raises ``CalendarMissing``.
        """
        return self.shift(calendar, in_shanghai(instant), minutes * MINUTE)

    def between(self, calendar: Calendar, a: datetime, b: datetime) -> int:
        """Whole minutes of opening from a to b; negative when b is earlier. Raises ``CalendarMissing``."""
        if b < a:
            return -self.between(calendar, b, a)
        return self.length(calendar, in_shanghai(a), in_shanghai(b)) // MINUTE

    def length(self, calendar: Calendar, a: datetime, b: datetime) -> timedelta:
        """The exact time the office is open between two Shanghai instants."""
        opened = _opened(self, calendar)
        return self._passed(calendar, opened, b) - self._passed(calendar, opened, a)

    def shift(self, calendar: Calendar, instant: datetime, by: timedelta) -> datetime:
        """``add`` for any length of time, from a Shanghai instant."""
        if not by:
            return instant
        opened = _opened(self, calendar)
        wanted = self._passed(calendar, opened, instant) + by
        # opened[i] is the opening before day i: the day sought is the one that passes ``wanted``.
        index = bisect_left(opened, wanted) - 1 if by > NONE else bisect_right(opened, wanted) - 1
        if not 0 <= index < len(opened) - 1:
            year = calendar.last_day.year + 1 if by > NONE else calendar.first_day.year - 1
            raise CalendarMissing.beyond(calendar, year)
        on = calendar.first_day + index * DAY
        left = wanted - opened[index]
        for span in self.spans(on):
            length = span.end - span.start
            if left < length or (left == length and by > NONE):
                return midnight(on) + span.start + left
            left -= length
        raise AssertionError("the spans of a day add up to its opening")

    def open_spans(self, calendar: Calendar, a: datetime, b: datetime) -> Iterator[tuple[datetime, datetime]]:
        """The stretches of opening within [a, b), in order, for Shanghai instants."""
        on = a.date()
        while midnight(on) < b:
            for span in self.spans(on) if calendar.is_workday(on) else ():
                opens, closes = max(midnight(on) + span.start, a), min(midnight(on) + span.end, b)
                if opens < closes:
                    yield opens, closes
            on += DAY

    def spans(self, on: date) -> tuple[Span, ...]:
        """The spans the office keeps on that day, if it is worked."""
        return self.summer.periods if self.summer and self.summer.covers(on) else self.periods

    def _passed(self, calendar: Calendar, opened: list[timedelta], instant: datetime) -> timedelta:
        """Opening from the calendar's first day to the instant."""
        on = instant.date()
        works = calendar.is_workday(on)
        passed = opened[on.toordinal() - calendar.first_day.toordinal()]
        if works:
            into = instant - midnight(on)
            for span in self.spans(on):
                if into > span.start:
                    passed += min(into, span.end) - span.start
        return passed


@lru_cache(maxsize=16)
def _opened(hours: OfficeHours, calendar: Calendar) -> list[timedelta]:
    """[i]: the time the office is open before day i of the calendar; one longer than its days."""
    opened = [NONE]
    for day in calendar.days(calendar.first_day, calendar.last_day):
        today = sum((span.end - span.start for span in hours.spans(day.on)), NONE) if day.workday else NONE
        opened.append(opened[-1] + today)
    return opened
