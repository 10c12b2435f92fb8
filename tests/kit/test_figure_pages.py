"""Figures as pages: every number is the count of the list it opens, for whoever asks."""

from __future__ import annotations

import html
import io
import re
from typing import Any

import openpyxl
import pytest
from cast import SignIn, moment

from qianshao.modules.hotline import facts as f

from .conftest import Opens

pytestmark = pytest.mark.django_db


@pytest.fixture
def year(opens: Opens) -> None:
    """Two answered in time, one late, one overdue, one with time left, one withdrawn, in two units."""
    opens("2026-01-05", f.Replied(at=moment("2026-01-06"), reply="好"), unit="housing")
    opens("2026-01-05", f.Replied(at=moment("2026-01-07"), reply="好"), unit="town-1")
    opens("2026-01-05", f.Replied(at=moment("2026-01-28"), reply="好"), unit="housing")
    opens("2026-02-02", unit="housing")
    opens("2026-02-28", unit="")
    opens("2026-02-02", f.Withdrawn(at=moment("2026-02-03"), reason="自行解决"), unit="housing")


def text(response: Any) -> str:
    return html.unescape(response.content.decode())


def linked(page: str) -> list[tuple[str, int]]:
    """Every link to a list with the number that stands on it."""
    links = re.findall(r'<a[^>]*href="/duties/\?([^"]*)"[^>]*>(.*?)</a>', page, re.S)
    found = []
    for query, inside in links:
        numbers = re.findall(r'(?:figure-value">|^)(\d+)', inside.strip())
        if numbers:
            found.append((query, int(numbers[0])))
    return found


@pytest.mark.parametrize(
    "scope",
    [
        "",
        "unit=county-1",
        "since=2026-02-01&until=2026-02-28",
        "as_of=2026-01-20",
        "unit=housing&as_of=2026-02-05",
    ],
)
@pytest.mark.parametrize("role", [("hotline.chief", "city"), ("hotline.unit", "housing")])
@pytest.mark.parametrize("key", ["hotline.in-time", "hotline.overdue", "hotline.received"])
def test_every_number_on_the_page_is_the_length_of_its_list(
    sign_in: SignIn, year: None, key: str, role: tuple[str, str], scope: str
) -> None:
    reader = sign_in(*role)

    numbers = linked(text(reader.get(f"/figures/{key}/?{scope}")))

    assert numbers
    for query, number in numbers:
        assert f"共 {number} 件" in text(reader.get(f"/duties/?{query}")), query


def test_the_rate_spells_out_what_it_leaves_out(sign_in: SignIn, year: None) -> None:
    page = text(sign_in("hotline.chief").get("/figures/hotline.in-time/"))

    assert "50.00%" in page
    assert "尚未到期的在办工单，不计入" in page and "诉求人撤回的工单，不计入" in page
    assert "用时中位数" in page


def test_out_of_nothing_no_rate_is_made_up(sign_in: SignIn, year: None) -> None:
    page = text(sign_in("hotline.chief").get("/figures/hotline.in-time/?unit=water"))

    assert "没有可计算的事项" in page and "100.00%" not in page


def test_a_figure_leaves_as_a_spreadsheet(sign_in: SignIn, year: None) -> None:
    answer = sign_in("hotline.chief").get("/figures/hotline.in-time/?format=xlsx")

    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(answer))).active
    assert sheet is not None
    assert [cell.value for cell in list(sheet.rows)[1]] == ["合计", "", 2, 4, "50.00%"]
    assert sign_in("hotline.agent").get("/figures/hotline.in-time/?format=xlsx").status_code == 403


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("hotline.in-time/?unit=nowhere", 400),
        ("hotline.in-time/?since=gestern", 400),
        ("hotline.in-time/?until=0001-01-01", 400),
        ("hotline.in-time/?unit_name=没有的单位", 400),
        ("hotline.in-time/?format=pdf", 400),
        ("no.such/", 404),
    ],
)
def test_a_bad_question_about_a_figure_is_answered_in_kind(
    sign_in: SignIn, year: None, path: str, status: int
) -> None:
    assert sign_in("hotline.chief").get(f"/figures/{path}").status_code == status


def test_the_form_takes_a_units_name(sign_in: SignIn, year: None) -> None:
    answer = sign_in("hotline.chief").get(
        "/figures/hotline.in-time/?unit_name=住建局&since=&until=2026-02-28"
    )

    assert answer["Location"] == "/figures/hotline.in-time/?until=2026-02-28&unit=housing"


def test_who_may_not_read_the_kind_finds_no_figure(sign_in: SignIn, year: None) -> None:
    assert sign_in("learning.clerk", "office").get("/figures/hotline.in-time/").status_code == 404
