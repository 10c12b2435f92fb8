"""Search everywhere: each finds what they may see, and a number tells nobody what they may not."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import quote

import pytest
from cast import SignIn, moment
from django.test import Client

from qianshao.core.accounts.models import Account, Grant
from qianshao.core.org.models import Holding, Person, Post, Unit
from qianshao.modules.hotline import facts as f

from .conftest import Tell, document, order

pytestmark = pytest.mark.django_db


def groups(client: Client, query: str) -> dict[str, list[str]]:
    """The titles found, by group."""
    answer: dict[str, Any] = client.get(f"/search/find/?q={quote(query)}").json()
    return {group["title"]: [hit["title"] for hit in group["hits"]] for group in answer["groups"]}


def test_duties_of_several_kinds_come_in_groups_of_their_own(sign_in: SignIn, tell: Tell) -> None:
    tell("hotline.order", order("2026-02-27", title="小区停车难"))
    tell("openness.document", document("2026-02-20", "老旧小区改造方案"))

    found = groups(sign_in("office.head"), "小区")

    assert found["诉求工单"] == ["小区停车难"]
    assert found["主动公开"] == ["老旧小区改造方案"]


@pytest.mark.parametrize("query", ["路灯", "ldbl"])
def test_a_sealed_title_is_not_found_by_who_may_not_read_it(sign_in: SignIn, tell: Tell, query: str) -> None:
    duty = tell("hotline.order", order("2026-02-27"))

    assert "诉求工单" in groups(sign_in("hotline.chief"), query)
    mayor = sign_in("mayor")
    assert "诉求工单" not in groups(mayor, query)
    assert "没有找到" in mayor.get(f"/search/?q={query}").content.decode()
    assert groups(mayor, duty.number) == {"诉求工单": ["内容已封存"]}


def test_who_may_read_texts_in_one_unit_only_finds_by_words_only_there(sign_in: SignIn, tell: Tell) -> None:
    tell("hotline.order", order("2026-02-27", unit="water", title="水利局门口路灯不亮"))
    tell("hotline.order", order("2026-02-27", unit="housing", title="住建局门口路灯不亮"))
    client = sign_in("mayor")  # sees the city's orders, reads none …
    Grant.objects.create(
        account=Account.objects.get(login="mayor-city"),
        role="hotline.unit",
        unit=Unit.objects.get(code="housing"),
        valid_from=date(2020, 1, 1),
    )  # … and handles those of one bureau

    assert groups(client, "路灯")["诉求工单"] == ["住建局门口路灯不亮"]
    page = client.get(f"/duties/?kind=hotline.order&text={quote('路灯')}").content.decode()
    assert "共 1 件" in page


def test_the_count_is_that_of_the_list_behind_it_and_of_ones_own_unit(sign_in: SignIn, tell: Tell) -> None:
    for unit in ("housing", "housing", "water"):
        tell("hotline.order", order("2026-02-27", unit=unit))
    client = sign_in("hotline.unit", "housing")

    page = client.get("/search/?q=路灯").content.decode()

    assert "全部 2 件" in page
    assert "共 2 件" in client.get(f"/duties/?kind=hotline.order&text={quote('路灯')}").content.decode()


def test_units_rules_figures_and_pages_are_found_by_words_and_initials(sign_in: SignIn, tell: Tell) -> None:
    head = sign_in("office.head")

    assert "市水利局" in groups(head, "slj")["单位"]
    assert "市水利局" in groups(head, "水利")["单位"]
    assert any("答复" in title for title in groups(head, "答复")["规则"])
    assert "督查事项按期办结" in groups(head, "按期办结")["指标"]
    assert groups(head, "导入").get("页面") is None  # no right to it
    assert "导入" in groups(sign_in("hotline.chief"), "导入")["页面"]


def test_figures_of_kinds_nobody_may_read_are_not_named(sign_in: SignIn, tell: Tell) -> None:
    assert "指标" in groups(sign_in("mayor"), "满意")
    assert "指标" not in groups(sign_in("supervision.clerk"), "满意")


def test_people_are_found_in_ones_own_reach(sign_in: SignIn, city: dict[str, Unit]) -> None:
    for unit, name in (("housing", "许一帆"), ("water", "许二帆")):
        post = Post.objects.create(unit=city[unit], title="科员")
        person = Person.objects.create(name=name)
        Holding.objects.create(person=person, post=post, valid_from=date(2020, 1, 1))

    assert groups(sign_in("office.head"), "许")["人员"] == ["许一帆", "许二帆"]
    liaison = sign_in("hotline.unit", "housing")
    assert groups(liaison, "xyf")["人员"] == ["许一帆"]
    assert "人员" not in groups(liaison, "许二帆")
    away = sign_in("hotline.unit", "county-1").get("/units/water/").content.decode()
    assert "许二帆" not in away and "工作关系" in away
    assert "许二帆" in sign_in("mayor").get("/units/water/").content.decode()


def test_the_palette_offers_to_open_what_one_may_open(sign_in: SignIn, tell: Tell) -> None:
    assert "新建诉求工单" in groups(sign_in("hotline.chief"), "新建")["操作"]
    mayor = sign_in("mayor")
    assert "新建诉求工单" not in groups(mayor, "新建").get("操作", [])
    begun = groups(mayor, "")
    assert "驾驶舱" in begun["页面"] and "切换大字" in begun["操作"]


def test_a_closed_order_and_an_old_number_are_found_too(sign_in: SignIn, tell: Tell) -> None:
    gone = f.Withdrawn(at=moment("2026-02-28"), reason="自行解决")
    duty = tell("hotline.order", order("2026-02-27"), gone)
    chief = sign_in("hotline.chief")

    assert groups(chief, duty.number[:12])["诉求工单"] == ["路灯不亮"]
    assert groups(chief, duty.number[:12].lower())["诉求工单"] == ["路灯不亮"]


@pytest.mark.parametrize("query", ["%00", "'", '"', "(", "*", "-", "  ", "x" * 5000, "\ud83d\ude00"])
def test_no_query_breaks_it(sign_in: SignIn, query: str) -> None:
    client = sign_in("office.head")

    sent = query if query == "%00" else quote(query.encode("utf-8", "surrogatepass"))
    assert client.get(f"/search/?q={sent}").status_code == 200
    assert client.get(f"/search/find/?q={sent}").status_code == 200


def test_a_stranger_is_sent_to_sign_in(client: Client, city: dict[str, Unit]) -> None:
    assert client.get("/search/find/?q=路灯").headers["Location"].startswith("/sign-in/")


def test_a_unit_tells_what_it_has_in_hand_and_each_number_opens_its_list(sign_in: SignIn, tell: Tell) -> None:
    tell("hotline.order", order("2026-02-27"))
    tell("hotline.order", order("2025-11-03"))
    head = sign_in("office.head")

    page = head.get("/units/housing/").content.decode()

    for query, n in (("open=1&amp;unit=housing", 2), ("lamp=red&amp;unit=housing", 1)):
        link = f"/duties/?kind=hotline.order&amp;{query}"
        assert f'<a href="{link}">{n}</a>' in page
        assert f"共 {n} 件" in head.get(link.replace("&amp;", "&")).content.decode()
    assert head.get("/units/nowhere/").status_code == 404
