"""What acts on a declaration need to know beyond it: the round's station, the plan, and who looked."""

from __future__ import annotations

from datetime import datetime

from qianshao.core.accounts.actor import Actor
from qianshao.core.duties.models import Duty
from qianshao.core.duties.stream import load
from qianshao.kernel.hours import SHANGHAI
from qianshao.kernel.words import Words, say

from ..rounds import planning
from . import facts as f
from .rules import Claim


def declare(
    *, stream: str, state: Claim, fact: f.Declared | f.TakenBack, actor: Actor, now: datetime
) -> Words | None:
    """Only until the list is sealed."""
    found = _round(state)
    return None if found and found.phase == "declaring" else say("名单已经封存，不能再申报或者撤回")


def check(*, stream: str, state: Claim, fact: f.Checked, actor: Actor, now: datetime) -> Words | None:
    """Only what was drawn, by the inspector it fell to, from its day on, before the seed is public."""
    found = _round(state)
    if found is None or found.phase != "drawn":
        return say("不在抽查期间")
    visit = planning.plan(found).get(stream)
    if visit is None or visit.on > min(fact.on, now.astimezone(SHANGHAI).date()):
        return say(
            "这件事项没有被抽中，或者抽查安排还没有开封"
        )  # one sentence for both: the plan stays sealed
    if actor.key != f"account:{visit.inspector}" and not actor.everything:
        return say("这件事项由抽签确定的督查员核查")
    return None


def appeal(*, stream: str, state: Claim, fact: f.Appealed, actor: Actor, now: datetime) -> Words | None:
    """Only until the result of the round is public."""
    found = _round(state)
    return None if found and found.phase != "published" else say("评比结果已经公布，不能再对核查结果申诉")


def decide(*, stream: str, state: Claim, fact: f.AppealDecided, actor: Actor, now: datetime) -> Words | None:
    """Whoever checked or declared withdraws (政府督查工作条例 第十七条: 参与作出督查结论的人员应当回避)."""
    (read,) = load([stream], lock=False)
    involved = {body.actor for body in read.bodies if body.fact in ("Checked", "Appealed", "Declared")}
    if actor.key in involved and not actor.everything:
        return say("参与核查或者申报的人员应当回避（政府督查工作条例 第十七条）")
    return None


def _round(state: Claim) -> Duty | None:
    return Duty.objects.filter(kind="appraisal.round", number=state.due.round).order_by("id").first()
