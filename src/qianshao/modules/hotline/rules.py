"""The clocks of a hotline order: the answer's own, graded by urgency, and one for every step on the way to it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from qianshao.kernel.calendar import Calendar
from qianshao.kernel.clock import Deadline, SecondClock, limit, run
from qianshao.kernel.declare import Look, Rules
from qianshao.kernel.hours import DAY, midnight
from qianshao.kernel.words import Words, named, say

from . import facts as f
from .state import Order, fold, waiting

ANSWER = "hotline.answer"
ANSWER_CONSULT = "hotline.answer-consult"
ANSWER_URGENT = "hotline.answer-urgent"
ANSWER_DANGER = "hotline.answer-danger"
REWORK = "hotline.rework"
DISPATCH = "hotline.dispatch"
SIGN = "hotline.sign"
CONTACT = "hotline.contact"
RETURN = "hotline.return"
JUDGE = "hotline.judge"
REVIEW = "hotline.review"
CALL_BACK = "hotline.call-back"
_GRADED = (DISPATCH, SIGN, CONTACT)
RULES = (
    ANSWER,
    ANSWER_CONSULT,
    ANSWER_URGENT,
    ANSWER_DANGER,
    REWORK,
    *(f"{key}{grade}" for key in _GRADED for grade in ("", "-urgent", "-danger")),
    RETURN,
    JUDGE,
    REVIEW,
    CALL_BACK,
)
BARRED = "return_barred"
ANSWERED = ("replied", "reviewed", "called_back", "closed")

__all__ = ["ANSWERED", "BARRED", "RULES", "beside", "clock", "fold", "look", "steps"]


def graded(key: str, order: Order) -> str:
    """The rule of a step for an order this urgent: ``hotline.sign-danger``."""
    return f"{key}-{order.urgency}" if order.urgency else key


def answer_rule(order: Order) -> str:
    """The rule of the answer: urgency first, then a second handling, then the kind of appeal."""
    if order.urgency:
        return graded(ANSWER, order)
    if order.redone:
        return REWORK
    return ANSWER_CONSULT if order.appeal == "consult" else ANSWER


@dataclass(frozen=True)
class Step:
    """A step on the way: its mark when late, whose turn, its rule, when it began and was done."""

    key: str
    name: Words
    rule: str
    since: datetime
    done: datetime | None


def steps(order: Order) -> Iterator[Step]:
    """Every step that has begun, done or not, in no particular order.

    An order that came with its unit or its answer was dispatched elsewhere, before it was recorded here: it
    has no steps.
    """
    if not order.turns and (order.unit or order.answers):
        return
    first = order.turns[0].dispatched.at if order.turns else None
    if order.at_once is None and order.answer is None:
        yield Step("dispatch", say("热线派单"), graded(DISPATCH, order), order.received.at, first)
    for turn in order.turns:
        at = turn.dispatched.at
        replied = order.answers[0].replied.at if order.answers else None
        ended = min(
            (moment for moment in (_left(order, at), replied) if moment and moment >= at), default=None
        )
        yield Step("sign", say("承办单位签收"), graded(SIGN, order), at, turn.signed_at or ended)
        if turn.signed_at is not None:
            spoken = turn.contacted_at or ended
            yield Step("contact", say("联系诉求人"), graded(CONTACT, order), turn.signed_at, spoken)
    for one in order.returns:
        if one.since is not None:
            yield Step("return", say("提出退单"), RETURN, one.since, one.returned.at)
        judged = one.judged.at if one.judged else None
        yield Step("judge", say("热线审核退单"), JUDGE, one.returned.at, judged)
        if one.judged is not None and one.judged.result == "upheld":
            again = next((t.dispatched.at for t in order.turns if t.dispatched.at >= one.judged.at), None)
            yield Step("dispatch", say("热线改派"), graded(DISPATCH, order), one.judged.at, again)
    for answer in order.answers:
        reviewed = answer.reviewed.at if answer.reviewed else None
        yield Step("review", say("热线审核答复"), REVIEW, answer.replied.at, reviewed)
        if answer.reviewed is not None and answer.reviewed.result == "pass":
            called = answer.called.at if answer.called else None
            yield Step("call_back", say("热线回访"), CALL_BACK, answer.reviewed.at, called)


def _left(order: Order, since: datetime) -> datetime | None:
    """When a turn that began then was over: the next dispatch, or a return that began in it."""
    later = [turn.dispatched.at for turn in order.turns if turn.dispatched.at > since]
    later += [one.returned.at for one in order.returns if one.since == since]
    return min(later, default=None)


_LATE = {
    "dispatch": say("派单超过时限（应于{limit}前）"),
    "sign": say("签收超过时限（应于{limit}前）"),
    "contact": say("联系诉求人超过时限（应于{limit}前）"),
    "return": say("退单超过时限（应于{limit}前提出）"),
    "judge": say("退单审核超过时限（应于{limit}前）"),
    "review": say("答复审核超过时限（应于{limit}前）"),
    "call_back": say("回访超过时限（应于{limit}前）"),
}


def clock(order: Order, calendar: Calendar, rules: Rules) -> Deadline:
    """When the answer is due; the remarks name every step that came late and whether it may be returned."""
    since = order.since
    deadline = run(
        rules[answer_rule(order)],
        calendar,
        since,
        pauses=[
            pause
            for pause in (*order.pauses, *waiting(order, None))
            if pause.until is None or pause.until > since
        ],
        extensions=[given for given in order.extensions if given.at >= since],
        stopped_at=order.closed_at,
    )
    late: dict[str, Words] = {}
    for step in steps(order):
        if step.done is None:
            continue
        until = limit(rules[step.rule], calendar, step.since)
        if step.done >= until:
            words = _LATE[step.key]
            late[step.key] = named(f"late_{step.key}", replace(words, blanks=(("limit", until),)))
    barred = _barred(order, rules)
    flags = (*late.values(), *((named(BARRED, barred),) if barred else ()))
    return replace(deadline, flags=(*deadline.flags, *flags)) if flags else deadline


def _barred(order: Order, rules: Rules) -> Words | None:
    """Why the order may not be returned (any more): named by the hotline, refused before, or too often."""
    rule = rules[RETURN]
    if order.turn is not None and order.turn.dispatched.firm:
        return say("热线已指定承办单位，不得退单（{law}）", law=str(rule.citation))
    judged = [one.judged.result for one in order.returns if one.judged and one.unit == order.unit]
    if "refused" in judged:
        return say("退单已被驳回，不得再次退单（{law}）", law=str(rule.citation))
    if len(order.returns) >= rule.extension_times:
        return say("本工单已退单 {n} 次，达到上限，应由热线指定承办单位", n=len(order.returns))
    return None


def beside(order: Order, calendar: Calendar, rules: Rules) -> tuple[SecondClock, ...]:
    """Whose turn it is now: every step that has begun and is not done, the soonest first."""
    found = [pause.second for pause in waiting(order, None) if pause.second]
    if not (order.withdrawn or order.declined or order.merged):
        found += [
            SecondClock(step.name, limit(rules[step.rule], calendar, step.since))
            for step in steps(order)
            if step.done is None and order.closed is None
        ]
    return tuple(sorted(found, key=lambda clock: (clock.until is None, clock.until)))


def look(order: Order) -> Look:
    """What lists show. The title is the citizen's own words and stays in the vault."""
    received = order.received
    return Look(
        phase=phase(order),
        opened_at=received.at,
        closed_at=order.closed_at,
        unit=order.unit,
        place=order.place,
        topic=order.topic,
        channel=received.channel,
        number=received.number,
        wake_at=midnight(order.asked.until) + DAY if order.asked else None,
        marks=tuple(marks(order)),
    )


def phase(order: Order) -> str:
    """The station an order is at."""
    answer = order.answer
    stations = (
        ("withdrawn", order.withdrawn),
        ("declined", order.declined),
        ("merged", order.merged),
        ("closed", order.closed or order.at_once),
        ("called_back", answer and answer.called),
        ("reviewed", answer and answer.reviewed),
        ("replied", answer),
        ("returned", order.pending),
        ("asked", order.asked),
        ("received", not order.unit),
        ("dispatched", order.turn is not None and order.turn.signed_at is None),
    )
    return next((key for key, there in stations if there), "handling")


def marks(order: Order) -> Iterator[str]:
    """What figures count of an order, by name; a call-back counts until the next one, also while it is redone."""
    if order.appeal:
        yield f"appeal_{order.appeal}"
    if order.urgency:
        yield order.urgency
    if order.received.secret:
        yield "secret"
    if order.at_once:
        yield "at_once"
    if order.co_units:
        yield "co_units"
    if order.reclassified:
        yield "reclassified"
    if order.moved:
        yield "moved"
    if order.extensions:
        yield "extended"
    if order.redone:
        yield "redone"
    if order.repeated:
        yield "repeated"
    if order.level:
        yield f"level_{order.level}"
    for one in order.returns:
        yield "returned"
        yield f"returned_{one.judged.result if one.judged else 'pending'}"
        yield f"returned_for_{one.returned.reason}"
        yield f"returned_by_{one.unit}"
        yield f"returned_{one.judged.result if one.judged else 'pending'}_by_{one.unit}"
    if order.called:
        yield from _of_call(order.called)
    elif order.answer is not None:
        yield "not_called"


def _of_call(called: f.CalledBack) -> Iterator[str]:
    yield f"call_{called.outcome}"
    if called.outcome == "reached":
        yield "responded" if called.responded else "not_responded"
        yield "solved" if called.solved else "not_solved"
        yield f"satisfied_{called.satisfied or 'none'}"
