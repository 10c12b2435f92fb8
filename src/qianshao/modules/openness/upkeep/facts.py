"""What can happen to a body's disclosure guide and catalogue (公开指南、公开目录, 第十二条)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from qianshao.kernel.declare import Fact, choice, text, unit

PARTS: Mapping[str, str] = {"guide": "公开指南", "catalogue": "公开目录"}


@dataclass(frozen=True, kw_only=True)
class Outdated(Fact):
    """Something the guide or the catalogue says is no longer so: an address, a telephone, a new class of information."""

    part: str = choice("哪一部分", PARTS)
    what: str = text("需要更新的内容", maximum=200)
    unit: str = unit("责任单位", required=False)


@dataclass(frozen=True, kw_only=True)
class Updated(Fact):
    """The guide or the catalogue says it again as it is."""

    url: str = text("网址", required=False, maximum=500)


AnyFact = Outdated | Updated
