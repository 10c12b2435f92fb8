"""Who leads: what the document says about it, and what that makes of the units of an item."""

from __future__ import annotations

import re
from collections.abc import Sequence

from qianshao.kernel.words import say

from .assigning import Assignment, marked, unmarked
from .model import Item, LeadRule, Place, RuleName

_LEADS = r"(?:总?牵头|主办|主责|第一责任|主要责任|主要负责)(?:单位|部门|责任单位|负责单位|者|机关|科室|处室)?"
_STATED: tuple[tuple[RuleName, re.Pattern[str]], ...] = (
    (
        "before_comma",
        re.compile(
            rf"(?:第一个)?逗号[之以]?前面?的?(?:单位|部门)?[^，。；（）\n]{{0,6}}(?:为|是|即为?){_LEADS}"
        ),
    ),
    (
        "first_listed",
        re.compile(
            rf"[^，。；（）、\n]{{0,20}}(?:第一位|首位|第一个|首个|第一名|最前|排名第一|列第一|排第一|居首|第一家|第一顺位)[^，。；（）\n]{{0,14}}(?:为|是|即为?|系|作为)[^，。；（）\n]{{0,6}}{_LEADS}"
        ),
    ),
    (
        "first_listed",
        re.compile(
            rf"{_LEADS}(?:为|是|即)[^，。；（）\n]{{0,14}}(?:第一位|首位|第一个|首个|第一名|最前|列第一|排第一)[^，。；（）\n]{{0,8}}"
        ),
    ),
    (
        "first_listed",  # 由列在首位的单位牵头；排名第一的单位负总责
        re.compile(
            r"[^，。；（）、\n]{0,12}(?:列|排|位|居)(?:名|在|于)?(?:第一位?|首位|首个|最前面?|前面)的?(?:责任|承办|负责)?(?:单位|部门)"
            r"[^，。；（）\n]{0,6}(?:牵头|主办|负总责|负主责)"
        ),
    ),
    (
        "marked",
        re.compile(
            rf"[^，。；（）\n]{{0,10}}(?:标|带|加|注|有|打)[^，。；（）\n]{{0,8}}[*★▲●☆△#※][^，。；（）\n]{{0,12}}(?:为|是|即为?)?[^，。；（）\n]{{0,4}}{_LEADS}"
        ),
    ),
    ("marked", re.compile(rf"[*★▲●☆△#※]”?号?(?:为|是|表示|代表|标注的?为?)[^，。；（）\n]{{0,6}}{_LEADS}")),
    (
        "responsible_leads",
        re.compile(
            r"[^。；（）\n]{0,12}(?:没有|未|无)[^。；（）\n]{0,8}牵头(?:单位|部门)[^。；（）\n]{0,14}责任(?:单位|部门)[^。；（）\n]{0,10}(?:为|是|即|作为|视为)?[^。；（）\n]{0,4}牵头(?:单位|部门)?"
        ),
    ),
)
_WORDS = {
    "before_comma": say("文件写明：逗号前的单位牵头。"),
    "explicit": say("牵头单位逐项写明。"),
    "first_listed": say("文件写明：排在第一位的单位牵头。"),
    "marked": say("文件写明：带标记的单位牵头。"),
    "responsible_leads": say("文件写明：没有牵头单位的，责任单位即牵头单位。"),
    "joint": say("文件没有写明谁牵头，列出的责任单位都按牵头读，请核对。"),
    "none": say("文件没有写明责任单位。"),
}
NO_UNIT = say("没有写明责任单位。")
NO_MARK = say("没有带标记的单位，列出的都按牵头读。")


def stated(folded: str) -> LeadRule | None:
    """The rule the document states, with its place; None when it says nothing."""
    if "牵头" not in folded and "主办" not in folded and "责任" not in folded:
        return None
    for name, pattern in _STATED:
        if match := pattern.search(folded):
            start = match.start() + len(match[0]) - len(match[0].lstrip(" *"))
            return LeadRule(name, _WORDS[name], Place(start, match.end()))
    return None


def practised(items: Sequence[Assignment]) -> LeadRule:
    """What the assignments themselves show when the document states nothing."""
    if any(role in ("lead", "both") for each in items for role, _name in each.units):
        name: RuleName = "explicit"
    else:
        name = "joint" if any(each.units for each in items) else "none"
    return LeadRule(name, _WORDS[name])


def settle(item: Item, assignment: Assignment, rule: LeadRule) -> None:
    """Divide the units of an assignment into lead, co and guide."""
    units = assignment.units
    led = any(role == "lead" for role, _name in units)
    both = [name for role, name in units if role == "both"]
    shared = [name for role, name in units if role == "shared"]
    by_mark = rule.name == "marked" and any(marked(name.text) for _role, name in units)
    for role, name in units:
        place = role
        if by_mark and role in ("shared", "both"):
            place = "lead" if marked(name.text) else "co"
        elif role == "both":
            place = "lead" if name is both[0] and not led else "co"
        elif role == "shared":
            first = rule.name == "first_listed" and name is not shared[0]
            if rule.name == "before_comma" and assignment.comma is not None:
                first = name.start >= assignment.comma
            place = "co" if led or both or first else "lead"
        getattr(item, {"lead": "lead", "guide": "guide"}.get(place, "co")).append(unmarked(name.text))
        key = {"lead": "lead", "guide": "guide"}.get(place, "co")
        item.places.setdefault(key, []).append(Place(name.start, name.end))
    item.lead = list(dict.fromkeys(item.lead))
    item.co = [name for name in dict.fromkeys(item.co) if name not in item.lead]
    item.guide = list(dict.fromkeys(item.guide))
    item.people = [name.text for name in assignment.people]
    if assignment.people:
        item.places["leaders"] = [Place(name.start, name.end) for name in assignment.people]
    item.open_list = assignment.open_list
    for words in assignment.doubts:
        item.doubt(words)
    if not led and not both and len(shared) > 1 and not by_mark:
        if rule.name in ("joint", "none", "explicit"):
            item.doubt(say("没有写明谁牵头，列出的 {n} 个单位都按牵头读。", n=len(shared)))
        elif rule.name == "marked":
            item.doubt(NO_MARK)
    if not item.lead:
        item.doubt(NO_UNIT if not units else say("没有写明牵头单位。"))
