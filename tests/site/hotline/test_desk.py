"""The desk: a call taken in one sending, with hints out of earlier orders and kept answers while it is typed."""

from __future__ import annotations

import json
import uuid

import pytest
from cast import NOW, SignIn, clerk, moment
from django.test import Client

from qianshao.core.accounts.actor import Actor
from qianshao.core.duties import search
from qianshao.core.duties.door import perform
from qianshao.core.duties.models import Duty
from qianshao.core.ledger.models import Entry
from qianshao.core.org.models import Unit
from qianshao.modules.hotline.knowledge import facts as k
from qianshao.modules.hotline.knowledge.kind import KNOWLEDGE
from qianshao.site.hotline.neighbours import shared
from qianshao.site.hotline.suggesting import Draft, Hints, hints

from .conftest import Opens

pytestmark = [pytest.mark.django_db, pytest.mark.database]
AGENT = clerk("hotline.read", "hotline.text", "hotline.receive")


def call(**fields: str) -> dict[str, str]:
    return {
        "at": "2026-03-02T09:25",
        "title": "望潮路路灯不亮",
        "body": "望潮路口的路灯坏了三天",
        "channel": "phone",
        "_token": str(uuid.uuid4()),
    } | fields


def facts_of(duty: Duty) -> list[str]:
    bodies = Entry.objects.filter(stream=duty.stream).order_by("sseq").values_list("body", flat=True)
    return [json.loads(bytes(body))["fact"] for body in bodies]


@pytest.fixture
def kept(city: dict[str, Unit], robot: Actor) -> Duty:
    """An answer about lamps the housing bureau keeps, and wrote too long ago."""
    fact = k.Written(
        at=moment("2025-06-02"),
        question="路灯不亮找谁修",
        answer="请拨打路灯所电话。",
        words="路灯 坏了",
        unit="housing",
    )
    return Duty.objects.get(
        stream=perform(kind=KNOWLEDGE, fact=fact, actor=robot, now=NOW, src="test").stream
    )


def test_a_call_with_a_unit_is_received_and_dispatched_in_one_sending(sign_in: SignIn) -> None:
    answer = sign_in("hotline.agent").post(
        "/hotline/desk/", call(lead="住建局", phone="13812345678"), follow=True
    )

    duty = Duty.objects.get()
    assert (duty.phase, duty.unit and duty.unit.code) == ("dispatched", "housing")
    assert f"已受理并派单：{duty.number}" in answer.content.decode()
    assert facts_of(duty) == ["Received", "Dispatched"]


def test_a_call_answered_at_once_is_filed_and_counts_the_answer_used(sign_in: SignIn, kept: Duty) -> None:
    sign_in("hotline.agent").post("/hotline/desk/", call(reply="请拨打路灯所电话。", used=kept.stream))

    assert Duty.objects.get(kind="hotline.order").phase == "closed"
    kept.refresh_from_db()
    assert "|used|" in kept.marks


def test_a_call_sent_twice_is_one_call(sign_in: SignIn) -> None:
    client, body = sign_in("hotline.agent"), call(lead="housing")

    for _time in range(2):
        assert client.post("/hotline/desk/", body).status_code == 302
    assert Duty.objects.count() == 1
    assert Entry.objects.count() == 2


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"lead": "月球局"}, "月球局"),
        ({"title": ""}, "is-invalid"),
        ({"lead": "housing", "reply": "好"}, "已即时答复的不再派单"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_recorded(
    sign_in: SignIn, fields: dict[str, str], said: str
) -> None:
    answer = sign_in("hotline.agent").post("/hotline/desk/", call(**fields))

    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not Duty.objects.exists()


def test_while_typing_the_class_the_unit_like_orders_and_answers_are_suggested(
    opens: Opens, kept: Duty
) -> None:
    like = opens(
        "2026-02-26 09:00",
        title="望潮路路灯不亮",
        body="望潮路口的灯坏了",
        topic="照明",
        place="望潮镇",
        unit="housing",
        phone="13812345678",
    )
    opens("2026-02-26 10:00", title="小区停水", body="家里没有水", topic="供水", unit="water")

    found = hints(Draft(title="望潮路上路灯坏了", place="望潮镇", phone="13812345678"), AGENT, NOW)

    assert [item.value for item in found.topics][:1] == ["照明"]
    assert [item.value for item in found.units][:1] == ["housing"]
    (first, *_rest) = found.similar
    assert first.duty.pk == like.pk
    assert first.because[:2] == ("来电号码相同", "地点同为“望潮镇”")
    assert [(item.question, item.stale) for item in found.answers] == [("路灯不亮找谁修", True)]


def test_hints_are_for_those_who_take_calls_and_come_as_a_piece_of_a_page(
    sign_in: SignIn, opens: Opens
) -> None:
    opens("2026-02-26 09:00", topic="照明", unit="housing")
    agent, unit = sign_in("hotline.agent"), sign_in("hotline.unit", "housing")

    piece = agent.post("/hotline/desk/hints/", {"title": "路灯不亮", "body": ""}).content.decode()

    assert 'data-fill="topic" data-value="照明"' in piece and "<html" not in piece
    assert unit.post("/hotline/desk/hints/", {"title": "路灯"}).status_code == 403
    assert agent.get("/hotline/desk/hints/").status_code == 405


def test_an_empty_draft_asks_nobody() -> None:
    assert hints(Draft(title=" "), AGENT, NOW) == Hints()


def test_another_call_about_an_order_is_noted_on_it(sign_in: SignIn, opens: Opens) -> None:
    duty = opens("2026-02-26 09:00", unit="housing")
    client: Client = sign_in("hotline.agent")

    client.post(
        f"/hotline/desk/repeat/{duty.stream}/", {"channel": "wechat", "body": "还没有修好", "_token": "1"}
    )

    duty.refresh_from_db()
    assert "|repeated|" in duty.marks
    assert Duty.objects.count() == 1


@pytest.mark.parametrize(
    ("one", "other", "told"),
    [
        ("望潮路口的路灯坏了", "望潮路口路灯不亮", ["望潮路口"]),
        ("路灯，坏了", "路灯。坏了", []),
        ("幸福小区三号楼停水", "三号楼停水两天，幸福小区物业不管", ["三号楼停水", "幸福小区"]),
        ("", "任何", []),
    ],
)
def test_shared_words_are_the_longest_runs_of_both(one: str, other: str, told: list[str]) -> None:
    assert shared(one, other) == told


def test_nearness_is_the_shared_part_of_the_rare_pieces(opens: Opens) -> None:
    lamp, water = opens("2026-02-26 09:00"), opens("2026-02-26 09:00", title="停水", body="家里没有水")

    near = search.nearest("路灯不亮", "hotline.order")

    assert [pk for pk, _score in near] == [lamp.pk]
    assert near[0][1] == pytest.approx(1.0)
    assert water.pk not in dict(near)
    assert search.nearest("", "hotline.order") == []


def test_the_desk_is_not_for_units(sign_in: SignIn) -> None:
    assert sign_in("hotline.unit", "housing").get("/hotline/desk/").status_code == 403
    assert sign_in("hotline.agent").get("/hotline/desk/").status_code == 200
