"""The declaration of an item."""

from __future__ import annotations

from qianshao.kernel.declare import Act, Kind, Phase

from . import allowed, rules
from . import facts as f
from .figures import INDICATORS
from .marks import MARKS

READ, HANDLE, SUPERVISE, APPROVE = (
    "supervision.read",
    "supervision.handle",
    "supervision.supervise",
    "supervision.approve",
)

ITEM = Kind(
    key="supervision.item",
    title="督查事项",
    law="政府督查工作条例（国务院令第733号）；时限由本市规定",
    fold=rules.fold,
    clock=rules.clock,
    look=rules.look,
    phases=(
        Phase("proposed", "待批准立项"),
        Phase("assigned", "待签收"),
        Phase("working", "办理中"),
        Phase("returned", "退回待审"),
        Phase("unled", "待定牵头单位"),
        Phase("reviewing", "待办结审核", paused=True, second="办结审核"),
        Phase("closed", "已办结", open=False),
        Phase("cancelled", "已撤销", open=False),
        Phase("declined", "未批准立项", open=False),
    ),
    acts=(
        Act(f.Assigned, "立项交办", who=SUPERVISE, opens=True),
        Act(f.Proposed, "提请立项", who=SUPERVISE, opens=True),
        Act(f.Approved, "批准立项", who=APPROVE, allow=allowed.may_decide),
        Act(f.Declined, "不予立项", who=APPROVE, allow=allowed.may_decide),
        Act(f.Signed, "签收事项", who=HANDLE, allow=allowed.may_sign, evidence="none"),
        Act(f.Returned, "申请退回", who=HANDLE, allow=allowed.may_return),
        Act(f.ReturnJudged, "审核退回", who=SUPERVISE, allow=allowed.may_judge, apart=True),
        Act(f.Transferred, "转办", who=SUPERVISE, allow=allowed.may_transfer, evidence="none"),
        Act(f.Split, "分解", who=HANDLE, allow=allowed.may_split, evidence="none"),
        Act(f.PartClosed, "分解事项了结", who=SUPERVISE, allow=allowed.may_note_part, evidence="none"),
        Act(f.Planned, "报送工作方案", who=HANDLE, allow=allowed.may_plan),
        Act(f.NodeReached, "完成节点", who=HANDLE, allow=allowed.may_reach),
        Act(f.Reported, "报送进展", who=HANDLE, allow=allowed.in_hand),
        Act(
            f.ReportAsked,
            "索要进展",
            who=SUPERVISE,
            allow=allowed.may_ask_report,
            evidence="none",
            takes="qianshao.modules.supervision.items.taking.ask_report",
        ),
        Act(f.ExtensionAsked, "申请延期", who=HANDLE, allow=allowed.may_ask_extension),
        Act(f.ExtensionJudged, "审核延期", who=APPROVE, allow=allowed.may_judge_extension, apart=True),
        Act(f.DifficultyReported, "反映困难", who=HANDLE, allow=allowed.in_hand),
        Act(f.DifficultyAnswered, "协调困难", who=SUPERVISE, allow=allowed.may_answer),
        Act(f.Escalated, "登记督办单", who=SUPERVISE, allow=allowed.may_escalate, evidence="none"),
        Act(f.CloseProposed, "报请办结", who=HANDLE, allow=allowed.may_propose_closing),
        Act(f.CloseReviewed, "审核办结", who=SUPERVISE, allow=allowed.may_review, apart=True),
        Act(f.Cancelled, "撤销事项", who=APPROVE, allow=allowed.while_open),
        Act(f.Reopened, "重启事项", who=SUPERVISE, allow=allowed.may_reopen, apart=True),
    ),
    rules=rules.RULES,
    reads=READ,
    prefix="DC",
    searched=("title", "body", "reference"),
    indicators=INDICATORS,
    beside=rules.beside,
    needs=("Assigned.origin", "Proposed.origin", "ExtensionJudged.until"),
    marks=MARKS,
)
