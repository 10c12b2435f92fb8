"""Calendar and clock, as ratios against the holidays package in the same run.

Run: .venv/bin/python benchmarks/bench_calendar.py [--json]
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from time import process_time

import holidays

from qianshao.kernel.calendar import Calendar, shipped_years
from qianshao.kernel.clock import Citation, Pause, Rule, Start, Term, Unit, run
from qianshao.kernel.hours import SHANGHAI, OfficeHours, Span
from qianshao.kernel.words import say

STARTS = [date(2018, 1, 1) + timedelta(days=7 * week) for week in range(300)]
INSTANTS = [datetime(on.year, on.month, on.day, 10, tzinfo=SHANGHAI) for on in STARTS]
LAW = Citation("政府信息公开条例", "第三十三条", "2019", "text")
ANSWER = Rule("answer", "2019", Term(20, Unit.WORKDAY), LAW, amber=Term(5, Unit.WORKDAY))
OFFICE = Rule("office", "2019", Term(40, Unit.OFFICE_HOUR), LAW, start=Start.INSTANT)
HOURS = OfficeHours((Span(time(8), time(12)), Span(time(14, 30), time(17, 30))))


def rate(work: Callable[[], int], at_least: float = 0.5) -> float:
    """Units of work per CPU second: the best of three runs of ``at_least`` seconds each."""
    work()
    best = 0.0
    for _ in range(3):
        done, began = 0, process_time()
        while (spent := process_time() - began) < at_least:
            done += work()
        best = max(best, done / spent)
    return best


def ours_add(calendar: Calendar) -> int:
    add = calendar.add_workdays
    for on in STARTS:
        add(on, 20)
    return len(STARTS)


def theirs_add(other: holidays.HolidayBase) -> int:
    add = other.get_nth_working_day
    for on in STARTS:
        add(on, 20)
    return len(STARTS)


def ours_ask(calendar: Calendar) -> int:
    ask = calendar.is_workday
    for on in STARTS:
        ask(on)
    return len(STARTS)


def theirs_ask(other: holidays.HolidayBase) -> int:
    ask = other.is_working_day
    for on in STARTS:
        ask(on)
    return len(STARTS)


def deadlines(calendar: Calendar, rule: Rule = ANSWER, paused: bool = False, told: bool = False) -> int:
    for start in INSTANTS:
        pause = Pause(start + timedelta(days=3), start + timedelta(days=9), say("征求意见"))
        deadline = run(rule, calendar, start, pauses=(pause,) if paused else (), hours=HOURS)
        if told and not deadline.segments:
            raise AssertionError("a deadline tells its story")
    return len(INSTANTS)


def measure() -> dict[str, float]:
    calendar, other = Calendar.china(), holidays.country_holidays("CN", years=range(2017, 2026))
    agree = sum(calendar.add_workdays(on, 20) == other.get_nth_working_day(on, 20) for on in STARTS)
    began = process_time()
    Calendar.from_years(shipped_years())
    built = process_time() - began
    ours, theirs = rate(lambda: ours_add(calendar)), rate(lambda: theirs_add(other))
    ours_is, theirs_is = rate(lambda: ours_ask(calendar)), rate(lambda: theirs_ask(other))
    return {
        "add_20_agree_of_300": agree,
        "add_20_per_s": round(ours),
        "add_20_holidays_per_s": round(theirs),
        "add_20_ratio": round(ours / theirs, 1),
        "is_workday_per_s": round(ours_is),
        "is_workday_ratio": round(ours_is / theirs_is, 1),
        "deadlines_per_s": round(rate(lambda: deadlines(calendar))),
        "deadlines_paused_per_s": round(rate(lambda: deadlines(calendar, paused=True))),
        "deadlines_told_per_s": round(rate(lambda: deadlines(calendar, told=True))),
        "deadlines_office_hours_per_s": round(rate(lambda: deadlines(calendar, OFFICE))),
        "calendar_built_ms": round(built * 1000, 1),
    }


if __name__ == "__main__":
    results = measure()
    if "--json" in sys.argv:
        print(json.dumps(results))
    else:
        for name, value in results.items():
            print(f"{name:32} {value:>14,}")
