"""The working calendar of China: which days are worked, and by which notice.

Built once into prefix tables, so every question is a look-up however far the days lie apart. A
year whose notice is not known yet answers with the statutory days alone and says so
(``Day.provisional``); a year without any data raises ``CalendarMissing``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Literal

from .calendar_data import (
    CalendarInvalid,
    Edition,
    Notice,
    Year,
    load_year,
    read_year,
    shipped_festivals,
    shipped_years,
    statutory_days,
)
from .words import Words, say

__all__ = [
    "Calendar",
    "CalendarInvalid",
    "CalendarMissing",
    "Day",
    "Notice",
    "Year",
    "load_year",
    "read_year",
    "shipped_festivals",
    "shipped_years",
]

Kind = Literal["weekday", "weekend", "holiday", "makeup"]

# Next year's notice can reach back into these: 29, 30 and 31 December are the only days of an
# older year that any notice of 2007-2026 has moved (ten of them).
REACHED_BACK = 29


class CalendarMissing(LookupError):
    """A day outside every year the calendar holds data for; ``words`` says which, and what to load."""

    def __init__(self, words: Words) -> None:
        super().__init__(str(words))
        self.words = words

    @classmethod
    def beyond(cls, calendar: Calendar, year: int) -> CalendarMissing:
        """The error for a day of ``year``, which the calendar does not hold."""
        return cls(
            say(
                "没有 {year} 年的工作日历（现有 {first} 至 {last}），请先载入该年的放假通知。",
                year=year,
                first=calendar.first_day,
                last=calendar.last_day,
            )
        )


@dataclass(frozen=True, slots=True)
class Day:
    """One day: ``name`` is the holiday it belongs to, or empty; ``notice`` the one that arranged it."""

    on: date
    workday: bool
    name: str
    kind: Kind
    provisional: bool
    notice: Notice | None


class Calendar:
    """Working days over an unbroken run of years."""

    def __init__(self, days: list[Day], festivals: Mapping[int, Mapping[str, date]], known_on: date | None):
        """Build the tables; ``days`` is consecutive. Use ``china`` or ``from_years`` instead."""
        self.known_on = known_on
        self.first_day = days[0].on
        self.last_day = days[-1].on
        self._festivals = festivals
        self._days = days
        self._base = self.first_day.toordinal()
        self._workdays = [day.on for day in days if day.workday]
        self._before = [0]  # [i]: working days before day i
        self._doubtful = [0]  # [i]: provisional days before day i
        for day in days:
            self._before.append(self._before[-1] + day.workday)
            self._doubtful.append(self._doubtful[-1] + day.provisional)

    @classmethod
    def china(cls, known_on: date | None = None) -> Calendar:
        """The national calendar as it was known at the end of ``known_on``; None is all that is known."""
        return _china(known_on)

    @classmethod
    def from_years(
        cls,
        years: Iterable[Year],
        *,
        festivals: Mapping[int, Mapping[str, date]] | None = None,
        known_on: date | None = None,
    ) -> Calendar:
        """Build from any years: ``from_years([*shipped_years(), load_year(path)])`` adds a new notice.

        Editions of the same year lie over one another by the day they became known. Raises
        ``CalendarInvalid`` when one notice arrives twice with different days, ``CalendarMissing``
        when nothing was known yet.
        """
        festivals = shipped_festivals() if festivals is None else festivals
        known = _known(years, known_on)
        if not known:
            raise CalendarMissing(say("截至 {on} 没有任何年份的节假日安排。", on=known_on or "现在"))
        return cls(list(_days(known, festivals, known_on)), festivals, known_on)

    def day(self, on: date) -> Day:
        """What a day is, and why. Raises ``CalendarMissing``."""
        return self._days[self._index(on)]

    def is_workday(self, on: date) -> bool:
        """Whether the office works on that day. Raises ``CalendarMissing``."""
        return self._days[self._index(on)].workday

    def add_workdays(self, start: date, n: int) -> date:
        """The ``n``-th working day after ``start``, which itself is never counted; negative goes back.

        So one working day after a Saturday is the Monday (chinesecalendar's ``find_workday`` would
        say Tuesday). Raises ``CalendarMissing`` when the count leaves the calendar.
        """
        index = start.toordinal() - self._base
        if n > 0 <= index:
            try:
                return self._workdays[self._before[index + 1] + n - 1]
            except IndexError:
                raise CalendarMissing.beyond(self, max(start.year, self.last_day.year + 1)) from None
        if n == 0:
            return start
        place = self._before[self._index(start)] + n
        if place < 0:
            raise CalendarMissing.beyond(self, self.first_day.year - 1)
        return self._workdays[place]

    def workdays_between(self, start: date, end: date) -> int:
        """Working days d with start < d <= end; the same, negative, when end lies before start."""
        return self._before[self._index(end) + 1] - self._before[self._index(start) + 1]

    def next_workday(self, on: date) -> date:
        """``on`` itself when it is worked, else the first working day after it."""
        return on if self.is_workday(on) else self.add_workdays(on, 1)

    def previous_workday(self, on: date) -> date:
        """``on`` itself when it is worked, else the last working day before it."""
        return on if self.is_workday(on) else self.add_workdays(on, -1)

    def is_provisional(self, start: date, end: date) -> bool:
        """Whether any day of start <= d <= end may still be changed by a notice not yet known."""
        return self._doubtful[self._index(end) + 1] > self._doubtful[self._index(start)]

    def festivals(self, year: int) -> Mapping[str, date]:
        """The seven festival days of a year by name (元旦 … 国庆). Raises ``CalendarMissing``."""
        try:
            return self._festivals[year]
        except KeyError:
            raise CalendarMissing(say("没有 {year} 年各节日的日期。", year=year)) from None

    def days(self, start: date, end: date) -> list[Day]:
        """The days of start <= d <= end, in order. Raises ``CalendarMissing``."""
        return self._days[self._index(start) : self._index(end) + 1]

    def _index(self, on: date) -> int:
        index = on.toordinal() - self._base
        if 0 <= index < len(self._days):
            return index
        raise CalendarMissing.beyond(self, on.year)


@lru_cache(maxsize=64)
def _china(known_on: date | None) -> Calendar:
    return Calendar.from_years(shipped_years(), known_on=known_on)


def _known(years: Iterable[Year], known_on: date | None) -> dict[int, list[Edition]]:
    """The editions known by that day, by year, oldest first, each notice once."""
    known: dict[int, list[Edition]] = {}
    for year in years:
        for edition in year.editions:
            if known_on is not None and edition.known_from > known_on:
                continue
            earlier = known.setdefault(year.year, [])
            same = [e for e in earlier if e.notice.title == edition.notice.title]
            if any(e.days != edition.days for e in same):
                raise CalendarInvalid(
                    say(
                        "通知《{title}》出现两次，所列日期不同，请保留正确的一份。",
                        title=edition.notice.title,
                    )
                )
            if not same:
                earlier.append(edition)
    for editions in known.values():
        editions.sort(key=lambda edition: edition.known_from)
    return known


def _days(
    known: Mapping[int, list[Edition]], festivals: Mapping[int, Mapping[str, date]], known_on: date | None
) -> Iterator[Day]:
    arranged = {
        listed.on: (listed.off, listed.name, edition.notice)
        for year in sorted(known)
        for edition in known[year]
        for listed in edition.days
    }
    year = min(known)
    while year in known or year in festivals:
        off = {} if year in known else statutory_days(year, festivals[year], known_on)
        on = date(year, 1, 1)
        while on.year == year:
            doubtful = year not in known or (
                year + 1 not in known and on.month == 12 and on.day >= REACHED_BACK
            )
            if on in arranged:
                yield _arranged(on, *arranged[on], doubtful)
            elif on in off:
                yield Day(on, False, off[on], "holiday", doubtful, None)
            else:
                works = on.weekday() < 5
                yield Day(on, works, "", "weekday" if works else "weekend", doubtful, None)
            on += timedelta(days=1)
        year += 1


def _arranged(on: date, off: bool, name: str, notice: Notice, provisional: bool) -> Day:
    if off:
        return Day(on, False, name, "holiday", provisional, notice)
    if on.weekday() > 4:
        return Day(on, True, name, "makeup", provisional, notice)
    return Day(on, True, "", "weekday", provisional, notice)
