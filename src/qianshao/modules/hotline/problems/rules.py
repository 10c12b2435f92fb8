"""The clocks of a problem: review, mending, the watch over the calls afterwards, and the conclusion."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from qianshao.kernel.calendar import Calendar
from qianshao.kernel.clock import Deadline, SecondClock, earlier, run, set_limit
from qianshao.kernel.declare import Look, Rules
from qianshao.kernel.hours import DAY, midnight
from qianshao.kernel.words import say

from .state import Problem, fold

REVIEW = "hotline.problem-review"
MEND = "hotline.problem-mend"
WATCH = "hotline.problem-watch"
CONCLUDE = "hotline.problem-conclude"
RETURN = "hotline.problem-return"
GUARD = "hotline.problem-guard"
RULES = (REVIEW, MEND, WATCH, CONCLUDE, RETURN, GUARD)

__all__ = ["RULES", "clock", "fold", "look", "watched_until"]

MARKS = {
    "source_season": "未诉先办",
    "monthly": "每月一题",
    "fell": "整改后下降",
    "rose": "整改后上升",
    "unclear": "整改后不能认定",
    "compared": "已作前后对比",
    "reopened": "反弹重启过",
    "sent_back": "审核退回过",
}


def clock(problem: Problem, calendar: Calendar, rules: Rules) -> Deadline:
    """Whose turn it is, by when; nobody owes anything while the calls are watched, and the watch has its own end."""
    closed = problem.closed_at
    match problem.phase:
        case "drafted" | "dropped":
            return run(rules[REVIEW], calendar, problem.drafted_at, stopped_at=closed)
        case "revising":
            assert problem.reviewed is not None
            return run(rules[REVIEW], calendar, problem.reviewed.at)
        case "watching":
            waiting = SecondClock(say("观察期"), watched_until(problem, calendar, rules))
            return Deadline(None, rule=rules[WATCH], waiting=waiting)
        case "judging" | "solved" if problem.latest is not None:
            return run(rules[CONCLUDE], calendar, problem.latest.at, stopped_at=closed)
    return _mend(problem, calendar, rules, closed)


def _mend(problem: Problem, calendar: Calendar, rules: Rules, closed: datetime | None) -> Deadline:
    since = problem.due_from or problem.drafted_at
    due = problem.reviewed.due if problem.reviewed and not problem.reopened else None
    if due is None:
        return run(rules[MEND], calendar, since, stopped_at=closed)
    until = midnight(due) + DAY
    rule = rules[MEND]
    deadline = set_limit(since, until, say("审核时定的期限"), str(rule.citation), rule)
    if closed or not rule.amber:
        return deadline
    return replace(deadline, amber_at=max(since, earlier(calendar, until, rule.amber, None)))


def watched_until(problem: Problem, calendar: Calendar, rules: Rules) -> datetime | None:
    """When the watch after the mending is over; None while there is none."""
    return run(rules[WATCH], calendar, problem.mended.at).until if problem.mended else None


def look(problem: Problem) -> Look:
    """What lists show."""
    return Look(
        phase=problem.phase,
        opened_at=problem.opened.at,
        closed_at=problem.closed_at,
        title=problem.opened.title,
        unit=problem.unit,
        place=problem.opened.place,
        topic=problem.opened.topic,
        marks=tuple(_marks(problem)),
    )


def _marks(problem: Problem) -> Iterator[str]:
    if problem.opened.source == "season":
        yield "source_season"
    if problem.months:
        yield "monthly"
        yield from (f"month_{month}" for month in problem.months)
    if problem.latest:
        yield problem.latest.reading
    if problem.compared:
        yield "compared"
    if problem.reopened:
        yield "reopened"
    if problem.reviewed and problem.reviewed.result == "back":
        yield "sent_back"
