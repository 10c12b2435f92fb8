"""Reading: the cockpit, lists, figures, past days, views kept, sheets taken away, signing in and out."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from .conftest import LANGUAGES, NARROW, SIZES, WIDE, Visit

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

ORDERS = "/duties/?kind=hotline.order"


def number(text: str) -> int:
    return int(re.sub(r"\D", "", text))


def listed(page: Page) -> int:
    """What the list says it holds."""
    return number(page.inner_text(".page-head > .quiet"))


def test_a_stranger_is_sent_to_the_door_and_on_to_where_they_wanted(visit: Visit) -> None:
    stranger = visit("")
    page = stranger.go("/calendar/")
    assert "/sign-in/?next=" in page.url
    stranger.wrong = True
    page.fill("#login", "mayor")
    page.fill("#password", "not-the-password")
    page.press("#password", "Enter")
    expect(page.locator(".alert-danger")).to_be_visible()
    assert stranger.looks() == []

    page.fill("#password", stranger.served.passwords["mayor"])
    page.press("#password", "Enter")
    page.wait_for_url("**/calendar/")

    page.locator(".bar .menu > summary").click()
    page.locator(".bar .menu-body button").click()
    page.wait_for_url("**/sign-in/**")
    assert "/sign-in/" in stranger.go("/").url


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_mayors_minute_says_what_is_late_and_every_number_opens_its_list(
    visit: Visit, size: str, language: str
) -> None:
    mayor = visit("mayor", SIZES[size], language)
    page = mayor.go("/")
    red = number(page.inner_text(".figure-red .figure-value"))
    minute = page.inner_text(".minute-title")
    assert (number(minute) == red) if red else not re.search(r"\d", minute)
    numbers = [
        (link.get_attribute("href") or "", number(link.locator(".figure-value").inner_text()))
        for link in page.locator("a.figure").all()
    ]
    numbers += [
        (link.get_attribute("href") or "", number(link.inner_text()))
        for link in page.locator(".owing a strong").locator("..").all()
    ]
    numbers += [
        (link.get_attribute("href") or "", number(link.text_content() or ""))
        for link in page.locator("#trend tbody tr:last-child a, .ranking tbody tr:first-child a").all()
    ]
    assert len(numbers) > 12

    for path, said in numbers:
        assert listed(mayor.go(path)) == said, path


def test_a_bar_of_the_chart_opens_the_list_of_its_cell(visit: Visit) -> None:
    page = visit("mayor").go("/")
    assert page.evaluate("window.echarts") is None  # it comes when a chart is looked at
    page.locator(".chart").first.scroll_into_view_if_needed()
    page.wait_for_selector(".chart canvas")
    months = [number(said) for said in page.locator("#trend tbody td:nth-child(2) a").all_text_contents()]
    last = max(
        index for index, count in enumerate(months) if count
    )  # a month that begins today has no bar yet
    expected = months[last]
    where = page.evaluate(
        """(last) => {
            const place = document.querySelector('.chart');
            const chart = window.echarts.getInstanceByDom(place);
            const [x, y] = chart.convertToPixel({ seriesIndex: 0 }, [last, 0]);
            const box = place.getBoundingClientRect();
            return [box.left + x, box.top + y - 3];
        }""",
        last,
    )
    page.mouse.click(*where)
    page.wait_for_url("**/duties/**")

    assert listed(page) == expected


def test_the_cockpit_of_a_past_day_has_the_numbers_of_that_day(visit: Visit) -> None:
    director = visit("director")
    page = director.go("/")
    page.fill('input[name="as_of"]', "2026-06-30")
    page.locator(".page-head").get_by_role("button", name="查看").click()
    page.wait_for_url("**as_of=2026-06-30**")
    expect(page.locator(".as-of")).to_contain_text("2026年6月30日（星期二）")
    open_then = page.locator("a.figure").last
    path, said = open_then.get_attribute("href") or "", number(open_then.inner_text())

    assert said > 0
    assert listed(director.go(path)) == said
    expect(director.page.locator(".as-of")).to_contain_text("2026年6月30日")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("size", SIZES)
def test_a_figure_opens_exactly_its_list(visit: Visit, size: str, language: str) -> None:
    director = visit("director", SIZES[size], language)
    page = director.go("/figures/hotline.in-time/?since=2026-01-01")
    links = page.locator("a.figure, #by-month tbody tr:last-child a, #by-unit tbody tr:first-child a").all()
    numbers = [
        (
            link.get_attribute("href") or "",
            number(
                (
                    link.locator(".figure-value") if link.locator(".figure-value").count() else link
                ).inner_text()
            ),
        )
        for link in links
    ]
    assert len(numbers) == 6

    for path, said in numbers:
        assert listed(director.go(path)) == said, path


@pytest.mark.parametrize("size", SIZES)
def test_filters_tabs_chips_and_views_narrow_a_list_and_remember_it(visit: Visit, size: str) -> None:
    director = visit("director", SIZES[size])
    page = director.go(ORDERS)
    whole = listed(page)
    page.locator(".tabs a", has_text="逾期办结").click()
    expect(page.locator(".chips .chip")).to_have_count(1)
    late = listed(page)
    assert 0 < late < whole
    page.locator(".filters summary").click()
    page.fill('input[name="opened_from"]', "2026-01-01")
    page.fill('input[name="unit_name"]', "住建局")
    page.locator(".filter-main button").click()
    expect(page.locator(".chips .chip")).to_have_count(3)
    assert listed(page) <= late

    name = f"今年住建局迟了的（{size}）"
    page.locator(".page-head summary", has_text="视图").click()
    page.fill('.view-new input[name="name"]', name)
    page.locator(".view-new button").click()
    expect(page.locator(".alert")).to_contain_text(name)
    director.go("/duties/").locator(".page-head summary", has_text="视图").click()
    page.get_by_role("link", name=name).click()
    expect(page.locator(".chips .chip")).to_have_count(3)
    page.locator(".chip-clear").click()
    expect(page.locator(".chips")).to_have_count(0)
    assert listed(page) == whole
    assert director.looks() == []


def test_a_list_goes_away_as_a_spreadsheet(visit: Visit) -> None:
    director = visit("director")
    page = director.go(f"{ORDERS}&lamp=late")
    said = listed(page)
    page.locator(".page-head summary", has_text="导出").click()
    with page.expect_download() as taken:
        page.get_by_role("link", name="CSV (UTF-8)").click()

    assert taken.value.suggested_filename.endswith(".csv")
    lines = taken.value.path().read_text(encoding="utf-8-sig").splitlines()
    assert lines[0].startswith("编号,") and len(lines) == said + 1


def test_pages_turn_without_losing_the_filter(visit: Visit) -> None:
    page = visit("director", WIDE).go(f"{ORDERS}&open=0")
    first = page.locator("td.number").first.inner_text()
    page.locator('.pager a[rel="next"]').click()
    page.wait_for_url("**after=**")
    expect(page.locator("td.number").first).not_to_have_text(first)
    assert "open=0" in page.url
    page.locator(".pager a").first.click()
    expect(page.locator("td.number").first).to_have_text(first)


def test_light_or_dark_large_or_small_and_the_language_are_remembered(visit: Visit) -> None:
    page = visit("mayor", NARROW).go("/")
    page.locator('[data-does="theme"]').click()
    page.locator('[data-does="size"]').click()
    page.locator('button[name="language"]').click()
    page.wait_for_load_state()

    assert page.get_attribute("html", "lang") == "en"
    assert page.get_attribute("html", "data-bs-theme") == "dark"
    assert page.get_attribute("html", "data-size") == "large"
    page.locator('button[name="language"]').click()
    page.wait_for_load_state()
    assert page.get_attribute("html", "lang") == "zh-hans"
