"""What can happen to a request for forms or reports from a unit below (向基层索要材料)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from qianshao.kernel.declare import Fact, day, number, text, unit


@dataclass(frozen=True, kw_only=True)
class Requested(Fact):
    """Somebody means to ask a unit for forms or a report; nothing is asked of it yet."""

    title: str = text("材料名称", maximum=200)
    body: str = unit("索要单位")
    unit: str = unit("报送单位")
    until: date = day("报送期限")
    fields: int = number("填报项数", required=False, maximum=100_000)
    basis: str = text("依据", maximum=200)


@dataclass(frozen=True, kw_only=True)
class Sent(Fact):
    """The unit is asked: one of its yearly number is drawn, or it is refused at once."""


@dataclass(frozen=True, kw_only=True)
class Delivered(Fact):
    """The unit handed it in, and may say what it cost."""

    minutes: int = number("填报用时（分钟）", required=False, maximum=1_000_000)
    people: int = number("参与人数", required=False, maximum=10_000)


@dataclass(frozen=True, kw_only=True)
class Shared(Fact):
    """Somebody else who wanted the same was given it: nothing new is asked of the unit."""

    body: str = unit("共享给")


@dataclass(frozen=True, kw_only=True)
class Cancelled(Fact):
    """It is no longer asked for; what was drawn is given back."""

    reason: str = text("取消理由", maximum=500)


AnyFact = Requested | Sent | Delivered | Shared | Cancelled
