"""What can happen to a numbered slip (督办单): given, received, answered, taken back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from qianshao.kernel.declare import Fact, choice, day, long, text, unit

from ..items import facts as item

LEVELS = item.LEVELS
WAYS = {"platform": "平台签收", "paper": "纸质签收", "fax": "传真", "message": "短信、即时通信"}


@dataclass(frozen=True, kw_only=True)
class Issued(Fact):
    """A slip was given to a unit over an item: by itself when a limit came near or passed, or by the office."""

    level: str = choice("等级", LEVELS)
    title: str = text("名称", required=False, maximum=60, hint="例如：催办单、督办通知单")
    number: str = text("编号", required=False, maximum=60)
    unit: str = unit("接收单位")
    item: str = text("督查事项编号", required=False, maximum=60)
    stream: str = text("督查事项标识", required=False, maximum=26)
    matter: str = text("事由", maximum=300)
    limit: date | None = day("事项期限", required=False)
    requirement: str = long("要求", required=False, maximum=1000)


@dataclass(frozen=True, kw_only=True)
class Received(Fact):
    """The unit received it; this is the proof."""

    way: str = choice("签收方式", WAYS)
    post: str = text("签收人职务", required=False, maximum=60)


@dataclass(frozen=True, kw_only=True)
class Answered(Fact):
    """The unit said why it is late, what it does about it, and by when."""

    why: str = long("原因说明", maximum=2000)
    remedy: str = long("整改措施和完成时间", maximum=2000)


@dataclass(frozen=True, kw_only=True)
class SentBack(Fact):
    """The answer does not do; the unit answers again."""

    reason: str = text("退回理由", maximum=500)


@dataclass(frozen=True, kw_only=True)
class Withdrawn(Fact):
    """The slip was given wrongly and is taken back; it stays readable."""

    reason: str = text("撤回理由", maximum=500)


AnyFact = Issued | Received | Answered | SentBack | Withdrawn
