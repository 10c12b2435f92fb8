"""What looks like the name of a unit, and how a list of them is taken apart without breaking a name."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass

from .brackets import depth_zero

# How names of Chinese bodies end. 部 and 会 end many other words, so a name also has to begin like one, or be short.
_ENDS = (
    "海关|边检|海事|电网|局|委|办|部|厅|署|院|府|处|科|室|股|中心|公司|集团|银行|联|社|所|站|队|馆|台|厂|库|行|庭|团|校|学院|大学|学校|医院|协会|学会|商会"
    "|委员会|工委|党委|党组|纪委|监委|管委会|指挥部|领导小组|工作组|专班|部门|单位|机关|机构|企业|园区|开发区|高新区|经开区|新区|街道|乡镇"
    "|镇街|镇|乡|区|县|市|州|旗|省|政府|办公室|联合会|总会|总工会|法院|检察院|党校|报社|总社|分局|支局|基建办|平台|网格|村|社区|组|会"
    "|地区|地方|各方|成员|处室|科室|股室|属地|业主|建设方|人|长"
)
_END = re.compile(rf"(?:{_ENDS})$")
_STRONG_END = re.compile(
    r"(?:局|委|办|厅|署|政府|办公室|委员会|管委会|中心|集团|公司|部门|单位|机构|处室|科室|指挥部|领导小组|专班|院|总会|联合会|工会|妇联|工商联|科协"
    r"|团市委|团县委|党校|海关|边检|电网|院校|直属库|街道|开发区|高新区|新区|公安部|银行|分行|支行|总队|支队|大队|区|县|镇|乡|市|部|处|科|室|股|社|会|站|所|组|队)$"
)
_BEGIN = re.compile(
    r"^(?:各|有关|相关|其他|全体|国家|国务院|中央|全国|省|自治区|市|州|盟|县|区|旗|镇|乡|街道|本|党|团|驻|中共|人民|属地"
    r"|[\u4e00-\u9fff]{2,6}(?:省|市|县|区|州|盟|旗|镇|乡|街道|新城|管委会))"
)
_BARE = frozenset(
    [
        "单位",
        "部门",
        "地区",
        "地方",
        "机构",
        "企业",
        "机关",
        "科室",
        "处室",
        "股室",
        "乡镇",
        "街道",
        "人员",
        "院校",
        "方面",
        "领域",
        "社区",
    ]
)
_JOINTS = re.compile("以及|[和及与暨]")
_NOT_A_UNIT_BEFORE = re.compile(
    r"(?:社会|市场|机会|体会|全部|干部|内部|外部|总部|场所|厕所|社区|小区|园区|灾区|山区|城区|城市|都市|乡村|农村)$"
)
_OPEN = re.compile(
    r"(?<![高中初同平均])等(?=$|[和及与、，]|以及|有关|相关|各|责任|成员|参与|配合|部门|单位|地区|地方|企业|机构|科室|处室|股室|方面|\d+[个家]|[一二三四五六七八九十]+[个家]"
    r"|[省市县区州]级?(?:直|属|有关|相关|各|级|部门|单位)|省直|市直|县直|区直|州直|国家)"
)
_OPEN_TAIL = re.compile(
    r"^等?(?:\d+[个家]|[一二三四五六七八九十]+[个家])?(?:省级|市级|县级|区级|州级|省直|市直|县直|区直|州直|省|市|县|区|州)?(?:各)?"
    r"(?:有关|相关|责任|成员|参与|配合)*(?:各)?(?:部门|单位|地区|地方|企业|机构|科室|处室|股室|方面)?(?:(?:和|及|、|以及)(?:有关|相关)?(?:部门|单位|地区|企业|机构))*$"
)
_BRACKETED = re.compile(r"[（〔][^（〔）〕]*[）〕]|[（〔].*$|\x01+")
_LISTED = re.compile("[、，；。 \n]")
_LEVEL = re.compile(
    r"(?:^|[及和与])各(?:设区)?[省市县区州旗镇乡](?:、(?:自治[区州县]|直辖市|[市县区州旗镇乡]))*$"
)
_LEVELS_ON = re.compile(
    r"(?:自治[区州县]|直辖市|[市县区州旗镇乡])(?:[（〔][^（〔）〕]*[）〕]|\x01+)?(?:级|人民|党委|党组|和|、|街道)*(?:政府|党委|管委会|有关部门)?"
    r"(?=$|[（〔按牵负配参落分共]|\x01|等|要|应|须)"
)
_LONGEST = 40
_SPOILS = re.compile(
    r"[。！？“”\";；]|开展$|简称|^(?:建设|推进|完善|加强|提升|实现|确保|提出|制定|报送|上报|形成|出台|完成|做好|含|包括|如|例如|即|见|详见|注|其中|由于)"
)


@dataclass(frozen=True, slots=True)
class Name:
    """A unit as written, with its place in the stretch that was read."""

    text: str
    start: int
    end: int


def like_a_unit(name: str) -> bool:
    """Whether this could be the name of a unit or a group of units."""
    bare = _BRACKETED.sub("", name).strip(" *★▲●☆△#※")
    if not 2 <= len(bare) <= _LONGEST or _SPOILS.search(bare):
        return False
    if bare.startswith(("各", "有关", "相关")) and len(bare) <= 16:
        return True
    return bool(_END.search(bare))


def begins_like_a_unit(name: str) -> bool:
    """市…, 各…, 省…: what a line broken inside a name hardly begins with."""
    return bool(_BEGIN.search(name))


def surely_a_unit(name: str) -> bool:
    """Whether it could hardly be anything else: it begins and ends like a name, or is a short one by its end."""
    bare = _BRACKETED.sub("", name).strip(" *★▲●☆△#※")
    if not like_a_unit(bare) or bare in _BARE:
        return False
    return bool(_STRONG_END.search(bare)) and (bool(_BEGIN.search(bare)) or len(bare) <= 12)


def joints(token: str) -> list[tuple[int, int]]:
    """Where 和, 及 and the like join two names rather than stand inside one (工业和信息化局, 文化和旅游局)."""
    found = []
    begun = 0
    for match in _JOINTS.finditer(token):
        left, right = token[begun : match.start()].strip(), token[match.end() :].strip()
        if len(left) < 2 or not right or right in _BARE:
            continue
        ends = left.endswith("等") or (like_a_unit(left) and not _NOT_A_UNIT_BEFORE.search(left))
        if ends and (left.endswith("等") or _BEGIN.search(right) or surely_a_unit(right)):
            found.append((match.start(), match.end()))
            begun = match.end()
    return found


def open_at(token: str) -> int | None:
    """Where 等 leaves the list open; None where 等 belongs to a word (高等院校)."""
    match = _OPEN.search(token)
    return match.start() if match else None


def one_body(left: str, right: str) -> bool:
    """Whether 、 stands inside a name: 各市、县人民政府 are the governments of both, 各县、区 likewise."""
    return bool(_LEVEL.search(left.strip()) and _LEVELS_ON.match(right.strip()))


def pieces(listed: str) -> list[str]:
    """A list at its separators, those inside brackets of names left alone: 各县（市、区）政府."""
    flat = depth_zero(listed, 0, len(listed))
    cuts = [0, *(match.end() for match in _LISTED.finditer(flat)), len(listed) + 1]
    found: list[str] = []
    for start, end in itertools.pairwise(cuts):
        piece = listed[start : end - 1].strip()
        if found and listed[start - 1] == "、" and one_body(found[-1], piece):
            found[-1] += f"、{piece}"
        elif piece:
            found.append(piece)
    return found


def is_open_tail(token: str) -> bool:
    """等有关部门, 等单位: no names of their own."""
    return bool(_OPEN_TAIL.match(token))


def is_bare(token: str) -> bool:
    """部门, 单位 on their own: the rest of 等有关部门、单位."""
    return token in _BARE
