"""Next year's holidays come in by a sheet: faults by row, nothing before the button, nothing twice, dates moved with a trace."""

from __future__ import annotations

from html import unescape
from typing import Any

import pytest
from cast import SignIn, moment
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from qianshao.core.accounts.actor import Actor
from qianshao.core.duties.door import perform
from qianshao.core.duties.models import Duty, HolidayNotice
from qianshao.core.duties.stream import load
from qianshao.core.jobs import runner
from qianshao.kernel.declare import Kind
from qianshao.modules.hotline import facts as f

pytestmark = [pytest.mark.django_db, pytest.mark.database]
TITLE = "国务院办公厅关于2027年部分节假日安排的通知（测试）"
SHEET = """节日,安排,起始日期,截止日期
元旦,放假,2027-01-01,2027-01-03
春节,放假,2027年2月5日,2027/2/11
春节,上班,2027-02-20,
"""
WRONG = """节日,安排,起始日期,截止日期
元旦,放假,2027-01-01,2027-01-03
春节,休息,2027-02-05,2027-02-11
清明节,放假,4月5日,
端午节,放假,2027-06-09,2027-06-01
国庆节,上班,2027-10-12,
元旦,放假,2027-01-02,
"""


@pytest.fixture
def keeper(sign_in: SignIn) -> Client:
    return sign_in("rules.keeper", "city", "规则")


def upload(client: Client, text: str, name: str = "2027.csv") -> Any:
    file = SimpleUploadedFile(name, text.encode())
    return client.post("/calendar/load/", {"file": file, "title": TITLE, "issued_on": "2026-11-04"})


def words(answer: Any) -> str:
    return unescape(answer.content.decode())


def test_each_fault_is_named_by_its_row_and_column_and_nothing_can_be_loaded(keeper: Client) -> None:
    answer = upload(keeper, WRONG)

    page = words(answer)
    assert answer.status_code == 422
    assert [
        place in page
        for place in ("第 3 行 B 列", "第 4 行 C 列", "第 5 行 D 列", "第 6 行 C 列", "第 7 行 C 列")
    ] == [True] * 5
    assert "“休息”应为“放假”或“上班”" in page and "2027年1月2日与第 2 行重复" in page
    assert 'name="body"' not in page
    assert HolidayNotice.objects.count() == 0


def test_a_sheet_is_previewed_then_loaded_once_and_the_open_dates_move_with_a_trace(
    keeper: Client, order_kind: Kind, robot: Actor
) -> None:
    fact = f.Received(at=moment("2027-02-01 09:00"), title="路灯", body="不亮", channel="web")
    made = perform(kind=order_kind, fact=fact, actor=robot, now=moment("2027-02-01 09:00"), src="test")
    before = Duty.objects.get(stream=made.stream)
    answer = upload(keeper, SHEET)
    page = words(answer)
    assert answer.status_code == 200 and HolidayNotice.objects.count() == 0
    assert "放假 10 天，调休上班 1 天" in page and "没有列出：清明节、劳动节、端午节、中秋节、国庆节" in page
    body = answer.context["told"].body

    for _twice in range(2):
        keeper.post("/calendar/load/", {"body": body})
    while runner.work_once(lambda: moment("2027-02-02 09:00")):
        pass

    assert HolidayNotice.objects.count() == 1
    moved = Duty.objects.get(stream=made.stream)
    assert before.provisional and before.due_at != moved.due_at == moment("2027-02-16")
    assert type(load([made.stream], lock=False)[0].facts[-1].fact).__name__ == "Rescheduled"
    assert "这份安排已经载入过，没有变化" in words(upload(keeper, SHEET))
    assert "已完成，1 件的日期有变动" in words(keeper.get("/calendar/load/"))


def test_the_file_of_the_command_is_taken_too_and_a_broken_one_is_named_by_its_line(keeper: Client) -> None:
    good = words(upload(keeper, '{"year": 2027, "editions": []}', "2027.json"))
    broken = words(upload(keeper, '{"year": 2027,\n "editions": [}', "2027.json"))

    assert "2027.json：editions：至少要有一个通知" in good
    assert "2027.json 第 2 行不是有效的 JSON" in broken


def test_only_the_keeper_of_the_rules_loads_and_the_blank_sheet_is_a_sound_one(
    keeper: Client, sign_in: SignIn
) -> None:
    blank = keeper.get("/calendar/load/sheet.csv").content.decode("utf-8-sig")

    assert "放假 9 天，调休上班 1 天" in words(upload(keeper, blank))
    other = sign_in("sysadmin", "city", "系统")
    assert other.post("/calendar/load/", {"body": "{}"}).status_code == 403
    assert "calendar/load" not in words(other.get("/calendar/")) and "calendar/load" in words(
        keeper.get("/calendar/")
    )
