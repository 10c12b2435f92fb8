"""The words that say what a unit is to do: labels before a colon, verbs after the names."""

from __future__ import annotations

import re
from functools import lru_cache

from .model import Role

_DEADLINE = re.compile(
    r"时限|期限|完成时间|时间节点|截止|时间进度|进度安排|时间安排|时间要求|完成日期|办结时间|完成节点|推进时间|实施时间|落实时间|起止时间|完成年限|计划完成|进度要求|办理时间|整改时间|完工时间|竣工时间|建成时间|投产时间|交付时间|结束时间|销号时间|达标时间"
)
_PERSON = re.compile(
    r"(?:责任|分管|牵头|包抓|包保|包联|联系|挂钩|挂点|主管|主要|市级|县级|区级|州级|[市县区州]|政府|负责|督导|协管|指导)领导(?:[（〔]|$)"
    r"|责任人|负责人|负责同志|联系人|[市县区州省]长$|秘书长$|局长$|主任$|书记$|包联|挂帅|具体负责$"
)
_LEAD = re.compile(r"牵头|主办|主责|首责|主要责任|第一责任|主管")
_GUIDE = re.compile(r"指导|督导|督促|监督|督办")
_CO = re.compile(r"配合|参与|参加|协办|协同|协助|会办|支持|会同|共同责任|辅助|协作|协调单位")
_SHARED = re.compile(r"责任|负责|承办|落实|实施|承担|执行|办理|完成单位|主体|任务单位|分工单位|建设单位")
_NOUN = re.compile(
    r"(?:单位|部门|科室|处室|股室|地区|主体|机关|机构|方|部室|室|地方|属地|市县|区县|单位名称)(?:（[^）]{1,8}）)?$"
)
_ALONE = frozenset(
    [
        "牵头",
        "主办",
        "责任",
        "负责",
        "配合",
        "参与",
        "协办",
        "协同",
        "指导",
        "参加",
        "承办",
        "落实",
        "督导",
        "会办",
    ]
)
_EXPLAINED = re.compile(
    r"(?<=单位|部门|科室|处室|时限|时间)（[^（）]*(?:第一|首位|排|为|须|请|可|按|含|注|多个)[^（）]*）$"
)  # 责任单位（排第一位的为牵头单位）
_SHARES = frozenset(["责任分工", "任务分工", "部门分工", "职责分工", "工作分工", "单位分工"])
_TASK = re.compile(
    r"任务|事项|内容|措施|举措|目标|项目|工作|要求|问题|建议|重点|指标|议题|改革|要点|做法|条款|责任分解"
)
_NUMBER = re.compile(r"^(?:序号?|编号|项目?号|任务编号|No\.?|NO\.?|#)$")


@lru_cache(maxsize=4096)
def role_of(label: str) -> Role | None:
    """The role that a label or a column's name gives; None when it gives none."""
    bare = _EXPLAINED.sub("", re.sub(r"\s+", "", label).strip("：:*·　 "))
    if not 2 <= len(bare) <= 24:
        return None
    if _DEADLINE.search(bare) or bare in ("时间", "时序", "完成时", "办结"):
        return "deadline"
    if bare in _SHARES:
        return "shared"
    if _PERSON.search(bare) and not re.search("单位|部门|科室|处室", bare):
        return "person"
    bare = re.sub("[及和与、/]?责任人$|[（]责任人[）]$", "", bare)
    if bare not in _ALONE and not _NOUN.search(bare):
        return None
    lead = _LEAD.search(bare)
    if lead and re.search(r"[和及与、/（]", bare) and (_CO.search(bare) or re.search("责任|承办|落实", bare)):
        return "shared" if re.search("第一责任|主要责任", bare) else "both"
    if lead:
        return "lead"
    if _GUIDE.search(bare):
        return "guide"
    if _CO.search(bare):
        return "co"
    if re.search(r"其他责任|其余责任|相关责任|有关责任", bare):
        return "co"
    return "shared" if _SHARED.search(bare) else None


def is_task_column(name: str) -> bool:
    """Whether a column's name says that it holds what is to be done."""
    return role_of(name) is None and bool(_TASK.search(name)) and len(name) <= 24


def is_number_column(name: str) -> bool:
    """序号 and the like."""
    return bool(_NUMBER.match(re.sub(r"\s+", "", name)))


_MANNER = (
    *(
        "按各自职责分工",
        "按照各自职责分工",
        "依据各自职责",
        "根据各自职责",
        "按各自职责",
        "按照各自职责",
        "按照职责分工",
        "根据职责分工",
        "依据职责分工",
    ),
    *(
        "按职责分工",
        "按照职责",
        "根据职责",
        "依据职责",
        "依职责",
        "按职责",
        "按照分工",
        "按分工",
        "各自",
        "依法",
        "分别",
        "共同",
        "具体",
        "积极",
        "密切",
        "做好",
        "抓好",
        "全力",
        "联合",
    ),
    *("认真", "分工", "统筹", "协调", "为主", "为", "做", "予以", "给予", "主动", "切实", "一并", "总"),
)
_DOING: dict[str, Role] = {
    "牵头": "lead",
    "主办": "lead",
    "主抓": "lead",
    "牵头单位": "lead",
    "牵头部门": "lead",
    "指导": "guide",
    "督导": "guide",
    "督促": "guide",
    "监督": "guide",
    "配合": "co",
    "参与": "co",
    "参加": "co",
    "协办": "co",
    "协助": "co",
    "协同": "co",
    "支持": "co",
    "会办": "co",
    "负责": "shared",
    "落实": "shared",
    "实施": "shared",
    "承担": "shared",
    "承办": "shared",
    "办理": "shared",
    "执行": "shared",
    "推进": "shared",
    "完成": "shared",
    "责任": "shared",
    "责任单位": "shared",
    "配合单位": "co",
    "参与单位": "co",
}
_EMPTY = ("组织", "工作", "抓", "等", "相关工作", "建设", "制定", "管理")
_ENDINGS = sorted({*_MANNER, *_DOING, *_EMPTY}, key=len, reverse=True)
_RANK: tuple[Role, ...] = ("lead", "guide", "co", "shared")
_KEPT = re.compile(
    r"(?:社会|基层党|群众|群团|党|行业|经济|国际|志愿)组织$|行政执法监督$|^(?:各|有关|相关)?实施$|^(?:各|有关|相关){1,2}(?:责任|配合|参与|牵头|主办|成员)(?:单位|部门)$"
)


def peel(token: str) -> tuple[str, Role | None]:
    """The name without the words after it that say what the unit does, and that role: 市财政局按职责配合 → co.

    Of several the stronger counts: 牵头负责 leads, 指导落实 guides.
    """
    rest = token.rstrip(" ")
    roles: set[Role] = set()
    empty: list[str] = []
    while rest:
        ending = next((each for each in _ENDINGS if rest.endswith(each)), None)
        if ending is None or (ending in _EMPTY and not roles) or _KEPT.search(rest):
            break
        if ending in _MANNER and not roles:
            break
        role = _DOING.get(ending)
        if role is not None:
            roles.add(role)
        elif ending in _EMPTY:
            if ending == "等":
                break
            empty.append(ending)
        rest = rest[: -len(ending)].rstrip(" ")
    if not roles:
        return token, None
    return rest, next(role for role in _RANK if role in roles)
