"""Whoever checked, declared or rated withdraws from deciding an appeal (政府督查工作条例 第十七条, by analogy)."""

from __future__ import annotations

from datetime import datetime

from qianshao.core.accounts.actor import Actor
from qianshao.core.duties.models import Duty
from qianshao.core.duties.stream import load
from qianshao.kernel.words import Words, say

from . import facts as f
from .rules import Rating

_PART = ("Rated", "Appealed", "Declared", "Checked")


def decide(*, stream: str, state: Rating, fact: f.AppealDecided, actor: Actor, now: datetime) -> Words | None:
    """Nobody decides who worked the score out, contested it, or declared or checked what it rests on."""
    claims = Duty.objects.filter(
        kind="appraisal.claim",
        topic=state.rated.round,
        unit__code=state.rated.unit,
        marks__contains="|declared|",
    )
    streams = {stream, *claims.values_list("stream", flat=True)}
    involved = {
        body.actor for read in load(streams, lock=False) for body in read.bodies if body.fact in _PART
    }
    if actor.key in involved and not actor.everything:
        return say("参与申报、核查或者评分的人员应当回避（参照政府督查工作条例 第十七条）")
    return None
