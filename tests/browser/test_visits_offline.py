"""An inspector's phone without a line: the page opens, the finding waits on the phone, and arrives once."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from .conftest import LANGUAGES, NARROW, SIZES, Served, Visit, Visitor

pytestmark = pytest.mark.browser
PHOTO = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360606060000000050001"
    "a5f645400000000049454e44ae426082"
)


def inspector(visit: Visit, size: dict[str, int] = NARROW, language: str = "zh-hans") -> Visitor:
    served = visit().served
    return visit(served.visit["login"], size, language)


def card(page: Page, served: Served) -> str:
    return f'.visit[data-stream="{served.visit["stream"]}"]'


def write(page: Page, within: str, result: str, found: str) -> None:
    page.locator(f'{within} input[name="result"][value="{result}"]').check()
    page.locator(f"{within} textarea").fill(found)
    page.locator(f'{within} input[type="file"]').set_input_files(
        {"name": "闸门.png", "mimeType": "image/png", "buffer": PHOTO}
    )
    page.locator(f'{within} input[name="seen"]').check()
    page.locator(f"{within} button.btn-primary").click()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("size", SIZES)
def test_the_page_of_visits_fits_and_reads_well(visit: Visit, size: str, language: str) -> None:
    visitor = inspector(visit, SIZES[size], language)
    visitor.go("/visits/")

    expect(visitor.page.locator(".visit .visit-form").first).to_be_visible()
    assert visitor.looks() == []


def test_a_finding_written_without_a_line_arrives_once_when_the_line_is_back(visit: Visit) -> None:
    visitor, second = inspector(visit), inspector(visit)
    second.go("/visits/")
    page, served = visitor.go("/visits/"), visitor.served
    expect(page.locator("#visits-line")).to_contain_text("断网也能打开")
    within = card(page, served)

    visitor.wrong = True  # requests without a line fail, and Chromium says so
    page.context.set_offline(True)
    page.goto(f"{served.url}/visits/")
    expect(page.locator("#visits-line")).to_contain_text("没有网络")
    page.locator(f"{within} button.btn-primary").click()
    expect(page.locator(f"{within} .visit-missing")).to_contain_text("请选择核查结果")
    write(page, within, "partly", "两座水闸只加固了一座。")
    expect(page.locator(f"{within} .visit-state")).to_contain_text("已保存在本机，尚未送达")
    page.reload()  # the phone was put away and taken out again
    expect(page.locator(f"{within} .visit-state")).to_contain_text("已保存在本机，尚未送达")
    expect(page.locator(f"{within} .visit-form")).to_be_hidden()

    page.context.set_offline(False)
    expect(page.locator(f"{within} .visit-state")).to_contain_text("已送达")
    # Sent again under the same number, as a line that broke before the answer would: the ledger keeps one.
    again = page.evaluate(
        """async (stream) => {
            const open = indexedDB.open("visits", 1);
            await new Promise((done) => (open.onsuccess = done));
            const rows = open.result.transaction("findings").objectStore("findings").getAll();
            await new Promise((done) => (rows.onsuccess = done));
            const row = rows.result.find((one) => one.stream === stream);
            const line = await (await fetch("/visits/line/")).json();
            const data = new FormData();
            for (const [name, value] of Object.entries({
                _token: row.delivery, waited: "0", result: row.result, found: row.found, seen: "on",
            })) data.set(name, value);
            data.append("_evidence", new Blob(["再送一次"], {type: "text/plain"}), "再送.txt");
            const answer = await fetch(row.send, {method: "POST", body: data, headers: {"X-CSRFToken": line.token}});
            return [row.state, row.files.length, row.entry, (await answer.json()).entry];
        }""",
        served.visit["stream"],
    )
    assert again == ["sent", 0, 3, 3]
    page.goto(f"{served.url}/duties/{served.visit['stream']}/")
    expect(page.locator(".entry", has_text="两座水闸只加固了一座。")).to_have_count(1)
    expect(page.locator(".entry")).to_have_count(3)
    expect(page.locator(".files a")).to_have_text("闸门.png")

    page.goto(f"{served.url}/visits/")
    expect(page.locator(f"{within} .visit-state")).to_have_text("已送达")

    # Another phone that had the page open and writes something else is told why it is not taken, and keeps it.
    second.wrong = True  # answered 422
    write(second.page, within, "refuted", "现场没有找到水闸。")
    expect(second.page.locator(f"{within} .visit-state")).to_contain_text("没有被接受")
    expect(second.page.locator(f"{within} .visit-reason")).to_contain_text("核查")
    second.page.get_by_role("button", name="改好再送").click()
    expect(second.page.locator(f"{within} textarea")).to_have_value("现场没有找到水闸。")
    assert second.page.locator(f'{within} input[type="file"]').evaluate("e => e.files[0].name") == "闸门.png"


def test_signing_out_leaves_no_visit_on_the_phone(visit: Visit) -> None:
    visitor = inspector(visit)
    page = visitor.go("/visits/")
    expect(page.locator("#visits-line")).to_contain_text("断网也能打开")
    page.context.clear_cookies()
    visitor.go("/sign-in/")

    page.wait_for_function("async () => !(await caches.has('visits'))")
