"""The caller's data: sealed in the ledger, masked on pages, shown for a reason that is kept, and in no export."""

from __future__ import annotations

import io
import re

import pytest
from cast import SignIn, moment
from django.db import connection
from openpyxl import load_workbook

from qianshao.core.duties.models import Duty
from qianshao.core.ledger.models import Entry, Reveal
from qianshao.kernel.declare import fields_of
from qianshao.modules.hotline import facts as f
from qianshao.modules.hotline.module import ORDER

from .conftest import Opens

pytestmark = [pytest.mark.django_db, pytest.mark.database]
CALLER = {"caller": "林小满", "phone": "13812345678", "email": "xiaoman@example.cn", "address": "望潮路八号"}
WORDS = {"title": "林小满反映路灯不亮", "body": "我是林小满，电话13812345678"}


@pytest.fixture
def duty(opens: Opens) -> Duty:
    """An order with everything a caller may tell, and words of theirs in later facts."""
    return opens(
        "2026-02-24 09:00",
        f.Dispatched(at=moment("2026-02-24 10:00"), unit="housing"),
        f.Contacted(at=moment("2026-02-24 10:30"), way="phone", reached=True, note="林小满说还没修"),
        f.Replied(at=moment("2026-02-24 11:00"), reply="林小满您好，已修复"),
        f.Reviewed(at=moment("2026-02-24 12:00"), result="pass"),
        f.CalledBack(
            at=moment("2026-02-25 12:00"),
            way="phone",
            outcome="reached",
            responded=True,
            solved=True,
            satisfied="very",
            words="林小满说满意",
        ),
        **CALLER,
        **WORDS,
        place="望潮镇",
        topic="照明",
    )


def text(content: bytes) -> str:
    return re.sub(r"\s+", "", re.sub(r"<[^>]+>", "", content.decode()))


def test_no_table_holds_what_the_caller_told_in_the_clear(duty: Duty) -> None:
    told = [*CALLER.values(), *WORDS.values(), "林小满", "已修复"]
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            for row in cursor.fetchall():
                kept = " ".join(
                    bytes(value).decode("utf-8", "ignore")
                    if isinstance(value, bytes | memoryview)
                    else str(value)
                    for value in row
                )
                assert not [one for one in told if one in kept], table


def test_every_field_in_which_somebody_s_words_stand_is_sealed() -> None:
    open_texts = {
        (act.fact.__name__, field.name)
        for act in ORDER.acts
        for field in fields_of(act.fact)
        if field.shape in ("text", "long") and not field.sealed
    }

    # What clerks write about units, classes and procedure; nothing a caller tells.
    assert open_texts == {
        ("Received", "topic"), ("Received", "place"), ("Received", "number"),
        ("Classified", "topic"), ("Classified", "place"),
        ("Merged", "because"), ("Unmerged", "reason"), ("Declined", "way"),
        ("Dispatched", "note"), ("Signed", "note"), ("Returned", "note"), ("ReturnJudged", "note"),
        ("Extended", "reason"), ("Extended", "agreed_by"),
        ("Reviewed", "reason"), ("Closed", "note"), ("Reopened", "reason"), ("Escalated", "reason"),
    }  # fmt: skip


@pytest.mark.parametrize(("role", "unit"), [("hotline.agent", "city"), ("hotline.unit", "housing")])
def test_pages_mask_by_default(duty: Duty, sign_in: SignIn, role: str, unit: str) -> None:
    shown = text(sign_in(role, unit).get(f"/duties/{duty.stream}/").content)

    assert "林**" in shown and "138****5678" in shown
    assert not [one for one in ("林小满", "13812345678", "xiaoman@example.cn") if one in shown]


def test_seeing_it_in_full_is_an_act_with_a_reason_by_those_who_may(duty: Duty, sign_in: SignIn) -> None:
    where = f"/duties/{duty.stream}/reveal/1/"

    for role, unit in (("hotline.agent", "city"), ("hotline.unit", "housing"), ("mayor", "city")):
        assert sign_in(role, unit).post(where, {"reason": "想看看"}).status_code == 403
    chief = sign_in("hotline.chief")
    assert chief.post(where, {"reason": " "}).status_code == 422
    assert not Reveal.objects.exists()
    assert "13812345678" in text(chief.post(where, {"reason": "回访核实"}).content)
    assert Reveal.objects.get().reason == "回访核实"


@pytest.mark.parametrize("form", ["xlsx", "utf-8-sig", "gb18030"])
def test_an_export_holds_nothing_personal(duty: Duty, sign_in: SignIn, form: str) -> None:
    answer = sign_in("hotline.chief").get(f"/duties/export/?kind=hotline.order&format={form}")
    content = b"".join(answer.streaming_content)  # type: ignore[attr-defined]

    if form == "xlsx":
        (sheet,) = load_workbook(io.BytesIO(content)).worksheets
        shown = " ".join(str(cell) for row in sheet.iter_rows(values_only=True) for cell in row)
    else:
        shown = content.decode(form)
    assert duty.number in shown and "照明" in shown
    assert not [one for one in ("林", "138", "路灯不亮", "望潮路", "example") if one in shown]


def test_the_hashed_entries_hold_commitments_alone(duty: Duty) -> None:
    bodies = " ".join(bytes(body).decode() for body in Entry.objects.values_list("body", flat=True))

    assert '"pii"' in bodies
    assert not [one for one in ("林小满", "13812345678", "望潮路八号", "已修复", "满意") if one in bodies]
