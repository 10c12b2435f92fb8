"""Why this date: every stretch of a clock is told, named and cited, and the sum is the term."""

import pickle
from datetime import date, datetime, time, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from qianshao.kernel.calendar import Calendar
from qianshao.kernel.clock import Citation, Extension, Pause, Rule, Start, Term, Unit, add_months, run
from qianshao.kernel.hours import SHANGHAI, OfficeHours, Season, Span
from qianshao.kernel.words import say

CHINA = Calendar.china()
LAW = Citation("政府信息公开条例", "第三十三条", "2019", "text")
NOTICE_2025 = "国务院办公厅关于2025年部分节假日安排的通知（国办发明电〔2024〕12号）"
CONSULTING = say("征求第三方意见")
ANSWER = Rule("answer", "2019", Term(20, Unit.WORKDAY), LAW)
HOURS = OfficeHours(
    (Span(time(8), time(12)), Span(time(14, 30), time(17, 30))),
    Season((6, 1), (9, 30), (Span(time(8), time(12)), Span(time(15), time(18)))),
)


def at(*numbers):
    return datetime(*numbers, tzinfo=SHANGHAI)


def told(deadline):
    return [
        (f"{s.since:%m-%d %H:%M}", "+" if s.counted else "-", s.amount, str(s.why), s.article)
        for s in deadline.segments
    ]


def test_the_story_names_each_holiday_and_each_make_up_day():
    assert told(run(ANSWER, CHINA, at(2025, 9, 25, 10, 0))) == [
        ("09-25 10:00", "-", 0, "开始的当日不计入", "民法典 第二百零一条第一款"),
        ("09-26 00:00", "+", 1, "工作日 1 天", "政府信息公开条例 第三十三条"),
        ("09-27 00:00", "-", 1, "周末 1 天", ""),
        ("09-28 00:00", "+", 1, "9月28日（星期日）调休上班，计入", NOTICE_2025),
        ("09-29 00:00", "+", 2, "工作日 2 天", "政府信息公开条例 第三十三条"),
        ("10-01 00:00", "-", 8, "国庆节、中秋节放假 8 天", NOTICE_2025),
        ("10-09 00:00", "+", 2, "工作日 2 天", "政府信息公开条例 第三十三条"),
        ("10-11 00:00", "+", 1, "10月11日（星期六）调休上班，计入", NOTICE_2025),
        ("10-12 00:00", "-", 1, "周末 1 天", ""),
        ("10-13 00:00", "+", 5, "工作日 5 天", "政府信息公开条例 第三十三条"),
        ("10-18 00:00", "-", 2, "周末 2 天", ""),
        ("10-20 00:00", "+", 5, "工作日 5 天", "政府信息公开条例 第三十三条"),
        ("10-25 00:00", "-", 2, "周末 2 天", ""),
        ("10-27 00:00", "+", 3, "工作日 3 天", "政府信息公开条例 第三十三条"),
    ]


def test_a_pause_and_a_fresh_start_are_told():
    pauses = [
        Pause.between(date(2025, 9, 26), date(2025, 9, 29), CONSULTING, "第三十二条"),
        Pause.between(date(2025, 9, 30), date(2025, 10, 9), say("等待补正"), "第三十条", restarts=True),
    ]

    assert told(run(ANSWER, CHINA, at(2025, 9, 25, 10, 0), pauses=pauses))[:3] == [
        ("09-25 10:00", "-", 4, "重新计算前经过的时间，不计入", ""),
        ("10-01 00:00", "-", 1, "等待补正", "第三十条"),
        ("10-10 00:00", "+", 1, "工作日 1 天", "政府信息公开条例 第三十三条"),
    ]


def test_the_extended_holiday_of_2020_is_told_with_both_notices():
    story = told(run(ANSWER, CHINA, at(2020, 1, 20, 9, 0)))

    assert [line[1:] for line in story[2:4]] == [
        ("-", 7, "春节放假 7 天", "国务院办公厅关于2020年部分节假日安排的通知（国办发明电〔2019〕16号）"),
        ("-", 3, "春节放假 3 天", "国务院办公厅关于延长2020年春节假期的通知（国办发明电〔2020〕1号）"),
    ]


def test_a_roll_over_says_what_the_last_day_met():
    rule = Rule("x", "1", Term(15, Unit.CALENDAR_DAY), LAW)

    assert told(run(rule, CHINA, at(2025, 9, 18, 9, 0)))[1:] == [
        ("09-19 00:00", "+", 15, "连续计算 15 天，休息日计入", "政府信息公开条例 第三十三条"),
        (
            "10-04 00:00",
            "-",
            6,
            "最后一日2025年10月3日逢国庆节、中秋节放假，顺延至2025年10月9日",
            "民法典 第二百零三条第一款",
        ),
    ]


def test_what_arrives_on_a_day_off_is_told_as_received_on_the_next_working_day():
    rule = Rule("x", "1", Term(1, Unit.WORKDAY), LAW, start=Start.NEXT_WORKDAY)

    assert told(run(rule, CHINA, at(2025, 9, 20, 9, 0)))[0][3] == (
        "休息日收到，视为2025年9月22日收到，当日不计入"
    )


def test_office_hours_are_told_in_minutes():
    rule = Rule("x", "1", Term(8, Unit.OFFICE_HOUR), LAW, start=Start.INSTANT)

    assert told(run(rule, CHINA, at(2025, 9, 26, 16, 0), hours=HOURS)) == [
        ("09-26 16:00", "+", 120, "办公时间", "政府信息公开条例 第三十三条"),
        ("09-26 18:00", "-", 0, "周末，不办公", ""),
        ("09-28 08:00", "+", 240, "9月28日（星期日）调休上班，计入", NOTICE_2025),
        ("09-28 12:00", "-", 0, "非办公时间", ""),
        ("09-28 15:00", "+", 120, "9月28日（星期日）调休上班，计入", NOTICE_2025),
    ]


def test_hours_over_a_holiday_say_that_rest_counts():
    rule = Rule("x", "1", Term(24, Unit.HOUR), LAW, start=Start.INSTANT)

    assert told(run(rule, CHINA, at(2025, 9, 30, 16, 0))) == [
        ("09-30 16:00", "+", 24 * 60, "连续计算，休息日计入", "政府信息公开条例 第三十三条"),
    ]


def test_days_of_an_unannounced_year_are_told_as_provisional():
    story = run(ANSWER, CHINA, at(2026, 12, 20, 9, 0)).segments
    new_year = next(segment for segment in story if str(segment.why) == "元旦放假 1 天")

    assert new_year.provisional
    assert new_year.article == "全国年节及纪念日放假办法（该年放假通知尚未公布）"
    assert not story[0].provisional


def test_a_deadline_survives_pickling():
    deadline = run(ANSWER, CHINA, at(2025, 9, 25, 10, 0))
    copy = pickle.loads(pickle.dumps(deadline))

    assert copy == deadline
    assert copy.segments == deadline.segments


STARTS = st.integers(0, 8 * 365 * 24 * 60 * 60).map(
    lambda seconds: at(2018, 1, 1) + timedelta(seconds=seconds)
)
LENGTHS = st.timedeltas(timedelta(0), timedelta(days=30))
PAUSES = st.lists(
    st.tuples(st.timedeltas(timedelta(days=-3), timedelta(days=60)), LENGTHS, st.booleans()), max_size=4
)
CONVENTIONS = {
    True: st.just(Start.INSTANT),
    False: st.sampled_from([Start.NEXT_DAY, Start.SAME_DAY, Start.NEXT_WORKDAY]),
}


@st.composite
def clocks(draw):
    unit = draw(st.sampled_from([unit for unit in Unit if unit.timed]))
    start = draw(CONVENTIONS[unit.exact])
    n = draw(st.integers(1, 3 if unit is Unit.MONTH else 40))
    rule = Rule("x", "1", Term(n, unit), LAW, start=start, roll=draw(st.booleans()), extension=Term(10, unit))
    began = draw(STARTS)
    pauses = [
        Pause(began + after, began + after + length, CONSULTING, restarts=afresh)
        for after, length, afresh in draw(PAUSES)
    ]
    extensions = [
        Extension(began + timedelta(days=1), Term(days, unit))
        for days in draw(st.lists(st.integers(1, 10), max_size=1))
    ]
    return rule, began, pauses, extensions


@given(clocks())
def test_segments_are_always_contiguous_from_start_to_end(clock):
    rule, began, pauses, extensions = clock
    deadline = run(rule, CHINA, began, pauses=pauses, extensions=extensions, hours=HOURS)
    segments = deadline.segments

    assert segments[0].since == began
    assert segments[-1].until == deadline.until
    assert all(a.until == b.since for a, b in pairwise(segments))
    assert all(segment.since < segment.until for segment in segments)


@given(clocks())
def test_what_was_counted_is_always_the_term(clock):
    rule, began, pauses, extensions = clock
    deadline = run(rule, CHINA, began, pauses=pauses, extensions=extensions, hours=HOURS)
    counted = sum(segment.amount for segment in deadline.segments if segment.counted)
    refused = any(str(flag).startswith("延长不生效") for flag in deadline.flags)
    n = rule.term.n + (0 if refused else sum(extension.term.n for extension in extensions))

    match rule.term.unit:
        case Unit.WORKDAY | Unit.CALENDAR_DAY | Unit.MINUTE:
            assert counted == n
        case Unit.HOUR | Unit.OFFICE_HOUR:
            assert counted == n * 60
        case Unit.MONTH:
            assert 28 * n <= counted <= 31 * n


@given(clocks())
def test_the_end_never_comes_before_a_pause_is_over(clock):
    rule, began, pauses, _ = clock
    deadline = run(rule, CHINA, began, pauses=pauses, hours=HOURS)

    assert deadline.until is not None
    for pause in pauses:
        if pause.since < run(rule, CHINA, began, hours=HOURS).until:
            assert deadline.until >= pause.until


@given(clocks())
def test_a_pause_never_shortens_a_clock(clock):
    rule, began, pauses, _ = clock

    without = run(rule, CHINA, began, hours=HOURS).until
    for pause in pauses:
        assert run(rule, CHINA, began, pauses=[pause], hours=HOURS).until >= without


@given(STARTS, st.integers(1, 24))
def test_a_term_of_months_always_ends_on_the_corresponding_day_or_the_months_end(began, n):
    rule = Rule("x", "1", Term(n, Unit.MONTH), LAW, roll=False)
    if add_months(began.date(), n).year > CHINA.last_day.year:
        return
    last = run(rule, CHINA, began).last_day

    assert last.day == began.day or (last + timedelta(days=1)).day == 1
    assert (last.year * 12 + last.month) - (began.year * 12 + began.month) == n
