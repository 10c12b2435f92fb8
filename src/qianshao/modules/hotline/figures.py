"""What the hotline is measured by. Each figure is a question about orders, so it opens its list.

Answers are counted, never citizens' praise of them, and no figure here uses a trace the burden rules of 2024
forbid. An order that still has time is in no denominator; one the caller took back is spelled out.
"""

from __future__ import annotations

from qianshao.kernel.figures import Condition, Indicator, Part, Scope, Selection, scoped
from qianshao.kernel.words import say

ORDER = "hotline.order"
REPLIED = Condition("phase", "", "replied")
WITHDRAWN = Condition("phase", "", "withdrawn")
OPEN = Condition("open", "", True)
NEVER_MISSED = Condition("missed_at", "empty", True)
MISSED = Condition("missed_at", "empty", False)


def _orders(*conditions: Condition) -> Part:
    def selection(scope: Scope) -> Selection:
        return scoped(ORDER, scope, *conditions)

    return selection


STILL_IN_TIME = _orders(OPEN, Condition("settled", "", False))
LEFT_OUT = (
    (say("尚未到期的在办工单，不计入"), STILL_IN_TIME),
    (say("诉求人撤回的工单，不计入"), _orders(WITHDRAWN)),
)
DUE = _orders(Condition("settled", "", True), Condition("phase", "not", "withdrawn"))

INDICATORS = (
    Indicator(
        key="hotline.in-time",
        title="按时答复",
        formula="按时答复的工单数 ÷（已答复的工单数 + 逾期未答复的工单数）",
        counts=_orders(REPLIED, NEVER_MISSED),
        base=DUE,
        left_out=LEFT_OUT,
        inputs=("reply",),
        appraisal=True,
    ),
    Indicator(
        key="hotline.late",
        title="逾期答复",
        formula="逾期后才答复的工单数 ÷（已答复的工单数 + 逾期未答复的工单数）",
        counts=_orders(REPLIED, MISSED),
        base=DUE,
        left_out=LEFT_OUT,
        inputs=("reply",),
    ),
    Indicator(
        key="hotline.overdue",
        title="逾期未答复",
        formula="已过期限仍未答复的工单数 ÷ 在办工单数",
        counts=_orders(OPEN, Condition("lamp", "", "red")),
        base=_orders(OPEN),
        inputs=("reply",),
    ),
    Indicator(
        key="hotline.received",
        title="受理工单",
        formula="受理的诉求工单数",
        counts=_orders(),
        inputs=("receipt",),
    ),
    Indicator(
        key="hotline.withdrawn",
        title="诉求人撤回",
        formula="诉求人撤回的工单数 ÷ 受理的工单数",
        counts=_orders(WITHDRAWN),
        base=_orders(),
        inputs=("withdrawal",),
    ),
)
