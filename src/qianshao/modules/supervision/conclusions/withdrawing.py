"""Those who took part in a conclusion withdraw from its review (政府督查工作条例 第十七条)."""

from __future__ import annotations

from datetime import datetime

from qianshao.core.accounts.actor import Actor
from qianshao.core.duties.stream import load
from qianshao.kernel.words import Words, say

from . import facts as f
from .rules import Conclusion


def decide(
    *, stream: str, state: Conclusion, fact: f.ReviewDecided, actor: Actor, now: datetime
) -> Words | None:
    """Who made, delivered or contested it does not decide."""
    bodies = [body for read in load([stream], lock=False) for body in read.bodies]
    involved = {body.actor for body in bodies if body.fact != "ReviewDecided"}
    # What is not on file yet stands in the same batch, and a batch has one actor.
    told = (state.made, state.delivered, state.asked)
    in_batch = {type(fact).__name__ for fact in told if fact} - {body.fact for body in bodies}
    if in_batch or actor.key in involved:
        return say("参与作出督查结论的人员应当回避（政府督查工作条例 第十七条）")
    return None
