"""What drawing takes: one inspection of every visited unit's yearly budget, one of the office's, or nothing at all.

A clash with a filed inspection is looked for among all that was declared and over all days of the round: what was drawn,
and when it is visited, stays sealed in every refusal.
"""

from __future__ import annotations

from datetime import datetime

from qianshao.core.accounts.actor import Actor
from qianshao.core.duties.models import Duty
from qianshao.core.duties.standing import counted
from qianshao.core.duties.stream import load
from qianshao.core.meters import services as meters
from qianshao.core.org.models import Unit
from qianshao.kernel.matter import same_matter
from qianshao.kernel.sampling import BadDraw
from qianshao.kernel.words import Words, say

from . import drawing, planning
from . import facts as f
from .rules import Round

METER, MADE = "burden.inspections-received", "burden.inspections-made"
_LAW = "政府督查工作条例 第十五条"


def draw(*, stream: str, state: Round, fact: f.Drawn, actor: Actor, now: datetime) -> Words | None:
    """The recorded draw must be the one that seed and list give, and every visited unit must have budget left."""
    assert state.sealed is not None
    if drawing.digest_of(planning.listed(state.opened.name)) != state.sealed.listed:
        return say("申报名单与封存的名单不符")
    try:
        plan = planning.proposed(state, fact.on)
    except BadDraw:
        return say("有被抽中的单位找不到没有利益冲突的督查员，请充实督查员名册后重新开始一轮")
    units = sorted({visit.unit for visit in plan.values()})
    drawn = (len(plan), len(units), drawing.plan_digest(plan))
    if (fact.visits, fact.units, fact.plan) != drawn:
        return say("抽查安排与按种子重算的不一致")
    if clash := _clash(state, fact):
        return clash
    try:
        for unit in Unit.objects.filter(code__in=units).order_by("code"):
            if refusal := _take(METER, unit, stream, actor, now):
                return refusal
        return _take(MADE, Unit.objects.get(code=state.opened.unit), stream, actor, now)
    except meters.UnknownMeter:
        return None  # an installation that keeps no register of the burden


def _take(meter: str, unit: Unit, stream: str, actor: Actor, now: datetime) -> Words | None:
    """One of a unit's budget, or why it cannot be had; raises ``UnknownMeter``."""
    try:
        meters.draw(meter, unit, 1, stream=stream, actor=actor, now=now)
    except meters.Exhausted:
        stands = meters.stands(meter, unit, now)
        if stands.limit is None:
            return say(
                "{unit}的{meter}在 {period} 还没有核定额度（{article}）",
                unit=unit.name,
                meter=meters.meter_of(meter).title,
                period=stands.period,
                article=meters.meter_of(meter).article,
            )
        return say(
            "{unit}的{meter}额度不够：已用 {used} 次，额度 {limit} 次，上年同期 {before} 次（{article}）",
            unit=unit.name,
            meter=meters.meter_of(meter).title,
            used=stands.used,
            limit=stands.limit,
            before=stands.before,
            article=meters.meter_of(meter).article,
        )
    return None


def _clash(state: Round, fact: f.Drawn) -> Words | None:
    """Repeated inspection is forbidden: who has filed one of the same unit and matter for days of this round."""
    claims = Duty.objects.filter(
        kind="appraisal.claim", topic=state.opened.name, marks__contains="|declared|"
    ).select_related("unit")
    titles: dict[int, list[str]] = {}
    for claim in claims:
        if claim.unit_id is not None:
            titles.setdefault(claim.unit_id, [state.opened.title]).append(claim.title)
    filed = Duty.objects.filter(kind="burden.inspection", phase="filed", unit__in=titles)
    for duty in filed.select_related("unit").order_by("id"):
        (read,) = load([duty.stream], lock=False)
        other = read.kind.fold(counted(read.facts))
        if other.since > state.opened.visit_by or fact.on > other.until:
            continue
        assert duty.unit is not None
        if any(same_matter(other.planned.matter, title) for title in titles[duty.unit.pk]):
            return say(
                "{unit}已有备案的同一事项检查 {number}（{since}至{until}），与本轮抽查日期重叠，不得重复检查、"
                "多头检查；请先将它改期，或者取消后并入本轮抽查（{law}）",
                unit=duty.unit.name,
                number=duty.number,
                since=other.since,
                until=other.until,
                law=_LAW,
            )
    return None
