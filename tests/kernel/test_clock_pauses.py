"""Time that does not count: consulting, correcting, standing still."""

from datetime import date, datetime, time

import pytest

from qianshao.kernel.calendar import Calendar
from qianshao.kernel.clock import Citation, Extension, Pause, Rule, SecondClock, Start, Term, Unit, run
from qianshao.kernel.hours import SHANGHAI, OfficeHours, Span
from qianshao.kernel.words import say

CHINA = Calendar.china()
LAW = Citation("政府信息公开条例", "第三十三条", "2019", "text")
CONSULTING = say("征求第三方意见")
CORRECTING = say("等待申请人补正")
ANSWER = Rule("answer", "2019", Term(20, Unit.WORKDAY), LAW, extension=Term(20, Unit.WORKDAY))
HOURS = OfficeHours((Span(time(8), time(12)), Span(time(14), time(18))))


def at(*numbers):
    return datetime(*numbers, tzinfo=SHANGHAI)


RECEIVED = at(2025, 9, 25, 10, 0)


def october(first, last):
    return Pause.between(date(2025, 10, first), date(2025, 10, last), CONSULTING)


def corrected(asked, came):
    return Pause.between(asked, came, CORRECTING, restarts=True)


@pytest.mark.parametrize(
    ("pauses", "last_day"),
    [
        ([october(9, 16)], date(2025, 11, 6)),
        ([october(9, 9)], date(2025, 10, 29)),
        ([october(1, 8)], date(2025, 10, 29)),  # nothing would have counted anyway
        ([october(9, 13), october(15, 16)], date(2025, 11, 4)),
        ([october(9, 14), october(10, 16)], date(2025, 11, 6)),  # overlapping: counted out once
        ([october(10, 13), october(9, 16)], date(2025, 11, 6)),  # in any order
        ([october(9, 13), october(13, 16)], date(2025, 11, 6)),  # one ends, one begins: same day
        ([Pause.between(date(2025, 9, 1), date(2025, 9, 28), CONSULTING)], date(2025, 10, 31)),
        ([Pause.between(date(2025, 9, 1), date(2025, 9, 24), CONSULTING)], date(2025, 10, 29)),
        ([october(28, 30)], date(2025, 10, 31)),
        ([Pause.between(date(2025, 10, 29), date(2025, 11, 5), CONSULTING)], date(2025, 11, 5)),
        # ended on a Saturday: the last day is the Monday after
        ([Pause.between(date(2025, 10, 29), date(2025, 11, 8), CONSULTING)], date(2025, 11, 10)),
    ],
)
def test_time_spent_consulting_is_not_counted(pauses, last_day):
    assert run(ANSWER, CHINA, RECEIVED, pauses=pauses).last_day == last_day


def test_the_hour_of_a_pause_does_not_matter_to_a_clock_of_days():
    by_hour = Pause(at(2025, 10, 9, 17, 0), at(2025, 10, 16, 9, 0), CONSULTING)

    assert run(ANSWER, CHINA, RECEIVED, pauses=[by_hour]).last_day == date(2025, 11, 6)


def test_a_correction_starts_the_count_afresh():
    asked = date(2025, 9, 28)

    standing = run(ANSWER, CHINA, RECEIVED, pauses=[Pause.between(asked, None, CORRECTING, restarts=True)])
    afresh = run(ANSWER, CHINA, RECEIVED, pauses=[corrected(asked, date(2025, 10, 9))])

    assert standing.until is None
    assert afresh.last_day == date(2025, 11, 5)


def test_consulting_before_a_correction_is_forgotten_with_the_rest():
    pauses = [october(9, 16), corrected(date(2025, 10, 20), date(2025, 10, 27))]

    assert run(ANSWER, CHINA, RECEIVED, pauses=pauses).last_day == date(2025, 11, 24)


def test_a_correction_within_a_consultation_starts_afresh_when_both_are_over():
    pauses = [october(9, 16), corrected(date(2025, 10, 10), date(2025, 10, 12))]

    assert run(ANSWER, CHINA, RECEIVED, pauses=pauses).last_day == date(2025, 11, 13)


def test_what_happens_after_the_end_cannot_undo_it():
    late = corrected(date(2025, 10, 30), date(2025, 11, 3))
    deadline = run(ANSWER, CHINA, RECEIVED, pauses=[late])

    assert deadline.last_day == date(2025, 10, 29)
    assert [str(flag) for flag in deadline.flags] == [
        "2025年10月30日 00:00起的暂停在期限届满之后，不改变期限"
    ]


def test_a_standing_clock_names_the_one_that_runs_instead():
    third_party = SecondClock(say("第三方提出意见"), at(2025, 10, 31))
    pause = Pause(at(2025, 10, 9, 9, 0), None, CONSULTING, "第三十二条", second=third_party)
    rule = Rule("x", "1", Term(20, Unit.WORKDAY), LAW, promised=Term(5, Unit.WORKDAY))

    deadline = run(rule, CHINA, RECEIVED, pauses=[pause])

    assert (deadline.until, deadline.amber_at, deadline.promised_until) == (None, None, None)
    assert deadline.waiting == third_party
    assert [str(flag) for flag in deadline.flags] == ["自2025年10月9日 09:00起暂停计时"]
    assert deadline.segments[-1].until == at(2025, 10, 10)


def test_a_pause_still_standing_ends_with_the_clock():
    pause = Pause(at(2025, 10, 9, 9, 0), None, CONSULTING)
    stopped = run(ANSWER, CHINA, RECEIVED, pauses=[pause], stopped_at=at(2025, 10, 16, 9, 0))

    assert (stopped.last_day, stopped.waiting) == (date(2025, 11, 6), None)


def test_a_pause_after_the_stop_changes_nothing():
    stopped = run(ANSWER, CHINA, RECEIVED, pauses=[october(9, 16)], stopped_at=at(2025, 9, 30, 9, 0))

    assert stopped.last_day == date(2025, 10, 29)


def test_an_extension_during_a_pause_is_in_time():
    deadline = run(
        ANSWER,
        CHINA,
        RECEIVED,
        pauses=[Pause.between(date(2025, 10, 29), date(2025, 11, 14), CONSULTING)],
        extensions=[Extension(at(2025, 11, 10, 9, 0), Term(5, Unit.WORKDAY))],
    )

    assert (deadline.last_day, deadline.flags) == (date(2025, 11, 21), ())


@pytest.mark.parametrize(
    ("term", "pause", "until"),
    [
        (
            Term(60, Unit.CALENDAR_DAY),
            Pause.between(date(2025, 10, 9), date(2025, 10, 19), CONSULTING),
            at(2025, 12, 5),
        ),
        (
            Term(2, Unit.MONTH),
            Pause.between(date(2025, 10, 9), date(2025, 10, 19), CONSULTING),
            at(2025, 12, 6),
        ),
        # begun while the last day rolls over the holiday
        (
            Term(10, Unit.CALENDAR_DAY),
            Pause.between(date(2025, 10, 7), date(2025, 10, 14), CONSULTING),
            at(2025, 10, 15),
        ),
        (
            Term(24, Unit.HOUR),
            Pause(at(2025, 9, 25, 12, 0), at(2025, 9, 25, 12, 30), CONSULTING),
            at(2025, 9, 26, 10, 30),
        ),
        (
            Term(6, Unit.OFFICE_HOUR),
            Pause(at(2025, 9, 25, 11, 0), at(2025, 9, 25, 15, 0), CONSULTING),
            at(2025, 9, 26, 10, 0),
        ),
    ],
)
def test_every_unit_can_be_paused(term, pause, until):
    start = Start.INSTANT if term.unit.exact else Start.NEXT_DAY
    rule = Rule("x", "1", term, LAW, start=start)

    assert run(rule, CHINA, RECEIVED, pauses=[pause], hours=HOURS).until == until


def test_an_hour_clock_starts_afresh_at_the_moment_of_the_correction():
    rule = Rule("x", "1", Term(24, Unit.HOUR), LAW, start=Start.INSTANT)
    pause = Pause(at(2025, 9, 25, 12, 0), at(2025, 9, 26, 9, 15), CORRECTING, restarts=True)

    assert run(rule, CHINA, RECEIVED, pauses=[pause]).until == at(2025, 9, 27, 9, 15)


def test_the_promise_is_paused_with_the_law():
    rule = Rule("x", "1", Term(20, Unit.WORKDAY), LAW, promised=Term(10, Unit.WORKDAY))

    # 26, 28, 29, 30 September and 9 October are 5; the 10th to 16th are out; 17, 20-23 make 10
    assert run(rule, CHINA, RECEIVED, pauses=[october(9, 16)]).promised_until == at(2025, 10, 24)
