"""What a document writes against the units of the city."""

import pytest

from qianshao.modules.supervision.reading.matching import Known, match

CITY = (
    Known("edu", "刺桐市教育局"),
    Known("hr", "刺桐市人力资源和社会保障局"),
    Known("housing", "刺桐市住房和城乡建设局", former=("刺桐市建设局",)),
    Known("reform", "刺桐市发展和改革委员会", short=("市发改委",)),
    Known("office", "刺桐市人民政府办公室", short=("市府办",)),
    Known("law", "刺桐市司法局", former=("刺桐市政府法制办公室",)),
    Known("market", "刺桐市市场监督管理局", former=("刺桐市工商行政管理局",)),
    Known("league", "共青团刺桐市委员会", short=("团市委",)),
    Known("women", "刺桐市妇女联合会"),
    Known("harbour", "海港区人民政府", level="county"),
    Known("hill", "丘陵县人民政府", level="county"),
    Known("bay", "南湾区人民政府", level="county"),
    Known("town", "东石镇人民政府", level="town"),
    Known("bay-edu", "南湾区教育局"),
)


@pytest.mark.parametrize(
    ("written", "keys", "sure"),
    [
        ("刺桐市教育局", ("edu",), "sure"),
        ("市发改委", ("reform",), "sure"),
        ("市发展改革委", ("reform",), "sure"),
        ("刺桐市发展改革委", ("reform",), "sure"),
        ("市人社局", ("hr",), "likely"),
        ("市人力资源社会保障局", ("hr",), "likely"),
        ("刺桐市建设局", ("housing",), "sure"),
        ("市政府法制办", ("law",), "likely"),
        ("市市场监管局", ("market",), "likely"),
        ("市妇联", ("women",), "likely"),
        ("团市委", ("league",), "sure"),
        ("市政府办公室", ("office",), "likely"),
        ("各县（市、区）人民政府", ("harbour", "hill", "bay"), "sure"),
        ("各县(市、区)政府", ("harbour", "hill", "bay"), "sure"),
        ("各区人民政府", ("harbour", "bay"), "sure"),
        ("各县区", ("harbour", "hill", "bay"), "sure"),
        ("各有关县（市、区）政府", ("harbour", "hill", "bay"), "unsure"),
        ("海港区政府", ("harbour",), "sure"),
        ("各乡镇", ("town",), "sure"),
        ("市直有关单位", (), "unsure"),
        ("各有关部门", (), "unsure"),
        ("教育局", ("edu", "bay-edu"), "unsure"),
        ("市水务局", (), "none"),
        ("市教育局（体育局）", ("edu",), "likely"),
    ],
)
def test_a_name_is_found_among_the_citys_units(written, keys, sure):
    found = match(written, CITY)

    assert (found.keys, found.sure) == (keys, sure)


def test_every_answer_says_why():
    assert all(str(match(name, CITY).because) for name in ("市教育局", "各县区", "有关部门", "无此单位"))


def test_two_candidates_are_never_chosen_between():
    twins = (Known("a", "刺桐市水务局"), Known("b", "刺桐市水务局", level="other"))

    assert match("市水务局", twins).sure == "unsure"
