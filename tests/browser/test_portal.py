"""A stranger with a telephone: asks for information, keeps the receipt, follows it; reads a policy and its interpretation."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from .conftest import LANGUAGES, NARROW, Visit

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_stranger_asks_on_a_telephone_and_follows_with_number_and_code(visit: Visit, language: str) -> None:
    stranger = visit("", NARROW, language)
    page = stranger.go("/portal/")
    page.locator('.doors a[href="/portal/request/"]').click()
    page.select_option("#id_applicant_kind", "person")
    page.fill("#id_applicant", "林小潮")
    page.fill("#id_contact", "xiaochao@example.org")
    page.fill("#id_wanted", "听潮新村2025年加装电梯的审批材料")
    page.select_option("#id_form", index=0)
    page.set_input_files(
        "#id_attachments", {"name": "说明.txt", "mimeType": "text/plain", "buffer": "见附件".encode()}
    )
    page.locator("main form button").click()

    number, code = page.locator("#number").inner_text(), page.locator("#code").inner_text()
    assert re.fullmatch(r"YQ\d{8}-\w{6}", number) and len(code.replace("-", "")) == 17
    found = stranger.looks()
    assert "林小潮" not in page.content()

    page.goto(stranger.served.url + "/portal/follow/")
    page.fill("#id_number", number.lower())
    page.fill("#id_code", code.replace("-", " "))
    page.locator("main form button").click()
    expect(page.locator("h1")).to_have_text(number)
    assert "林小潮" not in page.content() and "加装电梯" not in page.content()
    assert found + stranger.looks() == []


def test_a_policy_and_its_interpretation_lead_to_each_other(visit: Visit) -> None:
    stranger = visit("", NARROW)
    page = stranger.go("/portal/policies/?item=20.1")
    page.locator('.policies a[href*="/portal/interpretations/"]').first.click()
    found = stranger.looks()
    title = page.locator("h1").inner_text().removeprefix("解读：")
    page.locator('.policies h3 a[href*="/portal/policies/"]').first.click()

    expect(page.locator("h1")).to_have_text(title)
    expect(page.locator('.policies a[href*="/portal/interpretations/"]').first).to_be_visible()
    assert found + stranger.looks() == []
