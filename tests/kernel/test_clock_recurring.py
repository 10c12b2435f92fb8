"""Duties that come again, as tables of their periods."""

from datetime import date, datetime

import pytest

from qianshao.kernel.calendar import Calendar, CalendarMissing
from qianshao.kernel.clock import BeforeFestivals, Each, Every, Term, Unit, periods
from qianshao.kernel.hours import SHANGHAI

CHINA = Calendar.china()
THREE_WORKDAYS = Term(3, Unit.WORKDAY)


def at(*numbers):
    return datetime(*numbers, tzinfo=SHANGHAI)


def table(rule, start, end):
    found = periods(rule, at(*start), at(*end), calendar=CHINA)
    return [(str(p.label), p.start.date(), p.until.date()) for p in found]


def test_at_least_one_in_each_month():
    assert table(Each(Every.MONTH), (2025, 11, 15), (2026, 2, 1)) == [
        ("2025年11月", date(2025, 11, 1), date(2025, 12, 1)),
        ("2025年12月", date(2025, 12, 1), date(2026, 1, 1)),
        ("2026年1月", date(2026, 1, 1), date(2026, 2, 1)),
    ]


def test_a_period_is_open_from_its_first_instant_to_before_its_last():
    monthly = Each(Every.MONTH)

    assert [label for label, _, _ in table(monthly, (2025, 12, 1), (2025, 12, 1, 0, 1))] == ["2025年12月"]
    assert table(monthly, (2025, 12, 1), (2025, 12, 1)) == []


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (
            Each(Every.QUARTER),
            [
                ("2025年第1季度", date(2025, 1, 1), date(2025, 4, 1)),
                ("2025年第2季度", date(2025, 4, 1), date(2025, 7, 1)),
            ],
        ),
        (  # the 20th of the first month of each quarter, for that quarter
            Each(Every.QUARTER, month=1, day=20),
            [
                ("2025年第1季度", date(2025, 1, 1), date(2025, 1, 21)),
                ("2025年第2季度", date(2025, 4, 1), date(2025, 4, 21)),
            ],
        ),
        (  # and as a report on the quarter before
            Each(Every.QUARTER, month=1, day=20, following=True),
            [
                ("2024年第4季度", date(2024, 10, 1), date(2025, 1, 21)),
                ("2025年第1季度", date(2025, 1, 1), date(2025, 4, 21)),
                ("2025年第2季度", date(2025, 4, 1), date(2025, 7, 21)),
            ],
        ),
        (
            Each(Every.HALF_YEAR),
            [("2025年上半年", date(2025, 1, 1), date(2025, 7, 1))],
        ),
        (
            Each(Every.YEAR, month=1, day=31),
            [("2025年", date(2025, 1, 1), date(2025, 2, 1))],
        ),
        (  # 30 June exists, 31 March too: the last day of the quarter's last month
            Each(Every.QUARTER, month=3, day=31),
            [
                ("2025年第1季度", date(2025, 1, 1), date(2025, 4, 1)),
                ("2025年第2季度", date(2025, 4, 1), date(2025, 7, 1)),
            ],
        ),
    ],
)
def test_periods_by_date(rule, expected):
    assert table(rule, (2025, 1, 1), (2025, 6, 30)) == expected


def test_a_day_the_month_has_not_is_the_months_end():
    assert table(Each(Every.MONTH, day=30), (2025, 2, 1), (2025, 3, 1)) == [
        ("2025年2月", date(2025, 2, 1), date(2025, 3, 1)),
    ]


def test_a_due_day_that_is_off_may_roll_over():
    national_day = Each(Every.MONTH, day=5, roll=True)

    assert table(national_day, (2025, 10, 1), (2025, 10, 31)) == [
        ("2025年10月", date(2025, 10, 1), date(2025, 10, 10)),
    ]


def test_three_working_days_before_the_first_day_off():
    assert table(BeforeFestivals(THREE_WORKDAYS), (2025, 1, 1), (2026, 1, 1)) == [
        ("2025年春节前", date(2024, 12, 28), date(2025, 1, 25)),
        ("2025年清明节前", date(2025, 1, 25), date(2025, 4, 2)),
        ("2025年劳动节前", date(2025, 4, 2), date(2025, 4, 29)),
        ("2025年端午节前", date(2025, 4, 29), date(2025, 5, 29)),
        ("2025年国庆节、中秋节前", date(2025, 5, 29), date(2025, 9, 29)),
        ("2026年元旦前", date(2025, 9, 29), date(2025, 12, 30)),
        ("2026年春节前", date(2025, 12, 30), date(2026, 2, 13)),
    ]


def test_three_working_days_before_the_festival_itself():
    rule = BeforeFestivals(THREE_WORKDAYS, first_day_off=False, names=("国庆", "中秋"))

    # 26, 27 and 28 September 2023 are the three before both 29 September and 1 October
    assert table(rule, (2023, 9, 1), (2023, 9, 27)) == [
        ("2023年中秋节、国庆节前", date(2022, 9, 29), date(2023, 9, 27)),
    ]
    assert table(rule, (2024, 9, 1), (2024, 10, 1)) == [
        ("2024年中秋节前", date(2023, 9, 27), date(2024, 9, 13)),
        ("2024年国庆节前", date(2024, 9, 13), date(2024, 9, 28)),
        ("2025年国庆节、中秋节前", date(2024, 9, 28), date(2025, 9, 29)),
    ]


def test_a_lead_in_calendar_days():
    rule = BeforeFestivals(Term(7, Unit.CALENDAR_DAY), names=("春节",))

    assert table(rule, (2026, 1, 1), (2026, 2, 1)) == [("2026年春节前", date(2025, 1, 22), date(2026, 2, 9))]


def test_the_festivals_of_an_unannounced_year_are_provisional():
    found = list(periods(BeforeFestivals(THREE_WORKDAYS), at(2026, 9, 1), at(2027, 1, 1), calendar=CHINA))

    assert [(str(p.label), p.provisional) for p in found] == [
        ("2026年中秋节前", False),
        ("2026年国庆节前", False),
        ("2027年元旦前", True),
        ("2027年春节前", True),
    ]


def test_occasions_beyond_the_calendar_are_missing():
    with pytest.raises(CalendarMissing, match="2028"):
        list(periods(BeforeFestivals(THREE_WORKDAYS), at(2027, 9, 1), at(2028, 1, 1), calendar=CHINA))


def test_rules_no_calendar_has_are_refused():
    with pytest.raises(ValueError, match="no month has a day 1 in its month 2"):
        Each(Every.MONTH, month=2, day=1)
    with pytest.raises(ValueError, match="no quarter has a day 32"):
        Each(Every.QUARTER, day=32)
    with pytest.raises(ValueError, match="in days, not in month"):
        BeforeFestivals(Term(1, Unit.MONTH))
    with pytest.raises(ValueError, match="need a calendar"):
        list(periods(BeforeFestivals(THREE_WORKDAYS), at(2025, 1, 1), at(2026, 1, 1)))
