"""What can happen to a defect found on a site (网站监测发现)."""

from __future__ import annotations

from dataclasses import dataclass

from qianshao.kernel.declare import Fact, choice, long, text, unit

AUTOMATIC = {"found": "查实", "suspected": "疑似"}


@dataclass(frozen=True, kw_only=True)
class Found(Fact):
    """The watch saw a defect; ``capture`` is the SHA-256 of the bytes it saw, kept in the register of captures."""

    unit: str = unit("责任单位")
    rule: str = text("检查项", maximum=20)
    title: str = text("问题", maximum=300)
    url: str = text("网址", maximum=1000)
    automatic: str = choice("自动判定", AUTOMATIC)
    capture: str = text("网页快照摘要", required=False, maximum=64)


@dataclass(frozen=True, kw_only=True)
class Confirmed(Fact):
    """A person looked and confirmed it; from here the unit's clock runs."""

    note: str = text("核实情况", required=False, maximum=500)


@dataclass(frozen=True, kw_only=True)
class Dismissed(Fact):
    """A person looked and it is none: the machine was wrong, or there is a good ground."""

    reason: str = text("不成立的理由", maximum=500)


@dataclass(frozen=True, kw_only=True)
class Rectified(Fact):
    """The unit mended it and says what was done."""

    done: str = long("整改情况", maximum=2000)


@dataclass(frozen=True, kw_only=True)
class Returned(Fact):
    """The check after it found the defect still there; the clock was never stopped by the claim."""

    reason: str = text("退回理由", maximum=500)


@dataclass(frozen=True, kw_only=True)
class Accepted(Fact):
    """The check after it found the defect gone."""

    note: str = text("复核情况", required=False, maximum=500)


AnyFact = Found | Confirmed | Dismissed | Rectified | Returned | Accepted
"""Everything that can happen to a finding."""
