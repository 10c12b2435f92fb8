"""The palette by keyboard, the drawings as pictures, the day as a slider, and the screen on the wall."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from .conftest import NARROW, SIZES, WIDE, Visit

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("key", ["Control+k", "/"])
def test_the_palette_finds_moves_opens_and_gives_the_focus_back(visit: Visit, key: str) -> None:
    chief = visit("chief", WIDE)
    page = chief.go("/units/")
    page.locator(".bar-search").focus()
    page.keyboard.press(key)
    field = page.locator("#palette [role=combobox]")
    expect(field).to_be_focused()
    expect(page.locator("#palette [role=option]").first).to_be_visible()
    assert chief.looks() == []

    page.keyboard.type("smzj")
    chosen = page.locator('#palette [role=option][aria-selected="true"]')
    expect(chosen).to_contain_text("民政局")
    assert field.get_attribute("aria-activedescendant") == chosen.get_attribute("id")
    page.keyboard.press("Escape")
    expect(page.locator("#palette")).not_to_be_visible()
    expect(page.locator(".bar-search")).to_be_focused()

    page.keyboard.press(key)
    page.keyboard.type("小区")
    expect(page.locator('#palette [role=option][aria-selected="true"]')).to_contain_text("小区")
    first = page.locator('#palette [role=option][aria-selected="true"]').inner_text()
    page.keyboard.press("ArrowDown")
    expect(page.locator('#palette [role=option][aria-selected="true"]')).not_to_have_text(first)
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/duties/[0-9a-z]{26}/"))


def test_the_palette_acts_on_the_page_and_opens_forms(visit: Visit) -> None:
    page = visit("chief", NARROW).go("/units/")
    page.locator(".bar-search").click()
    page.keyboard.type("深色")
    page.keyboard.press("Enter")  # faster than the answer
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")

    page.locator(".bar-search").click()
    page.keyboard.type("新建诉求工单")
    expect(page.locator('#palette [role=option][aria-selected="true"]')).to_contain_text("新建诉求工单")
    page.keyboard.press("Enter")
    page.wait_for_url("**/duties/new/hotline.order/Received/")


def test_without_the_palette_the_header_leads_to_the_page_of_results(visit: Visit) -> None:
    page = visit("director").go("/")
    page.evaluate("document.getElementById('palette').remove()")
    page.goto(page.locator(".bar-search").evaluate("link => link.href"))
    page.fill("#q", "小区")
    page.press("#q", "Enter")
    page.wait_for_url("**/search/?q=**")

    assert page.locator(".hits a").count() > 0


@pytest.mark.parametrize("size", SIZES)
def test_drawings_come_when_looked_at_and_leave_as_pictures_and_tables(visit: Visit, size: str) -> None:
    page = visit("director", SIZES[size]).go("/")
    assert page.locator("#days").count() == 0
    page.locator(".later").scroll_into_view_if_needed()
    for part in ("#days", "#districts", "#matrix", "#returns"):
        page.locator(f"{part} .chart").scroll_into_view_if_needed()
        expect(page.locator(f"{part} canvas").first).to_be_visible()

    for form, begins in (("png", b"\x89PNG"), ("svg", b"<svg")):
        with page.expect_download() as taken:
            page.locator(f'#matrix [data-save="{form}"]').click()
        assert taken.value.suggested_filename == f"各单位逾期.{form}"
        content = taken.value.path().read_bytes()
        assert content.startswith(begins) and len(content) > 2000
    with page.expect_download() as taken:
        page.locator("#matrix").get_by_role("link", name="下载表格").click()
    assert taken.value.suggested_filename.startswith("各单位逾期-")
    assert taken.value.path().read_bytes().startswith(b"PK")


def test_the_slider_asks_about_a_past_day_without_a_new_page(visit: Visit) -> None:
    page = visit("director").go("/")
    page.evaluate("window.stayed = true")
    slider = page.locator("[data-as-of]")
    slider.focus()
    for _day in range(3):
        page.keyboard.press("ArrowLeft")

    expect(page.locator(".as-of")).to_contain_text("结束时的情形")
    assert re.search(r"as_of=\d{4}-\d\d-\d\d", page.url)
    assert page.evaluate("window.stayed")


def test_the_wall_turns_stops_and_is_refreshed_in_place(visit: Visit) -> None:
    mayor = visit("mayor")
    page = mayor.go("/wall/")
    here = page.locator(".wall-panel.here")
    expect(here).to_have_attribute("data-title", "一分钟")
    page.keyboard.press("ArrowRight")
    expect(here).to_have_attribute("data-title", "逾期最久的")
    page.locator("[data-pause]").click()
    expect(page.locator("[data-pause]")).to_have_text("继续轮播")

    page.evaluate("window.stayed = true")
    page.evaluate("htmx.ajax('GET', document.getElementById('panels').getAttribute('hx-get'), '#panels')")
    page.wait_for_load_state("networkidle")
    expect(here).to_have_attribute("data-title", "逾期最久的")
    assert page.evaluate("window.stayed")
    assert mayor.looks() == []


def test_a_duty_prints_black_on_white_without_the_navigation(visit: Visit) -> None:
    chief = visit("chief", scheme="dark")
    page = chief.duty("extend")
    page.emulate_media(media="print")

    for part in (".bar", ".places", ".foot", ".act-buttons"):
        assert not page.locator(part).first.is_visible()
    assert page.locator("h1").is_visible()
    ground, ink = page.evaluate(
        "() => { const s = getComputedStyle(document.body); return [s.backgroundColor, s.color]; }"
    )
    assert (ground, ink) == ("rgb(255, 255, 255)", "rgb(0, 0, 0)")


def test_on_a_telephone_the_navigation_is_one_button_that_closes_with_escape(visit: Visit) -> None:
    chief = visit("chief", NARROW)
    page = chief.go("/units/")
    opener, places = page.locator(".places-open"), page.locator("#places")
    expect(places).not_to_be_visible()
    assert page.locator("h1").bounding_box()["y"] < 160  # type: ignore[index]

    opener.press("Enter")
    expect(places).to_be_visible()
    expect(opener).to_have_attribute("aria-expanded", "true")
    assert chief.looks() == []
    page.locator(".places summary").first.press("Enter")
    page.locator(".places a", has_text="退单台账").click()
    page.wait_for_url("**/hotline/returns/")

    page.locator(".places-open").press("Enter")
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    expect(page.locator("#places")).not_to_be_visible()
    expect(page.locator(".places-open")).to_be_focused()
