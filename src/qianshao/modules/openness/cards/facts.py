"""What can happen to a warning card (预警卡) given to a unit over a duty of openness.

A card names the duty by its stream and number and holds nobody's personal data.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from qianshao.kernel.declare import Fact, choice, day, long, text, unit

LEVELS: Mapping[str, str] = {"yellow": "黄牌", "red": "红牌"}
ABOUT: Mapping[str, str] = {
    "openness.request": "依申请公开",
    "openness.document": "主动公开",
    "openness.interpretation": "政策解读",
    "openness.yearly_report": "信息公开年度报告",
}
OUTCOMES: Mapping[str, str] = {"upheld": "维持", "withdrawn": "撤销"}
_NOBODY = "请勿写入申请人的姓名、电话等个人信息"


@dataclass(frozen=True, kw_only=True)
class Issued(Fact):
    """A card was given: by the machine when a duty stood near its limit or passed it, or by the head."""

    level: str = choice("等级", LEVELS)
    unit: str = unit("被发牌单位")
    about: str = choice("事项类型", ABOUT, required=False)
    stream: str = text("事项标识", required=False, maximum=26)
    number: str = text("事项编号", required=False, maximum=60)
    limit: date | None = day("事项的期限", required=False)
    reason: str = long("事由", maximum=500, hint=_NOBODY)


@dataclass(frozen=True, kw_only=True)
class SignedFor(Fact):
    """The unit has seen the card."""


@dataclass(frozen=True, kw_only=True)
class Explained(Fact):
    """The unit said how it came about and what it does about it."""

    explanation: str = long("情况说明", maximum=2000, hint=_NOBODY)
    remedy: str = long("整改措施", required=False, maximum=2000)


@dataclass(frozen=True, kw_only=True)
class Appealed(Fact):
    """The unit contests the card, before it is decided or after, once."""

    grounds: str = long("申诉理由", maximum=2000, hint=_NOBODY)


@dataclass(frozen=True, kw_only=True)
class Decided(Fact):
    """Somebody who is not judged upheld the card or took it back."""

    outcome: str = choice("决定", OUTCOMES)
    reason: str = long("理由", maximum=1000)


@dataclass(frozen=True, kw_only=True)
class Closed(Fact):
    """Nothing more is asked of the unit; the card stands. The tick records it when the time to appeal is out."""

    note: str = text("说明", required=False, maximum=500)


AnyFact = Issued | SignedFor | Explained | Appealed | Decided | Closed
