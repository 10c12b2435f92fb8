"""Duties that come again: each month, each quarter by a date, before the festivals."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import IntEnum

from ..calendar import Calendar
from ..calendar_data import NAMES
from ..hours import DAY, in_shanghai, midnight
from ..words import Words, say
from .counts import add_months
from .terms import Term, Unit


class Every(IntEnum):
    """How often, as months in a period."""

    MONTH = 1
    QUARTER = 3
    HALF_YEAR = 6
    YEAR = 12


@dataclass(frozen=True, slots=True)
class Each:
    """Something due in, or for, each period of the calendar.

    Without ``day`` it is due by the period's end (at least one a month). With it, by that day of the
    ``month``-th month of the period, or of the following one when ``following``: the 20th of the
    first month of the next quarter is ``Each(Every.QUARTER, month=1, day=20, following=True)``; a
    month without that day ends sooner. ``roll``: a due day that is off moves to the next working day.
    Raises ``ValueError`` for a month or day no period has.
    """

    every: Every
    month: int = 1
    day: int | None = None
    following: bool = False
    roll: bool = False

    def __post_init__(self) -> None:
        if not 1 <= self.month <= self.every or not 1 <= (self.day or 1) <= 31:
            raise ValueError(f"no {self.every.name.lower()} has a day {self.day} in its month {self.month}")


@dataclass(frozen=True, slots=True)
class BeforeFestivals:
    """Something due ``lead`` before each of the named festivals.

    Counted back from the first day off of the holiday, when people leave, or from the festival's own
    day. Festivals that fall due on the same day are one occasion.
    """

    lead: Term
    first_day_off: bool = True
    names: tuple[str, ...] = ("元旦", "春节", "清明", "劳动", "端午", "中秋", "国庆")

    def __post_init__(self) -> None:
        if self.lead.unit not in (Unit.WORKDAY, Unit.CALENDAR_DAY):
            raise ValueError(f"a lead before a festival is in days, not in {self.lead.unit}")


@dataclass(frozen=True, slots=True)
class Period:
    """One occasion: it opens at ``start`` and is over at ``until``, exclusive."""

    start: datetime
    until: datetime
    label: Words
    provisional: bool = False


def periods(
    rule: Each | BeforeFestivals, start: datetime, end: datetime, *, calendar: Calendar | None = None
) -> Iterator[Period]:
    """The occasions of a recurring duty that overlap [start, end), in order of their beginning.

    Festivals and roll-over need the calendar: ``ValueError`` without one, ``CalendarMissing`` when
    the occasions leave it.
    """
    start, end = in_shanghai(start), in_shanghai(end)
    if isinstance(rule, BeforeFestivals):
        found = _before_festivals(rule, _needed(calendar), start.year)
    else:
        found = _each(rule, start.date(), _needed(calendar) if rule.roll else None)
    for period in found:
        if period.start >= end:
            return
        if period.until > start:
            yield period


def _each(rule: Each, on: date, calendar: Calendar | None) -> Iterator[Period]:
    # A period whose due day lies in the following one may still be open: begin one earlier.
    first = add_months(date(on.year, (on.month - 1) // rule.every * rule.every + 1, 1), -rule.every)
    while True:
        after = add_months(first, rule.every)
        last, provisional = after - DAY, False
        if rule.day is not None:
            due_in = add_months(after if rule.following else first, rule.month - 1)
            last = due_in.replace(day=min(rule.day, monthrange(due_in.year, due_in.month)[1]))
        if calendar is not None:
            last = calendar.next_workday(last)
            provisional = calendar.day(last).provisional
        yield Period(midnight(first), midnight(last + DAY), _label(rule.every, first), provisional)
        first = after


def _label(every: Every, first: date) -> Words:
    match every:
        case Every.MONTH:
            return say("{year}年{month}月", year=first.year, month=first.month)
        case Every.QUARTER:
            return say("{year}年第{quarter}季度", year=first.year, quarter=(first.month + 2) // 3)
        case Every.HALF_YEAR:
            half = "上" if first.month == 1 else "下"
            return say("{year}年{half}半年", year=first.year, half=half)
        case Every.YEAR:
            return say("{year}年", year=first.year)


def _before_festivals(rule: BeforeFestivals, calendar: Calendar, year: int) -> Iterator[Period]:
    """Occasion follows occasion: each opens when the one before is over."""
    opens: datetime | None = None
    for of_year, last, names, before in _occasions(rule, calendar, year - 1):
        until = midnight(last + DAY)
        if opens is not None:
            label = say("{year}年{names}前", year=of_year, names="、".join(NAMES.get(n, n) for n in names))
            yield Period(opens, until, label, calendar.is_provisional(last, before))
        opens = until


def _occasions(
    rule: BeforeFestivals, calendar: Calendar, year: int
) -> Iterator[tuple[int, date, list[str], date]]:
    """Year, last day, festivals and the day counted back from, from a year on."""
    while True:
        found: dict[date, list[str]] = {}
        counted_from: dict[date, date] = {}
        for on, name in sorted((on, name) for name, on in calendar.festivals(year).items()):
            if name in rule.names:
                before = _first_day_off(calendar, on) if rule.first_day_off else on
                last = _led(rule.lead, calendar, before)
                found.setdefault(last, []).append(name)
                counted_from[last] = before
        for last, names in found.items():
            yield year, last, names, counted_from[last]
        year += 1


def _led(lead: Term, calendar: Calendar, before: date) -> date:
    if lead.unit is Unit.WORKDAY:
        return calendar.add_workdays(before, -lead.n)
    return before - lead.n * DAY


def _first_day_off(calendar: Calendar, on: date) -> date:
    """The first day of the unbroken run of days off around a festival."""
    return calendar.previous_workday(on) + DAY


def _needed(calendar: Calendar | None) -> Calendar:
    if calendar is None:
        raise ValueError("festivals and roll-over need a calendar")
    return calendar
