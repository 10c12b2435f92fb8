"""What can happen to a piece of government information that is to be disclosed unasked (主动公开)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from qianshao.kernel.declare import Fact, choice, day, long, text, unit

from ..interpretations.facts import SCOPE

OPENNESS: Mapping[str, str] = {
    "active": "主动公开",
    "on_request": "依申请公开",
    "withheld": "不予公开",
}
CATALOGUE: Mapping[str, str] = {
    "20.1": "规章和规范性文件",
    "20.2": "机关职能、机构和负责人",
    "20.3": "规划及相关政策",
    "20.4": "统计信息",
    "20.5": "行政许可和对外管理服务",
    "20.6": "行政处罚、行政强制",
    "20.7": "财政预算、决算",
    "20.8": "行政事业性收费",
    "20.9": "政府集中采购",
    "20.10": "重大建设项目",
    "20.11": "扶贫、教育、医疗、社会保障、就业",
    "20.12": "突发公共事件",
    "20.13": "监督检查情况",
    "20.14": "公务员招考",
    "20.15": "法律、法规、规章规定的其他信息",
    "21": "本地方应当主动公开的信息",
}
PLACES: Mapping[str, str] = {
    "site": "政府网站",
    "platform": "信息公开平台",
    "gazette": "政府公报",
    "press": "新闻发布会",
    "media": "报刊、广播、电视",
    "hall": "查阅场所",
}
_SCOPE_HINT = "规章和规范性文件（第二十条第一项）应当解读，不填按规范性文件登记解读；无需解读的，须写明理由"


@dataclass(frozen=True, kw_only=True)
class Formed(Fact):
    """A document or other record was made; its openness is decided at its source (第十九至二十二条)."""

    version: ClassVar[int] = 2  # 2 added ``scope`` and ``uninterpreted``
    title: str = text("名称", maximum=200)
    document_number: str = text("发文字号", required=False, maximum=60)
    unit: str = unit("制作机关", required=False)
    category: str = choice("目录类别", CATALOGUE, required=False, hint="条例第二十条各项、第二十一条")
    openness: str = choice("公开属性", OPENNESS)
    reason: str = long("不主动公开的理由", required=False, maximum=1000)
    article: str = text("依据条款", required=False, maximum=100)
    due_by: date | None = day(
        "法定最后期限", required=False, hint="法律、法规对公开期限另有规定的，从其规定（第二十六条）"
    )
    due_by_law: str = text("另有规定的法律、法规", required=False, maximum=100)
    scope: str = choice("解读范围", SCOPE, required=False, hint=_SCOPE_HINT)
    uninterpreted: str = text("无需解读的理由", required=False, maximum=500)


@dataclass(frozen=True, kw_only=True)
class Decided(Fact):
    """Its openness was decided anew (第十七、十八条); the old decision stays readable."""

    version: ClassVar[int] = 2  # 2 added ``scope`` and ``uninterpreted``
    openness: str = choice("公开属性", OPENNESS)
    reason: str = long("理由", required=False, maximum=1000)
    article: str = text("依据条款", required=False, maximum=100)
    scope: str = choice("解读范围", SCOPE, required=False, hint="不填的，解读范围不变")
    uninterpreted: str = text("无需解读的理由", required=False, maximum=500)


@dataclass(frozen=True, kw_only=True)
class Changed(Fact):
    """Its content changed; it is to be out again within the period of the change."""

    what: str = text("变更内容", required=False, maximum=500)


@dataclass(frozen=True, kw_only=True)
class Published(Fact):
    """It came out (第二十三条)."""

    where: str = choice("公开途径", PLACES, required=False)
    url: str = text("网址", required=False, maximum=500)


@dataclass(frozen=True, kw_only=True)
class TakenDown(Fact):
    """It was taken out of view; what was shown, and when, stays on record."""

    reason: str = text("撤下理由", maximum=500)


@dataclass(frozen=True, kw_only=True)
class Abolished(Fact):
    """It is no longer in force."""

    reason: str = text("废止依据", required=False, maximum=500)


AnyFact = Formed | Decided | Changed | Published | TakenDown | Abolished
