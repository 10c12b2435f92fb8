"""The clocks of an item: its own limit as the decision gives it, and one for every step on the way."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from qianshao.kernel.calendar import Calendar
from qianshao.kernel.clock import (
    Deadline,
    Each,
    Every,
    Extension,
    Rule,
    SecondClock,
    Segment,
    Term,
    Unit,
    add_months,
    earlier,
    periods,
    run,
    set_limit,
)
from qianshao.kernel.declare import Look, Rules
from qianshao.kernel.hours import DAY, midnight
from qianshao.kernel.words import Words, named, say

from . import facts as f
from .marks import marks
from .state import Item, fold

DOCUMENT = "supervision.document"
MINUTES = "supervision.minutes"
INSTRUCTION = "supervision.instruction"
INSTRUCTION_URGENT = "supervision.instruction-urgent"
INSTRUCTION_HARD = "supervision.instruction-hard"
APPROVE = "supervision.approve"
SIGN = "supervision.sign"
JUDGE = "supervision.judge"
PLAN = "supervision.plan"
ANSWER = "supervision.answer"
REVIEW = "supervision.review"
RHYTHMS: Mapping[str, str] = {
    "monthly": "supervision.report-monthly",
    "quarterly": "supervision.report-quarterly",
    "quarter_end": "supervision.report-quarter-end",
}
RULES = (
    DOCUMENT, MINUTES, INSTRUCTION, INSTRUCTION_URGENT, INSTRUCTION_HARD,
    APPROVE, SIGN, JUDGE, PLAN, ANSWER, REVIEW, *RHYTHMS.values(),
)  # fmt: skip
_LONG = timedelta(days=36_524)

__all__ = ["RULES", "beside", "clock", "fold", "look", "report_days", "steps"]


def limit_rule(item: Item) -> str:
    """The rule of an item that names no day: by source, an instruction by its pace (DUB-04)."""
    match item.told.origin:
        case "minutes":
            return MINUTES
        case "decision" | "report" | "upper":
            return DOCUMENT
    paces = {"urgent": INSTRUCTION_URGENT, "hard": INSTRUCTION_HARD}
    return paces.get(item.told.pace, INSTRUCTION)


def clock(item: Item, calendar: Calendar, rules: Rules) -> Deadline:
    """By when it is to be done; the office looks at a proposal to close by a clock of its own.

    Nothing is owed before a proposal is approved. The limit a decision names is a day; an agreed later day
    takes its place, and the story keeps both.
    """
    since = item.since
    if since is None:
        return Deadline(None, rule=rules[limit_rule(item)])
    deadline = _limit(item, since, calendar, rules)
    flags = (*deadline.flags, *_late(item, calendar, rules))
    done = item.closing
    if done is not None and done.reviewed is None:
        until = run(rules[REVIEW], calendar, done.proposed.at).until
        waiting = SecondClock(say("办结审核"), until)
        return replace(deadline, until=None, amber_at=None, provisional=False, flags=flags, waiting=waiting)
    amber = None if item.closed_at else deadline.amber_at
    return replace(deadline, amber_at=amber, flags=flags)


def _limit(item: Item, since: datetime, calendar: Calendar, rules: Rules) -> Deadline:
    rule = rules[limit_rule(item)]
    counted = run(rule, calendar, since) if item.due is None else _by_day(item, rule, since, item.due)
    until = counted.until
    assert until is not None
    segments, flags = list(counted.segments), list(counted.flags)
    for given in item.granted:
        later = midnight(given.until or given.on) + DAY
        if given.at >= until:
            flags.append(named("late_extension", say("延期在期限届满之后才同意（{at}）", at=given.at)))
        why = say("{by}于{on}同意延期", by=given.by, on=given.on)
        first = min(until, later)
        days = (later.date() - first.date()).days
        segments.append(Segment(first, later, True, days, Unit.CALENDAR_DAY, why, str(rule.citation), False))
        until = later
    amber = earlier(calendar, until, rule.amber, None) if rule.amber else None
    return Deadline(
        until,
        max(since, amber) if amber else None,
        counted.provisional and not item.granted,
        rule,
        flags=tuple(flags),
        story=lambda: tuple(segments),
    )


def _by_day(item: Item, rule: Rule, since: datetime, due: date) -> Deadline:
    """The limit that stands in the document, or in the reopening."""
    until = midnight(due) + DAY
    told = item.told
    if item.reopened:
        why = say("重启时定的期限")
    elif told.phrase:
        why = say("原文期限“{phrase}”", phrase=told.phrase)
    else:
        why = say("交办时定的期限")
    return set_limit(since, until, why, told.reference or f.ORIGINS[told.origin], rule)


@dataclass(frozen=True)
class Step:
    """A step on the way: its mark when late, whose turn, when it began, its limit, and when it was done."""

    key: str
    name: Words
    since: datetime
    until: datetime | None
    done: datetime | None


def steps(item: Item, calendar: Calendar, rules: Rules) -> Iterator[Step]:
    """Every step that has begun, done or not."""

    def step(key: str, name: Words, rule: str, since: datetime, done: datetime | None) -> Step:
        return Step(key, name, since, run(rules[rule], calendar, since).until, done)

    over = item.closed_at
    if item.begun_at is None:
        yield step("approve", say("立项审批"), APPROVE, item.told.at, over)
        return
    if isinstance(item.told, f.Proposed):
        yield step("approve", say("立项审批"), APPROVE, item.told.at, item.begun_at)
    for number, turn in enumerate(item.turns):
        after = item.turns[number + 1].since if number + 1 < len(item.turns) else over
        gone = next(
            (
                one.returned.at
                for one in item.returns
                if one.unit == turn.unit and one.returned.at >= turn.since
            ),
            after,
        )
        yield step("sign", say("牵头单位签收"), SIGN, turn.since, turn.signed_at or gone)
        if turn.signed_at is not None and item.told.rhythm:
            yield step("plan", say("报送工作方案"), PLAN, turn.signed_at, turn.planned_at or after)
    for one in item.returns:
        judged = one.judged.at if one.judged else over
        yield step("judge", say("审核退回"), JUDGE, one.returned.at, judged)
    for asking in item.extensions:
        judged = asking.judged.at if asking.judged else over
        yield step("extend", say("审核延期申请"), JUDGE, asking.asked.at, judged)
    for hard in item.difficulties:
        answered = hard.answered.at if hard.answered else over
        yield step("answer", say("协调困难"), ANSWER, hard.reported.at, answered)
    for closing in item.closings:
        reviewed = closing.reviewed.at if closing.reviewed else (over if item.cancelled else None)
        yield step("review", say("办结审核"), REVIEW, closing.proposed.at, reviewed)
    for node in item.nodes:
        done = node.reached_at or over
        begun = item.turns[-1].planned_at or item.begun_at
        yield Step("node", say("节点：{title}", title=node.title), begun, midnight(node.due) + DAY, done)
    yield from _reports(item, calendar, rules)


def report_days(rhythm: str, since: datetime, rules: Rules) -> Iterator[datetime]:
    """The moments by which a report is owed, after ``since``: the n-th day the rulebook names (WRK-03)."""
    day = rules[RHYTHMS[rhythm]].term.n
    each = {
        "monthly": Each(Every.MONTH, day=day),
        "quarterly": Each(Every.QUARTER, month=1, day=day, following=True),
        "quarter_end": Each(Every.QUARTER, month=3, day=day),
    }[rhythm]
    return (
        period.until
        for period in periods(each, since, since + _LONG)
        if midnight(add_months(period.start.date(), each.every)) > since  # not for a quarter before the item
    )


def _reports(item: Item, calendar: Calendar, rules: Rules) -> Iterator[Step]:
    """One step for each report owed, up to the first nobody has given yet.

    The first is owed once the time to sign for the item is over; a report given late serves every one owed
    before it.
    """
    since = item.since
    if not item.told.rhythm or since is None:
        return
    over = item.closed_at or (item.closing.proposed.at if item.closing else None)
    opened = run(rules[SIGN], calendar, since).until or since
    for until in report_days(item.told.rhythm, opened, rules):
        if over is not None and over < until:
            return
        given = next((one.at for one in item.reports if one.at >= opened), None)
        yield Step("report", say("报送进展"), opened, until, given)
        if given is None:
            return
        opened = until


_LATE = {
    "approve": say("立项审批超过时限（应于{limit}前）"),
    "sign": say("签收超过时限（应于{limit}前）"),
    "plan": say("报送工作方案超过时限（应于{limit}前）"),
    "judge": say("审核退回超过时限（应于{limit}前）"),
    "extend": say("审核延期申请超过时限（应于{limit}前）"),
    "answer": say("答复困难超过时限（应于{limit}前）"),
    "review": say("办结审核超过时限（应于{limit}前）"),
    "node": say("节点完成超过时限（应于{limit}前）"),
    "report": say("报送进展超过时限（应于{limit}前）"),
}


def _late(item: Item, calendar: Calendar, rules: Rules) -> Iterator[Words]:
    """A remark for each sort of step that came late, with the latest limit that was missed."""
    late: dict[str, Words] = {}
    for step in steps(item, calendar, rules):
        if step.done is not None and step.until is not None and step.done >= step.until:
            words = replace(_LATE[step.key], blanks=(("limit", step.until),))
            late[step.key] = named(f"late_{step.key}", words)
    yield from late.values()


def beside(item: Item, calendar: Calendar, rules: Rules) -> tuple[SecondClock, ...]:
    """Whose turn it is now, the soonest first."""
    if item.closed_at is not None:
        return ()
    found = [SecondClock(step.name, step.until) for step in steps(item, calendar, rules) if step.done is None]
    return tuple(sorted(found, key=lambda clock: (clock.until is None, clock.until)))


def extension(item: Item, until: date, limit: date, at: datetime, by: str) -> Extension:
    """What a later day means to the rule that allows extensions: so many more days."""
    return Extension(at, Term(max(1, (until - limit).days), Unit.CALENDAR_DAY), by)


def look(item: Item) -> Look:
    """What lists show; what nobody leads any more stays with the unit that gave it back until it is named anew."""
    told = item.told
    return Look(
        phase=phase(item),
        opened_at=told.at,
        closed_at=item.closed_at,
        title=told.title,
        unit=item.unit or item.turns[-1].unit,
        topic=f.ORIGINS[told.origin],
        marks=tuple(marks(item)),
    )


def phase(item: Item) -> str:
    """The station an item is at."""
    stations = (
        ("cancelled", item.cancelled),
        ("declined", item.declined),
        ("closed", item.closing and item.closing.reviewed),
        ("reviewing", item.closing),
        ("proposed", item.begun_at is None),
        ("returned", item.pending_return),
        ("unled", not item.unit),
        ("assigned", item.turns[-1].signed_at is None and not item.reopened),
    )
    return next((key for key, there in stations if there), "working")
