"""Telling a clock's story: which days counted, which did not, and by what notice or article."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import groupby

from ..calendar import Day
from ..hours import DAY, MINUTE, NONE, midnight
from ..words import Words, say
from .counts import DayCourse, InstantCourse
from .course import Course, Interruption
from .terms import MONTH_END, ROLL_OVER, START_CITATIONS, Rule, Segment, Start, Unit, last_day

WEEKDAYS = "一二三四五六日"
REGULATIONS = "全国年节及纪念日放假办法（该年放假通知尚未公布）"


def story(rule: Rule, course: Course) -> tuple[Segment, ...]:
    """The segments of a course, without a gap from its start to its end, or to a standing pause."""
    if isinstance(course, DayCourse):
        return tuple(_DayStory(rule, course).tell())
    if isinstance(course, InstantCourse):
        return tuple(_InstantStory(rule, course).tell())
    raise TypeError(f"no story is told of {course!r}")


def _void(told: list[Segment], until: datetime, amount: int, unit: Unit) -> list[Segment]:
    """One segment in place of all that a fresh start has wiped out."""
    if not told or until <= told[0].since:
        return []
    doubtful = any(segment.provisional for segment in told)
    why = say("重新计算前经过的时间，不计入")
    return [Segment(told[0].since, until, False, amount, unit, why, "", doubtful)]


class _DayStory:
    """Whole days, in stretches that begin and end at midnight; only the first begins at the start."""

    def __init__(self, rule: Rule, course: DayCourse) -> None:
        self.rule = rule
        self.course = course
        self.unit = Unit.WORKDAY if course.unit is Unit.WORKDAY else Unit.CALENDAR_DAY
        self.told: list[Segment] = []
        self.at = course.start

    def tell(self) -> list[Segment]:
        course = self.course
        eve = told_to = course.eve_of(course.start.date())
        if course.since is not Start.SAME_DAY:
            self._lead_in(eve)
        for stop in course.interruptions:
            first, last = course.paused(eve, stop.since, stop.until)
            first = max(first, told_to)
            if stop.pause.restarts:
                afresh = course.eve_of(last)
                first = min(first, afresh)
                self._count(told_to, first)
                self._wipe(afresh, course.days(min(eve, first), first))
                eve = last = afresh
            else:
                self._count(told_to, first)
            amount = course.days(min(first, last), last)
            self._add(last, False, amount, stop.pause.why, stop.pause.article)
            told_to = last
        if course.standing:
            self._count(told_to, max(told_to, course.standing.since.date()))
            return self.told
        last = course.last()
        self._count(told_to, last)
        self._roll(last, last_day(course.until()))
        return self.told

    def _wipe(self, last: date, amount: int) -> None:
        """One segment in place of all that was told to ``last``, where the count starts afresh."""
        self.at = max(self.course.start, min(self.at, midnight(last + DAY)))
        self.told = _void(self.told, self.at, amount, self.unit)

    def _lead_in(self, eve: date) -> None:
        if self.course.since is Start.NEXT_WORKDAY and eve != self.course.start.date():
            why = say("休息日收到，视为{on}收到，当日不计入", on=eve)
        else:
            why = say("开始的当日不计入")
        self._add(eve, False, 0, why, START_CITATIONS[self.course.since])

    def _count(self, first: date, last: date) -> None:
        """Tell the days first < d <= last."""
        if last <= first:
            return
        if self.unit is Unit.CALENDAR_DAY:
            n = (last - first).days
            why = say("连续计算 {n} 天，休息日计入", n=n)
            article = MONTH_END if self.course.unit is Unit.MONTH else str(self.rule.citation)
            self._add(last, True, n, why, article)
            return
        for days in _alike(self.course.calendar.days(first + DAY, last)):
            why, article = _why(days, self.rule)
            unit = Unit.WORKDAY if days[0].workday else Unit.CALENDAR_DAY
            self._add(days[-1].on, days[0].workday, len(days), why, article, unit, days[0].provisional)

    def _roll(self, last: date, rolled: date) -> None:
        if rolled == last:
            return
        names = _names(self.course.calendar.days(last, rolled - DAY))
        why = say("最后一日{last}逢{names}，顺延至{rolled}", last=last, names=names, rolled=rolled)
        doubtful = self.course.calendar.is_provisional(last, rolled)
        self._add(rolled, False, (rolled - last).days, why, ROLL_OVER, Unit.CALENDAR_DAY, doubtful)

    def _add(
        self,
        last: date,
        counted: bool,
        amount: int,
        why: Words,
        article: str,
        unit: Unit | None = None,
        provisional: bool = False,
    ) -> None:
        until = midnight(last + DAY)
        if until > self.at:
            unit = unit or self.unit
            self.told.append(Segment(self.at, until, counted, amount, unit, why, article, provisional))
            self.at = until


class _InstantStory:
    """Stretches from moment to moment, told in minutes."""

    def __init__(self, rule: Rule, course: InstantCourse) -> None:
        self.rule = rule
        self.course = course
        self.told: list[Segment] = []
        self.at = course.start
        self.counted = NONE  # since the start, or the latest fresh start

    def tell(self) -> list[Segment]:
        for stop in self.course.interruptions:
            self._count(stop.since)
            if stop.pause.restarts:
                self.told = _void(self.told, self.at, self.counted // MINUTE, Unit.MINUTE)
                self.counted = NONE
            self._pause(stop)
        self._count(self.course.standing.since if self.course.standing else self.course.until())
        return self.told

    def _pause(self, stop: Interruption) -> None:
        amount = self.course.passed(stop.since, stop.until) // MINUTE
        self._add(stop.until, False, amount, stop.pause.why, stop.pause.article)

    def _count(self, until: datetime) -> None:
        if self.course.hours is None:
            why = say("连续计算，休息日计入")
            self._add(until, True, self._grown(until - self.at), why, str(self.rule.citation))
            return
        for opens, closes in list(self.course.hours.open_spans(self.course.calendar, self.at, until)):
            self._closed(opens)
            day = self.course.calendar.day(opens.date())
            why, article = _why([day], self.rule) if day.kind == "makeup" else (say("办公时间"), "")
            amount = self._grown(closes - opens)
            self._add(closes, True, amount, why, article or str(self.rule.citation), day.provisional)
        self._closed(until)

    def _closed(self, until: datetime) -> None:
        if until <= self.at:
            return
        days = self.course.calendar.days(self.at.date(), last_day(until))
        off = [day for day in days if not day.workday]
        why = say("{names}，不办公", names=_names(off)) if off else say("非办公时间")
        articles = list(dict.fromkeys(_article(day) for day in off if day.name))
        self._add(until, False, 0, why, "；".join(articles), any(day.provisional for day in off))

    def _grown(self, by: timedelta) -> int:
        """Whole minutes gained, so that all of them together make up the term exactly."""
        before = self.counted // MINUTE
        self.counted += by
        return self.counted // MINUTE - before

    def _add(
        self,
        until: datetime,
        counted: bool,
        amount: int,
        why: Words,
        article: str,
        provisional: bool = False,
    ) -> None:
        if until > self.at:
            self.told.append(Segment(self.at, until, counted, amount, Unit.MINUTE, why, article, provisional))
            self.at = until


def _alike(days: list[Day]) -> Iterator[list[Day]]:
    """Neighbouring days of one kind together; a make-up day stands alone, since each is named."""

    def likeness(day: Day) -> tuple[object, ...]:
        alone = day.on if day.kind == "makeup" else None
        name = day.name if day.kind == "holiday" else ""
        return day.kind, name, day.notice if name else None, day.provisional, alone

    for _, together in groupby(days, likeness):
        yield list(together)


def _why(days: list[Day], rule: Rule) -> tuple[Words, str]:
    day, n = days[0], len(days)
    match day.kind:
        case "weekday":
            return say("工作日 {n} 天", n=n), str(rule.citation)
        case "weekend":
            return say("周末 {n} 天", n=n), ""
        case "holiday":
            return say("{name}放假 {n} 天", name=day.name, n=n), _article(day)
        case "makeup":
            why = say(
                "{month}月{day}日（星期{weekday}）调休上班，计入",
                month=day.on.month,
                day=day.on.day,
                weekday=WEEKDAYS[day.on.weekday()],
            )
            return why, _article(day)


def _article(day: Day) -> str:
    if day.notice is None:
        return REGULATIONS
    return f"{day.notice.title}（{day.notice.number}）" if day.notice.number else day.notice.title


def _names(days: list[Day]) -> str:
    """What the days off among these are called, once each: 国庆节、中秋节放假 / 周末."""
    off = (day for day in days if not day.workday)
    return "、".join(dict.fromkeys(f"{day.name}放假" if day.name else "周末" for day in off))
