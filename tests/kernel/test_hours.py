"""Minutes that count only while the office is open."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qianshao.kernel.calendar import Calendar, CalendarMissing
from qianshao.kernel.hours import SHANGHAI, OfficeHours, Season, Span, in_shanghai, midnight

CHINA = Calendar.china()
ALL_YEAR = OfficeHours((Span(time(8, 30), time(12)), Span(time(14, 30), time(17, 30))))
WITH_SUMMER = OfficeHours(
    (Span(time(8), time(12)), Span(time(14, 30), time(17, 30))),
    Season((6, 1), (9, 30), (Span(time(8), time(12)), Span(time(15), time(18)))),
)
ROUND_THE_CLOCK = OfficeHours((Span(time(0), time(0)),))
HOURS = st.sampled_from([ALL_YEAR, WITH_SUMMER, ROUND_THE_CLOCK])


def at(*numbers):
    return datetime(*numbers, tzinfo=SHANGHAI)


INSTANTS = st.integers(0, 8 * 365 * 24 * 60 * 60).map(
    lambda seconds: at(2018, 1, 1) + timedelta(seconds=seconds)
)


@pytest.mark.parametrize(
    ("hours", "start", "minutes", "reached"),
    [
        (ALL_YEAR, at(2025, 9, 24, 9, 0), 60, at(2025, 9, 24, 10, 0)),
        (ALL_YEAR, at(2025, 9, 24, 11, 30), 60, at(2025, 9, 24, 15, 0)),  # over lunch
        (ALL_YEAR, at(2025, 9, 24, 7, 0), 60, at(2025, 9, 24, 9, 30)),  # before opening
        (ALL_YEAR, at(2025, 9, 24, 17, 0), 30, at(2025, 9, 24, 17, 30)),  # ends with the day
        (ALL_YEAR, at(2025, 9, 24, 17, 0), 31, at(2025, 9, 25, 8, 31)),
        (ALL_YEAR, at(2025, 9, 26, 17, 0), 60, at(2025, 9, 28, 9, 0)),  # Sunday is made up
        (ALL_YEAR, at(2025, 9, 30, 16, 30), 120, at(2025, 10, 9, 9, 30)),  # over National Day
        (ALL_YEAR, at(2025, 10, 3, 3, 0), 390, at(2025, 10, 9, 17, 30)),
        (ALL_YEAR, at(2025, 10, 9, 9, 30), -120, at(2025, 9, 30, 16, 30)),
        (ALL_YEAR, at(2025, 10, 9, 9, 30), -60, at(2025, 10, 9, 8, 30)),  # begins with the day
        (ALL_YEAR, at(2025, 10, 3, 3, 0), 0, at(2025, 10, 3, 3, 0)),
        (WITH_SUMMER, at(2025, 9, 30, 16, 0), 180, at(2025, 10, 9, 9, 0)),  # summer ends
        (WITH_SUMMER, at(2025, 5, 30, 17, 0), 30 + 420, at(2025, 6, 3, 18, 0)),  # summer begins
        (ROUND_THE_CLOCK, at(2025, 9, 26, 12, 0), 24 * 60, at(2025, 9, 28, 12, 0)),
    ],
)
def test_minutes_are_added_only_while_open(hours, start, minutes, reached):
    assert hours.add(CHINA, start, minutes) == reached


@pytest.mark.parametrize(
    ("hours", "a", "b", "minutes"),
    [
        (ALL_YEAR, at(2025, 9, 24, 0, 0), at(2025, 9, 25, 0, 0), 390),
        (ALL_YEAR, at(2025, 9, 24, 12, 0), at(2025, 9, 24, 14, 30), 0),
        (ALL_YEAR, at(2025, 9, 30, 16, 30), at(2025, 10, 9, 9, 30), 120),
        (ALL_YEAR, at(2025, 10, 9, 9, 30), at(2025, 9, 30, 16, 30), -120),
        (ALL_YEAR, at(2025, 10, 1, 0, 0), at(2025, 10, 9, 0, 0), 0),
        (WITH_SUMMER, at(2025, 9, 30, 0, 0), at(2025, 10, 10, 0, 0), 420 + 420),
    ],
)
def test_minutes_between_count_only_opening(hours, a, b, minutes):
    assert hours.between(CHINA, a, b) == minutes


@given(HOURS, INSTANTS, st.integers(-5_000, 5_000))
def test_between_always_undoes_add(hours, start, minutes):
    assert hours.between(CHINA, start, hours.add(CHINA, start, minutes)) == minutes


@given(HOURS, INSTANTS, st.timedeltas(timedelta(0), timedelta(days=30)))
def test_between_is_always_the_sum_of_the_open_spans(hours, start, later):
    end = start + later
    spans = list(hours.open_spans(CHINA, start, end))

    assert hours.length(CHINA, start, end) == sum((b - a for a, b in spans), timedelta())
    assert all(a < b for a, b in spans)


def test_any_zone_is_read_on_the_offices_clock_and_none_is_refused():
    assert ALL_YEAR.add(CHINA, datetime(2025, 9, 24, 1, 0, tzinfo=UTC), 60) == at(2025, 9, 24, 10, 0)
    assert in_shanghai(datetime(2025, 9, 24, 16, 0, tzinfo=UTC)).date() == date(2025, 9, 25)
    with pytest.raises(ValueError, match="has no time zone"):
        ALL_YEAR.add(CHINA, datetime(2025, 9, 24, 9, 0), 60)  # noqa: DTZ001 - the error under test


def test_hours_that_leave_the_calendar_are_missing():
    with pytest.raises(CalendarMissing, match="2028"):
        ALL_YEAR.add(CHINA, at(2027, 12, 31, 9, 0), 1_000)
    with pytest.raises(CalendarMissing, match="2006"):
        ALL_YEAR.add(CHINA, at(2007, 1, 4, 9, 0), -1_000)


@pytest.mark.parametrize(
    "spans",
    [
        (),
        (Span(time(12), time(8)),),
        (Span(time(14), time(17)), Span(time(8), time(12))),
        (Span(time(8), time(13)), Span(time(12), time(17))),
    ],
)
def test_spans_out_of_order_are_refused(spans):
    with pytest.raises(ValueError, match="spans stand in order"):
        OfficeHours(spans)


def test_a_season_may_run_over_new_year():
    winter = Season((11, 15), (3, 1), (Span(time(9), time(17)),))

    assert winter.covers(date(2025, 12, 31))
    assert winter.covers(date(2026, 3, 1))
    assert not winter.covers(date(2026, 3, 2))


def test_midnight_is_the_first_instant_of_a_day():
    assert midnight(date(2025, 10, 30)).isoformat() == "2025-10-30T00:00:00+08:00"
