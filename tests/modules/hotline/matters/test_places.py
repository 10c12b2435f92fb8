"""Which places are read in a text."""

from __future__ import annotations

import pytest

from qianshao.modules.hotline.matters import places, words


def names(text: str) -> set[str]:
    return set(places.read("", words.cut(places.without_codes(text.lower()))).names)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("B3区榕荫花园楼下的烧烤摊扰民", "榕荫花园"),
        ("反映石笋小学门口没有斑马线", "石笋小学"),
        ("请问清源新村何时通天然气", "清源新村"),
        ("丰泽区东海街道云山社区环境脏乱", "东海街道"),
        ("泉州市第一医院停车难", "第一医院"),
        ("开元东路与刺桐路交叉口积水", "刺桐路"),
        ("投诉海港物流有限公司拖欠工资", "海港物流"),
        ("凤凰小区电梯停运", "凤凰"),
        ("B1区南路夜间施工", "b1南路"),
    ],
)
def test_a_name_is_read_by_its_last_word(text: str, name: str) -> None:
    assert name in names(text)


@pytest.mark.parametrize(
    "text", ["小区门口的马路太窄", "希望政府尽快解决", "这里的道路没有路灯", "公司不发工资", ""]
)
def test_a_word_for_a_kind_of_place_is_no_name(text: str) -> None:
    assert names(text) == set()


@pytest.mark.parametrize(
    ("title", "districts", "lines"),
    [
        ("B3区榕荫花园", {"b3"}, set()),
        ("请问B市地铁3号线何时开通", set(), {"3"}),
        ("B12县地铁三号线", {"b12"}, {"3"}),
        ("27路公交车太挤", set(), {"27"}),
        ("人民路27号", set(), set()),
        ("A8县市灰汤", {"a8"}, set()),
        ("丰泽区东海街道污水外溢", {"丰泽区"}, set()),
        ("泉州市惠安县螺城镇", {"惠安县"}, set()),
        ("开发区安置区小区停水", set(), set()),
    ],
)
def test_districts_and_lines_are_read_from_the_title(
    title: str, districts: set[str], lines: set[str]
) -> None:
    assert places.districts(title, words.cut(places.without_codes(title))) == districts
    assert places.lines(title) == lines


def test_a_district_in_the_body_is_not_where_the_matter_is() -> None:
    read = places.read("榕荫花园油烟", words.cut("榕荫花园油烟"), words.cut("我家住丰泽区，想问鲤城区的事"))

    assert read.districts == frozenset()


@pytest.mark.parametrize("text", ["老人过马路", "半条路被占", "工地夜里施工", "哪里投诉"])
def test_what_only_ends_like_a_place_is_none(text: str) -> None:
    assert places.read(text, words.cut(text)).names == ()
