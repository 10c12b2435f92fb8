"""The declaration of a conclusion."""

from __future__ import annotations

from qianshao.kernel.declare import Act, Kind, Phase
from qianshao.kernel.figures import Condition, Indicator, Scope, Selection, scoped

from ..items.kind import APPROVE, HANDLE, READ, SUPERVISE
from . import facts as f
from . import rules

_KEY = "supervision.conclusion"


def _made(scope: Scope) -> Selection:
    return scoped(_KEY, scope)


def _contested(scope: Scope) -> Selection:
    return scoped(_KEY, scope, Condition("marks", "", "contested"))


CONCLUSION = Kind(
    key=_KEY,
    title="督查结论",
    law="政府督查工作条例 第十六条、第十七条",
    fold=rules.fold,
    clock=rules.clock,
    look=rules.look,
    silence=rules.silence,
    phases=(
        Phase("made", "待送达"),
        Phase("delivered", "已送达", paused=True, second="申请复核期限"),
        Phase("reviewing", "复核中"),
        Phase("upheld", "已维持", open=False),
        Phase("changed", "已变更", open=False),
        Phase("withdrawn", "已撤销", open=False),
        Phase("final", "已确定", open=False),
    ),
    acts=(
        Act(f.Made, "作出督查结论", who=SUPERVISE, opens=True),
        Act(f.Delivered, "送达督查结论", who=SUPERVISE, allow=rules.may_deliver),
        Act(f.ReviewAsked, "申请复核", who=HANDLE, allow=rules.may_ask),
        Act(
            f.ReviewDecided,
            "作出复核决定",
            who=APPROVE,
            allow=rules.may_decide,
            apart=True,
            takes="qianshao.modules.supervision.conclusions.withdrawing.decide",
        ),
        Act(f.BecameFinal, "期满确定", who=SUPERVISE, allow=rules.may_become_final, evidence="none"),
    ),
    rules=(rules.DELIVER, rules.CONTEST, rules.DECIDE),
    reads=READ,
    prefix="JL",
    searched=("title", "item"),
    indicators=(
        Indicator(
            key="supervision.contested",
            title="申请复核的督查结论",
            formula="申请过复核的督查结论数 ÷ 作出的督查结论数",
            counts=_contested,
            base=_made,
            inputs=("conclusion",),
        ),
    ),
    marks={"contested": "申请过复核"},
)
