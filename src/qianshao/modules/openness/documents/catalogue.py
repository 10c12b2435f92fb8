"""The disclosure catalogue: the fifteen items of article 20, and what article 21 adds for a city's own bodies.

The words are the Regulations' own (条例 第二十条、第二十一条, read in full); ``facts.CATALOGUE`` holds the short
titles that lists show.
"""

from __future__ import annotations

from collections.abc import Mapping

from .facts import CATALOGUE

TEXT: Mapping[str, str] = {
    "20.1": "行政法规、规章和规范性文件",
    "20.2": "机关职能、机构设置、办公地址、办公时间、联系方式、负责人姓名",
    "20.3": "国民经济和社会发展规划、专项规划、区域规划及相关政策",
    "20.4": "国民经济和社会发展统计信息",
    "20.5": "办理行政许可和其他对外管理服务事项的依据、条件、程序以及办理结果",
    "20.6": "实施行政处罚、行政强制的依据、条件、程序以及本行政机关认为具有一定社会影响的行政处罚决定",
    "20.7": "财政预算、决算信息",
    "20.8": "行政事业性收费项目及其依据、标准",
    "20.9": "政府集中采购项目的目录、标准及实施情况",
    "20.10": "重大建设项目的批准和实施情况",
    "20.11": "扶贫、教育、医疗、社会保障、促进就业等方面的政策、措施及其实施情况",
    "20.12": "突发公共事件的应急预案、预警信息及应对情况",
    "20.13": "环境保护、公共卫生、安全生产、食品药品、产品质量的监督检查情况",
    "20.14": "公务员招考的职位、名额、报考条件等事项以及录用结果",
    "20.15": "法律、法规、规章和国家有关规定规定应当主动公开的其他政府信息",
    "21": "设区的市级、县级人民政府及其部门根据本地方的具体情况主动公开的信息",
}
ITEMS = tuple(key for key in CATALOGUE if key.startswith("20."))


def clause(item: str) -> str:
    """Where an item stands: 第二十条第十一项."""
    article, _dot, place = item.partition(".")
    if article != "20":
        return "第二十一条"
    return f"第二十条第{_NUMERALS[int(place) - 1]}项"


_NUMERALS = (
    "一",
    "二",
    "三",
    "四",
    "五",
    "六",
    "七",
    "八",
    "九",
    "十",
    "十一",
    "十二",
    "十三",
    "十四",
    "十五",
)
