"""The desk by the keyboard alone, and the hotline's pages in every dress."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from .conftest import LANGUAGES, SIZES, Visit

pytestmark = pytest.mark.browser
PAGES = ("/hotline/desk/", "/hotline/rates/", "/hotline/returns/")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("size", SIZES)
def test_the_hotline_s_pages_fit_the_window_and_satisfy_axe(visit: Visit, size: str, language: str) -> None:
    chief = visit("chief", SIZES[size], language)

    found: list[str] = []
    for path in PAGES:
        chief.go(path)
        found += chief.looks()
    chief.go(PAGES[0])
    chief.page.get_by_label("标题" if language != "en" else "Title", exact=True).fill("路灯不亮")
    expect(chief.page.locator("#hints h2")).to_have_count(4)

    found += chief.looks()
    assert not found, "\n".join(found)


def test_a_call_is_taken_by_the_keyboard_alone(visit: Visit) -> None:
    page = visit("agent").go("/hotline/desk/")

    expect(page.locator("[name=caller]")).to_be_focused()
    page.keyboard.type("林小满")
    page.locator("[name=title]").focus()
    page.keyboard.type("请修好三号楼门口的路灯")
    page.keyboard.press("Tab")
    page.keyboard.type("门口的灯坏了三天")
    expect(page.locator("#hints [data-fill]").first).to_be_visible()
    unit = page.locator("#hints [data-fill=lead]").first
    place = page.locator("#hints [data-fill]").evaluate_all(
        "(all) => all.findIndex((one) => one.dataset.fill === 'lead') + 1"
    )
    page.keyboard.press(f"Alt+Digit{place}")
    expect(page.locator("[name=lead]")).to_have_value(unit.get_attribute("data-value") or "")
    page.keyboard.press("Control+Enter")

    expect(page.locator(".alert-success")).to_contain_text("已受理并派单")
    expect(page.locator("[name=caller]")).to_be_focused()
