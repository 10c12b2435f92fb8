"""One duty: what its page tells whom, what happens on the way to the ledger, and why its date."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest
from cast import SignIn, moment
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from qianshao.core.accounts.actor import Actor
from qianshao.core.duties.door import perform, void
from qianshao.core.duties.models import Duty
from qianshao.core.ledger import vault
from qianshao.core.ledger.models import Entry, Reveal
from qianshao.kernel.declare import Kind
from qianshao.modules.hotline import facts as f

from .conftest import Opens

pytestmark = pytest.mark.django_db


def text(response: Any) -> str:
    return html.unescape(response.content.decode())


def typed(client: Client, path: str, **fields: Any) -> dict[str, Any]:
    """What the form of an act would send: its hidden fields with what somebody typed."""
    page = client.get(path).content.decode()
    hidden = dict(re.findall(r'type="hidden" name="(_\w+)"(?: value="([^"]*)")?', page))
    return {"at": "2026-03-02T09:00:00", **hidden, **fields}


def test_another_units_duty_is_not_there(sign_in: SignIn, opens: Opens) -> None:
    duty = opens("2026-02-27", unit="water")
    clerk = sign_in("hotline.unit", "housing")

    for path in ("", "why/", "act/Replied/", "receipt/1/"):
        assert clerk.get(f"/duties/{duty.stream}/{path}").status_code == 404
    assert clerk.post(f"/duties/{duty.stream}/reveal/1/", {"reason": "想看看"}).status_code == 404
    assert clerk.get(f"/duties/{'0' * 26}/").status_code == 404


def test_the_page_tells_who_when_and_why(sign_in: SignIn, opens: Opens) -> None:
    sign_in("hotline.unit", "housing", name="黄二")
    duty = opens("2025-09-25 10:00", now=moment("2025-09-25 10:05"))

    page = text(sign_in("hotline.chief").get(f"/duties/{duty.stream}/"))

    assert "市住房和城乡建设局" in page and "黄二" in page
    assert "2025年10月9日" in page
    assert "2025年9月28日（星期日），调休上班，计入" in page
    assert "2025年10月1日（星期三）" in page and "放假" in page
    assert "共计入 5 个工作日" in page
    assert "第二百零一条" in page


def test_what_was_recorded_much_later_is_marked(sign_in: SignIn, opens: Opens) -> None:
    late = opens("2026-02-27 10:00")  # the Saturday after it was worked
    next_day = opens("2026-02-28 10:00")
    chief = sign_in("hotline.chief")

    assert "补录" in text(chief.get(f"/duties/{late.stream}/"))
    assert "补录" not in text(chief.get(f"/duties/{next_day.stream}/"))


def test_sealed_words_are_masked_shown_for_a_reason_and_gone_when_erased(
    sign_in: SignIn, opens: Opens
) -> None:
    duty = opens("2026-02-27", body="王小满，13812345678", caller="王小满", phone="13812345678")
    where, chief = f"/duties/{duty.stream}/", sign_in("hotline.chief")

    assert "王**，138****5678" in text(chief.get(where))
    assert "王小满" not in text(chief.get(where))
    assert chief.post(f"{where}reveal/1/", {"reason": ""}).status_code == 422
    assert not Reveal.objects.exists()

    assert "王小满，13812345678" in text(chief.post(f"{where}reveal/1/", {"reason": "回访核实"}))

    kept = Reveal.objects.get()
    assert (kept.stream, kept.sseq, kept.fields, kept.reason) == (
        duty.stream,
        1,
        "body,caller,phone,title",
        "回访核实",
    )
    assert "您没有查看权限" in text(sign_in("mayor").get(where))
    assert sign_in("hotline.agent").post(f"{where}reveal/1/", {"reason": "好奇而已"}).status_code == 403

    vault.destroy(duty.stream)
    assert "已依法删除" in text(chief.get(where))


def test_an_act_is_recorded_once_however_often_it_is_sent(sign_in: SignIn, opens: Opens) -> None:
    duty = opens("2026-02-27")
    where, clerk = f"/duties/{duty.stream}/act/Replied/", sign_in("hotline.unit", "housing")
    form = typed(clerk, where, reply="已修复")

    first, second = clerk.post(where, form), clerk.post(where, form)

    assert first["Location"] == second["Location"] == f"/duties/{duty.stream}/"
    assert Entry.objects.filter(stream=duty.stream).count() == 2
    assert "没有重复记录" in text(clerk.get(f"/duties/{duty.stream}/"))


def test_the_second_clerk_sees_the_first_ones_act_and_keeps_what_was_typed(
    sign_in: SignIn, opens: Opens, order_kind: Kind, robot: Actor
) -> None:
    duty = opens("2026-02-27 08:00")
    where, clerk = f"/duties/{duty.stream}/act/Replied/", sign_in("hotline.unit", "housing")
    form = typed(clerk, where, reply="写了很久的答复")
    extended = f.Extended(at=moment("2026-02-28"), days=2, reason="需要会商", agreed_by="主任")
    perform(kind=order_kind, duty=duty, fact=extended, actor=robot, now=moment("2026-03-02"), src="test")

    answer = clerk.post(where, form)

    page = text(answer)
    assert answer.status_code == 409
    assert "别人已经办理过" in page and "需要会商" in page and "写了很久的答复" in page
    assert Entry.objects.filter(stream=duty.stream).count() == 2

    again = dict(re.findall(r'type="hidden" name="(_\w+)" value="([^"]*)"', answer.content.decode()))
    clerk.post(where, {**form, **again})
    duty.refresh_from_db()
    assert duty.phase == "replied"


def test_a_refusal_is_said_at_the_form_with_everything_kept(sign_in: SignIn, opens: Opens) -> None:
    duty = opens("2026-02-27")
    where, chief = f"/duties/{duty.stream}/act/Extended/", sign_in("hotline.chief")
    paper = SimpleUploadedFile("会商纪要.txt", "同意延期".encode())

    answer = chief.post(
        where, typed(chief, where, days="0", reason="需要会商", agreed_by="主任", _evidence=paper)
    )

    page = text(answer)
    assert answer.status_code == 422
    assert "延长至少 1 个工作日" in page and "需要会商" in page and "会商纪要.txt" in page
    assert Entry.objects.filter(stream=duty.stream).count() == 1

    again = dict(re.findall(r'type="hidden" name="(_\w+)" value="([^"]*)"', answer.content.decode()))
    chief.post(
        where, {**again, "at": "2026-03-02T09:00:00", "days": "2", "reason": "需要会商", "agreed_by": "主任"}
    )
    done = chief.get(f"/duties/{duty.stream}/")
    (link,) = re.findall(r'href="([^"]*/evidence/[^"]*)"', done.content.decode())
    file = chief.get(link)
    assert b"".join(file) == "同意延期".encode()
    assert file["Content-Disposition"].startswith("attachment")
    file.close()


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"unit": "不存在局"}, "没有叫“不存在局”的单位"),
        ({"unit": "住建局", "at": "1990-01-01T00:00"}, "早于登记时间"),
        ({"unit": "住建局", "at": "gestern"}, "id_at"),
        ({"unit": "住建局", "_token": "x"}, "UUID"),
        ({"unit": ""}, "id_unit"),
    ],
)
def test_what_cannot_be_read_is_said_at_its_field(
    sign_in: SignIn, opens: Opens, fields: dict[str, str], said: str
) -> None:
    duty = opens("2026-02-27")
    where, chief = f"/duties/{duty.stream}/act/Dispatched/", sign_in("hotline.chief")

    answer = chief.post(where, typed(chief, where, **fields))

    assert answer.status_code == 422
    assert (said in text(answer) and "is-invalid" in text(answer)) or "alert-danger" in text(answer)
    assert Entry.objects.filter(stream=duty.stream).count() == 1


def test_a_day_before_any_calendar_is_refused_and_not_an_error(sign_in: SignIn, opens: Opens) -> None:
    agent = sign_in("hotline.agent")
    where = "/duties/new/hotline.order/Received/"
    form = typed(agent, where, title="路灯", body="不亮", channel="web", at="1990-01-01T00:00")

    answer = agent.post(where, form)

    assert answer.status_code == 422
    assert "alert-danger" in text(answer)
    assert not Entry.objects.exists()


def test_a_duty_is_opened_by_its_form(sign_in: SignIn, opens: Opens) -> None:
    agent = sign_in("hotline.agent")
    where = "/duties/new/hotline.order/Received/"

    agent.post(where, typed(agent, where, title="路灯", body="不亮", channel="web", unit="住建局", appeal=""))

    duty = Duty.objects.get()
    assert (duty.phase, duty.opened_at, duty.unit and duty.unit.code) == (
        "handling",
        moment("2026-03-02 09:00"),
        "housing",
    )


def test_acts_need_their_right_and_unknown_ones_are_not_there(sign_in: SignIn, opens: Opens) -> None:
    duty = opens("2026-02-27")
    clerk = sign_in("hotline.unit", "housing")

    assert clerk.get(f"/duties/{duty.stream}/act/Extended/").status_code == 403
    assert clerk.get(f"/duties/{duty.stream}/act/Received/").status_code == 404
    assert clerk.get(f"/duties/{duty.stream}/act/Nothing/").status_code == 404
    assert clerk.get("/duties/new/hotline.order/Received/").status_code == 403
    assert clerk.get("/duties/new/no.such/Received/").status_code == 404
    assert clerk.get(f"/duties/{duty.stream}/void/2/").status_code == 403


def test_a_reversal_strikes_an_entry_through_and_says_why(sign_in: SignIn, opens: Opens) -> None:
    duty = opens("2026-02-24", f.Replied(at=moment("2026-02-25"), reply="贴错了"))
    where, chief = f"/duties/{duty.stream}/void/2/", sign_in("hotline.chief")
    page = chief.get(where).content.decode()
    hidden = dict(re.findall(r'type="hidden" name="(expected|token)" value="([^"]*)"', page))

    chief.post(where, {**hidden, "reason": "答复贴错工单"})

    told = text(chief.get(f"/duties/{duty.stream}/"))
    assert "已被第 3 条冲正" in told and "答复贴错工单" in told and "voided" in told
    duty.refresh_from_db()
    assert duty.open


def test_a_reversal_of_what_is_already_reversed_is_refused(
    sign_in: SignIn, opens: Opens, order_kind: Kind, robot: Actor
) -> None:
    duty = opens("2026-02-24", f.Replied(at=moment("2026-02-25"), reply="贴错了"))
    where, chief = f"/duties/{duty.stream}/void/2/", sign_in("hotline.chief")
    page = chief.get(where).content.decode()
    hidden = dict(re.findall(r'type="hidden" name="(expected|token)" value="([^"]*)"', page))
    void(
        duty=duty,
        kind=order_kind,
        entry=2,
        reason="已先冲正",
        actor=robot,
        now=moment("2026-03-02"),
        src="test",
    )

    stale = chief.post(where, {**hidden, "reason": "再来"})
    refused = chief.post(where, {**hidden, "expected": "3", "reason": "再来"})

    assert (stale.status_code, refused.status_code) == (409, 422)
    assert "再来" in text(stale) and "已经冲正过" in text(refused)


def test_a_receipt_names_the_entry_its_hash_and_its_place(sign_in: SignIn, opens: Opens) -> None:
    duty = opens("2026-02-27")

    receipt = sign_in("hotline.chief").get(f"/duties/{duty.stream}/receipt/1/").json()

    assert receipt["sha256"] == duty.head
    assert (receipt["entry"], receipt["leaf"], receipt["number"]) == (1, 0, duty.number)


def test_a_standing_clock_names_the_one_that_runs(sign_in: SignIn, opens: Opens) -> None:
    asked = f.Asked(at=moment("2026-02-25"), until=moment("2026-03-20").date(), what="门牌号")
    duty = opens("2026-02-24", asked)

    page = text(sign_in("hotline.chief").get(f"/duties/{duty.stream}/"))

    assert "时限暂停中" in page and "诉求人补充期限" in page and "2026年3月20日" in page
