"""Sheets of a real city: old names, rows that hang on faulty ones, sign-ins and roles asked for, the same sheet again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import pytest

from qianshao.core.accounts import services as accounts
from qianshao.core.accounts.actor import Actor
from qianshao.core.onboarding import services as onboarding
from qianshao.core.onboarding.models import AskedAccount, AskedGrant
from qianshao.core.org import imports, queries
from qianshao.core.org.imports import NewHolding, NewUnit, Preview
from qianshao.core.org.models import Holding, Person, Unit
from qianshao.kernel.declare import Role

pytestmark = [pytest.mark.django_db, pytest.mark.database]
TODAY = date(2026, 3, 2)
KINDS = {"bureau": "市直部门", "county": "县（市、区）"}
ROLES = {
    "hotline.unit": Role("hotline.unit", "承办单位", frozenset({"hotline.read"})),
    "openness.unit": Role("openness.unit", "公开联络员", frozenset({"openness.read"})),
    "sysadmin": Role("sysadmin", "系统管理员", frozenset({"org.manage"}), city=True),
}
UNITS = ("编码", "名称", "简称", "类别", "上级编码", "起始日期", "排序", "曾用名")
PEOPLE = ("姓名", "单位", "职务", "起始日期", "截止日期", "登录名", "角色", "角色截止")


def units(*rows: Sequence[Any]) -> Preview[NewUnit]:
    return imports.preview_units(enumerate((UNITS, *rows), 1), KINDS, TODAY)


def people(*rows: Sequence[Any]) -> Preview[NewHolding]:
    return imports.preview_people(enumerate((PEOPLE, *rows), 1), ROLES)


def where(preview: Preview[Any]) -> list[tuple[int, str]]:
    return [(problem.row, problem.column) for problem in preview.problems]


def test_a_unit_comes_with_the_names_it_bore(city: dict[str, Unit], robot: Actor, now: datetime) -> None:
    sheet = units(
        (
            "zrzy",
            "自然资源局",
            "资源局",
            "市直部门",
            "city",
            "2000-01-01",
            1,
            "规划局（至2010-05-01）；国土局(至 2019/1/15)",
        )
    )

    imports.add_units(sheet.new, actor=robot, now=now)

    unit = Unit.objects.get(code="zrzy")
    assert (unit.name, unit.short) == ("自然资源局", "资源局")
    told = [queries.name_on(unit, on) for on in (date(2010, 4, 30), date(2010, 5, 1), date(2019, 1, 15))]
    assert told == ["规划局", "国土局", "自然资源局"]


@pytest.mark.parametrize(
    "old",
    [
        "规划局",
        "规划局（至去年）",
        "规划局（至1999-12-31）",
        "规划局（至2026-03-03）",
        "乙（至2019-01-01）；甲（至2010-01-01）",
    ],
)
def test_an_old_name_without_a_day_or_out_of_order_is_named(city: dict[str, Unit], old: str) -> None:
    sheet = units(("zrzy", "资源局", "", "市直部门", "city", "2000-01-01", 1, old))

    assert (where(sheet), sheet.new) == ([(2, "曾用名")], [])
    assert str(sheet.problems[0].mend)


def test_a_row_below_a_faulty_one_waits_for_it_and_the_others_go_in(
    city: dict[str, Unit], robot: Actor, now: datetime
) -> None:
    sheet = units(
        ("c2", "", "", "县（市、区）", "city", "2000-01-01", 1, ""),
        ("c2-edu", "教育局", "", "市直部门", "c2", "2000-01-01", 2, ""),
        ("c3", "刺南县", "", "县（市、区）", "city", "2000-01-01", 3, ""),
    )

    assert where(sheet) == [(2, "名称"), (3, "上级编码")]
    assert str(sheet.problems[1].words) == "上级单位所在的第 2 行有错误"
    assert imports.add_units(sheet.new, actor=robot, now=now) == 1
    assert Unit.objects.filter(code="c3").exists()


def test_a_unit_older_than_the_one_above_it_and_a_second_top_are_named(city: dict[str, Unit]) -> None:
    sheet = units(
        ("x", "甲", "", "市直部门", "city", "1999-12-31", 1, ""),
        ("y", "乙", "", "市直部门", "", "2000-01-01", 2, ""),
        ("z/z", "丙", "", "市直部门", "city", "2000-01-01", 3, ""),
    )

    assert where(sheet) == [(2, "起始日期"), (3, "上级编码"), (4, "编码")]


def test_people_come_with_posts_sign_ins_and_roles_but_no_account_yet(
    city: dict[str, Unit], robot: Actor, now: datetime
) -> None:
    sheet = people(
        ("林一", "水利局", "科长", "2024-01-01", "", "Lin.Yi", "承办单位、公开联络员", "2027-01-01"),
        ("林一", "住建局", "顾问", "2024-01-01", "2025-01-01", "lin.yi", "", ""),
        ("陈二", "水利局", "科员", "2024-01-01", "", "", "", ""),
    )

    assert sheet.problems == []
    imports.add_people(sheet.new, actor=robot, now=now)

    assert sorted(Person.objects.values_list("name", flat=True)) == ["林一", "陈二"]
    assert Holding.objects.get(post__title="顾问").valid_to == date(2025, 1, 1)
    asked = AskedAccount.objects.get()
    assert (asked.login, asked.account, asked.unit.code) == ("lin.yi", None, "water")
    assert sorted(asked.grants.values_list("role", "until")) == [
        ("hotline.unit", date(2027, 1, 1)),
        ("openness.unit", date(2027, 1, 1)),
    ]


def test_the_same_sheet_again_changes_nothing_and_a_role_added_to_it_is_all_that_comes(
    city: dict[str, Unit], robot: Actor, now: datetime
) -> None:
    row = ["林一", "水利局", "科长", "2024-01-01", "", "lin.yi", "承办单位", ""]
    imports.add_people(people(row).new, actor=robot, now=now)

    again = people(row)
    row[6] = "承办单位、公开联络员"
    more = people(row)
    imports.add_people(more.new, actor=robot, now=now)

    assert (again.new, again.same) == ([], 1)
    assert (len(more.new), more.new[0].held) == (1, True)
    assert (Person.objects.count(), Holding.objects.count()) == (1, 1)
    assert sorted(AskedGrant.objects.values_list("role", flat=True)) == ["hotline.unit", "openness.unit"]


@pytest.mark.parametrize(
    ("cells", "column"),
    [
        ({"单位": "气象局"}, "单位"),
        ({"登录名": "林一"}, "登录名"),
        ({"登录名": ""}, "登录名"),
        ({"角色": "国王"}, "角色"),
        ({"角色": "系统管理员"}, "角色"),
        ({"截止日期": "2024-01-01"}, "截止日期"),
        ({"起始日期": "2024年13月1日"}, "起始日期"),
        ({"姓名": "林" * 61}, "姓名"),
    ],
)
def test_every_wrong_cell_of_people_is_named_with_its_mend(
    city: dict[str, Unit], cells: dict[str, str], column: str
) -> None:
    row = (
        dict(zip(PEOPLE, ("林一", "水利局", "科长", "2024-01-01", "", "lin.yi", "承办单位", ""), strict=True))
        | cells
    )

    sheet = people(tuple(row.values()))

    assert where(sheet)[0] == (2, column)
    assert sheet.new == [] and str(sheet.problems[0].mend)


def test_a_login_belongs_to_one_person_for_good(city: dict[str, Unit], robot: Actor, now: datetime) -> None:
    accounts.create_account(login="lin.yi", person=Person.objects.create(name="林一"), actor=robot, now=now)

    sheet = people(
        ("陈二", "水利局", "科长", "2024-01-01", "", "lin.yi", "", ""),
        ("王三", "水利局", "科员", "2024-01-01", "", "wang", "", ""),
        ("赵四", "水利局", "科员", "2024-01-01", "", "wang", "", ""),
    )

    assert where(sheet) == [(2, "登录名"), (4, "登录名")]


def test_who_has_an_account_already_is_asked_a_role_for_and_no_second_account(
    city: dict[str, Unit], robot: Actor, now: datetime
) -> None:
    person = Person.objects.create(name="林一")
    account, _code = accounts.create_account(login="lin.yi", person=person, actor=robot, now=now)

    imports.add_people(
        people(("林一", "水利局", "科长", "2024-01-01", "", "lin.yi", "承办单位", "")).new,
        actor=robot,
        now=now,
    )

    asked = AskedAccount.objects.get()
    assert (asked.person, asked.account) == (person, account)
    assert list(onboarding.waiting()) == []
    assert Holding.objects.get().person == person
