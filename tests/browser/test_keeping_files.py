"""Importing a sheet, setting a rule, and the ledger's page."""

from __future__ import annotations

import csv
import io
import re

import pytest
from playwright.sync_api import expect

from .conftest import LANGUAGES, SIZES, WIDE, Visit

pytestmark = pytest.mark.browser


def sheet(source: str) -> bytes:
    """Six messages: three answered in time, two late, one whose day nobody can read."""
    rows = [
        ("编号", "标题", "内容", "来信时间", "答复内容", "答复时间"),
        (f"{source}-1", "路灯不亮", "门口的灯坏了", "2026-03-02 09:00", "已修好", "2026-03-04 10:00"),
        (f"{source}-2", "停水", "早上没有水", "2026-03-02 10:00", "已恢复", "2026-03-02 16:00"),
        (f"{source}-3", "噪声", "夜里施工", "2026-03-03 08:00", "已劝停", "2026-03-09 17:00"),
        (f"{source}-4", "占道", "车停在人行道", "2026-03-03 11:00", "已拖走", "2026-03-30 09:00"),
        (f"{source}-5", "积水", "雨后不退", "2026-04-01 09:00", "已疏通", "2026-04-20 09:00"),
        (f"{source}-6", "垃圾", "没有人清运", "三月里的一天", "", ""),
    ]
    written = io.StringIO()
    csv.writer(written).writerows(rows)
    return written.getvalue().encode("utf-8-sig")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("size", SIZES)
def test_a_sheet_is_uploaded_looked_at_imported_and_judged(visit: Visit, size: str, language: str) -> None:
    agent = visit("agent", SIZES[size], language)
    page = agent.go("/import/")
    name = f"messages-{size}-{language}"
    page.set_input_files("#file", {"name": f"{name}.csv", "mimeType": "text/csv", "buffer": sheet(name)})
    page.locator("main form .btn-primary").click()
    page.wait_for_url(re.compile("/(columns|preview)/"))
    problems = agent.looks()
    if "/columns/" in page.url:
        page.locator(".import-acts .btn-primary").click()
        page.wait_for_url("**/preview/")
        problems += agent.looks()
    expect(page.locator(".import-counts .figure-value").first).to_have_text("5")
    assert page.locator("main table").first.locator("tbody tr").count() == 5

    page.locator('button[value="start"]').click()
    expect(page.locator(".figures:not(.import-counts) .figure-value").first).to_have_text("3", timeout=60_000)
    values = page.locator(".figures:not(.import-counts) .figure-value").all_inner_texts()
    assert values == ["3", "2", "0", "0", "5"]
    problems += agent.looks()
    with page.expect_download() as taken:
        page.locator('a[href$="errors.xlsx"]').click()
    assert taken.value.path().read_bytes().startswith(b"PK")
    page.locator(".figures:not(.import-counts) a.figure").nth(1).click()
    expect(page.locator("main tbody tr")).to_have_count(2)
    problems += agent.looks()
    page.locator("main tbody tr a").first.click()
    expect(page.locator(".standing .lamp-late")).to_be_visible()

    assert problems == []


def test_the_rules_keeper_adds_an_edition_and_the_old_one_stays(visit: Visit) -> None:
    keeper = visit("rules", WIDE)
    page = keeper.go("/rules/")
    before = page.locator("section", has_text="learning.monthly").locator("tbody tr").count()
    page.locator("section", has_text="learning.monthly").get_by_role("link", name="设定新版本").click()
    page.fill("#id_valid_from", "2030-01-01")
    page.fill("#id_reason", "试一试新版本")
    page.locator("main form .btn-primary").click()
    page.wait_for_url("**/rules/")

    rows = page.locator("section", has_text="learning.monthly").locator("tbody tr")
    expect(rows).to_have_count(before + 1)
    expect(rows.first).to_contain_text("现行")
    expect(rows.filter(has_text="2030年1月1日")).to_contain_text("试一试新版本")
    assert keeper.looks() == []


def test_only_the_keeper_is_offered_to_set_a_rule(visit: Visit) -> None:
    clerk = visit("housing")
    assert clerk.go("/rules/").get_by_role("link", name="设定新版本").count() == 0
    clerk.wrong = True
    expect(clerk.go("/rules/hotline.answer/").locator("h1")).to_have_text("没有权限")


def test_the_auditor_sees_the_roots_and_takes_a_checkpoint(visit: Visit) -> None:
    auditor = visit("auditor")
    page = auditor.go("/ledger/")

    assert re.fullmatch("[0-9a-f]{64}", page.locator(".roots code").first.inner_text())
    with page.expect_download() as taken:
        page.get_by_role("link", name="下载最新检查点").click()
    assert "qianshao" in taken.value.path().read_text(encoding="utf-8")
    with page.expect_download(timeout=60_000) as bundle:
        page.get_by_role("button", name="导出全部账本").click()
    assert bundle.value.path().stat().st_size > 1000


def test_a_receipt_of_every_entry_can_be_taken(visit: Visit) -> None:
    clerk = visit("housing")
    page = clerk.duty("extend")
    with page.expect_download() as taken:
        page.locator("#ledger tbody a").first.click()

    assert '"entry": 1' in taken.value.path().read_text(encoding="utf-8")
