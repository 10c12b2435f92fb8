"""What items are measured by. Reports, meetings and documents are never counted as work (BUR-13, BUR-14)."""

from __future__ import annotations

from qianshao.kernel.figures import Condition, Indicator, Part, Scope, Selection, scoped
from qianshao.kernel.words import say

ITEM = "supervision.item"
OPEN = Condition("open", "", True)
CLOSED = Condition("phase", "", "closed")
NEVER_MISSED = Condition("missed_at", "empty", True)


def mark(name: str) -> Condition:
    """Items of which this is true."""
    return Condition("marks", "", name)


def items(*conditions: Condition) -> Part:
    """The items of a scope, with more conditions."""

    def selection(scope: Scope) -> Selection:
        return scoped(ITEM, scope, *conditions)

    return selection


_GONE = tuple(Condition("phase", "not", phase) for phase in ("cancelled", "declined"))
LEFT_OUT = (
    (say("尚未到期的在办事项，不计入"), items(OPEN, Condition("settled", "", False))),
    (say("已撤销的事项，不计入"), items(Condition("phase", "", "cancelled"))),
    (say("未批准立项的，不计入"), items(Condition("phase", "", "declined"))),
)


def _share(key: str, title: str, formula: str, counted: Part, base: Part | None, trace: str) -> Indicator:
    return Indicator(
        key=f"supervision.{key}", title=title, formula=formula, counts=counted, base=base, inputs=(trace,)
    )


INDICATORS = (
    Indicator(
        key="supervision.in-time",
        title="督查事项按期办结",
        formula="从未逾期的办结事项数 ÷（已办结事项数 + 逾期未办结事项数）",
        counts=items(CLOSED, NEVER_MISSED),
        base=items(Condition("settled", "", True), *_GONE),
        left_out=LEFT_OUT,
        inputs=("closing",),
        appraisal=True,
    ),
    _share(
        "overdue",
        "督查事项逾期未办结",
        "已过期限仍未办结的事项数 ÷ 在办事项数",
        items(OPEN, Condition("lamp", "", "red")),
        items(OPEN),
        "closing",
    ),
    _share("assigned", "立项事项", "立项的督查事项数", items(), None, "assignment"),
    _share("extended", "延期事项", "延期过的事项数 ÷ 立项事项数", items(mark("extended")), items(), "extension"),
    _share(
        "sent-back",
        "办结被退回",
        "办结报告被退回过的事项数 ÷ 立项事项数",
        items(mark("sent_back")),
        items(),
        "review",
    ),
    _share(
        "difficulty-open", "困难待协调", "困难尚未协调的在办事项数 ÷ 在办事项数",
        items(OPEN, mark("difficulty_open")), items(OPEN), "difficulty",
    ),
)  # fmt: skip
