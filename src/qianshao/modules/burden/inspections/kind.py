"""The declaration of an inspection."""

from __future__ import annotations

from qianshao.kernel.declare import Act, Kind, Phase
from qianshao.kernel.figures import Condition, Indicator, Part, Scope, Selection, scoped

from . import facts as f
from . import rules
from .rules import KEY

READ, PLAN, FILE = "burden.read", "burden.plan", "burden.file"

_TAKING = "qianshao.modules.burden.inspections.taking"


def _inspections(*conditions: Condition) -> Part:
    def selection(scope: Scope) -> Selection:
        return scoped(KEY, scope, *conditions)

    return selection


_COUNTED = Condition("phase", "in", ("filed", "carried", "concluded"))

INSPECTION = Kind(
    key=KEY,
    title="督查检查",
    law="政府督查工作条例 第十四条至第十六条；整治形式主义为基层减负若干规定（2024年）",
    fold=rules.fold,
    clock=rules.clock,
    look=rules.look,
    phases=(
        Phase("planned", "待备案"),
        Phase("filed", "已备案"),
        Phase("carried", "待反馈结论"),
        Phase("concluded", "已反馈结论", open=False),
        Phase("merged", "已并入其他检查", open=False),
        Phase("cancelled", "已取消", open=False),
    ),
    acts=(
        Act(f.Planned, "列入检查计划", who=PLAN, opens=True),
        Act(f.Filed, "备案", who=FILE, allow=rules.may_file, takes=f"{_TAKING}.file"),
        Act(f.Moved, "检查改期", who=FILE, allow=rules.may_move, takes=f"{_TAKING}.move"),
        Act(f.Merged, "并入其他检查", who=PLAN, allow=rules.may_merge, takes=f"{_TAKING}.merge"),
        Act(f.CarriedOut, "登记检查", who=PLAN, allow=rules.may_carry_out),
        Act(f.Concluded, "反馈督查结论", who=PLAN, allow=rules.may_conclude),
        Act(f.Cancelled, "取消检查", who=PLAN, allow=rules.may_cancel, takes=f"{_TAKING}.cancel"),
    ),
    rules=(rules.CONCLUDE,),
    reads=READ,
    prefix="JCH",
    searched=("title", "matter"),
    indicators=(
        Indicator(
            key="burden.inspections",
            title="备案的检查",
            formula="已备案、没有取消或者并入的检查次数",
            counts=_inspections(_COUNTED),
            inputs=("inspection",),
        ),
        Indicator(
            key="burden.inspections-merged",
            title="合并的检查",
            formula="并入其他检查的次数 ÷ 列入计划的检查次数",
            counts=_inspections(Condition("phase", "", "merged")),
            base=_inspections(),
            inputs=("inspection",),
        ),
        Indicator(
            key="burden.chief-met",
            title="要求主要负责人陪同的检查",
            formula="要求主要负责人陪同的检查次数 ÷ 已进行的检查次数",
            counts=_inspections(Condition("marks", "", "chief_met")),
            base=_inspections(Condition("phase", "in", ("carried", "concluded"))),
            inputs=("inspection",),
        ),
    ),
    needs=("Planned.since", "Planned.until"),
    marks={
        "filed": "备案过",
        "moved": "改过期",
        "longer": "超出备案日期",
        "chief_met": "要求主要负责人陪同",
    },
)
