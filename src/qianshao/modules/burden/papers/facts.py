"""What can happen to a document to be issued, and to a meeting to be held: drafted, explained, registered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from qianshao.kernel.declare import Fact, choice, day, flag, long, number, text, unit

DOCUMENTS: Mapping[str, str] = {
    "deployment": "综合部署类",
    "general": "一般文件",
    "special": "专项工作、具体任务",
}
MEETINGS: Mapping[str, str] = {
    "comprehensive": "综合性会议",
    "business": "业务会议",
    "discussion": "安排分组讨论的会议",
}


@dataclass(frozen=True, kw_only=True)
class Drafted(Fact):
    """A document is to be issued; its body text was counted (heading, recipient, signature, annexes left out, BUR-32)."""

    title: str = text("文件名称", maximum=200)
    unit: str = unit("发文单位")
    sort: str = choice("文件类别", DOCUMENTS)
    characters: int = number("正文字数", maximum=10**6)
    assessed: bool = flag("已作减负一致性评估")
    asks_follow_up: bool = flag("要求下级报送落实情况或者制定配套文件")


@dataclass(frozen=True, kw_only=True)
class Arranged(Fact):
    """A meeting is to be held."""

    title: str = text("会议名称", maximum=200)
    unit: str = unit("主办单位")
    sort: str = choice("会议类别", MEETINGS)
    on_day: date = day("召开日期")
    minutes: int = number("预计时长（分钟）", maximum=10_000)
    speech: int = number("主要讲话时长（分钟）", maximum=10_000)
    second_speech: bool = flag("党政主要负责同志都讲话")
    below: bool = flag("要求县级以下参加")


@dataclass(frozen=True, kw_only=True)
class Explained(Fact):
    """Why it has to be longer, or more than usual: the written explanation that goes with it."""

    reason: str = long("书面说明", maximum=2000)
    by: str = text("审批人职务", maximum=60)


@dataclass(frozen=True, kw_only=True)
class Registered(Fact):
    """It was registered for issue or holding: one of the year's number is drawn, or it is refused at once."""

    number: str = text("登记号", required=False, maximum=60)


@dataclass(frozen=True, kw_only=True)
class Withdrawn(Fact):
    """It is not issued, or not held; what was drawn is given back."""

    reason: str = text("撤回理由", maximum=500)


DocumentFact = Drafted | Explained | Registered | Withdrawn
MeetingFact = Arranged | Explained | Registered | Withdrawn
