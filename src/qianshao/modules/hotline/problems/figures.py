"""What problems are measured by."""

from __future__ import annotations

from qianshao.kernel.figures import Condition, Indicator, Part, Scope, Selection, scoped
from qianshao.kernel.words import say

KEY = "hotline.problem"


def _problems(*conditions: Condition) -> Part:
    def selection(scope: Scope) -> Selection:
        return scoped(KEY, scope, *conditions)

    return selection


def _mark(name: str) -> Condition:
    return Condition("marks", "", name)


INDICATORS = (
    Indicator(
        key="hotline.problem-fell",
        title="整改后诉求下降",
        formula="观察期满、诉求比整改前下降的问题数 ÷ 已经作出前后对比且未再重启的问题数",
        counts=_problems(_mark("fell")),
        base=_problems(Condition("marks", "in", ("fell", "rose", "unclear"))),
        left_out=((say("尚未作出前后对比的，不计入"), _problems(Condition("marks", "not", "compared"))),),
        inputs=("recurrence",),
    ),
    Indicator(
        key="hotline.problem-reopened",
        title="整改后反弹",
        formula="反弹重启过的问题数 ÷ 已经作出过前后对比或者重启过的问题数",
        counts=_problems(_mark("reopened")),
        base=_problems(Condition("marks", "in", ("compared", "reopened"))),
        inputs=("recurrence",),
    ),
)
