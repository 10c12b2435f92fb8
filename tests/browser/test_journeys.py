"""Each role's main journey through the hotline and the learning sessions, as it is walked in the browser."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from qianshao.kernel.hours import SHANGHAI

from .conftest import LANGUAGES, NARROW, SIZES, WIDE, Visit

pytestmark = pytest.mark.browser


def fill_in(page: Page, words: str) -> None:
    """Fill what the form requires and nobody filled yet: numbers with 3, days with one ten days ahead."""
    ahead = (datetime.now(SHANGHAI) + timedelta(days=10)).date().isoformat()
    for field in page.locator("main form [required]").all():
        if not field.input_value():
            field.fill({"number": "3", "date": ahead}.get(field.get_attribute("type") or "", words))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("size", SIZES)
def test_an_agent_receives_an_order_and_the_unit_finds_it(visit: Visit, size: str, language: str) -> None:
    title = f"请补种行道树（{size}，{language}）"
    agent = visit("agent", SIZES[size], language)
    page = agent.go("/duties/?kind=hotline.order")
    page.locator(".page-head .actions a.btn-primary").click()
    page.fill("#id_title", title)
    page.fill("#id_body", "门前两棵树上月被风刮倒，请补种。")
    page.select_option("#id_channel", "phone")
    page.fill("#id_unit", "住建局")
    page.fill("#id_caller", "王小满")
    page.fill("#id_phone", "13812345678")
    page.locator(".act-buttons .btn-primary").click()

    expect(page.locator("h1")).to_have_text(title)
    expect(page.locator(".standing .lamp")).to_have_class(re.compile("lamp-green"))
    assert "13812345678" not in page.content() and "王小满" not in page.content()

    clerk = visit("housing", SIZES[size], language)
    found = clerk.go("/duties/?kind=hotline.order&open=1").locator("td.title", has_text=title)
    expect(found).to_be_visible()


def test_a_clerk_on_a_telephone_replies_in_time(visit: Visit) -> None:
    clerk = visit("housing", NARROW)
    page = clerk.duty("reply")
    page.get_by_role("link", name="答复", exact=True).click()
    page.fill("#id_reply", "路灯已于今天上午修好。")
    page.set_input_files(
        "#id__evidence", {"name": "现场记录.txt", "mimeType": "text/plain", "buffer": "已亮".encode()}
    )
    page.locator(".act-buttons .btn-primary").click()

    expect(page.locator(".standing .lamp")).to_have_text("按时办结")
    expect(page.locator(".entry").last).to_contain_text("路灯已于今天上午修好。")
    expect(page.locator(".files a")).to_have_text("现场记录.txt")
    assert clerk.looks() == []


def test_the_chief_extends_and_the_new_date_explains_itself(visit: Visit) -> None:
    chief = visit("chief")
    page = chief.duty("extend")
    before = page.inner_text(".standing-due strong")
    page.get_by_role("link", name="同意延期", exact=True).click()
    fill_in(page, "需要会商")
    page.locator(".act-buttons .btn-primary").click()

    expect(page.locator(".entry")).to_have_count(2)
    assert page.inner_text(".standing-due strong") != before
    page.locator(".standing-due a").click()
    expect(page.locator("#why .why-answer strong")).to_have_text(page.inner_text(".standing-due strong"))
    assert page.locator("#why .why-month .sq-due").count() == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_why_this_date_names_rule_article_edition_and_every_stretch(visit: Visit, language: str) -> None:
    clerk = visit("housing", NARROW, language)
    page = clerk.go(f"/duties/{clerk.served.duties['collide']}/why/")

    expect(page.locator("#why")).to_contain_text("12345")
    expect(page.locator("#why")).to_contain_text("2018")
    assert page.locator(".stretches tbody tr").count() >= 2
    assert page.locator(".why-month .sq-counted, .why-month .sq-due").count() == 5
    assert clerk.looks() == []


def test_of_two_clerks_the_second_sees_what_the_first_did_and_loses_nothing(visit: Visit) -> None:
    first, second = visit("housing"), visit("housing")
    for clerk in (first, second):
        clerk.duty("collide").get_by_role("link", name="答复", exact=True).click()
    second.page.fill("#id_reply", "我写了很久的答复。")
    first.duty("collide").get_by_role("link", name="请诉求人补充", exact=True).click()
    fill_in(first.page, "请补充车牌号")
    first.page.locator(".act-buttons .btn-primary").click()
    expect(first.page.locator(".entry")).to_have_count(2)

    second.wrong = True  # answered 409
    second.page.locator(".act-buttons .btn-primary").click()

    expect(second.page.locator(".alert-warning")).to_contain_text("别人已经办理过")
    expect(second.page.locator(".alert-warning")).to_contain_text("请补充车牌号")
    expect(second.page.locator("#id_reply")).to_have_value("我写了很久的答复。")
    assert second.looks() == []


def test_the_chief_dispatches_two_orders_at_once(visit: Visit) -> None:
    chief = visit("chief")
    page = chief.go("/duties/?kind=hotline.order&text=请清理")
    rows = page.locator(".duty-table tbody tr", has_text="垃圾房")
    expect(rows).to_have_count(2)
    button = page.get_by_role("button", name="对选中的办理")
    expect(button).to_be_disabled()
    for row in rows.all():
        row.locator('input[name="row"]').check()
    page.locator('select[name="fact"]').select_option(label="派单")
    button.click()
    expect(page.locator(".page-head")).to_contain_text("对 2 件事项")
    page.fill("#id_unit", "城管局")
    page.locator(".act-buttons .btn-primary").click()

    expect(page.locator(".page-head")).to_contain_text("2 件中 2 件已记录")
    assert chief.looks() == []
    for name in ("bulk-1", "bulk-2"):
        expect(chief.duty(name).locator(".standing .facts")).to_contain_text("市城市管理局")


def test_the_learning_secretary_records_a_session(visit: Visit) -> None:
    secretary = visit("learning", WIDE)
    page = secretary.duty("session")
    page.get_by_role("link", name="登记学习", exact=True).click()
    fill_in(page, "新修订的条例")
    files = page.locator('main input[type="file"]')
    if files.count():
        files.set_input_files({"name": "签到.txt", "mimeType": "text/plain", "buffer": "十二人".encode()})
    page.locator(".act-buttons .btn-primary").click()

    expect(page.locator(".entry")).to_have_count(2)
    expect(page.locator(".standing .facts")).to_contain_text("已开展")
    assert secretary.looks() == []
