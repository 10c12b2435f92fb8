"""12345 便民热线: what this module promises, said once."""

from __future__ import annotations

from qianshao.kernel.declare import Act, Kind, Module, Phase, Reaction, Role

from . import allowed, rules
from . import facts as f
from .figures import INDICATORS
from .knowledge.kind import KNOWLEDGE
from .marks import MARKS
from .problems.kind import ANALYSE, DECIDE, PROBLEM
from .sameness.kind import SAMENESS

ORDER = Kind(
    key="hotline.order",
    title="诉求工单",
    law="国办发〔2020〕53号；国办函〔2025〕66号；办理时限由本市规定",
    fold=rules.fold,
    clock=rules.clock,
    look=rules.look,
    phases=(
        Phase("received", "待派单"),
        Phase("dispatched", "待签收"),
        Phase("handling", "办理中"),
        Phase("returned", "退单待审"),
        Phase("asked", "待补充", paused=True, second="诉求人补充期限"),
        Phase("replied", "已答复", open=False),
        Phase("reviewed", "已审核", open=False),
        Phase("called_back", "已回访", open=False),
        Phase("closed", "已归档", open=False),
        Phase("declined", "不予受理", open=False),
        Phase("merged", "已并单", open=False),
        Phase("withdrawn", "已撤回", open=False),
    ),
    acts=(
        Act(f.Received, "受理诉求", who="hotline.receive", opens=True),
        Act(f.Classified, "分类", who="hotline.dispatch", allow=allowed.while_open, evidence="none"),
        Act(f.Merged, "并单", who="hotline.dispatch", allow=allowed.may_merge, evidence="none"),
        Act(f.Unmerged, "拆单", who="hotline.dispatch", allow=allowed.may_unmerge, evidence="none"),
        Act(f.AnsweredAtOnce, "即时答复", who="hotline.receive", allow=allowed.before_dispatch),
        Act(f.Declined, "不予受理", who="hotline.dispatch", allow=allowed.before_dispatch),
        Act(f.Dispatched, "派单", who="hotline.dispatch", allow=allowed.may_dispatch, evidence="none"),
        Act(f.Signed, "签收", who="hotline.handle", allow=allowed.may_sign, evidence="none"),
        Act(f.Returned, "申请退单", who="hotline.handle", allow=allowed.may_return),
        Act(f.ReturnJudged, "审核退单", who="hotline.dispatch", allow=allowed.may_judge, apart=True),
        Act(f.Contacted, "联系诉求人", who="hotline.handle", allow=allowed.with_unit),
        Act(f.Asked, "请诉求人补充", who="hotline.handle", allow=allowed.may_ask),
        Act(f.Supplied, "收到补充", who="hotline.handle", allow=allowed.may_supply),
        Act(f.Extended, "同意延期", who="hotline.extend", allow=allowed.may_be_extended),
        Act(f.CoReported, "登记协办情况", who="hotline.handle", allow=allowed.may_co_report),
        Act(f.Replied, "答复", who="hotline.handle", allow=allowed.may_reply),
        Act(f.Reviewed, "审核答复", who="hotline.review", allow=allowed.may_review, apart=True),
        Act(f.CalledBack, "回访", who="hotline.review", allow=allowed.may_call_back, apart=True),
        Act(f.Rated, "诉求人评价", who="hotline.receive", allow=allowed.may_rate, apart=True),
        Act(f.Closed, "归档", who="hotline.review", allow=allowed.may_close, evidence="none"),
        Act(f.Reopened, "重办", who="hotline.review", allow=allowed.may_reopen, apart=True),
        Act(f.Repeated, "登记再次来电", who="hotline.receive"),
        Act(f.Escalated, "提级督办", who="hotline.review", allow=allowed.may_escalate, apart=True),
        Act(f.Withdrawn, "诉求人撤回", who="hotline.receive", allow=allowed.while_open),
    ),
    rules=rules.RULES,
    reads="hotline.read",
    prefix="RX",
    sealed_title="title",
    subject="caller",
    searched=("title", "body", "place", "number"),
    indicators=INDICATORS,
    beside=rules.beside,
    marks=MARKS,
    withheld="secret",
)

_AGENT = {"hotline.read", "hotline.receive", "hotline.dispatch", "hotline.import", "hotline.text"}
_AGENT |= {"hotline.review", "hotline.maintain", ANALYSE}
_TELLING = "qianshao.modules.hotline.problems.telling"

MODULE = Module(
    key="hotline",
    title="12345 热线",
    kinds=(ORDER, KNOWLEDGE, PROBLEM, SAMENESS),
    roles=(
        Role("hotline.agent", "热线话务员", frozenset(_AGENT), city=True),
        Role(
            "hotline.chief",
            "热线负责人",
            frozenset(
                {*_AGENT, DECIDE, "hotline.extend", "hotline.correct", "hotline.reveal", "hotline.export"}
            ),
            city=True,
        ),
        Role(
            "hotline.unit",
            "承办单位联络员",
            frozenset({"hotline.read", "hotline.handle", "hotline.text", "hotline.maintain"}),
        ),
    ),
    reactions=(
        Reaction("hotline.problem-handed", "supervision.item:Proposed", f"{_TELLING}.handed"),
        Reaction("hotline.problem-owed-again", "supervision.item:Reopened", f"{_TELLING}.handed"),
        Reaction("hotline.problem-mended", "supervision.item:CloseReviewed", f"{_TELLING}.mended"),
        Reaction("hotline.problem-declined", "supervision.item:Declined", f"{_TELLING}.declined"),
        Reaction("hotline.problem-cancelled", "supervision.item:Cancelled", f"{_TELLING}.cancelled"),
    ),
)
