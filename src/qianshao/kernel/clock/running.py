"""Running a clock: from a start and what happened since, to a deadline."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache, partial

from ..calendar import Calendar
from ..hours import OfficeHours, in_shanghai
from ..words import Words, named, say
from . import telling
from .counts import course_of, earlier
from .course import in_order
from .terms import Deadline, Extension, Pause, Rule, Segment, Unit

PROVISIONAL = named("provisional", say("期限跨入尚未公布放假安排的时段，日期为暂定，公布后重新计算"))


def set_limit(since: datetime, until: datetime, why: Words, law: str, rule: Rule | None = None) -> Deadline:
    """The deadline of what people gave a limit themselves: one stretch of calendar days up to ``until``, exclusive.

    What began after its limit has a stretch of no days.
    """
    since = min(since, until)
    only = Segment(since, until, True, (until.date() - since.date()).days, Unit.CALENDAR_DAY, why, law, False)
    return Deadline(until, rule=rule, story=lambda: (only,))


@lru_cache(maxsize=10_000)
def limit(rule: Rule, calendar: Calendar, start: datetime) -> datetime:
    """When a clock of ``rule`` is over that began at ``start`` and that nothing touches: ``run`` told no more.

    Kept, because every later moment of a duty asks again for the limits of the steps before it.
    """
    until = run(rule, calendar, start).until
    assert until is not None  # only a pause still standing leaves a clock without an end
    return until


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
    happened = in_order(pauses, extensions, stopped_at) if pauses or extensions else []
    course = course_of(rule, rule.term, calendar, start, hours)
    course.follow(rule, happened, stopped_at)
    story = partial(telling.story, rule, course)
    if course.standing:
        waiting = course.standing.pause.second
        return Deadline(None, rule=rule, flags=tuple(course.flags), waiting=waiting, story=story)
    promised = None
    if rule.promised:
        shorter = course_of(rule, rule.promised, calendar, start, hours)
        shorter.follow(rule, [event for event in happened if isinstance(event, Pause)], stopped_at)
        promised = shorter.until()
    until = course.until()
    provisional = course.provisional(until)
    amber = None
    if rule.amber and stopped_at is None:
        amber = max(start, earlier(calendar, until, rule.amber, hours))
    return Deadline(
        until,
        amber,
        provisional,
        rule,
        promised,
        (*course.flags, PROVISIONAL) if provisional else tuple(course.flags),
        story=story,
    )
