"""What can happen to a citizen's request on the 12345 line (诉求工单)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from qianshao.kernel.declare import Fact, choice, day, duty, flag, long, number, text, unit, units

CHANNELS = {
    "phone": "电话",
    "web": "网站",
    "wechat": "微信",
    "mail": "来信",
    "upper": "上级平台",
    "open311": "开放接口",
    "board": "领导留言板",
}
APPEALS = {
    "": "未分类",
    "consult": "咨询",
    "help": "求助",
    "complain": "投诉",
    "report": "举报",
    "suggest": "建议",
    "praise": "表扬",
}
URGENCIES = {"": "一般", "urgent": "紧急（水电气热、极端天气）", "danger": "特急（危及生命财产）"}
# 北京市接诉即办工作条例 第十一条、潍坊市12345政务服务便民热线条例 第十九条
DECLINED = {
    "emergency": "属 110、119、120、122 等紧急求助，已立即转接",
    "lawful_way": "应当依法经诉讼、仲裁、纪检监察、行政复议、政府信息公开等途径",
    "petition": "已进入信访程序",
    "same_matter": "同一事项正在办理或者已经办结，没有新的情况",
    "secret": "涉及国家秘密、商业秘密、个人隐私",
    "outside": "不属于政府职责",
    "unlawful": "违反法律法规、公序良俗",
}
RETURN_REASONS = {
    "not_ours": "不属于本单位职责",
    "wrong_place": "不属于本辖区",
    "several": "涉及多个单位，应另定主办",
    "unclear": "诉求要素不全，无法办理",
    "same_matter": "同一事项已有工单",
}
JUDGED = {"upheld": "同意退单", "refused": "不同意退单"}
WAYS = {"phone": "电话", "visit": "上门", "text": "短信", "web": "网络"}
REVIEWED = {"pass": "通过", "back": "退回重办"}
REACHED = {
    "reached": "接通并作出评价",
    "unreached": "多次联系不上",
    "refused": "拒绝评价",
    "unreasonable": "诉求不合理",
}
SATISFIED = {
    "": "未评价",
    "very": "满意",
    "basically": "基本满意",
    "not": "不满意",
}
LEVELS = {"hotline": "热线督办", "office": "市政府办公室督办", "mayor": "提请市长专题研究"}


@dataclass(frozen=True, kw_only=True)
class Received(Fact):
    """A citizen asked for something; the story, who told it and the exact spot are sealed."""

    version: ClassVar[int] = 2
    title: str = text("标题", sealed=True)
    body: str = long("诉求内容", sealed=True)
    channel: str = choice("渠道", CHANNELS)
    appeal: str = choice("诉求类型", APPEALS, required=False)
    topic: str = text("类别", required=False, maximum=60)
    place: str = text("地点", required=False, maximum=60)
    unit: str = unit("承办单位", required=False)
    caller: str = text("诉求人", required=False, sealed=True, mask="name", maximum=60)
    phone: str = text("联系电话", required=False, sealed=True, mask="phone", maximum=30)
    number: str = text("原编号", required=False, maximum=60, hint="来文平台自己的编号")
    urgency: str = choice("紧急程度", URGENCIES, required=False)
    address: str = text("详细地址", required=False, sealed=True, maximum=200)
    position: str = text("坐标", required=False, sealed=True, maximum=40, hint="纬度,经度，例如 24.9,118.6")
    email: str = text("电子邮箱", required=False, sealed=True, mask="whole", maximum=120)
    secret: bool = flag("要求保密", hint="除有权查看完整个人信息的人员外，看不到诉求人姓名、电话和邮箱")


@dataclass(frozen=True, kw_only=True)
class Classified(Fact):
    """A clerk said what kind of matter it is, where, and how urgent; an empty class keeps the earlier one."""

    appeal: str = choice("诉求类型", {key: title for key, title in APPEALS.items() if key})
    topic: str = text("类别", required=False, maximum=60)
    place: str = text("地点", required=False, maximum=60)
    urgency: str = choice("紧急程度", URGENCIES, required=False)


@dataclass(frozen=True, kw_only=True)
class Merged(Fact):
    """The matter is already under way in an earlier order, which goes on for both."""

    into: str = duty("并入的工单", hint="先受理的同一事项工单的编号")
    because: str = text("为何是同一事项", required=False, maximum=500)


@dataclass(frozen=True, kw_only=True)
class Unmerged(Fact):
    """It was another matter after all; the order goes on by itself, its clock counted from its receipt."""

    reason: str = text("拆出理由", maximum=500)


@dataclass(frozen=True, kw_only=True)
class AnsweredAtOnce(Fact):
    """The agent answered while the caller was there; nobody else has to act."""

    reply: str = long("答复内容", sealed=True)


@dataclass(frozen=True, kw_only=True)
class Declined(Fact):
    """Turned away, with the reason and the lawful way to go instead."""

    reason: str = choice("不予受理的理由", DECLINED)
    way: str = text("告知的途径", maximum=300, hint="告诉诉求人依法应当向哪里提出")


@dataclass(frozen=True, kw_only=True)
class Dispatched(Fact):
    """The hotline named the unit that leads, and those that help (派单)."""

    version: ClassVar[int] = 2
    unit: str = unit("承办单位")
    note: str = text("派单说明", required=False, maximum=500)
    co_units: str = units("协办单位", required=False, hint="单位编码，用逗号隔开")
    firm: bool = flag("指定承办", hint="争议由热线裁定后指定的，不得再退（潍坊市条例第二十二条）")


@dataclass(frozen=True, kw_only=True)
class Signed(Fact):
    """The unit took the order (签收)."""

    note: str = text("签收说明", required=False, maximum=200)


@dataclass(frozen=True, kw_only=True)
class Returned(Fact):
    """The unit asked to be rid of it (退单), with a reason; the hotline judges."""

    reason: str = choice("退单理由", RETURN_REASONS)
    note: str = text("依据与说明", maximum=500)
    rather: str = unit("建议改派", required=False)


@dataclass(frozen=True, kw_only=True)
class ReturnJudged(Fact):
    """The hotline judged the return: upheld, the order is dispatched anew; refused, it may not come back."""

    result: str = choice("审核结果", JUDGED)
    note: str = text("审核理由", maximum=500)


@dataclass(frozen=True, kw_only=True)
class Contacted(Fact):
    """The unit spoke to the caller, or tried to."""

    way: str = choice("联系方式", WAYS)
    reached: bool = flag("联系上了")
    note: str = text("联系情况", required=False, maximum=500, sealed=True)


@dataclass(frozen=True, kw_only=True)
class Asked(Fact):
    """The unit asked the caller for what is missing; the answer clock stands, the caller's clock runs."""

    until: date = day("请于何日前补充")
    what: str = text("需要补充的内容", maximum=500, sealed=True)


@dataclass(frozen=True, kw_only=True)
class Supplied(Fact):
    """The caller brought what was missing, or the time for it ran out."""

    note: str = text("补充情况", required=False, maximum=500, sealed=True)


@dataclass(frozen=True, kw_only=True)
class Extended(Fact):
    """The hotline agreed to a later date; the old one stays readable."""

    days: int = number("延长工作日数", maximum=60)
    reason: str = text("延期理由", maximum=500)
    agreed_by: str = text("批准人职务", maximum=60)


@dataclass(frozen=True, kw_only=True)
class CoReported(Fact):
    """A unit that helps told the lead what it did."""

    unit: str = unit("协办单位")
    note: str = text("协办情况", maximum=500, sealed=True)


@dataclass(frozen=True, kw_only=True)
class Replied(Fact):
    """The unit answered the caller: the answer clock stops, review and call-back begin."""

    reply: str = long("答复内容", sealed=True)


@dataclass(frozen=True, kw_only=True)
class Reviewed(Fact):
    """The hotline checked the reply: passed, or sent back to be done again."""

    result: str = choice("审核结果", REVIEWED)
    reason: str = text("审核意见", required=False, maximum=500)


@dataclass(frozen=True, kw_only=True)
class CalledBack(Fact):
    """The caller was asked how it went (回访): the three rates are counted from these answers."""

    way: str = choice("回访方式", WAYS)
    outcome: str = choice("回访结果", REACHED)
    responded: bool = flag("承办单位及时联系过")
    solved: bool = flag("问题已解决")
    satisfied: str = choice("满意程度", SATISFIED, required=False)
    words: str = text("诉求人原话", required=False, maximum=500, sealed=True)


@dataclass(frozen=True, kw_only=True)
class Rated(Fact):
    """The caller rated the handling without being asked, on the web or by text."""

    satisfied: str = choice("满意程度", {key: title for key, title in SATISFIED.items() if key})
    words: str = text("诉求人原话", required=False, maximum=500, sealed=True)


@dataclass(frozen=True, kw_only=True)
class Closed(Fact):
    """Done and filed (办结归档)."""

    note: str = text("归档说明", required=False, maximum=300)


@dataclass(frozen=True, kw_only=True)
class Reopened(Fact):
    """Not done after all: the unit handles it a second time, with a clock of its own (二次办理)."""

    reason: str = text("重办理由", maximum=500)


@dataclass(frozen=True, kw_only=True)
class Repeated(Fact):
    """The caller asked about the same matter again."""

    channel: str = choice("渠道", CHANNELS)
    note: str = text("诉求人补充的情况", required=False, maximum=500, sealed=True)


@dataclass(frozen=True, kw_only=True)
class Escalated(Fact):
    """The order was raised to a higher level (督办)."""

    level: str = choice("督办层级", LEVELS)
    reason: str = text("督办理由", maximum=500)


@dataclass(frozen=True, kw_only=True)
class Withdrawn(Fact):
    """The caller took the request back."""

    reason: str = text("撤回原因", maximum=500, sealed=True)


AnyFact = (
    Received
    | Classified
    | Merged
    | Unmerged
    | AnsweredAtOnce
    | Declined
    | Dispatched
    | Signed
    | Returned
    | ReturnJudged
    | Contacted
    | Asked
    | Supplied
    | Extended
    | CoReported
    | Replied
    | Reviewed
    | CalledBack
    | Rated
    | Closed
    | Reopened
    | Repeated
    | Escalated
    | Withdrawn
)
