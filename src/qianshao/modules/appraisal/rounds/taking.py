"""What drawing takes: one inspection of every visited unit's yearly budget, or nothing at all."""

from __future__ import annotations

from datetime import datetime

from qianshao.core.accounts.actor import Actor
from qianshao.core.meters import services as meters
from qianshao.core.org.models import Unit
from qianshao.kernel.sampling import BadDraw
from qianshao.kernel.words import Words, say

from . import drawing, planning
from . import facts as f
from .rules import Round

METER = "burden.inspections-received"


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
    for unit in Unit.objects.filter(code__in=units).order_by("code"):
        try:
            meters.draw(METER, unit, 1, stream=stream, actor=actor, now=now)
        except meters.UnknownMeter:
            return None
        except meters.Exhausted:
            stands = meters.stands(METER, unit, now)
            return say(
                "{unit}接受检查的额度不够：已用 {used} 次，额度 {limit} 次，上年同期 {before} 次（{article}）",
                unit=unit.name,
                used=stands.used,
                limit=stands.limit or 0,
                before=stands.before,
                article=meters.meter_of(METER).article,
            )
    return None
