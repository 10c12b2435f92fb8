"""The correction of a record about oneself: the law names no number of days, the city does (第四十一条, APP-FIX-1)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import assert_never

from qianshao.kernel.calendar import Calendar
from qianshao.kernel.clock import Deadline, run
from qianshao.kernel.declare import Look, Rules
from qianshao.kernel.words import Words, say

from .. import flags
from . import facts as f

CORRECT = "openness.record"
ELSEWHERE = frozenset({"transferred", "redirected"})
_LAW = "政府信息公开条例 第四十一条"


@dataclass(frozen=True)
class Record:
    """A disputed record as its facts leave it."""

    disputed: f.Disputed
    unit: str
    settled: f.Settled | None = None
    told: f.ApplicantTold | None = None
    taken_back: f.TakenBack | None = None

    @property
    def closed_at(self) -> datetime | None:
        """When the applicant knew the outcome, or took it back."""
        last = self.told or self.taken_back
        return last.at if last else None


def fold(facts: Iterable[f.AnyFact]) -> Record:
    """The record after these facts; the first is always ``Disputed``."""
    stream = iter(facts)
    first = next(stream)
    assert isinstance(first, f.Disputed)
    record = Record(first, first.unit)
    for fact in stream:
        match fact:
            case f.Disputed():
                record = replace(record, disputed=fact, unit=fact.unit)
            case f.Handed():
                record = replace(record, unit=fact.unit)
            case f.Settled():
                record = replace(record, settled=fact)
            case f.ApplicantTold():
                record = replace(record, told=fact)
            case f.TakenBack():
                record = replace(record, taken_back=fact)
            case _:
                assert_never(fact)
    return record


def clock(record: Record, calendar: Calendar, rules: Rules) -> Deadline:
    """Checked, settled and told within the days the city set; a correction nobody told of is not done."""
    rule, told = rules[CORRECT], record.told
    deadline = run(rule, calendar, record.disputed.at, stopped_at=record.closed_at)
    limit = deadline.last_day
    if told is None or limit is None or told.on <= limit:
        return deadline
    late = flags.late_record(limit, told.on, str(rule.citation))
    return replace(deadline, flags=(*deadline.flags, late))


def look(record: Record) -> Look:
    """What lists show; which record it is may name people and stays in the vault."""
    disputed, settled = record.disputed, record.settled
    return Look(
        phase=phase(record),
        opened_at=disputed.at,
        closed_at=record.closed_at,
        unit=record.unit,
        topic=f.OUTCOMES.get(settled.outcome, "") if settled else "",
        channel=disputed.channel,
        number=disputed.number,
    )


def phase(record: Record) -> str:
    """The station a record is at."""
    stations = (("taken_back", record.taken_back), ("told", record.told), ("settled", record.settled))
    return next((key for key, there in stations if there), "checking")


def _over(record: Record) -> Words | None:
    if record.taken_back:
        return say("申请人已于{on}撤回申请", on=record.taken_back.on)
    return say("已于{on}告知申请人", on=record.told.on) if record.told else None


def while_open(record: Record, fact: f.AnyFact, deadline: Deadline) -> Words | None:
    """Nothing more happens once the applicant knows, or took it back."""
    return _over(record)


def may_settle(record: Record, fact: f.Settled, deadline: Deadline) -> Words | None:
    """What was found true is corrected to something; a refusal says why; a transfer says to whom."""
    if ended := _over(record):
        return ended
    if record.settled:
        return say("已于{on}作出处理", on=record.settled.on)
    if fact.outcome == "corrected" and not fact.reads.strip():
        return say("予以更正须写明更正后的记录（{article}）", article=_LAW)
    if fact.outcome == "accurate" and not fact.reason.strip():
        return say("不予更正须写明核查情况和理由（{article}）", article=_LAW)
    if fact.outcome in ELSEWHERE and not fact.to.strip():
        return say("须写明有权更正的行政机关（{article}）", article=_LAW)
    return None


def may_tell(record: Record, fact: f.ApplicantTold, deadline: Deadline) -> Words | None:
    """Only what was settled can be told, and not before it was."""
    if record.settled is None:
        return say("还没有处理结果，不能登记告知（{article}）", article=_LAW)
    if fact.on < record.settled.on:
        return say("告知日早于处理之日{on}", on=record.settled.on)
    return _over(record)
