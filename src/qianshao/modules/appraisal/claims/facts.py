"""What can happen to a declaration: a unit says an item due in the round is done; the spot check may look."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from qianshao.kernel.declare import Fact, choice, flag, long, text, unit

RESULTS: Mapping[str, str] = {"confirmed": "属实", "partly": "部分属实", "refuted": "不属实"}
STRATA: Mapping[str, str] = {"ordinary": "普通层", "risk": "重点层"}


@dataclass(frozen=True, kw_only=True)
class Due(Fact):
    """An item was due in the round: opened for its unit, which declares it done or leaves it."""

    round: str = text("评比代号", maximum=20)
    title: str = text("事项", maximum=200)
    item: str = text("事项编号", required=False, maximum=60)
    stream: str = text("事项标识", required=False, maximum=26)
    stratum: str = choice("抽查分层", STRATA)
    unit: str = unit("申报单位")


@dataclass(frozen=True, kw_only=True)
class Declared(Fact):
    """The unit declares it done; what it says, not photographs, is what is checked (BUR-14)."""

    summary: str = long("完成情况", maximum=2000)


@dataclass(frozen=True, kw_only=True)
class TakenBack(Fact):
    """The unit thought better of it before the list was sealed; nothing is held against it."""

    reason: str = text("说明", required=False, maximum=500)


@dataclass(frozen=True, kw_only=True)
class Checked(Fact):
    """Inspectors looked without notice: confirmed, partly or refuted, with evidence."""

    result: str = choice("核查结果", RESULTS)
    found: str = long("现场情况", maximum=1000)
    seen: bool = flag("到达现场")


@dataclass(frozen=True, kw_only=True)
class Appealed(Fact):
    """The unit contests the result, once."""

    grounds: str = long("申诉理由", maximum=2000)


@dataclass(frozen=True, kw_only=True)
class AppealDecided(Fact):
    """Somebody who did not check it decided."""

    result: str = choice("核查结果", RESULTS)
    reason: str = long("理由", maximum=1000)


AnyFact = Due | Declared | TakenBack | Checked | Appealed | AppealDecided
