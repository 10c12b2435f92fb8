"""What can happen to a supervised item (督查事项), from the decision it stands in to its closing.

An item holds nobody's personal data: what comes from the hotline is named by number and topic.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from qianshao.kernel.declare import Fact, choice, day, flag, long, number, text, unit

# 政府督查工作条例 第十一条: what counts at once, and what the head approves first (SUP-06).
ORDERED: Mapping[str, str] = {
    "decision": "政府决定",
    "report": "政府工作报告",
    "minutes": "会议纪要",
    "upper": "上级部署",
    "split": "上级事项分解",
}
PROPOSED: Mapping[str, str] = {
    "instruction": "领导批示",
    "hotline": "热线督办工单",
    "problem": "热线体制机制性问题",
    "finding": "政务公开监测发现",
    "lead": "有关部署或者线索",
}
ORIGINS = {**ORDERED, **PROPOSED}
# 政府督查工作条例 第四条 (SUP-02).
CONTENTS: Mapping[str, str] = {
    "central": "党中央、国务院重大决策部署",
    "deployed": "上级和本级政府重要工作部署",
    "statutory": "督查对象法定职责履行情况",
    "efficiency": "督查对象行政效能",
}
WEIGHTS: Mapping[str, str] = {"": "一般", "important": "重要", "special": "特别重要"}
PACES: Mapping[str, str] = {"": "一般", "urgent": "急办", "hard": "疑难"}
RHYTHMS: Mapping[str, str] = {
    "": "不定期",
    "monthly": "每月报送",
    "quarterly": "每季报送（次季首月）",
    "quarter_end": "每季报送（当季末月）",
}
RETURN_REASONS: Mapping[str, str] = {
    "not_ours": "不属于本单位职责",
    "other_lead": "应由其他单位牵头",
    "outdated": "依据已经变化",
    "unclear": "任务内容不明确",
}
JUDGED: Mapping[str, str] = {"upheld": "同意", "refused": "不同意"}
REVIEWED: Mapping[str, str] = {"pass": "同意办结", "back": "退回续办"}
LEVELS: Mapping[str, str] = {"blue": "蓝", "orange": "橙", "red": "红"}
_CODES = "单位编码，用逗号隔开"


@dataclass(frozen=True, kw_only=True)
class _Item(Fact):
    """What an item is about, and who owes it by when."""

    title: str = text("事项", maximum=200)
    body: str = long("任务内容", required=False, maximum=5000)
    reference: str = text("依据文号或者会议", required=False, maximum=120)
    label: str = text("原文序号", required=False, maximum=40)
    unit: str = unit("牵头单位")
    co_units: str = text("配合单位", required=False, maximum=1000, hint=_CODES)
    guide_units: str = text("指导单位", required=False, maximum=1000, hint=_CODES)
    open_list: bool = flag("原文有“等”", hint="单位名单没有列全")
    phrase: str = text("期限原文", required=False, maximum=100, hint="例如：年底前")
    due: date | None = day("办结期限", required=False, hint="不填的，按来源的默认时限")
    weight: str = choice("重要程度", WEIGHTS, required=False)
    pace: str = choice("缓急", PACES, required=False)
    rhythm: str = choice("进展报送", RHYTHMS, required=False)
    content: str = choice("督查内容", CONTENTS, required=False, hint="政府督查工作条例 第四条")


@dataclass(frozen=True, kw_only=True)
class Assigned(_Item):
    """The government decided it, so it is an item at once (立项交办)."""

    origin: str = choice("来源", ORDERED)
    parent: str = text("分解自", required=False, maximum=26, hint="上级事项的标识")


@dataclass(frozen=True, kw_only=True)
class Proposed(_Item):
    """Somebody thinks it should be an item; it counts once the head has approved (条例第十一条)."""

    origin: str = choice("来源", PROPOSED)
    about: str = text("来源标识", required=False, maximum=26, hint="热线工单、热线问题或者监测发现的标识")


@dataclass(frozen=True, kw_only=True)
class Approved(Fact):
    """The head of the government, or who may act for it, approved the proposal; the clock begins."""

    by: str = text("批准人职务", maximum=60)
    note: str = text("批示", required=False, maximum=500)


@dataclass(frozen=True, kw_only=True)
class Declined(Fact):
    """The proposal was not approved; nobody owes anything."""

    by: str = text("决定人职务", maximum=60)
    reason: str = text("理由", maximum=500)


@dataclass(frozen=True, kw_only=True)
class Signed(Fact):
    """The lead unit took the item."""

    note: str = text("签收说明", required=False, maximum=200)


@dataclass(frozen=True, kw_only=True)
class Returned(Fact):
    """The lead unit asks to be rid of the item, with a reason; the office judges."""

    reason: str = choice("退回理由", RETURN_REASONS)
    note: str = text("依据与说明", maximum=500)
    rather: str = unit("建议牵头单位", required=False)


@dataclass(frozen=True, kw_only=True)
class ReturnJudged(Fact):
    """The office judged the return: upheld, the item waits for another lead; refused, it stays for good."""

    result: str = choice("审核结果", JUDGED)
    note: str = text("审核理由", maximum=500)


@dataclass(frozen=True, kw_only=True)
class Transferred(Fact):
    """The office named another lead unit; the limit stays what it was."""

    unit: str = unit("新的牵头单位")
    co_units: str = text("配合单位", required=False, maximum=1000, hint=_CODES)
    reason: str = text("转办理由", maximum=500)


@dataclass(frozen=True, kw_only=True)
class Split(Fact):
    """The lead gave a part of the item to a unit below it or beside it; the part is an item of its own."""

    unit: str = unit("分解给")
    title: str = text("分解的任务", maximum=200)
    due: date | None = day("完成期限", required=False, hint="不得晚于本事项的期限")


@dataclass(frozen=True, kw_only=True)
class PartClosed(Fact):
    """A part that was split off is done, or was cancelled; recorded by itself."""

    unit: str = unit("分解给")
    part: str = text("分解事项的标识", maximum=26)


@dataclass(frozen=True, kw_only=True)
class Planned(Fact):
    """The lead handed in its plan with milestones; a later plan takes the place of an earlier one."""

    nodes: str = long("节点", maximum=4000, hint="每行一个节点，先写日期：2026-03-31 完成选址")
    note: str = long("工作方案", required=False, maximum=5000)


@dataclass(frozen=True, kw_only=True)
class NodeReached(Fact):
    """A milestone of the plan was reached."""

    node: int = number("第几个节点", maximum=100)
    note: str = text("完成情况", required=False, maximum=500)


@dataclass(frozen=True, kw_only=True)
class Reported(Fact):
    """The lead told how far it is: one report, which everybody who asks is given."""

    progress: str = long("进展情况", maximum=5000)
    percent: int = number("完成比例（%）", required=False, maximum=100)
    next_step: str = long("下一步打算", required=False, maximum=2000)


@dataclass(frozen=True, kw_only=True)
class ReportAsked(Fact):
    """Somebody besides the rhythm wants to know how far it is; the next report serves them too."""

    who: str = text("谁需要", maximum=100, hint="例如：市委督查室、市发改委")
    until: date | None = day("希望何日前", required=False)


@dataclass(frozen=True, kw_only=True)
class ExtensionAsked(Fact):
    """The lead asks for a later limit."""

    until: date = day("申请延至")
    reason: str = text("延期理由", maximum=500)


@dataclass(frozen=True, kw_only=True)
class ExtensionJudged(Fact):
    """The office agreed to a later limit, or did not; the old limit stays readable."""

    result: str = choice("审核结果", JUDGED)
    until: date | None = day("延至", required=False, hint="同意的，填写新的期限")
    by: str = text("批准人职务", maximum=60)
    note: str = text("理由", required=False, maximum=500)


@dataclass(frozen=True, kw_only=True)
class DifficultyReported(Fact):
    """The lead cannot go on alone and says what it needs from above."""

    what: str = long("困难和问题", maximum=2000)
    need: str = long("需要协调解决的事项", maximum=2000)


@dataclass(frozen=True, kw_only=True)
class DifficultyAnswered(Fact):
    """Somebody above answered: what was decided, by whom."""

    by: str = text("协调人职务", maximum=60)
    answer: str = long("协调结果", maximum=2000)


@dataclass(frozen=True, kw_only=True)
class Escalated(Fact):
    """A slip was issued for the item; recorded by itself."""

    level: str = choice("督办单等级", LEVELS)
    slip: str = text("督办单编号", maximum=60)


@dataclass(frozen=True, kw_only=True)
class CloseProposed(Fact):
    """The lead says it is done, with evidence; its clock stands while the office looks."""

    summary: str = long("办结情况", maximum=5000)


@dataclass(frozen=True, kw_only=True)
class CloseReviewed(Fact):
    """Somebody else looked: done, or back to be finished under the limit there was."""

    result: str = choice("审核结果", REVIEWED)
    conclusion: str = long("督查结论", maximum=2000)


@dataclass(frozen=True, kw_only=True)
class Cancelled(Fact):
    """The item is no longer owed, because what it rests on is gone (撤销)."""

    by: str = text("批准人职务", maximum=60)
    reason: str = text("撤销理由", maximum=500)


@dataclass(frozen=True, kw_only=True)
class Reopened(Fact):
    """It was not done after all, or is owed again, by a limit of its own."""

    due: date | None = day("办结期限", required=False)
    reason: str = text("重启理由", maximum=500)


AnyFact = (
    Assigned
    | Proposed
    | Approved
    | Declined
    | Signed
    | Returned
    | ReturnJudged
    | Transferred
    | Split
    | PartClosed
    | Planned
    | NodeReached
    | Reported
    | ReportAsked
    | ExtensionAsked
    | ExtensionJudged
    | DifficultyReported
    | DifficultyAnswered
    | Escalated
    | CloseProposed
    | CloseReviewed
    | Cancelled
    | Reopened
)
