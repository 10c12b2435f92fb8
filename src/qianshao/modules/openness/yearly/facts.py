"""What can happen to a yearly report on disclosure (政府信息公开工作年度报告, 第四十九、五十条)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from qianshao.kernel.declare import Fact, choice, number, text, unit

BODIES: Mapping[str, str] = {"government": "政府", "department": "政府部门"}


@dataclass(frozen=True, kw_only=True)
class YearEnded(Fact):
    """A year is over, and its report is owed; ``year`` may be left out when the day tells it."""

    body: str = choice("报告主体", BODIES)
    unit: str = unit("报告单位", required=False)
    year: int = number("报告年度", required=False, maximum=2999)


@dataclass(frozen=True, kw_only=True)
class HandedIn(Fact):
    """A department handed its report to the office in charge of its level (第四十九条第一款)."""

    note: str = text("说明", required=False, maximum=500)


@dataclass(frozen=True, kw_only=True)
class Published(Fact):
    """The report is out."""

    url: str = text("网址", required=False, maximum=500)


AnyFact = YearEnded | HandedIn | Published
