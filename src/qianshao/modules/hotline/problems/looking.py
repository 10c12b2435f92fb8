"""Look after mended problems: compare when the watch is over, reopen what comes back.

Before is the time the evidence was counted in, so that both counts are made alike. A problem is chosen because it was
bad just then, so some fall would come by itself (regression to the mean): a longer time of evidence tells more.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from math import isfinite

from qianshao.core.accounts.actor import machine
from qianshao.core.duties import calendars, registry, rulebook
from qianshao.core.duties.door import Refused, perform
from qianshao.core.duties.models import Duty
from qianshao.core.duties.standing import counted as standing
from qianshao.core.duties.stream import load
from qianshao.kernel.calendar import Calendar
from qianshao.kernel.clock import last_day, run
from qianshao.kernel.declare import Rules
from qianshao.kernel.hours import SHANGHAI

from ..matters.recurrence import compare
from . import facts as f
from . import rules as r
from .counting import counted
from .state import Problem

KEY = "hotline.problem"
_ACTOR = machine("hotline")
_WATCHED = ("watching", "judging", "solved")
_DAY = timedelta(days=1)


def look_after(now: datetime) -> int:
    """Reopen mended problems that came back, and compare those whose watch is over; how many facts that made."""
    kind, calendar, book = registry.kind(KEY), calendars.current(), rulebook.book()
    duties = {duty.stream: duty for duty in Duty.objects.filter(kind=KEY, phase__in=_WATCHED)}
    made = 0
    for stream in load(list(duties), lock=False):
        problem: Problem = kind.fold(standing(stream.facts))
        ruled = book.pinned(stream.rule, kind.rules)
        fact = back(problem, calendar, ruled, now) or over(problem, calendar, ruled, now)
        if fact is None:
            continue
        source = f"{type(fact).__name__}/{problem.mended.at.isoformat() if problem.mended else ''}"
        try:
            perform(
                kind=kind, duty=duties[stream.key], fact=fact, actor=_ACTOR, now=now, src="tick", source=source
            )  # fmt: skip
        except Refused:
            continue  # somebody was faster
        made += 1
    return made


def back(problem: Problem, calendar: Calendar, rules: Rules, now: datetime) -> f.Reopened | None:
    """The reopening of what came back by the city's rule (``hotline.problem-return``); None when it has not.

    A whole stretch of days after the mending is needed. Once solved it is guarded for so long (``hotline.problem-guard``).
    """
    if problem.mended is None:
        return None
    solved = problem.solved_at
    if solved is not None:
        guarded = run(rules[r.GUARD], calendar, solved).until
        if guarded is not None and guarded <= now:
            return None
    days = rules[r.RETURN].term.n
    last = now.astimezone(SHANGHAI).date() - _DAY
    first = last - (days - 1) * _DAY
    if first <= problem.mended.on:
        return None
    n = counted(problem, first, last)
    if n < rules[r.RETURN].extension_times:
        return None
    before, days_before = _before(problem)
    if compare(before, days_before, n, days).reading == "fell":
        return None
    reason = f"最近{days}日同类诉求{n}件，与整改前{days_before}日{before}件相比不能认定下降"
    return f.Reopened(at=now, count=n, days=days, reason=reason)


def over(problem: Problem, calendar: Calendar, rules: Rules, now: datetime) -> f.Compared | None:
    """The comparison, when the watch is over; None before, or when it was made."""
    if problem.phase != "watching" or problem.mended is None:
        return None
    until = r.watched_until(problem, calendar, rules)
    if until is None or now < until:
        return None
    first, last = problem.mended.on + _DAY, last_day(until.astimezone(SHANGHAI))
    return comparison(problem, first, last, now)


def comparison(problem: Problem, first: date, last: date, now: datetime) -> f.Compared:
    """Before and after as a fact."""
    before, days_before = _before(problem)
    after, days_after = counted(problem, first, last), (last - first).days + 1
    found = compare(before, days_before, after, days_after)
    return f.Compared(
        at=now,
        since=first,
        until=last,
        before=before,
        days_before=days_before,
        after=after,
        days_after=days_after,
        ratio=_thousandths(found.ratio),
        low=_thousandths(found.low),
        high=_thousandths(found.high),
        unbounded=not isfinite(found.high),
        reading=found.reading,
    )


def _thousandths(value: float) -> int:
    return round(value * 1000) if isfinite(value) else 0


def _before(problem: Problem) -> tuple[int, int]:
    told = problem.opened
    assert told.since is not None and told.until is not None  # nothing is handed over without them
    return counted(problem, told.since, told.until), (told.until - told.since).days + 1
