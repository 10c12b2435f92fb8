"""A clerk's way from pasted text to items in a real browser: both sizes, both languages, by click and by link."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from .conftest import LANGUAGES, SIZES, Visit

pytestmark = pytest.mark.browser
NEW = "/supervision/decisions/new/"
DECISION = """望潮市人民政府关于开展老旧小区整治的方案
望政发〔2026〕{n}号
一、主要任务
（一）修缮楼道。年底前修缮楼道一百处，逐户登记，先急后缓，接受居民监督。（市住建局牵头，市水利局、市财政局配合）
（二）改造供水。6月底前完成供水设施改造。（市水务集团负责）
（三）做好宣传。（各有关单位负责）
望潮市人民政府
2026年2月10日
"""


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("size", SIZES)
def test_a_pasted_decision_becomes_items(visit: Visit, size: str, language: str) -> None:
    clerk = visit("supervisor", SIZES[size], language)
    page = clerk.go(NEW)
    clerk.wrong = True  # what cannot be opened is answered with 422
    found = clerk.looks()
    number = 10 + 2 * list(SIZES).index(size) + LANGUAGES.index(language)
    page.fill("#text", DECISION.replace("{n}", str(number)))
    page.click("main form button.btn-primary")

    expect(page.locator(".decision-item")).to_have_count(3)
    found += clerk.looks()
    source, items = page.locator(".decision-source"), page.locator(".decision-items")
    left, right = source.bounding_box(), items.bounding_box()
    assert left and right
    if size == "wide":
        assert right["x"] > left["x"] + left["width"] - 1 and right["y"] == left["y"]
    else:
        assert right["x"] == left["x"] and right["y"] >= left["y"] + left["height"]

    page.locator("#phrase-1").click()
    expect(page.locator(".place.chosen")).to_have_attribute("data-items", "1")
    page.locator("#place-2").click()
    expect(page.locator("#item-2")).to_have_class("paper decision-item chosen")

    page.click(".decision-send .btn-primary")
    expect(page.locator(".decision-item .alert-danger").first).to_be_visible()
    found += clerk.looks()
    for row in (1, 2, 3):
        page.locator(f"#lead-{row}").select_option("bureau-housing")
        page.locator(f"#co-{row}").fill("")
    page.click(".decision-send .btn-primary")
    expect(page.locator("#made tbody tr")).to_have_count(3)
    found += clerk.looks()
    assert not found, "\n".join(found)
