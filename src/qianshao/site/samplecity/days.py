"""When the people of 刺桐市 ring: the years of the story, its seasons, weekends, hours of the day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from random import Random

from qianshao.kernel.calendar import Calendar
from qianshao.kernel.hours import SHANGHAI

# More people ring every year, and most in the present one, so that today's lists have something in them.
_YEARS = {2018: 1.0, 2019: 1.2, 2020: 1.35}
_NOW = 14.0
_MONTHS = (0.9, 0.7, 1.0, 1.0, 1.05, 1.15, 1.2, 1.15, 1.1, 1.0, 0.95, 0.95)
_DAY_OFF = 0.55
_HOURS = (0, 0, 0, 0, 0, 0, 1, 3, 9, 12, 11, 7, 4, 5, 9, 10, 9, 7, 5, 4, 4, 3, 2, 1)
_WHOLE = 365.25 * (sum(_YEARS.values()) + _NOW) * 0.86  # the weights of a whole story; 0.86 for days off


def present_from(until: date) -> date:
    """The first day of the present of a story made now: 1 January, of the year before while the year is young."""
    return date((until - timedelta(days=90)).year, 1, 1)


def openings(
    duties: int, seed: int, present: date, until: date, calendar: Calendar
) -> Iterator[list[datetime]]:
    """Day by day, the moments somebody rings, in order; about ``duties`` when a year of the present is over.

    A later ``until`` only adds days, so that a story can be taken up again.
    """
    owed = 0.0
    on = date(2018, 1, 1)
    while on <= until:
        weight = _YEARS.get(on.year, _NOW if on >= present else 0.0)
        if weight:
            random = Random(f"{seed}/{duties}/{on}")
            weight *= _MONTHS[on.month - 1] * (1.0 if calendar.is_workday(on) else _DAY_OFF)
            owed += duties * weight / _WHOLE * random.uniform(0.7, 1.3)
            today = int(owed)
            owed -= today
            yield sorted(_moment(random, on) for _call in range(today))
        on += timedelta(days=1)


def _moment(random: Random, on: date) -> datetime:
    (hour,) = random.choices(range(24), _HOURS)
    return datetime.combine(on, time(hour, random.randrange(60), random.randrange(60)), SHANGHAI)


def desk(random: Random, on: date) -> datetime:
    """A moment when somebody sits at their desk."""
    minute = random.randrange(400)
    start = time(8, 30) if minute < 210 else time(14, 30)
    return datetime.combine(on, start, SHANGHAI) + timedelta(
        minutes=minute % 210, seconds=random.randrange(60)
    )


def evening(at: datetime, overtime: timedelta) -> datetime:
    """A moment moved towards the night of its day, at half past ten at the latest."""
    return max(at, min(at + overtime, at.replace(hour=22, minute=30)))
