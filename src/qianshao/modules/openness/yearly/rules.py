"""The clock of a yearly report: 31 January for a department, 31 March for a government (第四十九条)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import assert_never

from qianshao.kernel.calendar import Calendar
from qianshao.kernel.clock import Deadline, Period, run
from qianshao.kernel.declare import Look, Rules
from qianshao.kernel.hours import midnight
from qianshao.kernel.words import Words, say

from .. import flags
from . import facts as f

DEPARTMENT = "openness.report-department"
GOVERNMENT = "openness.report-government"
_JULY = 7
GOVERNMENTS = ("city", "county")
DEPARTMENTS = ("office", "bureau")


@dataclass(frozen=True)
class Report:
    """A yearly report as its facts leave it."""

    ended: f.YearEnded
    compiled: f.Compiled | None = None
    handed_in: f.HandedIn | None = None
    published: f.Published | None = None

    @property
    def year(self) -> int:
        """The year reported on: the one named, unless the day contradicts it, else the one that ended nearest."""
        on = self.ended.on
        if self.ended.year in (on.year - 1, on.year):
            return self.ended.year
        return on.year if on.month >= _JULY else on.year - 1

    @property
    def closed_at(self) -> datetime | None:
        """When it was out."""
        return self.published.at if self.published else None


def fold(facts: Iterable[f.AnyFact]) -> Report:
    """The report after these facts; the first is always ``YearEnded``."""
    stream = iter(facts)
    first = next(stream)
    assert isinstance(first, f.YearEnded)
    report = Report(first)
    for fact in stream:
        match fact:
            case f.YearEnded():
                report = replace(report, ended=fact)
            case f.Compiled():
                report = replace(report, compiled=fact)
            case f.HandedIn():
                report = replace(report, handed_in=fact)
            case f.Published():
                report = replace(report, published=fact)
            case _:
                assert_never(fact)
    return report


def clock(report: Report, calendar: Calendar, rules: Rules) -> Deadline:
    """One month after the year's last day for a department, three for a government; never rolled over."""
    rule = rules[GOVERNMENT if report.ended.body == "government" else DEPARTMENT]
    deadline = run(rule, calendar, midnight(date(report.year, 12, 31)), stopped_at=report.closed_at)
    remarks: list[Words] = []
    limit = deadline.last_day
    assert limit is not None
    if report.handed_in and report.handed_in.on > limit:
        remarks.append(flags.late_hand_in(limit, report.handed_in.on, str(rule.citation)))
    if report.published and report.published.on > limit:
        remarks.append(flags.late_report(limit, report.published.on, str(rule.citation)))
    return replace(deadline, flags=(*deadline.flags, *remarks))


def look(report: Report) -> Look:
    """What lists show."""
    return Look(
        phase="published" if report.published else "handed_in" if report.handed_in else "owed",
        opened_at=report.ended.at,
        closed_at=report.closed_at,
        title=f"{report.year} 年{f.BODIES.get(report.ended.body, '')}信息公开工作年度报告",
        unit=report.ended.unit,
        topic=f.BODIES.get(report.ended.body, ""),
    )


def may_compile(report: Report, fact: f.Compiled, deadline: Deadline) -> Words | None:
    """Until the report is out."""
    if report.published is None:
        return None
    return say("年度报告已于{on}公布，不能再改", on=report.published.on)


def may_hand_in(report: Report, fact: f.HandedIn, deadline: Deadline) -> Words | None:
    """A department hands in, once."""
    if report.ended.body == "government":
        article = "政府信息公开条例 第四十九条第二款"
        return say("政府的年度报告直接向社会公布，无须提交（{article}）", article=article)
    return say("年度报告已经提交") if report.handed_in else None


def may_publish(report: Report, fact: f.Published, deadline: Deadline) -> Words | None:
    """Once."""
    return say("年度报告已于{on}公布", on=report.published.on) if report.published else None


def opens(unit_code: str, unit_kind: str, period: Period) -> f.YearEnded:
    """The report of the year before, owed from a year's first moment."""
    body = "government" if unit_kind in GOVERNMENTS else "department"
    return f.YearEnded(at=period.start, body=body, unit=unit_code, year=period.start.year - 1)
