"""Why this date: the clock's own story, day by day, with rule, article, edition and notice."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import groupby

from django.utils.translation import gettext as _

from qianshao.core.duties import calendars, rulebook
from qianshao.core.duties.standing import counted, standings
from qianshao.core.duties.stream import Stream
from qianshao.kernel.calendar import Calendar, CalendarMissing, Day
from qianshao.kernel.clock import Deadline, SecondClock, Segment, Unit, last_day
from qianshao.kernel.hours import SHANGHAI
from qianshao.kernel.rulebook import STATUSES, RuleText
from qianshao.kernel.words import say
from qianshao.kit import telling

_LONGEST = 400  # days drawn as a calendar; a longer story has its table


@dataclass(frozen=True, slots=True)
class Stretch:
    """One row of the story."""

    since: str
    until: str
    counted: bool
    amount: str
    why: str
    article: str
    provisional: bool


@dataclass(frozen=True, slots=True)
class Square:
    """One day of the small calendar; ``state`` is counted, off, paused, start, due or outside."""

    on: date
    state: str
    mark: str
    why: str
    provisional: bool


@dataclass(frozen=True, slots=True)
class Month:
    """One month of squares in weeks that begin on Monday; None where no day is."""

    title: str
    weeks: list[list[Square | None]]


@dataclass(slots=True)
class Why:
    """The whole answer."""

    deadline: Deadline
    stretches: list[Stretch] = field(default_factory=list)
    months: list[Month] = field(default_factory=list)
    rule: RuleText | None = None
    term: str = ""
    status: str = ""
    notices: list[str] = field(default_factory=list)
    total: str = ""
    beside: tuple[SecondClock, ...] = ()


def why(stream: Stream) -> Why:
    """Explain a duty's deadline as it stands, from its facts and the rules it was born under."""
    calendar, book = calendars.current(), rulebook.book()
    rules = book.pinned(stream.rule, stream.kind.rules)
    standing = standings(stream.kind, counted(stream.facts), calendar, rules)[-1]
    deadline = standing.deadline
    told = Why(deadline)
    if stream.kind.beside is not None:
        told.beside = stream.kind.beside(standing.state, calendar, rules)
    if deadline.rule is not None:
        told.rule = book.text(f"{deadline.rule.key}@{deadline.rule.edition}")
        told.term = telling.sentence(deadline.rule.term.words)
        told.status = telling.sentence(STATUSES.get(deadline.rule.citation.status, ""))
    said = str(deadline.rule.citation) if deadline.rule else ""
    told.stretches = [_stretch(segment, said) for segment in deadline.segments]
    told.total = _total(deadline.segments)
    told.months = list(_months(deadline, calendar))
    told.notices = _notices(deadline, calendar)
    return told


def _stretch(segment: Segment, said: str) -> Stretch:
    """A row; the rule's own article stands above the table and is not repeated in it."""
    exact = segment.unit is Unit.MINUTE
    return Stretch(
        since=telling.moment(segment.since) if exact else telling.day(segment.since, weekday=True),
        until=telling.moment(segment.until) if exact else telling.day(last_day(segment.until), weekday=True),
        counted=segment.counted,
        amount=_amount(segment.amount, segment.unit) if segment.amount else "",
        why=telling.sentence(segment.why),
        article="" if segment.article == said else segment.article,
        provisional=segment.provisional,
    )


def _amount(amount: int, unit: Unit) -> str:
    if unit is Unit.WORKDAY:
        return telling.sentence(say("{n} 个工作日", n=amount))
    if unit is Unit.MINUTE:
        hours, minutes = divmod(amount, 60)
        parts = [telling.sentence(say("{n} 小时", n=hours))] if hours else []
        if minutes or not hours:
            parts.append(telling.sentence(say("{n} 分钟", n=minutes)))
        return " ".join(parts)
    return telling.sentence(say("{n} 日", n=amount))


def _total(segments: tuple[Segment, ...]) -> str:
    """What was counted in all, unit by unit."""
    counted_ones = sorted((s for s in segments if s.counted), key=lambda s: s.unit)
    return _("、").join(
        _amount(sum(s.amount for s in group), unit)
        for unit, group in groupby(counted_ones, key=lambda s: s.unit)
    )


def _span(deadline: Deadline) -> tuple[date, date] | None:
    if not deadline.segments:
        return None
    first = deadline.segments[0].since.astimezone(SHANGHAI).date()
    last = last_day(deadline.segments[-1].until.astimezone(SHANGHAI))
    return (first, last) if (last - first).days <= _LONGEST else None


def _months(deadline: Deadline, calendar: Calendar) -> Iterator[Month]:
    span = _span(deadline)
    if span is None:
        return
    try:
        days = calendar.days(*span)
    except CalendarMissing:
        return
    squares = [_square(day, deadline, span) for day in days]
    for (year, month), group in groupby(squares, key=lambda square: (square.on.year, square.on.month)):
        row: list[Square | None] = list(group)
        assert row[0] is not None
        cells = [None] * row[0].on.weekday() + row
        cells += [None] * (-len(cells) % 7)
        yield Month(
            telling.month(year, month), [cells[start : start + 7] for start in range(0, len(cells), 7)]
        )


def _square(day: Day, deadline: Deadline, span: tuple[date, date]) -> Square:
    segment = _segment_of(day.on, deadline.segments)
    state = "counted" if segment.counted else "off" if not day.workday else "paused"
    if day.on == span[0] and not segment.counted:
        state = "start"
    if deadline.until is not None and day.on == deadline.last_day:
        state = "due"
    mark = (
        _("班") if day.kind == "makeup" else telling.together(day.name)[:1] if day.kind == "holiday" else ""
    )
    return Square(day.on, state, mark, _reason(day, segment), day.provisional)


def _reason(day: Day, segment: Segment) -> str:
    about = telling.day(day.on, weekday=True)
    kinds = {"weekend": _("周末"), "makeup": _("调休上班"), "weekday": _("工作日")}
    named = (
        _("{name}放假").format(name=telling.together(day.name)) if day.kind == "holiday" else kinds[day.kind]
    )
    counting = _("计入") if segment.counted else _("不计入")
    parts = [about, named, counting]
    if not segment.counted and day.workday:
        parts.append(telling.sentence(segment.why))
    return _("，").join(parts)


def _segment_of(on: date, segments: tuple[Segment, ...]) -> Segment:
    """The segment a day belongs to: a counted one when any of its hours count, else the last to touch it."""
    begins = datetime(on.year, on.month, on.day, tzinfo=SHANGHAI)
    ends = begins + timedelta(days=1)
    touching = [segment for segment in segments if segment.since < ends and segment.until > begins]
    return next((segment for segment in touching if segment.counted), touching[-1])


def _notices(deadline: Deadline, calendar: Calendar) -> list[str]:
    span = _span(deadline)
    if span is None:
        return []
    try:
        days = calendar.days(*span)
    except CalendarMissing:
        return []
    found = [
        day.notice.title + (_("（") + day.notice.number + _("）") if day.notice.number else "")
        for day in days
        if day.notice is not None and day.kind in ("holiday", "makeup")
    ]
    return list(dict.fromkeys(found))
