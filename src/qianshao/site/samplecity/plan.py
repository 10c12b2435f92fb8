"""The units of 刺桐市: which there are, since when, and what the reform of 2019 did to them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

FOUNDED = date(2000, 1, 1)
REFORMED = date(2019, 1, 15)
CITY = "city"
OFFICE = "office"

# Characters of boats, tides and plants, put together so that no town of this name is known to exist.
_TOWN_FIRST = "帆汐鹭橹珊蚝榕茗蔗楫篷葵桅鲎缆碇"
_TOWN_SECOND = "坂埔厝埕圃浦屿澳岬洋塘岭"
_NOT_TOWNS = ("茗岭",)


@dataclass(frozen=True, slots=True)
class Planned:
    """A unit to be; ``parent`` is a code, empty for the city itself."""

    code: str
    name: str
    short: str
    kind: str
    parent: str
    since: date = FOUNDED


@dataclass(frozen=True, slots=True)
class Renamed:
    """A unit bears another name from the reform on."""

    code: str
    name: str
    short: str


@dataclass(frozen=True, slots=True)
class Merged:
    """A unit's work went over to another one with the reform."""

    code: str
    into: str


COUNTIES = (
    ("望潮区", "望潮"),
    ("榕荫区", "榕荫"),
    ("沙屿区", "沙屿"),
    ("鲤江区", "鲤江"),
    ("晴江市", "晴江"),
    ("石螺市", "石螺"),
    ("云汐市", "云汐"),
    ("刺东县", "刺东"),
    ("青岬县", "青岬"),
    ("茗溪县", "茗溪"),
    ("木棉县", "木棉"),
    ("归帆县", "归帆"),
)

# (code without "bureau-", name without 市, short name); the first ones are in every scale.
BUREAUS = (
    ("housing", "住房和城乡建设局", "住建局"),
    ("urban", "城市管理局", "城管局"),
    ("police", "公安局", "公安局"),
    ("education", "教育局", "教育局"),
    ("labour", "人力资源和社会保障局", "人社局"),
    ("transport", "交通运输局", "交通局"),
    ("environment", "生态环境局", "环境局"),
    ("market", "市场监督管理局", "市监局"),
    ("health", "卫生健康委员会", "卫健委"),
    ("water", "水利局", "水利局"),
    ("waterworks", "水务集团", "水务集团"),
    ("power", "供电公司", "供电公司"),
    ("land", "自然资源和规划局", "资规局"),
    ("culture", "文化广电新闻出版局", "文广新局"),
    ("tourism", "旅游发展委员会", "旅发委"),
    ("emergency", "安全生产监督管理局", "安监局"),
    ("agriculture", "农业农村局", "农业农村局"),
    ("civil", "民政局", "民政局"),
    ("bus", "公共交通集团", "公交集团"),
    ("fund", "住房公积金管理中心", "公积金中心"),
    ("gas", "燃气公司", "燃气公司"),
    ("insurance", "医疗保障局", "医保局"),
    ("tax", "税务局", "税务局"),
    ("development", "发展和改革委员会", "发改委"),
    ("science", "科学技术局", "科技局"),
    ("industry", "工业和信息化局", "工信局"),
    ("religion", "民族与宗教事务局", "民宗局"),
    ("justice", "司法局", "司法局"),
    ("finance", "财政局", "财政局"),
    ("commerce", "商务局", "商务局"),
    ("veterans", "退役军人事务局", "退役军人局"),
    ("audit", "审计局", "审计局"),
    ("sports", "体育局", "体育局"),
    ("statistics", "统计局", "统计局"),
    ("petitions", "信访局", "信访局"),
    ("assets", "国有资产监督管理委员会", "国资委"),
    ("forestry", "林业局", "林业局"),
    ("ocean", "海洋与渔业局", "海渔局"),
    ("banking", "金融工作局", "金融局"),
    ("shelter", "人民防空办公室", "人防办"),
    ("grain", "粮食和物资储备局", "粮储局"),
    ("premises", "机关事务管理局", "机管局"),
    ("counter", "行政服务中心管理委员会", "行政服务中心"),
    ("registry", "不动产登记中心", "不动产中心"),
    ("archives", "档案馆", "档案馆"),
    ("annals", "地方志编纂办公室", "方志办"),
    ("supply", "供销合作社", "供销社"),
    ("weather", "气象局", "气象局"),
    ("post", "邮政管理局", "邮管局"),
    ("tobacco", "烟草专卖局", "烟草局"),
    ("fire", "消防救援支队", "消防支队"),
    ("harbour", "港口管理局", "港口局"),
    ("telecom", "通信发展管理办公室", "通管办"),
    ("quake", "地震局", "地震局"),
    ("disabled", "残疾人联合会", "残联"),
    ("unions", "总工会", "总工会"),
    ("women", "妇女联合会", "妇联"),
    ("hitech", "高新技术产业开发区管理委员会", "高新区"),
    ("coast", "滨海新区管理委员会", "滨海新区"),
    ("green", "园林绿化中心", "园林中心"),
)
# Who did the work of the bureaus that the reform founded.
PREDECESSORS = {"bureau-veterans": "bureau-civil", "bureau-insurance": "bureau-labour"}

# (code, name, staff); the office has 74 people, six of them its leaders.
SECTIONS = (
    ("section-general-1", "综合一科", 5),
    ("section-general-2", "综合二科", 5),
    ("section-general-3", "综合三科", 4),
    ("section-general-4", "综合四科", 4),
    ("section-secretary", "秘书科", 6),
    ("section-documents", "文电科", 5),
    ("section-meetings", "会务科", 4),
    ("section-inspection", "督查室", 6),
    ("section-information", "信息科", 4),
    ("section-openness", "政务公开科", 5),
    ("section-hotline", "12345便民热线中心", 10),
    ("section-watch", "总值班室", 4),
    ("section-people", "人事科", 3),
    ("section-administration", "行政科", 3),
)
LEADERS = ("主任", "副主任", "副主任", "副主任", "副主任", "二级调研员")

RENAMED = (
    Renamed("bureau-emergency", "市应急管理局", "应急局"),
    Renamed("bureau-culture", "市文化和旅游局", "文旅局"),
)
MERGED = (Merged("bureau-tourism", "bureau-culture"),)
SUCCESSORS = {merger.code: merger.into for merger in MERGED}


def units(bureaus: int, counties: int, towns: int) -> Iterator[Planned]:
    """Every unit, parents first: that many bureaus and counties, and ``towns`` shared out among the counties."""
    yield Planned(CITY, "刺桐市人民政府", "市政府", "city", "")
    yield Planned(OFFICE, "市政府办公室", "政府办", "office", CITY)
    for code, name, _staff in SECTIONS:
        yield Planned(code, f"市政府办公室{name}", name, "section", OFFICE)
    for code, name, short in BUREAUS[:bureaus]:
        since = REFORMED if f"bureau-{code}" in PREDECESSORS else FOUNDED
        yield Planned(f"bureau-{code}", f"市{name}", short, "bureau", CITY, since)
    for number, (name, short) in enumerate(COUNTIES[:counties], start=1):
        yield Planned(county_code(number), f"{name}人民政府", short, "county", CITY)
    for code, name in _towns(counties, towns):
        yield Planned(code, name, name, "town", f"county-{code[5:7]}")


def county_code(number: int) -> str:
    """``county-01`` for the first."""
    return f"county-{number:02}"


def _towns(counties: int, towns: int) -> Iterator[tuple[str, str]]:
    """(code, name) of every town: ``town-0103`` is the third of the first county. Districts have streets (街道)."""
    pairs = [first + second for second in _TOWN_SECOND for first in _TOWN_FIRST]
    names = [name for name in pairs if name not in _NOT_TOWNS]
    for number in range(towns):
        county, place = number % counties + 1, number // counties + 1
        ending = "街道" if COUNTIES[county - 1][0].endswith("区") else ("乡" if number % 7 == 6 else "镇")
        yield f"town-{county:02}{place:02}", names[number] + ending
