"""What can happen to a problem of the system that many calls point to (体制机制性问题).

Nothing in it is personal: orders are named by number, counted by period, and nobody's words are quoted.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from qianshao.kernel.declare import Fact, choice, day, flag, long, number, text, unit, units

SOURCES: Mapping[str, str] = {"found": "诉求分析", "season": "季节性预判（未诉先办）"}
SCOPES: Mapping[str, str] = {
    "matter": "佐证工单所在的同一诉求组",
    "class": "同一类别（填写地点的，限于该地点）",
}
REVIEWED: Mapping[str, str] = {"pass": "同意，移交督查", "back": "退回修改", "drop": "不列为问题"}
GONE: Mapping[str, str] = {"declined": "未批准立项", "cancelled": "督查事项撤销"}
READINGS: Mapping[str, str] = {"fell": "下降", "rose": "上升", "unclear": "不能认定"}
CONCLUDED: Mapping[str, str] = {"done": "认定解决", "again": "继续整改"}
_NO_NAMES = "不写姓名、电话、住址等个人信息"


@dataclass(frozen=True, kw_only=True)
class Opened(Fact):
    """Somebody who reads the calls says that a problem of the system is behind them.

    ``since`` to ``until`` is the time the evidence was counted in, and later what the time after is held against.
    """

    title: str = text("问题", maximum=200, hint=_NO_NAMES)
    source: str = choice("来源", SOURCES)
    unit: str = unit("主责单位")
    co_units: str = units("配合单位", required=False, hint="单位编码，用逗号隔开")
    scope: str = choice("如何计数", SCOPES)
    topic: str = text("类别", required=False, maximum=60)
    place: str = text("地点", required=False, maximum=60)
    orders: str = long("佐证工单编号", required=False, maximum=20_000, hint="用逗号或者换行隔开")
    since: date | None = day("佐证时段自")
    until: date | None = day("佐证时段至")
    counts: str = long("分期件数", required=False, maximum=4000, hint="每行一期，例如：2026-03 12")
    cause: str = long("原因分析", maximum=5000, hint=_NO_NAMES)
    proposal: str = long("整改建议", required=False, maximum=5000, hint=_NO_NAMES)


@dataclass(frozen=True, kw_only=True)
class Revised(Fact):
    """Cause, proposal and responsible units were written anew."""

    unit: str = unit("主责单位")
    co_units: str = units("配合单位", required=False, hint="单位编码，用逗号隔开")
    cause: str = long("原因分析", maximum=5000, hint=_NO_NAMES)
    proposal: str = long("整改建议", required=False, maximum=5000, hint=_NO_NAMES)


@dataclass(frozen=True, kw_only=True)
class Reviewed(Fact):
    """Somebody else judged it: handed to supervision, back, or no problem of the system."""

    result: str = choice("审核结果", REVIEWED)
    due: date | None = day("整改期限", required=False, hint="不填的，按默认时限")
    note: str = text("审核意见", maximum=500)


@dataclass(frozen=True, kw_only=True)
class Chosen(Fact):
    """It is the city's problem of a month (每月一题)."""

    month: str = text("月份", maximum=7, hint="例如：2026-03")
    note: str = text("说明", required=False, maximum=500)


@dataclass(frozen=True, kw_only=True)
class Released(Fact):
    """It is no longer the problem of that month, so that another may be chosen."""

    month: str = text("月份", maximum=7, hint="例如：2026-03")
    reason: str = text("理由", maximum=500)


@dataclass(frozen=True, kw_only=True)
class Handed(Fact):
    """Supervision has an item for it, new or reopened; recorded by itself."""

    item: str = text("督查事项编号", maximum=60)
    stream: str = text("督查事项标识", maximum=26)


@dataclass(frozen=True, kw_only=True)
class Mended(Fact):
    """Supervision closed its item: from now on the calls are watched; recorded by itself."""

    item: str = text("督查事项编号", maximum=60)


@dataclass(frozen=True, kw_only=True)
class Gone(Fact):
    """Supervision has no item for it any more; recorded by itself."""

    item: str = text("督查事项编号", maximum=60)
    why: str = choice("原因", GONE)


@dataclass(frozen=True, kw_only=True)
class Compared(Fact):
    """How often the matter came before and after, with the interval of the ratio of both rates.

    Ratio and its ends are in thousandths; without a ratio nothing came before. The interval is the mid-P one
    (Berry & Armitage, The Statistician 44 (1995) 417–423) at 95 %.
    """

    since: date | None = day("整改后自")
    until: date | None = day("整改后至")
    before: int = number("整改前件数")
    days_before: int = number("整改前天数", maximum=100_000)
    after: int = number("整改后件数")
    days_after: int = number("整改后天数", maximum=100_000)
    ratio: int = number("比率（千分之）", required=False)
    low: int = number("区间下限（千分之）", required=False)
    high: int = number("区间上限（千分之）", required=False)
    unbounded: bool = flag("区间没有上限")
    reading: str = choice("读数", READINGS)


@dataclass(frozen=True, kw_only=True)
class Concluded(Fact):
    """The figures alone do not tell: somebody decides, with the reason."""

    result: str = choice("结论", CONCLUDED)
    note: str = text("理由", maximum=500)


@dataclass(frozen=True, kw_only=True)
class Reopened(Fact):
    """It came back: so many in so many days, by the city's rule, or as somebody saw."""

    count: int = number("件数", required=False, maximum=1_000_000)
    days: int = number("天数", required=False, maximum=100_000)
    reason: str = text("理由", maximum=500)


AnyFact = (
    Opened | Revised | Reviewed | Chosen | Released | Handed | Mended | Gone | Compared | Concluded | Reopened
)
