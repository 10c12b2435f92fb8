"""What can happen to a citizen's request on the 12345 line (诉求工单)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from qianshao.kernel.declare import Fact, choice, day, long, number, text, unit

CHANNELS = {
    "phone": "电话",
    "web": "网站",
    "wechat": "微信",
    "mail": "来信",
    "upper": "上级平台",
    "board": "领导留言板",
}
APPEALS = {
    "": "未分类",
    "consult": "咨询",
    "help": "求助",
    "complain": "投诉",
    "report": "举报",
    "suggest": "建议",
}


@dataclass(frozen=True, kw_only=True)
class Received(Fact):
    """A citizen asked for something; the story and who told it are sealed."""

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


@dataclass(frozen=True, kw_only=True)
class Dispatched(Fact):
    """The hotline named the unit that answers (派单)."""

    unit: str = unit("承办单位")
    note: str = text("派单说明", required=False, maximum=500)


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
class Replied(Fact):
    """The unit answered the caller; the order is closed."""

    reply: str = long("答复内容", sealed=True)


@dataclass(frozen=True, kw_only=True)
class Withdrawn(Fact):
    """The caller took the request back."""

    reason: str = text("撤回原因", maximum=500, sealed=True)


AnyFact = Received | Dispatched | Asked | Supplied | Extended | Replied | Withdrawn
