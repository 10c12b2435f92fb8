"""What the hotline is measured by. Each figure is a question about orders, so it opens its list.

Answers are counted, never citizens' praise of them on the net, and no figure here uses a trace the burden rules
of 2024 forbid. An order that still has time is in no denominator; one the caller took back is spelled out.
The three rates (三率) are out of the call-backs that reached the caller; who could not be reached, would not
say or asked for what cannot be is left out, and shown.
"""

from __future__ import annotations

from qianshao.kernel.figures import Condition, Indicator, Part, Scope, Selection, scoped
from qianshao.kernel.words import say

from .rules import ANSWERED

ORDER = "hotline.order"
REPLIED = Condition("phase", "in", ANSWERED)
WITHDRAWN = Condition("phase", "", "withdrawn")
MERGED = Condition("phase", "", "merged")
DECLINED = Condition("phase", "", "declined")
OPEN = Condition("open", "", True)
NEVER_MISSED = Condition("missed_at", "empty", True)
MISSED = Condition("missed_at", "empty", False)


def mark(name: str) -> Condition:
    """Orders of which this is true."""
    return Condition("marks", "", name)


REACHED = mark("call_reached")
SATISFIED = Condition("marks", "in", ("satisfied_very", "satisfied_basically"))


def _orders(*conditions: Condition) -> Part:
    def selection(scope: Scope) -> Selection:
        return scoped(ORDER, scope, *conditions)

    return selection


LEFT_OUT = (
    (say("尚未到期的在办工单，不计入"), _orders(OPEN, Condition("settled", "", False))),
    (say("诉求人撤回的工单，不计入"), _orders(WITHDRAWN)),
    (say("并入其他工单的，不计入"), _orders(MERGED)),
    (say("不予受理的工单，不计入"), _orders(DECLINED)),
)
DUE = _orders(
    Condition("settled", "", True),
    *(Condition("phase", "not", phase) for phase in ("withdrawn", "merged", "declined")),
)
NOT_COUNTED = (
    (say("多次联系不上的，不计入"), _orders(mark("call_unreached"))),
    (say("拒绝评价的，不计入"), _orders(mark("call_refused"))),
    (say("诉求不合理的，不计入"), _orders(mark("call_unreasonable"))),
    (say("已答复、尚未回访的，不计入"), _orders(REPLIED, mark("not_called"))),
)


def _of_calls(key: str, title: str, formula: str, counted: Condition) -> Indicator:
    return Indicator(
        key=f"hotline.{key}",
        title=title,
        formula=formula,
        counts=_orders(REACHED, counted),
        base=_orders(REACHED),
        left_out=NOT_COUNTED,
        inputs=("call-back",),
        appraisal=True,
    )


def _share(key: str, title: str, formula: str, counted: Part, base: Part | None, trace: str) -> Indicator:
    return Indicator(
        key=f"hotline.{key}", title=title, formula=formula, counts=counted, base=base, inputs=(trace,)
    )


RATES = (
    _of_calls(
        "response", "响应率", "承办单位及时联系过的工单数 ÷ 回访接通并作出评价的工单数", mark("responded")
    ),
    _of_calls("solution", "解决率", "诉求人认为已解决的工单数 ÷ 回访接通并作出评价的工单数", mark("solved")),
    _of_calls("satisfaction", "满意率", "满意和基本满意的工单数 ÷ 回访接通并作出评价的工单数", SATISFIED),
)

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
    _share("received", "受理工单", "受理的诉求工单数", _orders(), None, "receipt"),
    _share(
        "withdrawn",
        "诉求人撤回",
        "诉求人撤回的工单数 ÷ 受理的工单数",
        _orders(WITHDRAWN),
        _orders(),
        "withdrawal",
    ),
    *RATES,
    _share(
        "at-once",
        "即时答复",
        "话务员即时答复的工单数 ÷ 受理的工单数",
        _orders(mark("at_once")),
        _orders(),
        "reply",
    ),
    _share(
        "merged", "重复并单", "并入在先工单的工单数 ÷ 受理的工单数", _orders(MERGED), _orders(), "receipt"
    ),
    _share(
        "declined", "不予受理", "不予受理的工单数 ÷ 受理的工单数", _orders(DECLINED), _orders(), "receipt"
    ),
    _share(
        "repeated",
        "重复来电",
        "同一诉求人再次来电的工单数 ÷ 受理的工单数",
        _orders(mark("repeated")),
        _orders(),
        "receipt",
    ),
    _share(
        "redone",
        "二次办理",
        "退回重办和重办的工单数 ÷ 受理的工单数",
        _orders(mark("redone")),
        _orders(),
        "review",
    ),
    _share(
        "returned", "退单", "退过单的工单数 ÷ 受理的工单数", _orders(mark("returned")), _orders(), "return"
    ),
    _share(
        "returned-refused",
        "退单被驳回",
        "退单被驳回的工单数 ÷ 退过单的工单数",
        _orders(mark("returned_refused")),
        _orders(mark("returned")),
        "return",
    ),
    _share(
        "late-sign",
        "签收超时",
        "签收超过时限的工单数 ÷ 受理的工单数",
        _orders(mark("late_sign")),
        _orders(),
        "signing",
    ),
    _share(
        "step-late",
        "环节超时未办",
        "派单、签收、联系、审核、回访等环节已过时限仍未办的工单数 ÷ 有环节待办的工单数",
        _orders(Condition("step_late", "", True)),
        _orders(Condition("step_at", "empty", False)),
        "step",
    ),
    _share(
        "late-dispatch",
        "派单超时",
        "派单超过时限的工单数 ÷ 受理的工单数",
        _orders(mark("late_dispatch")),
        _orders(),
        "dispatch",
    ),
)
