"""What can happen to a unit's rating in a round: worked out, contested, decided by others, placed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from qianshao.kernel.declare import Fact, choice, flag, long, number, text, unit

LEVELS: Mapping[str, str] = {"excellent": "优秀", "good": "良好", "fair": "一般", "poor": "较差"}
DECISIONS: Mapping[str, str] = {"kept": "维持得分", "raised": "加分更正", "lowered": "减分更正"}
_SHARE = 10_000


@dataclass(frozen=True, kw_only=True)
class Rated(Fact):
    """The score as it follows from declarations, checks and slips; shares in basis points, points in hundredths."""

    round: str = text("评比代号", maximum=20)
    unit: str = unit("单位")
    due: int = number("应完成事项数")
    declared: int = number("申报完成数")
    checked: int = number("核查数")
    declared_bp: int = number("申报完成率（万分比）", maximum=_SHARE)
    completion_bp: int = number("估计完成率（万分比）", maximum=_SHARE)
    low_bp: int = number("区间下限（万分比）", maximum=_SHARE)
    high_bp: int = number("区间上限（万分比）", maximum=_SHARE)
    excess_bp: int = number("虚报率（万分比）", maximum=_SHARE)
    slips: int = number("督办单扣分（百分之一分）", maximum=100_00)
    hundredths: int = number("得分（百分之一分）", maximum=100_00)


@dataclass(frozen=True, kw_only=True)
class Appealed(Fact):
    """The unit contests its score, once, within the days given for it."""

    grounds: str = long("申诉理由", maximum=2000, hint="写明哪一项有误、依据是什么")


@dataclass(frozen=True, kw_only=True)
class AppealDecided(Fact):
    """Somebody who had no part in checking or rating decided; what changes the score is this entry."""

    result: str = choice("处理结果", DECISIONS)
    hundredths: int = number(
        "更正分值（百分之一分）", required=False, maximum=100_00, hint="维持得分的不填；加 2.5 分填 250"
    )
    reason: str = long("理由", maximum=2000)


@dataclass(frozen=True, kw_only=True)
class Placed(Fact):
    """All units were rated and heard, so this one has its place and level."""

    place: int = number("位次", maximum=10**5)
    tied: bool = flag("并列")
    level: str = choice("等次", LEVELS)
    exempt: int = number("免予督查的年度", required=False, maximum=9999, hint="评为优秀的，下一年度")


AnyFact = Rated | Appealed | AppealDecided | Placed
