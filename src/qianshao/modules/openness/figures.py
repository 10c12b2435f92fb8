"""What openness is measured by: three rates of timeliness, and the counts a yearly report is made of.

Each figure is a question about duties, so it opens its list and can be asked by unit, month and channel. A
denominator holds what has come to its end or its limit; what still has time, what its owner took back or gave
up, and what nothing was owed for, are spelled out beside it.
"""

from __future__ import annotations

from qianshao.kernel.figures import Condition, Indicator, Part, Scope, Selection, scoped
from qianshao.kernel.words import say

from .requests.outcomes import ROWS

REQUEST = "openness.request"
DOCUMENT = "openness.document"
INTERPRETATION = "openness.interpretation"
REPORT = "openness.yearly_report"
CARD = "openness.card"
RECORD = "openness.record"

OPEN = Condition("open", "", True)
SETTLED = Condition("settled", "", True)
IN_TIME = Condition("missed_at", "empty", True)
MISSED = Condition("missed_at", "empty", False)
LATE = Condition("lamp", "", "red")


def _of(kind: str, *conditions: Condition) -> Part:
    def selection(scope: Scope) -> Selection:
        return scoped(kind, scope, *conditions)

    return selection


def _phase(*keys: str) -> Condition:
    return Condition("phase", "", keys[0]) if len(keys) == 1 else Condition("phase", "in", keys)


def _still(kind: str) -> Part:
    return _of(kind, OPEN, Condition("settled", "", False))


def _row(code: str, title: str) -> Indicator:
    return Indicator(
        key=f"openness.request-row-{code}",
        title=title,
        formula="办理结果为这一项的申请数（年度报告第三部分表格同名的一行）",
        counts=_of(REQUEST, Condition("topic", "", title)),
        inputs=("reply",),
    )


_REPLY_OWED = (
    SETTLED,
    Condition(
        "phase",
        "in",
        (
            "answered",
            *(
                "in_process",
                "extended",
                "postponed",
                "consulting",
                "correction_asked",
                "fee_notified",
            ),
        ),
    ),
)
REQUESTS = (
    Indicator(
        key="openness.request-in-time",
        title="依申请公开按时答复率",
        formula="期限内答复的申请数 ÷（已答复的申请数 + 逾期未答复的申请数）",
        counts=_of(REQUEST, _phase("answered"), IN_TIME),
        base=_of(REQUEST, *_REPLY_OWED),
        left_out=(
            (say("期限未到的在办申请，不计入"), _still(REQUEST)),
            (say("申请人撤回的申请，不计入"), _of(REQUEST, _phase("withdrawn"))),
            (say("视为放弃的申请，不计入"), _of(REQUEST, _phase("given_up"))),
        ),
        inputs=("reply",),
        appraisal=True,
    ),
    Indicator(
        key="openness.request-overdue",
        title="逾期未答复的申请",
        formula="已过期限仍未答复的申请数 ÷ 在办申请数",
        counts=_of(REQUEST, OPEN, LATE),
        base=_of(REQUEST, OPEN),
        inputs=("reply",),
    ),
    Indicator(
        key="openness.request-late",
        title="逾期答复的申请",
        formula="期限届满之后才答复的申请数 ÷ 已答复的申请数",
        counts=_of(REQUEST, _phase("answered"), MISSED),
        base=_of(REQUEST, _phase("answered")),
        inputs=("reply",),
    ),
    Indicator(
        key="openness.request-received",
        title="新收申请",
        formula="收到的申请数（年度报告第三部分表格第一行）",
        counts=_of(REQUEST),
        inputs=("receipt",),
    ),
    Indicator(
        key="openness.request-carried",
        title="结转继续办理的申请",
        formula="截至所选之日尚未办结的申请数（选 12 月 31 日即年度报告第三部分表格末行）",
        counts=_of(REQUEST, OPEN),
        inputs=("receipt",),
    ),
    *(_row(code, title) for code, title in ROWS.items() if code.startswith("3.") and code != "3.7"),
)
DOCUMENTS = (
    Indicator(
        key="openness.document-in-time",
        title="主动公开按时率",
        formula="形成或变更后期限内公开的信息数 ÷（已公开的信息数 + 逾期未公开的信息数）",
        counts=_of(DOCUMENT, _phase("published", "taken_down"), IN_TIME),
        base=_of(DOCUMENT, SETTLED, _phase("published", "taken_down", "waiting")),
        left_out=(
            (say("期限未到的待公开信息，不计入"), _still(DOCUMENT)),
            (
                say("依申请公开或者不予公开的信息，不计入"),
                _of(DOCUMENT, _phase("on_request", "withheld")),
            ),
            (say("已废止的信息，不计入"), _of(DOCUMENT, _phase("abolished"))),
        ),
        inputs=("publication",),
        appraisal=True,
    ),
    Indicator(
        key="openness.document-overdue",
        title="逾期未公开的信息",
        formula="已过期限仍未公开的信息数 ÷ 待公开的信息数",
        counts=_of(DOCUMENT, OPEN, LATE),
        base=_of(DOCUMENT, OPEN),
        inputs=("publication",),
    ),
)
INTERPRETATIONS = (
    Indicator(
        key="openness.interpretation-in-time",
        title="政策解读按时率",
        formula="文件发布后期限内解读的文件数 ÷（已解读的文件数 + 逾期未解读的文件数）",
        counts=_of(INTERPRETATION, _phase("interpreted"), IN_TIME),
        base=_of(INTERPRETATION, SETTLED, _phase("interpreted", "due")),
        left_out=(
            (say("文件尚未发布或者期限未到，不计入"), _still(INTERPRETATION)),
            (say("确认无需解读的文件，不计入"), _of(INTERPRETATION, _phase("excused"))),
        ),
        inputs=("publication",),
        appraisal=True,
    ),
)
REPORTS = (
    Indicator(
        key="openness.report-in-time",
        title="年度报告按时公布率",
        formula="期限内公布的年度报告数 ÷（已公布的年度报告数 + 逾期未公布的年度报告数）",
        counts=_of(REPORT, _phase("published"), IN_TIME),
        base=_of(REPORT, SETTLED),
        left_out=((say("期限未到的年度报告，不计入"), _still(REPORT)),),
        inputs=("publication",),
        appraisal=True,
    ),
)
RECORDS = (
    Indicator(
        key="openness.record-in-time",
        title="更正申请按时处理率",
        formula="期限内告知结果的更正申请数 ÷（已告知的更正申请数 + 逾期未告知的更正申请数）",
        counts=_of(RECORD, _phase("told"), IN_TIME),
        base=_of(RECORD, SETTLED, _phase("told", "settled", "checking")),
        left_out=(
            (say("期限未到的更正申请，不计入"), _still(RECORD)),
            (say("申请人撤回的更正申请，不计入"), _of(RECORD, _phase("taken_back"))),
        ),
        inputs=("reply",),
    ),
)


def _cards(level: str, title: str) -> Indicator:
    of_level = Condition("topic", "", title)
    return Indicator(
        key=f"openness.card-{level}",
        title=f"{title}数",
        formula=f"发出且未撤销的{title}数",
        counts=_of(CARD, of_level, Condition("phase", "not", "withdrawn")),
        left_out=((say("已撤销的预警卡，不计入"), _of(CARD, of_level, _phase("withdrawn"))),),
        inputs=("publication",),
    )


CARDS = (_cards("red", "红牌"), _cards("yellow", "黄牌"))
