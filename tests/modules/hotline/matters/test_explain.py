"""Why messages stand together, how hot that is, and which texts are copies."""

from __future__ import annotations

from datetime import timedelta
from math import log

import pytest

from qianshao.modules.hotline.matters.copies import first_copies
from qianshao.modules.hotline.matters.explain import shared
from qianshao.modules.hotline.matters.grouping import group
from qianshao.modules.hotline.matters.heat import heat

from .letters import ALL, BUS, NOISE, START, letter


def test_a_group_is_explained_by_shared_places_and_words() -> None:
    rarity = group(ALL).corpus.rarity

    why = shared(NOISE, rarity)

    assert why.places == ("榕荫花园", "B3")
    assert {"烧烤", "油烟"} <= set(why.words)
    assert shared(BUS, rarity).central in (0, 1)


def test_one_message_is_explained_by_itself() -> None:
    why = shared(NOISE[:1], group(ALL).corpus.rarity)

    assert "榕荫花园" in why.places
    assert why.central == 0


def test_heat_halves_in_a_fortnight() -> None:
    one = [letter("1", "榕荫花园油烟", "烧烤摊油烟很大")]

    assert heat(one, START).value == pytest.approx(1)
    assert heat(one, START + timedelta(days=14)).value == pytest.approx(0.5)


def test_copies_are_one_text_said_louder() -> None:
    text = "榕荫花园二栋楼下的烧烤摊每晚营业到两点，油烟直往家里灌，窗户不能开，老人孩子睡不了觉，请有关部门尽快处理。"
    copies = [letter(str(n), "榕荫花园油烟扰民", text + "谢谢" * (n % 2)) for n in range(10)]

    found = heat(copies, START)

    assert (found.messages, found.texts) == (10, 1)
    assert found.value == pytest.approx(1 + log(10))


def test_what_comes_later_or_at_no_known_time_does_not_count() -> None:
    later = letter("1", "榕荫花园油烟", "烧烤摊", 3)

    assert heat([later], START).value == 0
    assert heat([later], START).newest_days is None
    assert heat([], START).value == 0


def test_near_copies_point_to_the_first_and_other_texts_to_themselves() -> None:
    text = (
        "经核实，您反映的路灯不亮问题已由市政维护中心于次日修复，感谢您对城市管理工作的支持。"
        + "如有其他意见，请拨打热线电话或者到街道便民服务中心反映，我们将认真办理。"
    )
    other = "关于您咨询的医保缴费标准，请携带身份证到政务服务中心三号窗口办理，工作人员会当面说明。"

    assert first_copies([text, other, text.replace("次日", "当日"), "", "", text[:10]]) == [0, 1, 0, 3, 4, 5]
