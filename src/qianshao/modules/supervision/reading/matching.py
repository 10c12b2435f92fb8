"""A unit as a document writes it and the units of the city: abbreviations, former names, 各县（市、区）政府."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from qianshao.kernel.words import Words, say

from .folding import fold

Sure = Literal["sure", "likely", "unsure", "none"]
Level = Literal["department", "county", "town", "other"]


@dataclass(frozen=True, slots=True)
class Known:
    """A unit of the city: its full title, what else it is called, what it was called before."""

    key: str
    title: str
    short: tuple[str, ...] = ()
    former: tuple[str, ...] = ()
    level: Level = "department"


@dataclass(frozen=True, slots=True)
class Match:
    """``keys`` are the units meant; with ``unsure`` they are candidates, with ``none`` there are none."""

    name: str
    keys: tuple[str, ...]
    sure: Sure
    because: Words


# Office short forms of 2018 and later, longest first; both sides are brought to them before they are compared.
_SHORT = (
    ("人力资源和社会保障", "人社"),
    ("人力资源社会保障", "人社"),
    ("住房和城乡建设", "住建"),
    ("住房城乡建设", "住建"),
    ("工业和信息化", "工信"),
    ("经济和信息化", "经信"),
    ("发展和改革", "发改"),
    ("发展改革", "发改"),
    ("自然资源和规划", "资规"),
    ("自然资源规划", "资规"),
    ("文化广电和旅游", "文旅"),
    ("文化广电旅游", "文旅"),
    ("文化和旅游", "文旅"),
    ("文化旅游", "文旅"),
    ("文广旅", "文旅"),
    ("卫生和健康", "卫健"),
    ("卫生健康", "卫健"),
    ("市场监督管理", "市监"),
    ("市场监管", "市监"),
    ("应急管理", "应急"),
    ("城市管理和综合执法", "城管"),
    ("城市管理综合执法", "城管"),
    ("城市管理", "城管"),
    ("退役军人事务", "退役军人"),
    ("医疗保障", "医保"),
    ("国有资产监督管理", "国资"),
    ("国有资产", "国资"),
    ("金融工作", "金融"),
    ("地方金融监督管理", "金融"),
    ("行政审批服务", "审批"),
    ("大数据管理", "数据"),
    ("大数据发展", "数据"),
    ("交通运输", "交通"),
    ("农业农村", "农业"),
    ("林业和草原", "林业"),
    ("海洋与渔业", "海洋渔业"),
    ("海洋和渔业", "海洋渔业"),
    ("粮食和物资储备", "粮储"),
    ("机关事务管理", "机关事务"),
    ("机构编制委员会", "编委"),
    ("妇女联合会", "妇联"),
    ("残疾人联合会", "残联"),
    ("工商业联合会", "工商联"),
    ("科学技术协会", "科协"),
    ("科学技术", "科技"),
    ("互联网信息", "网信"),
    ("供销合作社联合社", "供销社"),
    ("供销合作社", "供销社"),
    ("管理委员会", "管委会"),
    ("委员会", "委"),
    ("办公室", "办"),
    ("人民政府", "政府"),
)
_COUNTIES = re.compile(
    r"^各?(?:有关|相关)?(?:县（市、?区）|县（市）区|县市区|县区|区县|县、?区|区市县|市县区|县（区）|区（县）|设区市|市县|县（市、区）和[\u4e00-\u9fff]+)(?:党委|委)?[、和]?(?:人民)?(?:政府)?(?:（管委会）)?$|^各(?:有关|相关)?(?P<one>区|县)(?:人民)?(?:政府)?$"
)
_TOWNS = re.compile(
    r"^各(?:有关|相关)?(?:乡镇|镇街|镇乡|乡镇街道|镇（街道）|乡镇（街道）|乡（镇）|镇街道|街道|乡|镇)(?:人民)?(?:政府)?(?:（街道办(?:事处)?）)?$"
)
_ANYBODY = re.compile(
    r"^(?:市|县|区|州)?[级直属]*(?:各|有关|相关|其他|全体)+|(?:有关|相关)(?:部门|单位|企业)$|^(?:各地|属地|各级)"
)


def match(name: str, units: Sequence[Known]) -> Match:
    """The units that ``name`` means, how sure that is, and why. Nothing is guessed between equals."""
    written = re.sub(r"\s+", "", fold(name))
    group = _group(written, name, units)
    if group is not None:
        return group
    for place, words in (
        ("title", say("与单位全称相同。")),
        ("short", say("与单位简称相同。")),
        ("former", say("是单位的原名称。")),
    ):
        found = [unit for unit in units if written in _names(unit, place)]
        if found:
            return _settled(name, found, "sure", words)
    plain = _plain(written)
    found = [unit for unit in units if plain in {_plain(each) for each in _all(unit)}]
    if found:
        return _settled(name, found, "sure", say("换成同一种简称后与单位名称相同。"))
    level, bare = _without_place(plain)
    found = [
        unit
        for unit in units
        if any(
            bare == rest and level in ("", high)
            for high, rest in map(_without_place, map(_plain, _all(unit)))
        )
    ]
    if found and len(bare) >= 2:
        return _settled(name, found, "likely", say("去掉地名后与单位名称相同。"))
    found = [unit for unit in units if any(_abbreviates(plain, _plain(each)) for each in _all(unit))]
    if found:
        return _settled(name, found, "likely", say("像是单位名称的缩写。"))
    return Match(name, (), "none", say("本市单位里没有相近的名称。"))


def _group(written: str, name: str, units: Sequence[Known]) -> Match | None:
    counties = _COUNTIES.match(written)
    if counties:
        one = counties["one"]
        meant = [
            unit
            for unit in units
            if unit.level == "county" and (one is None or _seat(unit.title).endswith(one))
        ]
        if meant:
            vague = re.search("有关|相关", written)
            return Match(
                name,
                tuple(unit.key for unit in meant),
                "unsure" if vague else "sure",
                say("指 {n} 个县（市、区）。", n=len(meant)),
            )
    if _TOWNS.match(written):
        meant = [unit for unit in units if unit.level == "town"]
        if meant:
            return Match(
                name, tuple(unit.key for unit in meant), "sure", say("指 {n} 个乡镇（街道）。", n=len(meant))
            )
    if _ANYBODY.search(written):
        return Match(name, (), "unsure", say("泛指，没有写明是哪些单位。"))
    return None


def _settled(name: str, found: list[Known], sure: Sure, words: Words) -> Match:
    keys = tuple(dict.fromkeys(unit.key for unit in found))
    if len(keys) > 1:
        return Match(name, keys, "unsure", say("有 {n} 个单位都可能是，请选定。", n=len(keys)))
    return Match(name, keys, sure, words)


@lru_cache(maxsize=8192)
def _names(unit: Known, place: str) -> frozenset[str]:
    given = {"title": (unit.title,), "short": unit.short, "former": unit.former}[place]
    return frozenset(re.sub(r"\s+", "", fold(each)) for each in given)


def _all(unit: Known) -> tuple[str, ...]:
    return (unit.title, *unit.short, *unit.former)


@lru_cache(maxsize=8192)  # every name is held against every unit of the city
def _plain(written: str) -> str:
    """Without what brackets add, in the short forms."""
    text = re.sub(r"[（〔].*?[）〕]$", "", re.sub(r"\s+", "", fold(written)))
    for long, short in _SHORT:
        text = text.replace(long, short)
    return text


@lru_cache(maxsize=8192)
def _without_place(plain: str) -> tuple[str, str]:
    """The level and the rest: 刺桐市教育局, 市教育局 → 市, 教育局; 刺桐市委办 → 市, 委办; 教育局 → 教育局 of any level."""
    match = re.match(
        r"(?:中共)?(?:[\u4e00-\u9fff]{2,4}?)??(?P<level>[市县区州])(?=[\u4e00-\u9fff]{2})", plain
    )
    return (match["level"], plain[match.end() :]) if match else ("", plain)


def _seat(title: str) -> str:
    return re.sub(r"人民政府$|政府$|管委会$", "", title)


def _abbreviates(short: str, long: str) -> bool:
    """Its characters stand in the long name in this order, the last is the last, and neither place differs."""
    if len(short) < 3 or len(short) >= len(long) or short[-1] != long[-1]:
        return False
    if short[0] in "市县区州省" and short[0] not in long[:5]:
        return False
    at = -1
    for char in short:
        at = long.find(char, at + 1)
        if at < 0:
            return False
    return True
