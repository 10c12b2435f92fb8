"""Running a clock: from a start and what happened since, to a deadline."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial
from typing import Generic

from ..calendar import Calendar
from ..hours import OfficeHours, in_shanghai
from ..words import Words, say
from .scales import DayScale, InstantScale, Place, Scale, earlier, instant_scale, start_for
from .terms import Deadline, Extension, LateExtension, Pause, Rule, Segment, Term, Unit

PROVISIONAL = say("期限跨入尚未公布放假安排的时段，日期为暂定，公布后重新计算")


@dataclass(slots=True)
class Interruption(Generic[Place]):
    """A pause that took effect, clipped to the clock; ``place`` is where the count had begun."""

    pause: Pause
    since: datetime
    until: datetime | None
    place: Place


@dataclass(slots=True)
class Course(Generic[Place]):
    """A count under way: where it begins, how long it is, what has been taken out of it."""

    scale: Scale[Place]
    start: datetime
    place: Place
    n: int
    excluded: int = 0
    not_before: datetime | None = None
    standing: Pause | None = None
    interruptions: list[Interruption[Place]] = field(default_factory=list)
    flags: list[Words] = field(default_factory=list)

    def until(self) -> datetime:
        """When the count is over, as things stand."""
        return self.scale.until(self.place, self.n, self.excluded, self.not_before)


def run(
    rule: Rule,
    calendar: Calendar,
    start: datetime,
    *,
    pauses: Sequence[Pause] = (),
    extensions: Sequence[Extension] = (),
    stopped_at: datetime | None = None,
    hours: OfficeHours | None = None,
) -> Deadline:
    """The deadline of ``rule`` for what began at ``start``.

    ``stopped_at`` is when the duty was fulfilled: what came later changes nothing, a pause still
    standing ends there, and there is no amber point any more; the deadline stays what it was.
    An extension the rule does not allow is left out and flagged (``may_extend`` refuses it before).
    Raises ``CalendarMissing`` when the count leaves the calendar, ``ValueError`` for an instant
    without a time zone or office hours nobody has given.
    """
    start = in_shanghai(start)
    happened = _in_order(pauses, extensions, stopped_at) if pauses or extensions else []
    course = _course(rule, rule.term, calendar, start, hours)
    _follow(course, rule, happened, stopped_at)
    promised = None
    if rule.promised and course.standing is None:
        shorter = _course(rule, rule.promised, calendar, start, hours)
        _follow(shorter, rule, [event for event in happened if isinstance(event, Pause)], stopped_at)
        promised = shorter.until()
    story = partial(_story, rule, calendar, course)
    if course.standing:
        return Deadline(
            until=None, rule=rule, flags=tuple(course.flags), waiting=course.standing.second, story=story
        )
    until = course.until()
    provisional = course.scale.provisional(course.place, until)
    amber = None
    if rule.amber and stopped_at is None:
        amber = max(start, earlier(calendar, until, rule.amber, hours))
    return Deadline(
        until=until,
        amber_at=amber,
        provisional=provisional,
        rule=rule,
        promised_until=promised,
        flags=(*course.flags, PROVISIONAL) if provisional else tuple(course.flags),
        story=story,
    )


def may_extend(
    rule: Rule, until: datetime | None, granted: Sequence[Extension], asked: Extension
) -> Words | None:
    """Why ``asked`` cannot be given on top of ``granted``, or nothing; ``until`` is the present limit."""
    if rule.extension is None:
        return say("本期限不能延长")
    if asked.term.unit is not rule.extension.unit:
        return say("延长须以“{unit}”计", unit=str(rule.extension.words))
    if len(granted) >= rule.extension_times:
        return say("最多延长 {n} 次，已经用完", n=rule.extension_times)
    if sum(extension.term.n for extension in (*granted, asked)) > rule.extension.n:
        return say("延长合计最多{limit}", limit=str(rule.extension.words))
    if rule.consent and not asked.by:
        return say("延长须经负责人同意")
    if rule.late_extension is LateExtension.REFUSE and until is not None and asked.at >= until:
        return say("期限已于{on}届满，不能再延长", on=Deadline(until).last_day or until)
    return None


def _in_order(
    pauses: Sequence[Pause], extensions: Sequence[Extension], stopped_at: datetime | None
) -> list[Pause | Extension]:
    """What happened before the stop, by time; at the same instant an extension comes first."""
    dated: list[tuple[datetime, bool, Pause | Extension]] = [(e.at, False, e) for e in extensions]
    dated += [(pause.since, True, pause) for pause in pauses]
    dated.sort(key=lambda one: one[:2])
    return [event for at, _, event in dated if stopped_at is None or at < stopped_at]


def _course(
    rule: Rule, term: Term, calendar: Calendar, start: datetime, hours: OfficeHours | None
) -> Course[date] | Course[datetime]:
    if term.unit.exact:
        return Course(instant_scale(calendar, term.unit, hours), start, start, term.n)
    roll = rule.roll or term.unit is Unit.WORKDAY
    scale = DayScale(calendar, term.unit, start_for(rule, term.unit), roll)
    return Course(scale, start, scale.begin(start), term.n)


def _follow(
    course: Course[Place], rule: Rule, happened: Sequence[Pause | Extension], stopped_at: datetime | None
) -> None:
    """Let the course meet what happened, in order of time."""
    granted: list[Extension] = []
    for event in happened:
        if isinstance(event, Pause):
            _pause(course, event, stopped_at)
            continue
        until = None if course.standing else course.until()
        if refusal := may_extend(rule, until, granted, event):
            course.flags.append(say("延长不生效：{why}", why=str(refusal)))
            continue
        if until is not None and event.at >= until:
            course.flags.append(say("延长作出时期限已经届满（{at}）", at=event.at))
        granted.append(event)
        course.n += event.term.n


def _pause(course: Course[Place], pause: Pause, stopped_at: datetime | None) -> None:
    """Take a pause out of the count, or start afresh after it."""
    if course.standing:
        return
    since = max(in_shanghai(pause.since), course.not_before or course.start)
    ended = stopped_at if pause.until is None else min(pause.until, stopped_at or pause.until)
    until = None if ended is None else in_shanghai(ended)
    if until is not None and until <= since:
        return
    if since >= course.until():
        course.flags.append(say("{since}起的暂停在期限届满之后，不改变期限", since=since))
        return
    course.interruptions.append(Interruption(pause, since, until, course.place))
    if until is None:
        course.standing = pause
        course.flags.append(say("自{since}起暂停计时", since=since))
    elif pause.restarts:
        course.place, course.excluded, course.not_before = course.scale.resume(until), 0, until
    else:
        course.excluded += course.scale.excluded(course.place, since, until)
        course.not_before = until


def _story(rule: Rule, calendar: Calendar, course: Course[date] | Course[datetime]) -> tuple[Segment, ...]:
    from . import telling

    scale = course.scale
    if isinstance(scale, InstantScale):
        return telling.of_instants(rule, calendar, course, scale)
    return telling.of_days(rule, calendar, course, scale)
