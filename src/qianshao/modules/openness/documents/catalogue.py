"""The disclosure catalogue: the fifteen items of article 20, and what article 21 adds for a city's own bodies.

The words are the Regulations' own (条例 第二十条、第二十一条, read in full); ``facts.CATALOGUE`` holds the short
titles that lists show.
"""

from __future__ import annotations

from collections.abc import Mapping

from qianshao.kernel.words import marked

from .facts import CATALOGUE

TEXT: Mapping[str, str] = {
    "20.1": marked("行政法规、规章和规范性文件"),
    "20.2": marked("机关职能、机构设置、办公地址、办公时间、联系方式、负责人姓名"),
    "20.3": marked("国民经济和社会发展规划、专项规划、区域规划及相关政策"),
    "20.4": marked("国民经济和社会发展统计信息"),
    "20.5": marked("办理行政许可和其他对外管理服务事项的依据、条件、程序以及办理结果"),
    "20.6": marked(
        "实施行政处罚、行政强制的依据、条件、程序以及本行政机关认为具有一定社会影响的行政处罚决定"
    ),
    "20.7": marked("财政预算、决算信息"),
    "20.8": marked("行政事业性收费项目及其依据、标准"),
    "20.9": marked("政府集中采购项目的目录、标准及实施情况"),
    "20.10": marked("重大建设项目的批准和实施情况"),
    "20.11": marked("扶贫、教育、医疗、社会保障、促进就业等方面的政策、措施及其实施情况"),
    "20.12": marked("突发公共事件的应急预案、预警信息及应对情况"),
    "20.13": marked("环境保护、公共卫生、安全生产、食品药品、产品质量的监督检查情况"),
    "20.14": marked("公务员招考的职位、名额、报考条件等事项以及录用结果"),
    "20.15": marked("法律、法规、规章和国家有关规定规定应当主动公开的其他政府信息"),
    "21": marked("设区的市级、县级人民政府及其部门根据本地方的具体情况主动公开的信息"),
}
ITEMS = tuple(key for key in CATALOGUE if key.startswith("20."))
CLAUSE: Mapping[str, str] = {
    "20.1": marked("第二十条第一项"),
    "20.2": marked("第二十条第二项"),
    "20.3": marked("第二十条第三项"),
    "20.4": marked("第二十条第四项"),
    "20.5": marked("第二十条第五项"),
    "20.6": marked("第二十条第六项"),
    "20.7": marked("第二十条第七项"),
    "20.8": marked("第二十条第八项"),
    "20.9": marked("第二十条第九项"),
    "20.10": marked("第二十条第十项"),
    "20.11": marked("第二十条第十一项"),
    "20.12": marked("第二十条第十二项"),
    "20.13": marked("第二十条第十三项"),
    "20.14": marked("第二十条第十四项"),
    "20.15": marked("第二十条第十五项"),
    "21": marked("第二十一条"),
}
