"""Which places and bodies a message names: districts, roads, estates, schools, firms.

Two ways of naming a place are read: the codes of anonymised data (A市, A7县) and Chinese names, told by their
last word (…路, …小区, …学校). A name is followed to the left over the words that can belong to one and stops at
verbs, particles and the name of a larger place. Nothing here is a gazetteer: a new estate is read like an old one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

_CODE = re.compile(r"(?<![a-z0-9])([a-z])(\d{0,2})(?:市|区|县)(?:市)?", re.IGNORECASE)
_LINE = re.compile(
    r"(?<!\d)(\d{1,4})\s*(?:号线|路(?=公交|车|巴士|$|[^\w])|路公交)|(?:地铁|磁浮|轻轨)([一二三四五六七八九十\d]{1,3})号?线"
)
_HAN_DIGITS = {digit: str(value) for value, digit in enumerate("一二三四五六七八九十", 1)}

# The last word of a name. Longer ones stand first where one ends with another.
_ENDS = (
    "省 市 自治区 自治州 区 县 旗 镇 乡 街道 办事处 社区 居委会 村委会 村 组 屯 开发区 高新区 经开区 工业园 产业园 园区 "
    "大道 路 街 巷 弄 胡同 里 桥 大桥 立交 立交桥 隧道 高速 国道 省道 县道 环线 联络线 路口 "
    "小区 花园 家园 公寓 大厦 大楼 广场 新村 新城 国际城 城 府 苑 院 园 湾 庭 居 郡 墅 邸 里 轩 阁 台 国际 天下 公馆 山庄 楼盘 工地 "
    "公园 湿地 景区 湖 河 江 溪 港 水库 山 岛 洲 "
    "学校 小学 中学 一中 二中 三中 高中 大学 学院 技校 幼儿园 培训学校 驾校 医院 卫生院 诊所 "
    "公司 集团 厂 工厂 市场 超市 酒店 宾馆 饭店 餐馆 商场 农贸市场 菜市场 银行 支行 派出所 车站 站 火车站 高铁站 地铁站 机场 汽车站 "
    "ktv 歌厅 网吧 早教中心 平台 合作社"
).split()
_END = re.compile("(?:" + "|".join(sorted(set(_ENDS), key=lambda end: (-len(end), end))) + ")$")
# What adds nothing to a name: 阳光小区 and 阳光 are one place.
_LOOSE = re.compile("(?:住宅)?(?:小区|楼盘|项目|工地|有限公司|公司|集团)$")
_BREAKS = frozenset(
    "的 了 在 对 请 请问 关于 反映 投诉 举报 建议 咨询 希望 要求 询问 质疑 强烈 我 我们 你 你们 他 是 位于 地处 家住 住 住在 居住 "
    "和 与 及 或 从 到 至 于 把 被 为 为何 为什么 何时 什么 什么时候 请求 恳请 恳求 求 解决 处理 附近 旁 旁边 周边 对面 后面 前面 里面 "
    "内 外 上 下 等 有 没有 没 不 不让 很 还 也 都 就 再 再次 这 那 该 本 此 各 每 某 一个 两个 几个 个 尊敬 领导 书记 市长 您好 你好 "
    "市民 业主 居民 村民 学生 家长 员工 职工 老师 无 未 被 让 给 向 由 因 因为 所以 但是 如果 可以 能否 是否 应该 需要 建 修 开通 增加 "
    "增设 加快 尽快 建设 规划 修建 改造 拆迁 施工 扰民 违规 违法 非法 涉嫌 拖欠 强制 购买 购房 买 去 来 进 出 收 政府 部门 有关 相关 "
    "问题 情况 今年 去年 年 月 日 号 时 目前 现在 由于 根据 通过 进行 开始 所有 全体 广大 多次 严重 长期 经常 一直 之间 以及 还有 就是 "
    "第 栋 楼 期 单元 室 户 名 位 家 间 条 座 所 家里 小孩 孩子 整个 我家 自己 其他 其它 另外 同时 以前 以后 之前 之后 "
    "新建 在建 安置 配套 老旧 附属 公立 公办 民办 私立 原 原来 实名".split()
)
# Names so common that they tell nothing even when only one message of a small file has them.
_COMMON = frozenset(
    "学校 小学 中学 高中 大学 学院 幼儿园 医院 公司 集团 小区 社区 街道 市场 超市 酒店 公园 广场 路口 车站 高速 平台 全市 我市 城市 "
    "本市 市区 城区 小区内 本小区 住宅小区 安置小区 开发区 工业园 有限公司 房地产公司 物业公司 开发公司 自来水公司 公交公司 火车站 高铁站 "
    "地铁站 公交站 十字路口 菜市场 农贸市场 县城 乡镇 农村 辖区 片区 校区 小区门口 居民区 住宅区 生活区 老城区 主城区 各区 市政 "
    "房地产开发有限公司 民办学校 公办幼儿园 普惠性幼儿园 业主居住 教育培训学校 互联网平台 三甲医院 人民医院 公立医院".split()
)
# Words that only look like the end of a name.
_NO_END = frozenset(
    "政府 上市 城市 门市 公里 这里 那里 哪里 家里 心里 手里 夜里 平日里 日子里 网站 进站 出站 开庭 家庭 法庭 定居 邻居 入住 后台 阳台 舞台 "
    "柜台 电台 灶台 吧台 出台 一路 道路 马路 线路 公路 出路 走路 铁路 网路 电路 短路 管道 通道 街 路 区 市 里 站 村 江山 江 湖 河 山 "
    "国际 天下 小组 班组 一组 高速 县 镇 乡 组 城 院 园 府 居 苑 台 工厂 厂 组织 市区 地区 学区 户区 社区居 旗 里程".split()
)
_NAME = re.compile(r"[\u4e00-\u9fffa-z0-9]+")
_CODED_ROAD = re.compile(r"([a-z]\d{0,2})(?:市|区|县)(?=[东南西北中]{0,2}(?:路|大道|街))")


@dataclass(frozen=True, slots=True)
class Places:
    """What was read: coded districts (``a7``), names of places and bodies, lines of bus and train (``3``)."""

    districts: frozenset[str]
    names: tuple[str, ...]
    lines: frozenset[str]


def districts(text: str) -> frozenset[str]:
    """The coded districts of a text; the whole city (A市) says too little to count."""
    return frozenset(letter.lower() + digits for letter, digits in _CODE.findall(text) if digits)


def lines(text: str) -> frozenset[str]:
    """Lines of bus and train, so that 3号线 and 7号线 are never one."""
    found = set()
    for bus, train in _LINE.findall(text):
        number = bus or "".join(_HAN_DIGITS.get(letter, letter) for letter in train)
        found.add(number)
    return frozenset(found)


def without_codes(text: str) -> str:
    """The text with coded districts left out; a road that is named by one (A1区南路) keeps it."""
    return _CODE.sub("，", _CODED_ROAD.sub(r"，\1", text))


def read(title: str, words: Iterable[str]) -> Places:
    """What ``words`` (in order, punctuation kept, ``without_codes``) name; districts and lines only of the title.

    A body often tells where the writer lives or what other cities do; its districts and lines would mislead.
    """
    names: dict[str, None] = {}
    run: list[str] = []
    for word in words:
        if word in _BREAKS or not _NAME.fullmatch(word) or word.isdigit():
            run.clear()
            continue
        run.append(word)
        if _END.search(word) and (len(run) > 1 or word not in _NO_END):
            for name in _named(run):
                names[name] = None
            if len(word) > 1 and word not in _COMMON:
                run = [] if _larger(word) else run[-3:]
    return Places(districts(title), tuple(names), lines(title))


def _larger(word: str) -> bool:
    return word.endswith(("省", "市", "县", "镇", "乡", "街道"))


def _named(run: list[str]) -> list[str]:
    """The whole name that ends a run, and its shorter forms: 万科魅力之城 is also 魅力之城."""
    found = []
    for start in range(max(0, len(run) - 4), len(run)):
        name = "".join(run[start:])
        if len(name) > 12 or name in _COMMON:
            continue
        stem = _LOOSE.sub("", name)
        if stem in _COMMON or len(stem) < 2 or (len(stem) == 2 and stem == name and start == len(run) - 1):
            continue
        found.append(stem)
    return found
