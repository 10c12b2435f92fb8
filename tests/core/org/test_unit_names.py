"""Which unit a written name means, and units and people read from a sheet."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from qianshao.core.accounts.actor import Actor
from qianshao.core.org import imports, names, services
from qianshao.core.org.models import Holding, Unit
from qianshao.kernel.declare import Role

pytestmark = [pytest.mark.django_db, pytest.mark.database]
TODAY = date(2026, 3, 2)
ROLES = {"hotline.unit": Role("hotline.unit", "承办单位联络员", frozenset({"hotline.read"}))}
KINDS = {"bureau": "部门", "county": "县（市、区）", "town": "乡镇街道"}


@pytest.fixture
def bureaus(city: dict[str, Unit], robot: Actor, now: datetime) -> None:
    for code, name, short, parent in [
        ("reform", "市发展和改革委员会", "市发改委", "city"),
        ("finance", "市财政局", "财政局", "city"),
        ("c1-finance", "刺东县财政局", "刺东财政", "county-1"),
        ("culture", "市文化局", "文化局", "city"),
        ("tourism", "市旅游局", "旅游局", "city"),
        ("both", "市文化和旅游局", "文旅局", "city"),
    ]:
        services.add_unit(
            code=code,
            name=name,
            short=short,
            kind="bureau",
            parent=city[parent],
            since=date(2010, 1, 1),
            order=20,
            actor=robot,
            now=now,
        )
    unit = Unit.objects.get(code="reform")
    services.rename_unit(
        unit=unit, name="市发展和改革局", short="发改局", since=date(2025, 1, 1), actor=robot, now=now
    )
    old = list(Unit.objects.filter(code__in=("culture", "tourism")))
    services.merge_units(
        old=old, into=Unit.objects.get(code="both"), on=date(2025, 7, 1), actor=robot, now=now
    )


@pytest.mark.parametrize(
    ("written", "code", "how"),
    [
        ("finance", "finance", "code"),
        ("市财政局", "finance", "name"),
        ("刺桐市财政局", "finance", "name"),
        ("财政局", "finance", "name"),
        (" 财 政 局 ", "finance", "name"),
        ("刺东县财政局", "c1-finance", "name"),
        ("刺东财政", "c1-finance", "short"),
        ("刺桐市发改局", "reform", "short"),
        ("发展和改革委员会", "reform", "old"),
        ("市发改委", "reform", "old"),
        ("发改委员会", "reform", "abbreviation"),
        ("文化局", "both", "name"),
    ],
)
def test_a_name_is_resolved_by_its_surest_reading(bureaus: None, written: str, code: str, how: str) -> None:
    match = names.load().resolve(written, TODAY)

    assert (match.unit.code, match.how) == (code, how)


def test_a_merged_unit_stands_for_itself_before_the_day(bureaus: None) -> None:
    known = names.load()

    assert known.resolve("旅游局", date(2025, 6, 30)).unit.code == "tourism"
    assert known.resolve("旅游局", date(2025, 7, 1)).unit.code == "both"


def test_a_name_that_may_mean_two_units_says_which(
    bureaus: None, city: dict[str, Unit], robot: Actor, now: datetime
) -> None:
    for code in ("x1", "x2"):
        services.add_unit(
            code=code,
            name=f"{code}街道办事处",
            short="办事处",
            kind="town",
            parent=city["county-1"],
            since=date(2010, 1, 1),
            order=1,
            actor=robot,
            now=now,
        )

    with pytest.raises(names.AmbiguousName, match="x1街道办事处、x2街道办事处") as caught:
        names.load().resolve("办事处", TODAY)
    assert caught.value.candidates == ["x1街道办事处", "x2街道办事处"]
    with pytest.raises(names.UnknownName, match="没有叫“气象局”的单位"):
        names.load().resolve("气象局", TODAY)


def test_names_are_read_in_two_queries_for_any_number_of_rows(
    bureaus: None, django_assert_num_queries: object
) -> None:
    with django_assert_num_queries(2):  # type: ignore[operator]
        known = names.load()
        for _row in range(50):
            known.resolve("文化局", TODAY)


UNIT_HEADER = ("编码", "名称", "简称", "类别", "上级编码", "起始日期", "排序")


def test_a_sheet_of_units_is_added_once(city: dict[str, Unit], robot: Actor, now: datetime) -> None:
    sheet = [
        UNIT_HEADER,
        ("101", "刺西县", "刺西县", "县（市、区）", "city", datetime(2010, 1, 1), 30.0),  # noqa: DTZ001
        (102.0, "观澜镇", None, "town", 101.0, "2010年1月1日", "31"),
        (None, "", None, None, None, None, None),
        ("water", "市水利局", "水利局", "部门", "city", "2000-01-01", 3),
    ]

    preview = imports.preview_units(enumerate(sheet, 1), KINDS, TODAY)
    added = imports.add_units(preview.new, actor=robot, now=now)

    assert (preview.problems, preview.same, added) == ([], 1, 2)
    assert Unit.objects.get(code="102").path == "/101/102/"
    again = imports.preview_units(enumerate(sheet, 1), KINDS, TODAY)
    assert (again.new, again.same) == ([], 3)


def test_every_error_of_a_sheet_is_named_by_row_and_column(
    city: dict[str, Unit], robot: Actor, now: datetime
) -> None:
    sheet = [
        UNIT_HEADER,
        ("a", "甲", "", "飞船", "city", "2010-01-01", "1"),
        ("b", "", "", "部门", "nowhere", "2010-13-01", "x"),
        ("a", "乙", "", "部门", "city", "2010-01-01", "1"),
        ("water", "市水务局", "", "部门", "city", "2010-01-01", "1"),
    ]

    preview = imports.preview_units(enumerate(sheet, 1), KINDS, TODAY)

    assert [(problem.row, problem.column) for problem in preview.problems] == [
        (2, "类别"),
        (3, "名称"),
        (3, "起始日期"),
        (3, "排序"),
        (3, "上级编码"),
        (4, "编码"),
        (5, "编码"),
    ]
    assert str(preview.problems[-1].words) == "编码 water 已是“市水利局”"
    assert "单独办理" in str(preview.problems[-1].mend)
    with pytest.raises(imports.BadSheet, match="还有 7 处错误"):
        preview.ready()
    assert (preview.new, preview.faulty) == ([], 4)
    assert Unit.objects.count() == len(city)


def test_a_missing_column_is_named() -> None:
    with pytest.raises(imports.BadSheet, match="简称、排序"):
        imports.preview_units([(1, ("编码", "名称", "类别", "上级编码", "起始日期"))], KINDS, TODAY)


def test_people_are_put_into_posts_once(city: dict[str, Unit], robot: Actor, now: datetime) -> None:
    sheet = [
        ("姓名", "单位", "职务", "起始日期"),
        ("林一", "水利局", "局长", date(2024, 1, 1)),
        ("陈二", "刺桐市水利局", "副局长", "2024/2/1"),
        ("王三", "气象局", "局长", "2024-01-01"),
    ]
    assert [(p.row, p.column) for p in imports.preview_people(enumerate(sheet, 1), ROLES).problems] == [
        (4, "单位")
    ]

    preview = imports.preview_people(enumerate(sheet[:3], 1), ROLES)
    imports.add_people(preview.new, actor=robot, now=now)

    assert list(
        Holding.objects.order_by("id").values_list("person__name", "post__unit__code", "post__title")
    ) == [
        ("林一", "water", "局长"),
        ("陈二", "water", "副局长"),
    ]
    again = imports.preview_people(enumerate(sheet[:3], 1), ROLES)
    assert (again.new, again.same) == ([], 2)
