"""Shapes find their units by code before name, and the map that is kept is the one pages draw."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date

import pytest
from cast import SignIn
from django.template import Context, Template
from django.test import Client
from django.urls import reverse

from qianshao.core.org.models import Unit
from qianshao.kit.citymap import keeping
from qianshao.kit.citymap.shapes import BadMap, Ring, Shape

pytestmark = [pytest.mark.django_db]
SQUARE: Ring = [(0.0, 0.0), (0.0, 1.0), (1.0, 1.0), (1.0, 0.0), (0.0, 0.0)]


def shape(*, code: str = "", name: str = "") -> Shape:
    return Shape((code,) if code else (), (name,) if name else (), ((SQUARE,),))


@pytest.fixture
def counties(city: dict[str, Unit]) -> list[Unit]:
    """刺东县 of the small city, and a district beside it."""
    Unit.objects.create(
        code="county-2",
        name="望潮区人民政府",
        short="望潮",
        kind="county",
        parent=city["city"],
        path="/county-2/",
        valid_from=date(2000, 1, 1),
        order=7,
    )
    return keeping.districts(date(2026, 3, 2))


@pytest.fixture(autouse=True)
def _no_map() -> Iterator[None]:
    yield
    keeping.drop()


def test_a_shape_is_matched_by_code_by_office_by_ground_and_by_short_name(counties: list[Unit]) -> None:
    for known in (
        shape(code="county-2"),
        shape(name="望潮区人民政府"),
        shape(name="望潮区"),
        shape(name="望潮"),
    ):
        fitted = keeping.fit([known, shape(name="外县")], counties)

        assert [unit.code for unit, _shape in fitted.shapes] == ["county-2"]
        assert fitted.strangers == ("外县",)
        assert [unit.code for unit in fitted.without] == ["county-1"]


def test_two_shapes_for_one_unit_and_none_for_any_are_refused(counties: list[Unit]) -> None:
    with pytest.raises(BadMap, match="都对应单位"):
        keeping.fit([shape(code="county-1"), shape(name="刺东县")], counties)
    with pytest.raises(BadMap, match="没有一个要素对得上"):
        keeping.fit([shape(name="外县")], counties)
    with pytest.raises(BadMap, match="先导入单位"):
        keeping.fit([shape(name="外县")], [])


def test_the_browser_gets_the_kept_shapes_under_an_address_that_changes_with_them(
    counties: list[Unit], sign_in: SignIn
) -> None:
    client = sign_in("hotline.chief")
    keeping.keep(keeping.fit([shape(code="county-2")], counties), "GS 0001")
    first = keeping.current()
    assert first is not None

    answer = client.get(reverse("city-map", args=[first.digest]))
    found = json.loads(b"".join(answer.streaming_content))  # type: ignore[attr-defined]

    assert found["features"][0]["properties"] == {"code": "county-2", "name": "望潮"}
    assert "immutable" in answer["Cache-Control"]
    keeping.keep(keeping.fit([shape(code="county-1")], counties))
    second = keeping.current()
    assert second is not None and second.digest != first.digest
    assert client.get(reverse("city-map", args=[first.digest])).status_code == 404
    assert Client().get(reverse("city-map", args=[second.digest])).status_code == 302


def test_the_tag_draws_the_map_with_its_approval_number_or_says_how_one_is_set(counties: list[Unit]) -> None:
    drawn = Template('{% city_map "by-district" %}')

    assert "qianshao org map" in drawn.render(Context())
    keeping.keep(keeping.fit([shape(code="county-2")], counties), "GS 0001")
    page = drawn.render(Context())
    assert 'data-map="by-district"' in page and "GS 0001" in page


def test_a_damaged_map_is_no_map(counties: list[Unit]) -> None:
    keeping.file().write_text('{"features": 3}', encoding="utf-8")

    assert keeping.current() is None
