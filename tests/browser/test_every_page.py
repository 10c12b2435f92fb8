"""Every page in every dress: nothing wider than the window, nothing a screen reader stumbles over."""

from __future__ import annotations

import pytest

from .conftest import LANGUAGES, NARROW, SIZES, WIDE, Visit, Visitor

pytestmark = pytest.mark.browser

ORDERS = "/duties/?kind=hotline.order"
PAGES = {
    "": (
        "/sign-in/",
        "/portal/",
        "/portal/request/",
        "/portal/follow/",
        "/portal/policies/",
        "/portal/policies/?item=20.1&q=通知",
        "/portal/policies/?q=绝对没有这样的文件",
        "/portal/catalogue/",
        "/portal/catalogue/bureau-housing/",
        "/portal/rates/",
        "/portal/data/",
    ),
    "mayor": ("/wall/",),
    "director": (
        "/",
        "/?as_of=2026-06-30",
        "/?view=mine",
        "/cockpit/charts/?kind=hotline.order",
        "/search/?q=小区",
        "/units/bureau-housing/",
        ORDERS,
        f"{ORDERS}&lamp=red&opened_at__gte=2026-01-01",
        f"{ORDERS}&text=绝对没有这样的话",
        "/duties/?kind=learning.session",
        "/duties/",
        "/figures/hotline.in-time/",
        "/figures/hotline.overdue/?as_of=2026-06-30",
        "/calendar/",
        "/units/",
        "/openness/",
        "/openness/catalogue/",
        "/openness/catalogue/bureau-housing/",
        "/api/docs/",
        "/account/",
        "/account/security/",
        "/account/security/code/",
        "/account/sessions/",
        "/account/tokens/",
    ),
    "security": ("/people/", "/people/1/", "/organisation/grants/"),
    "chief": (
        "/hotline/matters/",
        "/hotline/rising/",
        "/hotline/spread/",
        "/hotline/learning/",
        "/hotline/problems/",
        "/duties/new/hotline.problem/Opened/",
        "/import/",
        "/duties/new/hotline.order/Received/",
    ),
    "sysadmin": (
        "/people/",
        "/people/1/",
        "/going-live/",
        "/going-live/sample/",
        "/organisation/",
        "/organisation/codes/",
        "/organisation/changes/",
        "/system/deliveries/",
        "/system/hooks/",
    ),
    "housing": (
        "/desk/",
        "/glossary/",
        "/duties/compare/",
        "/figures/hotline.in-time/compare/",
        "/notices/",
        "/notices/settings/",
        "/feeds/",
    ),
    "auditor": ("/audit/", "/ledger/"),
    "rules": ("/", "/rules/", "/rules/hotline.answer/", "/rules/columns/"),
}


def look_at(visitor: Visitor, *paths: str) -> list[str]:
    found: list[str] = []
    for path in paths:
        visitor.go(path)
        found += visitor.looks()
    return found


@pytest.mark.parametrize(("size", "language"), [("wide", "zh-hans"), ("narrow", "en")])
def test_pages_fit_the_window_and_satisfy_axe(visit: Visit, size: str, language: str) -> None:
    found: list[str] = []
    for login, paths in PAGES.items():
        visitor = visit(login, SIZES[size], language)
        found += look_at(visitor, *paths)
        visitor.leave()
    chief = visit("chief", SIZES[size], language)
    chief.duty("extend")
    found += chief.looks()
    for part in ("why/", "act/Extended/", "void/1/"):
        found += look_at(chief, f"/duties/{chief.served.duties['extend']}/{part}")

    assert found == []


@pytest.mark.parametrize(("size", "language"), [("wide", "en"), ("narrow", "zh-hans")])
def test_pages_fit_the_window_in_the_other_language_too(visit: Visit, size: str, language: str) -> None:
    found: list[str] = []
    for login, paths in PAGES.items():
        visitor = visit(login, SIZES[size], language)
        for path in paths:
            visitor.go(path)
            found += visitor.overflow()
        visitor.leave()

    assert found == []


@pytest.mark.parametrize("size", SIZES)
def test_pages_keep_their_contrast_in_the_dark_and_their_width_in_large_type(visit: Visit, size: str) -> None:
    director = visit("director", SIZES[size], scheme="dark", large=True)

    found = look_at(
        director,
        "/",
        "/cockpit/charts/",
        "/search/?q=小区",
        ORDERS,
        "/figures/hotline.in-time/",
        "/calendar/",
        "/ledger/",
        "/rules/",
    )
    director.duty("extend")

    assert director.page.get_attribute("html", "data-bs-theme") == "dark"
    assert director.page.get_attribute("html", "data-size") == "large"
    assert found + director.looks() == []


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_wrong_turn_says_so_and_shows_the_way_back(visit: Visit, size: str, language: str) -> None:
    clerk = visit("housing", SIZES[size], language)
    clerk.wrong = True

    for path in ("/nowhere/", f"{ORDERS}&lamp=purple", "/import/"):
        clerk.go(path)
        assert clerk.page.locator("main a.btn-primary").get_attribute("href") == "/"
        assert clerk.looks() == []


def test_no_chinese_is_left_out_of_its_page_and_no_english_comes_in(visit: Visit) -> None:
    director = visit("director")

    words = director.go("/").inner_text("main")
    words += director.go(ORDERS).inner_text("main thead")
    words += director.go("/calendar/").inner_text("main")

    left = [word for word in ("workday", "overdue", "January", "Mon", "None", "hotline.") if word in words]
    assert left == []


def test_the_keyboard_alone_reaches_the_text_the_search_and_the_menu(visit: Visit) -> None:
    page = visit("director", WIDE).go(ORDERS)

    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    assert page.locator(".skip").evaluate("e => e.getBoundingClientRect().left") >= 0
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.keyboard.press("/")
    page.locator("#palette[open]").wait_for()
    assert page.evaluate("document.activeElement.getAttribute('role')") == "combobox"
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.id") == "main"

    page.locator(".bar .menu > summary").focus()
    page.keyboard.press("Enter")
    assert page.locator(".bar .menu-body").is_visible()
    page.keyboard.press("Escape")
    assert not page.locator(".bar .menu-body").is_visible()


def test_every_link_of_the_navigation_leads_somewhere(visit: Visit) -> None:
    for login in ("mayor", "chief", "learning", "security", "sysadmin"):
        visitor = visit(login, NARROW)
        places = visitor.go("/").locator(".places a")
        for path in [link.get_attribute("href") or "" for link in places.all()]:
            visitor.go(path)
            if path == "/wall/":  # a screen for a hall: no navigation, one way back
                assert visitor.page.locator('a[href^="/?kind="]').count() == 1
                continue
            assert visitor.page.locator('.places a[aria-current="page"]').count() == 1, path
            assert visitor.page.locator("h1").count() == 1, path
