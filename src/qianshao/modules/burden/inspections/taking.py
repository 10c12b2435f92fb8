"""What filing an inspection takes: one of the target's budget, one of the body's, and days nobody else has."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from qianshao.core.accounts.actor import Actor
from qianshao.core.duties.models import Duty
from qianshao.core.duties.standing import counted
from qianshao.core.duties.stream import load
from qianshao.core.org.models import Unit
from qianshao.kernel.matter import same_matter
from qianshao.kernel.words import Words, say

from .. import taking
from ..meters import MADE, RECEIVED, SUPERVISION
from . import facts as f
from .rules import KEY, Inspection, fold, overlap


def file(*, stream: str, state: Inspection, fact: f.Filed, actor: Actor, now: datetime) -> Words | None:
    """Draw both budgets, then look for a clash among those that hold the target's: the draw holds its register."""
    planned = state.planned
    target = Unit.objects.get(code=planned.unit)
    body = Unit.objects.get(code=planned.body)
    if body.kind == "bureau" and not planned.mandate:
        return say("部门开展督查须经本级政府指定，并写明文号（政府督查工作条例 第七条）")
    if body.pk == target.pk:
        return say("检查主体和检查对象不能是同一单位")
    if planned.form in ("comprehensive", "special") and _exempt(planned.unit, state.since.year):
        return say(
            "{unit}上年度综合评比优秀，{year}年免予实地督查（参照国办发〔2018〕117号 第三十项）",
            unit=target.name,
            year=state.since.year,
        )
    return (
        taking.draw(RECEIVED, planned.unit, stream=stream, actor=actor, now=now)
        or taking.draw(MADE, planned.body, stream=stream, actor=actor, now=now)
        or _clash(stream, state)
        or _spot_check(state)
    )


def _exempt(code: str, year: int) -> bool:
    """Whether a rating of another module spares the unit this year; without such a module nobody is spared."""
    return Duty.objects.filter(unit__code=code, marks__contains=f"|exempt_{year}|").exists()


def move(*, stream: str, state: Inspection, fact: f.Moved, actor: Actor, now: datetime) -> Words | None:
    """The new days must be free as well."""
    moved = fold([state.planned, fact])
    return (_clash(stream, moved) or _spot_check(moved)) if state.filed else None


def cancel(*, stream: str, state: Inspection, fact: f.Cancelled, actor: Actor, now: datetime) -> Words | None:
    """Give both draws back."""
    taking.give_back((RECEIVED, MADE), stream=stream, now=now)
    return None


def merge(*, stream: str, state: Inspection, fact: f.Merged, actor: Actor, now: datetime) -> Words | None:
    """Into a filed inspection of the same unit that has not begun to close; its own draws are given back."""
    other = Duty.objects.filter(kind="burden.inspection", number=fact.into).exclude(stream=stream).first()
    if other is None:
        return say("没有编号为“{number}”的检查", number=fact.into)
    if other.unit is None or other.unit.code != state.planned.unit:
        return say("“{number}”的检查对象不是同一单位，不能并入", number=fact.into)
    if other.phase != "filed":
        return say("“{number}”没有备案或者已经进行，不能并入", number=fact.into)
    taking.give_back((RECEIVED, MADE), stream=stream, now=now)
    return None


def _clash(stream: str, state: Inspection) -> Words | None:
    """Repeated, multi-headed inspection is forbidden: who is there on these days for this matter already."""
    for key, other in filed_at(state.planned.unit):
        if key == stream or not overlap(state, other):
            continue
        if same_matter(state.planned.matter, other.planned.matter):
            duty = Duty.objects.get(stream=key)
            body = Unit.objects.get(code=other.planned.body)
            return say(
                "{body}已备案同一对象、同一事项的检查 {number}（{since}至{until}），日期重叠，"
                "不得重复检查、多头检查，可以并入该次检查（{law}）",
                body=body.name,
                number=duty.number,
                since=other.since,
                until=other.until,
                law=SUPERVISION,
            )
    return None


def _spot_check(state: Inspection) -> Words | None:
    """A spot check of another module that looks at the same matter of the unit on these days, if there is one."""
    claims = Duty.objects.filter(
        kind="appraisal.claim", unit__code=state.planned.unit, marks__contains="|declared|"
    )
    topics = claims.values_list("topic", flat=True).distinct()
    rounds = Duty.objects.filter(kind="appraisal.round", phase="drawn", number__in=topics)
    for found in rounds.order_by("id"):
        drawn = _read(found)
        days = (drawn.drawn.on, drawn.opened.visit_by)
        if state.since > days[1] or days[0] > state.until:
            continue
        titles = [found.title, *claims.filter(topic=found.number).values_list("title", flat=True)]
        if any(same_matter(state.planned.matter, title) for title in titles):
            return say(
                "{title}正在抽查同一对象、同一事项（{since}至{until}），日期重叠，不得重复检查、多头检查，"
                "可以改期，或者使用抽查结果（{law}）",
                title=found.title,
                since=days[0],
                until=days[1],
                law=SUPERVISION,
            )
    return None


def _read(duty: Duty) -> Any:
    """The state of a duty as its own module folds it."""
    (read,) = load([duty.stream], lock=False)
    return read.kind.fold(counted(read.facts))


def filed_at(code: str) -> list[tuple[str, Inspection]]:
    """The inspections that hold a standing draw on a unit's budget, by stream, in order of their first day.

    Other kinds draw on the same budget, the spot checks of an appraisal among them; they are not inspections to be merged.
    """
    found = [
        (read.key, fold(counted(read.facts)))  # type: ignore[arg-type]
        for read in load(set(taking.holders_of(RECEIVED, code)), lock=False)
        if read.kind.key == KEY
    ]
    return sorted(found, key=lambda one: (one[1].since, one[0]))


def together(code: str) -> list[tuple[tuple[str, Inspection], tuple[str, Inspection]]]:
    """Pairs of inspections of a unit that could be merged: days within a week of each other, not carried out yet."""
    waiting = [one for one in filed_at(code) if one[1].carried is None]
    return [
        (one, other)
        for place, one in enumerate(waiting)
        for other in waiting[place + 1 :]
        if (other[1].since - one[1].until).days <= 7
    ]
