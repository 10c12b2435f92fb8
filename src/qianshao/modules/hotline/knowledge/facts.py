"""What can happen to an answer the hotline keeps ready (知识库条目). Nothing in it is personal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from qianshao.kernel.declare import Fact, day, long, text, unit


@dataclass(frozen=True, kw_only=True)
class Written(Fact):
    """A unit wrote down what may be answered to a question people often ask."""

    question: str = text("问题", maximum=200)
    answer: str = long("标准答复", maximum=5000)
    words: str = text("关键词", required=False, maximum=200, hint="市民会怎么说，用空格隔开")
    topic: str = text("类别", required=False, maximum=60)
    unit: str = unit("维护单位")
    basis: str = text("依据", required=False, maximum=200)
    expires: date | None = day("有效期至", required=False)


@dataclass(frozen=True, kw_only=True)
class Revised(Fact):
    """The answer was rewritten."""

    answer: str = long("标准答复", maximum=5000)
    basis: str = text("依据", required=False, maximum=200)
    expires: date | None = day("有效期至", required=False)


@dataclass(frozen=True, kw_only=True)
class Confirmed(Fact):
    """Its unit read the answer again and stands by it."""

    expires: date | None = day("有效期至", required=False)


@dataclass(frozen=True, kw_only=True)
class Used(Fact):
    """An agent answered a caller with it."""

    order: str = text("工单编号", required=False, maximum=60)


@dataclass(frozen=True, kw_only=True)
class Retired(Fact):
    """The answer holds no longer."""

    reason: str = text("停用原因", maximum=300)


AnyFact = Written | Revised | Confirmed | Used | Retired
