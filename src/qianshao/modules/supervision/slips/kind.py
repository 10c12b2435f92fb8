"""The declaration of a slip."""

from __future__ import annotations

from qianshao.kernel.declare import Act, Kind, Phase
from qianshao.kernel.figures import Condition, Indicator, Scope, Selection, scoped

from ..items.kind import APPROVE, HANDLE, READ, SUPERVISE
from . import facts as f
from . import rules

_KEY = "supervision.slip"


def _given(scope: Scope) -> Selection:
    return scoped(_KEY, scope, Condition("phase", "not", "withdrawn"))


def _unanswered(scope: Scope) -> Selection:
    return scoped(_KEY, scope, Condition("open", "", True))


SLIP = Kind(
    key=_KEY,
    title="督办单",
    law="三色单、催办单、督办通知单见于地方规定；本市设定",
    fold=rules.fold,
    clock=rules.clock,
    look=rules.look,
    phases=(
        Phase("issued", "待签收"),
        Phase("received", "待回复"),
        Phase("answered", "已回复", open=False),
        Phase("withdrawn", "已撤回", open=False),
    ),
    acts=(
        Act(f.Issued, "发出督办单", who=SUPERVISE, opens=True),
        Act(f.Received, "签收督办单", who=HANDLE, allow=rules.may_receive, evidence="may"),
        Act(f.Answered, "回复督办单", who=HANDLE, allow=rules.may_answer),
        Act(f.SentBack, "退回重新回复", who=SUPERVISE, allow=rules.may_send_back, apart=True),
        Act(f.Withdrawn, "撤回督办单", who=APPROVE, allow=rules.while_open, apart=True),
    ),
    rules=(rules.RECEIPT, rules.ANSWER),
    reads=READ,
    prefix="DB",
    searched=("matter", "item", "number"),
    indicators=(
        Indicator(
            key="supervision.slips",
            title="发出的督办单",
            formula="发出且未撤回的督办单数",
            counts=_given,
            inputs=("slip",),
        ),
        Indicator(
            key="supervision.slips-unanswered",
            title="未回复的督办单",
            formula="尚未回复的督办单数 ÷ 发出且未撤回的督办单数",
            counts=_unanswered,
            base=_given,
            inputs=("slip",),
        ),
    ),
    beside=rules.beside,
    marks={
        **{f"level_{key}": f"{title}色督办单" for key, title in f.LEVELS.items()},
        "sent_back": "回复退回过",
        "late_receipt": "督办单签收超时",
    },
)
