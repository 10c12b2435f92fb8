"""The law of time as tables of dates: where a clock starts, what it counts, when it ends."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from qianshao.kernel.calendar import Calendar, CalendarMissing
from qianshao.kernel.clock import (
    Citation,
    Deadline,
    Extension,
    LateExtension,
    Rule,
    Start,
    Term,
    Unit,
    add_months,
    limit,
    may_extend,
    run,
)
from qianshao.kernel.hours import SHANGHAI, OfficeHours, Span

CHINA = Calendar.china()
LAW = Citation("政府信息公开条例", "第三十三条", "2019", "text")
HOURS = OfficeHours((Span(time(8), time(12)), Span(time(14), time(18))))


def at(*numbers):
    return datetime(*numbers, tzinfo=SHANGHAI)


def rule(n, unit, **more):
    start = Start.INSTANT if unit.exact else Start.NEXT_DAY
    return Rule("test", "2019", Term(n, unit), LAW, **({"start": start} | more))


def workdays(n, **more):
    return rule(n, Unit.WORKDAY, **more)


ANSWER = workdays(20, extension=Term(20, Unit.WORKDAY), amber=Term(5, Unit.WORKDAY), consent=True)
RECEIVED = at(2025, 9, 25, 10, 0)


@pytest.mark.parametrize(
    ("n", "unit", "start", "last_day"),
    [
        # working days: holidays do not count, make-up days do
        (20, Unit.WORKDAY, RECEIVED, date(2025, 10, 29)),
        (2, Unit.WORKDAY, RECEIVED, date(2025, 9, 28)),
        (5, Unit.WORKDAY, RECEIVED, date(2025, 10, 9)),
        (1, Unit.WORKDAY, at(2025, 10, 3, 8, 0), date(2025, 10, 9)),
        (20, Unit.WORKDAY, at(2019, 12, 31, 9, 0), date(2020, 2, 5)),
        (3, Unit.WORKDAY, at(2020, 1, 22, 9, 0), date(2020, 2, 4)),
        (1, Unit.WORKDAY, at(2020, 1, 18, 9, 0), date(2020, 1, 19)),  # a worked Sunday
        # calendar days: the last one rolls over a holiday, and not off a make-up day
        (15, Unit.CALENDAR_DAY, at(2025, 9, 18, 9, 0), date(2025, 10, 9)),
        (10, Unit.CALENDAR_DAY, at(2025, 9, 18, 9, 0), date(2025, 9, 28)),
        (60, Unit.CALENDAR_DAY, at(2025, 9, 18, 9, 0), date(2025, 11, 17)),
        (15, Unit.CALENDAR_DAY, at(2020, 1, 10, 9, 0), date(2020, 2, 3)),
        # months: the corresponding day, or the month's end
        (1, Unit.MONTH, at(2025, 1, 31, 9, 0), date(2025, 2, 28)),
        (1, Unit.MONTH, at(2024, 1, 31, 9, 0), date(2024, 2, 29)),
        (1, Unit.MONTH, at(2025, 2, 28, 9, 0), date(2025, 3, 28)),
        (6, Unit.MONTH, at(2025, 8, 31, 9, 0), date(2026, 2, 28)),  # a make-up Saturday
        (1, Unit.MONTH, at(2025, 9, 4, 9, 0), date(2025, 10, 9)),
        (13, Unit.MONTH, at(2024, 11, 15, 9, 0), date(2025, 12, 15)),
    ],
)
def test_a_clock_of_days_ends_with_its_last_day(n, unit, start, last_day):
    deadline = run(rule(n, unit), CHINA, start)

    assert deadline.last_day == last_day
    assert deadline.until == datetime.combine(last_day + timedelta(days=1), time(), SHANGHAI)


@pytest.mark.parametrize(
    ("n", "unit", "start", "until"),
    [
        (24, Unit.HOUR, at(2025, 9, 30, 16, 20), at(2025, 10, 1, 16, 20)),  # hours run over holidays
        (2, Unit.HOUR, at(2025, 12, 31, 23, 0), at(2026, 1, 1, 1, 0)),
        (30, Unit.MINUTE, at(2025, 9, 30, 23, 45), at(2025, 10, 1, 0, 15)),
        (8, Unit.OFFICE_HOUR, at(2025, 9, 30, 16, 20), at(2025, 10, 9, 16, 20)),
        (4, Unit.OFFICE_HOUR, at(2025, 9, 27, 12, 0), at(2025, 9, 28, 12, 0)),
    ],
)
def test_a_clock_of_hours_counts_from_the_moment(n, unit, start, until):
    assert run(rule(n, unit), CHINA, start, hours=HOURS).until == until


@pytest.mark.parametrize(
    ("unit", "convention", "start", "last_day"),
    [
        (Unit.WORKDAY, Start.NEXT_DAY, at(2025, 9, 20, 9, 0), date(2025, 9, 26)),
        (Unit.WORKDAY, Start.NEXT_WORKDAY, at(2025, 9, 20, 9, 0), date(2025, 9, 28)),
        (Unit.WORKDAY, Start.NEXT_WORKDAY, at(2025, 9, 22, 9, 0), date(2025, 9, 28)),
        (Unit.WORKDAY, Start.SAME_DAY, at(2025, 9, 25, 9, 0), date(2025, 9, 30)),
        (Unit.CALENDAR_DAY, Start.SAME_DAY, at(2025, 9, 20, 9, 0), date(2025, 9, 24)),
        (Unit.CALENDAR_DAY, Start.NEXT_WORKDAY, at(2025, 9, 20, 9, 0), date(2025, 9, 28)),
        (Unit.MONTH, Start.SAME_DAY, at(2025, 3, 1, 9, 0), date(2025, 7, 31)),
    ],
)
def test_the_first_day_counts_as_the_rule_says(unit, convention, start, last_day):
    assert run(rule(5, unit, start=convention), CHINA, start).last_day == last_day


def test_roll_over_is_a_choice_of_the_rule():
    assert run(rule(15, Unit.CALENDAR_DAY, roll=False), CHINA, at(2025, 9, 18, 9, 0)).last_day == date(
        2025, 10, 3
    )
    assert run(rule(1, Unit.MONTH, roll=False), CHINA, at(2025, 9, 4, 9, 0)).last_day == date(2025, 10, 4)


def test_a_start_in_another_zone_is_read_on_the_offices_clock():
    # 17:00 UTC on the 24th is already the 25th in Asia/Shanghai
    assert run(ANSWER, CHINA, datetime(2025, 9, 24, 17, 0, tzinfo=UTC)).last_day == date(2025, 10, 29)


@pytest.mark.parametrize(
    ("amber", "amber_at"),
    [
        (Term(5, Unit.WORKDAY), at(2025, 10, 23)),
        (Term(7, Unit.CALENDAR_DAY), at(2025, 10, 23)),
        (Term(1, Unit.MONTH), at(2025, 9, 30)),
        (Term(36, Unit.HOUR), at(2025, 10, 28, 12, 0)),
        (Term(12, Unit.OFFICE_HOUR), at(2025, 10, 28, 14, 0)),
        (Term(30, Unit.WORKDAY), RECEIVED),  # never before the start
    ],
)
def test_amber_begins_when_that_much_is_left(amber, amber_at):
    assert run(workdays(20, amber=amber), CHINA, RECEIVED, hours=HOURS).amber_at == amber_at


def test_a_promise_runs_beside_the_law():
    deadline = run(workdays(20, promised=Term(5, Unit.WORKDAY)), CHINA, RECEIVED)

    assert deadline.last_day == date(2025, 10, 29)
    assert deadline.promised_until == at(2025, 10, 10)


def test_a_promise_may_be_counted_in_hours():
    deadline = run(workdays(20, promised=Term(48, Unit.HOUR)), CHINA, RECEIVED)

    assert deadline.promised_until == at(2025, 9, 27, 10, 0)


def test_a_clock_that_leaves_the_calendar_is_an_error():
    with pytest.raises(CalendarMissing, match="2028"):
        run(ANSWER, CHINA, at(2027, 12, 20, 9, 0))
    with pytest.raises(CalendarMissing, match="2028"):
        run(rule(30, Unit.CALENDAR_DAY), CHINA, at(2027, 12, 20, 9, 0))


def test_a_clock_into_an_unannounced_year_is_provisional():
    crossing = run(ANSWER, CHINA, at(2026, 12, 14, 9, 0))

    assert crossing.provisional
    assert [str(flag) for flag in crossing.flags] == [
        "期限跨入尚未公布放假安排的时段，日期为暂定，公布后重新计算"
    ]
    assert not run(ANSWER, CHINA, at(2026, 11, 24, 9, 0)).provisional
    assert run(rule(30, Unit.CALENDAR_DAY), CHINA, at(2026, 12, 14, 9, 0)).provisional
    assert not run(rule(24, Unit.HOUR), CHINA, at(2027, 1, 1, 9, 0)).provisional
    assert not run(rule(30, Unit.CALENDAR_DAY, roll=False), CHINA, at(2026, 12, 14, 9, 0)).provisional
    assert run(rule(8, Unit.OFFICE_HOUR), CHINA, at(2027, 1, 4, 9, 0), hours=HOURS).provisional


def test_the_extended_holiday_of_2020_moves_a_running_clock():
    # 21-23 January are 3; before the extension 31 January, the make-up Saturday and 3-7 February
    # make 10; with it the count goes on with 3-7 February (8) and ends on the 11th.
    ten = workdays(10)
    received = at(2020, 1, 20, 9, 0)

    assert run(ten, Calendar.china(date(2020, 1, 20)), received).last_day == date(2020, 2, 7)
    assert run(ten, Calendar.china(date(2020, 1, 26)), received).last_day == date(2020, 2, 11)
    assert run(ten, CHINA, received).last_day == date(2020, 2, 11)


def test_announcing_a_year_makes_a_provisional_date_firm_and_may_move_it():
    received = at(2025, 9, 25, 10, 0)
    before = run(ANSWER, Calendar.china(date(2024, 11, 1)), received)
    after = run(ANSWER, CHINA, received)

    # statutory days only: off 1, 2, 3 and 6 October, no make-up days
    assert (before.last_day, before.provisional) == (date(2025, 10, 29), True)
    assert (after.last_day, after.provisional) == (date(2025, 10, 29), False)
    assert run(workdays(2), Calendar.china(date(2024, 11, 1)), received).last_day == date(2025, 9, 29)
    assert run(workdays(2), CHINA, received).last_day == date(2025, 9, 28)


def extension(on, days=20, by="科长"):
    return Extension(on, Term(days, Unit.WORKDAY), by)


def test_an_extension_lengthens_the_term():
    deadline = run(ANSWER, CHINA, RECEIVED, extensions=[extension(at(2025, 10, 20, 9, 0))])

    assert (deadline.last_day, deadline.flags) == (date(2025, 11, 26), ())


@pytest.mark.parametrize(
    ("on_rule", "granted", "asked", "reason"),
    [
        (workdays(20), (), extension(at(2025, 10, 20)), "本期限不能延长"),
        (ANSWER, (), extension(at(2025, 10, 20), 21), "延长合计最多 20 个工作日"),
        (ANSWER, (), extension(at(2025, 10, 20), by=""), "延长须经负责人同意"),
        (ANSWER, (extension(at(2025, 10, 9), 5),), extension(at(2025, 10, 20), 5), "最多延长 1 次，已经用完"),
        (
            ANSWER,
            (),
            Extension(at(2025, 10, 20), Term(1, Unit.MONTH), "科长"),
            "延长的单位须与期限一致（最多 20 个工作日）",
        ),
        (ANSWER, (), extension(at(2025, 10, 30)), "期限已于2025年10月29日届满，不能再延长"),
        (ANSWER, (), extension(at(2025, 10, 29, 23, 59)), None),
    ],
)
def test_an_extension_beyond_the_rule_is_refused_with_a_reason(on_rule, granted, asked, reason):
    until = run(on_rule, CHINA, RECEIVED).until
    refusal = may_extend(on_rule, until, granted, asked)

    assert (refusal and str(refusal)) == reason


def test_a_refused_extension_changes_nothing_and_is_flagged():
    deadline = run(ANSWER, CHINA, RECEIVED, extensions=[extension(at(2025, 11, 3, 9, 0))])

    assert deadline.last_day == date(2025, 10, 29)
    assert [str(flag) for flag in deadline.flags] == ["延长不生效：期限已于2025年10月29日届满，不能再延长"]


def test_a_late_extension_may_be_accepted_and_stays_marked():
    lenient = workdays(20, extension=Term(20, Unit.WORKDAY), late_extension=LateExtension.MARK)
    deadline = run(lenient, CHINA, RECEIVED, extensions=[extension(at(2025, 11, 3, 9, 0))])

    assert deadline.last_day == date(2025, 11, 26)
    assert [str(flag) for flag in deadline.flags] == ["延长作出时期限已经届满（2025年11月3日 09:00）"]


def test_several_extensions_share_one_limit():
    twice = workdays(20, extension=Term(20, Unit.WORKDAY), extension_times=2)
    given = [extension(at(2025, 10, 9), 15), extension(at(2025, 10, 10), 5)]
    too_much = [extension(at(2025, 10, 9), 15), extension(at(2025, 10, 10), 6)]

    assert run(twice, CHINA, RECEIVED, extensions=given).last_day == date(2025, 11, 26)
    assert run(twice, CHINA, RECEIVED, extensions=too_much).last_day == date(2025, 11, 19)


def test_a_stopped_clock_keeps_its_deadline_and_warns_no_more():
    stopped = run(
        ANSWER,
        CHINA,
        RECEIVED,
        extensions=[extension(at(2025, 10, 20, 9, 0))],
        stopped_at=at(2025, 10, 15, 9, 0),
    )

    assert (stopped.last_day, stopped.amber_at) == (date(2025, 10, 29), None)


def test_rules_that_cannot_be_run_are_refused():
    with pytest.raises(ValueError, match="cannot start as next_day"):
        Rule("x", "1", Term(2, Unit.HOUR), LAW)
    with pytest.raises(ValueError, match="cannot start as instant"):
        Rule("x", "1", Term(2, Unit.WORKDAY), LAW, start=Start.INSTANT)
    with pytest.raises(ValueError, match="extended in month, counted in workday"):
        workdays(20, extension=Term(1, Unit.MONTH))
    with pytest.raises(ValueError, match="at least one workday"):
        Term(0, Unit.WORKDAY)
    with pytest.raises(ValueError, match="needs the office's hours"):
        run(rule(2, Unit.OFFICE_HOUR), CHINA, RECEIVED)
    with pytest.raises(ValueError, match="has no time zone"):
        run(ANSWER, CHINA, datetime(2025, 9, 25))  # noqa: DTZ001 - the error under test


@pytest.mark.parametrize(
    ("on", "n", "reached"),
    [
        (date(2025, 1, 31), 1, date(2025, 2, 28)),
        (date(2025, 12, 31), 2, date(2026, 2, 28)),
        (date(2025, 3, 31), -1, date(2025, 2, 28)),
        (date(2025, 1, 15), -1, date(2024, 12, 15)),
        (date(2025, 1, 15), 12, date(2026, 1, 15)),
    ],
)
def test_months_keep_the_day_or_end_with_the_month(on, n, reached):
    assert add_months(on, n) == reached


@pytest.mark.parametrize(
    ("until", "printed"),
    [
        (at(2025, 10, 30), date(2025, 10, 29)),
        (at(2025, 10, 30, 0, 1), date(2025, 10, 30)),
        (None, None),
    ],
)
def test_the_last_day_of_an_exclusive_instant(until, printed):
    assert Deadline(until).last_day == printed


@pytest.mark.parametrize(
    ("unit", "words"),
    [
        (Unit.MINUTE, "2 分钟"),
        (Unit.HOUR, "2 小时"),
        (Unit.OFFICE_HOUR, "2 个工作小时"),
        (Unit.CALENDAR_DAY, "2 日"),
        (Unit.WORKDAY, "2 个工作日"),
        (Unit.MONTH, "2 个月"),
    ],
)
def test_a_term_is_written_as_the_office_says_it(unit, words):
    assert str(Term(2, unit).words) == words


def test_a_kept_limit_is_what_the_clock_says_and_moves_with_calendar_and_rule() -> None:
    short, long = workdays(5), workdays(10)

    for _again in range(2):
        assert limit(short, CHINA, RECEIVED) == run(short, CHINA, RECEIVED).until
        assert limit(long, CHINA, RECEIVED) == run(long, CHINA, RECEIVED).until
    assert limit(short, CHINA, RECEIVED) < limit(long, CHINA, RECEIVED)
    with pytest.raises(ValueError, match="time zone"):
        limit(short, CHINA, RECEIVED.replace(tzinfo=None))
