"""Names, numbers and letters of people who do not exist."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from .topics import Case, Topic

_SURNAMES = "林陈黄张吴李郑王刘杨许郭蔡曾苏庄洪谢邱施柯叶戴傅赖卢余江潘方"
_GIVEN = "潮汐帆鹭榕茗溪屿澄朗禾棠舟笙砚川岚穗桐汀梧芷蓁霁昀晴越泊珂铮朔亭"
_ROAD = "帆鹭榕汐橹棠桐珊笙缆云潮"
_ROAD_END = ("影路", "声路", "香街", "湾路", "前街", "安路", "和街", "歌路")
_ESTATE = ("望帆", "听潮", "榕荫", "汐语", "鹭羽", "桐花", "云橹", "茗香", "珊瑚", "归舟", "沙月", "渔光")
_ESTATE_END = ("花园", "新村", "家园", "雅苑", "公寓", "小区")
_VILLAGE = ("前厝", "后埕", "上坂", "下屿", "东埔", "西澳", "蚝壳", "榕脚", "古渡", "石埕")
_SINCE = ("最近一个星期", "从上个月开始", "这几天", "半个多月以来", "这段时间", "近两个月", "最近")
_WHEN = ("前几天", "上周", "昨天", "上个月", "前天", "上周末")
_GREETING = ("您好，", "你好，", "您好，我是附近的居民。", "领导您好，", "工作人员您好，", "")
_PLEA = (
    "希望有关部门尽快处理",
    "请帮忙核实一下",
    "麻烦安排人员到现场看看",
    "恳请协调解决",
    "希望能给一个答复",
    "请问应当找哪个部门",
)
_THANKS = ("，谢谢！", "，辛苦了。", "，非常感谢。", "，谢谢你们的工作。", "。")
_CALLED = ("之前打过一次电话，还没有结果。", "也向社区反映过。", "", "", "", "")
_ENDING = {"consult": "咨询", "help": "求助", "complain": "投诉", "report": "反映", "suggest": "建议"}
_OPENING = (
    "您好！您反映的“{title}”已收悉。",
    "您好，{title}，答复如下：",
    "您好，您的诉求已由我单位办理。",
)
_CLOSING = (
    "如有疑问，请与我们联系。",
    "感谢您对我市工作的关心和支持。",
    "后续我们将持续跟进。",
    "欢迎继续监督。",
)


@dataclass(frozen=True, slots=True)
class Caller:
    """Somebody who rings; mobile numbers in use begin with 13 to 19, these with 100."""

    name: str
    phone: str


@dataclass(frozen=True, slots=True)
class Letter:
    """A request in the caller's words."""

    title: str
    body: str
    appeal: str


def name(random: Random) -> str:
    """A name nobody was given."""
    return random.choice(_SURNAMES) + "".join(random.sample(_GIVEN, random.choice((1, 2, 2))))


def caller(random: Random) -> Caller:
    """Somebody with a telephone number that cannot exist."""
    return Caller(name(random), f"100{random.randrange(10**8):08}")


def letter(random: Random, topic: Topic, county: str) -> Letter:
    """A request about a topic, from a county."""
    case = random.choice(topic.cases)
    spot = _spot(random, topic.spots)
    appeal = _appeal(case)
    since, when = random.choice(_SINCE), random.choice(_WHEN)
    story = case.story.format(spot=spot, since=since, when=when, county=county)
    what = f"{spot or county}{case.title.removeprefix('建议')}"
    body = (
        f"{random.choice(_GREETING)}{story}，{random.choice(topic.effects)}。"
        f"{random.choice(_CALLED)}{random.choice(_PLEA)}{random.choice(_THANKS)}"
    )
    ending = "" if appeal == "consult" else f"的{_ENDING[appeal]}"
    return Letter(f"关于{what.removesuffix('建议')}{ending}", body, appeal)


def _appeal(case: Case) -> str:
    if case.title.endswith("咨询"):
        return "consult"
    if "建议" in case.title:
        return "suggest"
    return ("help", "complain", "report")[len(case.story) % 3]


def _spot(random: Random, shapes: Sequence[str]) -> str:
    return random.choice(shapes).format(
        road=_road(random),
        road2=_road(random),
        estate=random.choice(_ESTATE) + random.choice(_ESTATE_END),
        village=random.choice(_VILLAGE) + "村",
        n=random.randint(1, 28),
    )


def _road(random: Random) -> str:
    return random.choice(_ROAD) + random.choice(_ROAD_END)


def answer(random: Random, topic: Topic, title: str, unit: str) -> str:
    """What the unit writes back."""
    opening = random.choice(_OPENING).format(title=title)
    return f"{opening}经{unit}核实，{random.choice(topic.answers)}。{random.choice(_CLOSING)}"
