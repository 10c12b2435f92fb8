"""What can happen to an inspection: planned, filed, carried out, concluded; or merged, moved, given up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from qianshao.kernel.declare import Fact, choice, day, flag, long, text, unit

# 政府督查工作条例 第四、十四、十二条 (SUP-02, SUP-08, SUP-07).
CONTENTS: Mapping[str, str] = {
    "central": "党中央、国务院重大决策部署",
    "deployed": "上级和本级政府重要工作部署",
    "statutory": "督查对象法定职责履行情况",
    "efficiency": "督查对象行政效能",
}
FORMS: Mapping[str, str] = {
    "comprehensive": "综合督查",
    "special": "专项督查",
    "event": "事件调查",
    "daily": "日常督办",
    "lead": "线索核查",
}
METHODS: Mapping[str, str] = {
    "self_check": "自查、说明情况",
    "hearing": "听取汇报",
    "visit": "检查、访谈、暗访",
    "seminar": "座谈、听证、统计、评估",
    "papers": "调阅、复制资料",
    "letters": "信函、电话、媒体收集线索",
    "talk": "约谈负责人",
    "internet": "互联网＋督查",
}


@dataclass(frozen=True, kw_only=True)
class Planned(Fact):
    """An inspection of one unit was put into the plan; nothing is drawn yet."""

    title: str = text("检查名称", maximum=200)
    matter: str = text("检查事项", maximum=100, hint="写清查什么；同一对象、同一事项、日期重叠的不得重复检查")
    body: str = unit("检查主体")
    unit: str = unit("检查对象")
    since: date = day("开始日期")
    until: date = day("结束日期")
    form: str = choice("督查形式", FORMS)
    method: str = choice("督查方式", METHODS, required=False)
    content: str = choice("督查内容", CONTENTS, required=False)
    basis: str = text("依据", maximum=200)
    mandate: str = text(
        "政府指定督查的文号", required=False, maximum=200, hint="部门开展督查须经本级政府指定（条例第七条）"
    )
    leader: str = text("组长职务", required=False, maximum=60, hint="督查组实行组长负责制（条例第八条）")


@dataclass(frozen=True, kw_only=True)
class Filed(Fact):
    """It was filed with the office: the target's and the body's budgets are drawn, or it is refused at once."""

    number: str = text("备案号", required=False, maximum=60)


@dataclass(frozen=True, kw_only=True)
class Moved(Fact):
    """It takes place on other days; the clash is looked for anew, the budget is not drawn twice."""

    since: date = day("开始日期")
    until: date = day("结束日期")
    reason: str = text("改期理由", maximum=500)


@dataclass(frozen=True, kw_only=True)
class Merged(Fact):
    """It goes along with another body's inspection of the same unit; its own budget is given back."""

    into: str = text("并入的检查编号", maximum=60)
    reason: str = text("说明", required=False, maximum=500)


@dataclass(frozen=True, kw_only=True)
class CarriedOut(Fact):
    """The inspectors were there."""

    since: date = day("实际开始日期")
    until: date = day("实际结束日期")
    chief_met: bool = flag("要求主要负责人陪同", hint="不得每次都要求主要负责人到场（BUR-20）")
    found: str = long("发现的问题", required=False, maximum=5000)


@dataclass(frozen=True, kw_only=True)
class Concluded(Fact):
    """The conclusion was made and fed back to the unit it concerns (条例第十六条)."""

    conclusion: str = long("督查结论", maximum=5000)
    delivered: date = day("反馈日期")


@dataclass(frozen=True, kw_only=True)
class Cancelled(Fact):
    """It does not take place; what was drawn is given back."""

    reason: str = text("取消理由", maximum=500)


AnyFact = Planned | Filed | Moved | Merged | CarriedOut | Concluded | Cancelled
