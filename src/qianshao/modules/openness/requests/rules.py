"""The clocks of a request: the reply's own, and those of everybody the reply waits for (第三十至三十五条)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

from qianshao.kernel.calendar import Calendar, CalendarMissing
from qianshao.kernel.clock import (
    STANDING,
    Deadline,
    Extension,
    Pause,
    Rule,
    SecondClock,
    Segment,
    Term,
    Unit,
    earlier,
    last_day,
    run,
)
from qianshao.kernel.declare import Fact, Look, Rules
from qianshao.kernel.hours import DAY, SHANGHAI, midnight
from qianshao.kernel.words import Words, say

from .. import flags
from . import facts as f
from .outcomes import OUTCOMES, ROWS
from .state import Consultation, Request

REPLY = "openness.reply"
NOTICE = "openness.correction-notice"
THIRD_PARTY = "openness.third-party"
CO_MAKER = "openness.co-maker"
FEE_NOTICE = "openness.fee-notice"
FEE_PAYMENT = "openness.fee-payment"
REVIEW = "openness.review"
REVIEW_REPLY = "openness.review-reply"
SUIT = "openness.suit"
SUIT_AFTER_REVIEW = "openness.suit-after-review"
DEFENCE = "openness.defence"
RULES = (
    REPLY,
    NOTICE,
    THIRD_PARTY,
    CO_MAKER,
    FEE_NOTICE,
    FEE_PAYMENT,
    REVIEW,
    REVIEW_REPLY,
    SUIT,
    SUIT_AFTER_REVIEW,
    DEFENCE,
)
OPINION = {"third_party": THIRD_PARTY, "co_maker": CO_MAKER}
AWAITED = {
    "third_party": say("第三方提出意见"),
    "co_maker": say("共同制作机关提出意见"),
    "other_body": say("其他机关提出意见"),
}
ASKING = {
    "third_party": say("征求第三方意见所需时间，不计入"),
    "co_maker": say("征求共同制作机关意见所需时间，不计入"),
    "other_body": say("征求其他机关意见所需时间，不计入"),
}
CONFIRMATION = "政府信息公开条例 第三十一条"
REVIEW_FIRST = date(2024, 1, 1)  # 行政复议法（2023年修订）施行
DISCLOSING = frozenset({"public", "provided", "partly"})


def clock(request: Request, calendar: Calendar, rules: Rules) -> Deadline:
    """When the reply is due (第三十三条): so many working days after receipt, with all that moves the day."""
    rule = rules[REPLY]
    stands = request.correcting is not None or request.paying is not None
    deadline = run(
        rule,
        calendar,
        request.since,
        pauses=pauses(request, calendar, rules),
        extensions=[extension(fact) for fact in request.extensions],
        # A count that is to begin afresh has no end to be late for: it stays standing when all is over.
        stopped_at=None if stands else _day_over(request.closed_at),
    )
    if deadline.until is not None and request.postponed is not None:
        deadline = _postponed(deadline, request, calendar)
    if request.closed_at is not None:
        deadline = replace(deadline, amber_at=None, waiting=None)
    else:
        deadline = replace(
            deadline, waiting=min(_waits(request, calendar, rules), key=_soonest, default=None)
        )
    remarks = tuple(flag for flag in deadline.flags if request.closed_at is None or flag.name != STANDING)
    return replace(
        _confirmed(deadline, request),
        flags=(*remarks, *_remarks(request, deadline, calendar, rules)),
    )


def _day_over(closed_at: datetime | None) -> datetime | None:
    """The clock counts days: what happened on the closing day before the reply still moves the day it was due."""
    return None if closed_at is None else midnight(closed_at.astimezone(SHANGHAI)) + DAY


def extension(fact: f.Extended) -> Extension:
    """The time an ``Extended`` gives."""
    return Extension(fact.at, Term(max(fact.days, 1), Unit.WORKDAY), fact.agreed_by)


def opinion_limit(one: Consultation, calendar: Calendar, rules: Rules) -> datetime | None:
    """When an opinion is due (第三十二、三十四条), exclusive; None where the law sets no period."""
    key = OPINION.get(one.asked.whom)
    return None if key is None else run(rules[key], calendar, midnight(one.since)).until


def payment_limit(fee: f.FeeNotified, calendar: Calendar, rules: Rules) -> datetime | None:
    """When the fee is due, exclusive."""
    return run(rules[FEE_PAYMENT], calendar, midnight(fee.delivered_on or fee.on)).until


def pauses(request: Request, calendar: Calendar, rules: Rules) -> list[Pause]:
    """The time that does not count: opinions of others, the applicant's correction, the applicant's payment.

    An opinion's time ends with its period at the latest: after that the office decides by itself, so an
    opinion that comes later, or never, gives it no more time.
    """
    article = str(rules[REPLY].citation)
    found: list[Pause] = []
    for one in request.consultations:
        limit = opinion_limit(one, calendar, rules)
        ended_on = one.ended_on
        if ended_on is not None and limit is not None:
            ended_on = min(ended_on, last_day(limit))
        why = ASKING[one.asked.whom]
        second = SecondClock(AWAITED[one.asked.whom], limit) if one.pending else None
        found.append(Pause.between(one.asked.on, ended_on, why, article, second=second))
    if request.asked is not None:
        found.append(
            Pause.between(
                request.asked.on,
                request.corrected.on if request.corrected else None,
                say("等待申请人补正，答复期限自收到补正之日起重新计算"),
                str(rules[NOTICE].citation),
                restarts=True,
                second=_correction(request.asked),
            )
        )
    if request.fee is not None:
        found.append(
            Pause.between(
                request.fee.on,
                request.paid.on if request.paid else None,
                say("等待申请人缴费，答复期限自缴清之日起重新计算"),
                str(rules[FEE_PAYMENT].citation),
                restarts=True,
                second=SecondClock(say("申请人缴费"), payment_limit(request.fee, calendar, rules)),
            )
        )
    return found


def _correction(asked: f.CorrectionAsked) -> SecondClock:
    # A bare list of facts may come without the day; the field is required where people fill it in.
    until: date | None = asked.until
    return SecondClock(say("申请人补正"), midnight(until) + DAY if until else None)


def _waits(request: Request, calendar: Calendar, rules: Rules) -> list[SecondClock]:
    return [pause.second for pause in pauses(request, calendar, rules) if not pause.until and pause.second]


def _soonest(clock: SecondClock) -> tuple[bool, datetime | None]:
    return (True, None) if clock.until is None else (False, clock.until)


def _postponed(deadline: Deadline, request: Request, calendar: Calendar) -> Deadline:
    """A reply put off to a set day (第三十五条); never earlier than it was due."""
    assert deadline.until is not None and request.postponed is not None
    until = midnight(request.postponed.until) + DAY
    if until <= deadline.until:
        return deadline
    since, days = deadline.until, (until - deadline.until).days
    why = say("确定延迟答复的合理期限，至{on}", on=request.postponed.until)
    more = Segment(
        since, until, False, days, Unit.CALENDAR_DAY, why, "政府信息公开条例 第三十五条", deadline.provisional
    )
    rule = deadline.rule
    amber = earlier(calendar, until, rule.amber, None) if rule and rule.amber else None
    return replace(
        deadline,
        until=until,
        amber_at=None if amber is None else max(amber, request.since),
        story=lambda: (*deadline.segments, more),
    )


def _confirmed(deadline: Deadline, request: Request) -> Deadline:
    """The story begins when the request came, though the clock begins when both sides confirmed it."""
    came, since = request.received.at, request.since
    if since <= came:
        return deadline
    why = say("双方确认之日为收到申请之日，此前不计入")
    days = (since.date() - came.date()) // timedelta(days=1)
    before = Segment(came, since, False, days, Unit.CALENDAR_DAY, why, CONFIRMATION, False)
    return replace(deadline, story=lambda: (before, *deadline.segments))


def _remarks(request: Request, deadline: Deadline, calendar: Calendar, rules: Rules) -> list[Words]:
    found: list[Words] = []
    if request.asked is not None:
        notice = rules[NOTICE]
        limit = run(notice, calendar, request.since).last_day
        if limit is not None and request.asked.on > limit:
            found.append(flags.late_correction_notice(limit, request.asked.on, str(notice.citation)))
        if request.asked.until is None:
            found.append(flags.no_correction_period(str(notice.citation)))
    for one in request.consultations:
        found.extend(_opinion(one, request, calendar, rules))
    if request.fee is not None:
        rule = rules[FEE_NOTICE]
        limit = run(rule, calendar, request.since).last_day
        if limit is not None and request.fee.on > limit:
            found.append(flags.late_fee_notice(limit, request.fee.on, str(rule.citation)))
    due = deadline.last_day
    if request.answered is not None:
        found.extend(_answer(request, request.answered, due, rules[REPLY]))
    told = [fact.told_on for fact in request.extensions if fact.told_on is not None]
    if told:
        stood = run(rules[REPLY], calendar, request.since, pauses=pauses(request, calendar, rules)).last_day
        if stood is not None and max(told) > stood:
            found.append(flags.extension_untold(str(rules[REPLY].citation)))
    return found


def _opinion(one: Consultation, request: Request, calendar: Calendar, rules: Rules) -> list[Words]:
    limit = opinion_limit(one, calendar, rules)
    if limit is None:
        return []
    article = str(rules[OPINION[one.asked.whom]].citation)
    if one.ended_on is not None and not one.lapsed and one.ended_on > last_day(limit):
        return [flags.late_opinion(last_day(limit), one.ended_on, article)]
    answered = request.answered
    if one.pending and answered and answered.outcome in DISCLOSING and answered.at < limit:
        return [flags.answered_before_opinion(last_day(limit), article)]
    return []


def _answer(request: Request, answered: f.Answered, due: date | None, rule: Rule) -> list[Words]:
    found: list[Words] = []
    outcome = OUTCOMES.get(answered.outcome)
    if outcome and outcome.refuses and not answered.review_told and answered.on >= REVIEW_FIRST:
        found.append(flags.no_review_notice())
    if due is not None and answered.on > due:
        found.append(flags.late_answer(due, answered.on, str(rule.citation)))
    elif due is not None:
        late = [on for on in (request.posted_on, request.arrived_on) if on is not None and on > due]
        if late:
            found.append(flags.posted_late(due, max(late)))
    return found


def silence(request: Request, calendar: Calendar, rules: Rules) -> Fact | None:
    """What comes of nobody's answering: an opinion that lapses, a request taken as given up."""
    if request.closed_at is not None:
        return None
    drawn: list[Fact] = []
    if request.correcting is not None and request.correcting.until is not None:
        at = midnight(request.correcting.until) + DAY
        drawn.append(f.GivenUp(at=at, because="not_corrected"))
    if request.paying is not None:
        limit = payment_limit(request.paying, calendar, rules)
        if limit is not None:
            drawn.append(f.GivenUp(at=limit, because="fee_unpaid"))
    for one in request.pending:
        limit = opinion_limit(one, calendar, rules)
        if limit is not None:
            drawn.append(f.ConsultationLapsed(at=limit, whom=one.asked.whom))
    return min(drawn, key=lambda fact: fact.at, default=None)


def beside(request: Request, calendar: Calendar, rules: Rules) -> tuple[SecondClock, ...]:
    """Every other clock that runs: whose turn it is before the reply, and what may follow it."""
    if request.closed_at is None:
        found = sorted(_waits(request, calendar, rules), key=_soonest)
    else:
        found = _remedies(request, calendar, rules)
    return tuple(found)


def _remedies(request: Request, calendar: Calendar, rules: Rules) -> list[SecondClock]:
    """Review (行政复议法 第二十条) and suit (行政诉讼法 第四十五、四十六条), and the office's answers in them."""

    def runs(name: Words, key: str, since: date) -> SecondClock:
        try:
            return SecondClock(name, run(rules[key], calendar, midnight(since)).until)
        except CalendarMissing:
            return SecondClock(name, None)

    found: list[SecondClock] = []
    known = request.replied_on
    if known is not None and request.review is None and request.sued is None:
        found.append(runs(say("申请人申请行政复议"), REVIEW, known))
        if not (request.outcome and request.outcome.refuses):
            found.append(runs(say("申请人直接提起行政诉讼"), SUIT, known))
    if request.review is not None and request.review_decided is None and request.review_answered is None:
        found.append(runs(say("向复议机构提出书面答复"), REVIEW_REPLY, request.review.on))
    if request.review_decided is not None and request.sued is None:
        found.append(
            runs(say("申请人不服复议决定提起行政诉讼"), SUIT_AFTER_REVIEW, request.review_decided.on)
        )
    if request.sued is not None and request.defended is None and request.judged is None:
        found.append(runs(say("向法院提交答辩状和证据"), DEFENCE, request.sued.on))
    return found


def look(request: Request) -> Look:
    """What lists show; what was asked for may name people and stays in the vault."""
    received, outcome = request.received, request.outcome
    return Look(
        phase=phase(request),
        opened_at=received.at,
        closed_at=request.closed_at,
        unit=request.unit,
        topic=ROWS[outcome.row] if outcome else "",
        channel=received.channel,
        number=received.number,
    )


def phase(request: Request) -> str:
    """The station a request is at."""
    stations = (
        ("answered", request.answered),
        ("withdrawn", request.withdrawn),
        ("given_up", request.given_up),
        ("correction_asked", request.correcting),
        ("fee_notified", request.paying),
        ("consulting", request.pending),
        ("postponed", request.postponed),
        ("extended", request.extensions),
    )
    return next((key for key, there in stations if there), "in_process")
