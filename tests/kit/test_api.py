"""The API: the same door and filters, errors as problem documents, never a 500 for what somebody sent."""

from __future__ import annotations

import json
from typing import Any

import pytest
from cast import SignIn, moment
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qianshao.core.ledger.models import Entry
from qianshao.modules.hotline import facts as f

from .conftest import Opens

pytestmark = pytest.mark.django_db


def post(client: Client, path: str, body: Any, key: str = "", raw: str = "") -> Any:
    headers = {"Idempotency-Key": key} if key else {}
    data = raw or json.dumps(body)
    return client.post(f"/api/v1/{path}", data, content_type="application/json", headers=headers)


def test_the_list_of_the_api_is_the_list_of_the_pages(sign_in: SignIn, opens: Opens) -> None:
    first, second = opens("2026-02-26", unit="housing"), opens("2026-02-27", unit="water")
    chief, unit = sign_in("hotline.chief"), sign_in("hotline.unit", "housing")

    page = chief.get("/api/v1/duties?kind=hotline.order&size=1").json()
    following = chief.get(
        "/api/v1/duties", {"kind": "hotline.order", "size": 1, "after": page["after"]}
    ).json()

    assert [duty["stream"] for duty in page["duties"] + following["duties"]] == [second.stream, first.stream]
    assert (page["count"], page["count_exact"], following["after"]) == (2, True, "")
    assert [duty["stream"] for duty in unit.get("/api/v1/duties").json()["duties"]] == [first.stream]
    past = chief.get("/api/v1/duties?as_of=2026-02-26").json()["duties"]
    assert [duty["stream"] for duty in past] == [first.stream]


def test_one_duty_comes_with_facts_and_the_story_of_its_clock(sign_in: SignIn, opens: Opens) -> None:
    duty = opens("2026-02-27", body="电话13812345678")

    answer = sign_in("hotline.chief").get(f"/api/v1/duties/{duty.stream}").json()

    assert answer["due_at"] == answer["why"]["until"] == "2026-03-06T00:00:00+08:00"
    assert [segment["counted"] for segment in answer["why"]["segments"]][:2] == [False, True]
    body = next(value for value in answer["entries"][0]["values"] if value["label"] == "诉求内容")
    assert (body["text"], body["hidden"]) == ("电话138****5678", True)
    assert "Dispatched" in answer["acts"] and "Replied" not in answer["acts"]
    assert sign_in("hotline.unit", "water").get(f"/api/v1/duties/{duty.stream}").status_code == 404


def test_an_act_with_a_key_is_recorded_once(sign_in: SignIn, opens: Opens) -> None:
    duty = opens("2026-02-27")
    unit = sign_in("hotline.unit", "housing")
    path, body = f"duties/{duty.stream}/acts/Replied", {"reply": "已修复", "at": "2026-02-28T10:00:00"}

    first, second = post(unit, path, body, "k1"), post(unit, path, body, "k1")

    assert (first.status_code, first.json()["entry"], first.json()["repeated"]) == (200, 2, False)
    assert (second.json()["entry"], second.json()["repeated"], second.json()["changed"]) == (2, True, False)
    assert post(unit, path, body | {"reply": "别的"}, "k1").json()["changed"] is True
    assert Entry.objects.filter(stream=duty.stream).count() == 2


def test_a_duty_is_opened_over_the_api(sign_in: SignIn, opens: Opens) -> None:
    body = {"title": "路灯", "body": "不亮", "channel": "web", "unit": "water"}

    receipt = post(sign_in("hotline.agent"), "kinds/hotline.order/acts/Received", body, "k").json()

    assert sign_in("hotline.chief").get(f"/api/v1/duties/{receipt['stream']}").json()["unit"] == "water"


def test_every_no_is_a_problem_document_with_a_sentence(sign_in: SignIn, opens: Opens) -> None:
    duty = opens("2026-02-27", f.Replied(at=moment("2026-02-28"), reply="好"))
    chief = sign_in("hotline.chief")
    acts = f"duties/{duty.stream}/acts/"
    late = {"days": 2, "reason": "会商", "agreed_by": "主任"}
    answers = {
        400: [
            chief.get("/api/v1/duties?lamp=blue"),
            chief.get("/api/v1/duties?size=0"),
            chief.get("/api/v1/duties?size=x"),
            chief.get("/api/v1/figures/hotline.in-time?unit=x"),
            post(chief, acts + "Dispatched", {"unit": "nowhere"}),
            post(chief, acts + "Dispatched", {"unit": "water", "colour": "red"}),
            post(chief, acts + "Dispatched", {}),
            post(chief, acts + "Dispatched", {"unit": "water", "at": "gestern"}),
            post(chief, acts + "Dispatched", None, raw="{"),
            post(chief, acts + "Dispatched", ["water"]),
            post(chief, acts + "Extended", {**late, "days": True}),
            post(chief, acts + "Extended", {**late, "expected": -1}),
        ],
        403: [post(chief, acts + "Replied", {"reply": "好"})],
        404: [
            chief.get("/api/v1/duties/unknown"),
            chief.get("/api/v1/figures/no.such"),
            post(chief, acts + "Nothing", {}),
            post(chief, "kinds/no.such/acts/Received", {}),
        ],
        409: [post(chief, acts + "Extended", {**late, "expected": 1})],
        422: [post(chief, acts + "Extended", late)],
    }

    for status, given_ones in answers.items():
        for answer in given_ones:
            assert answer.status_code == status, answer.content.decode()
            assert answer["Content-Type"] == "application/problem+json"
            problem = answer.json()
            assert problem["status"] == status and len(problem["detail"]) > 3
    assert Entry.objects.filter(stream=duty.stream).count() == 2


def test_without_signing_in_or_the_token_nothing_happens(sign_in: SignIn, opens: Opens) -> None:
    duty = opens("2026-02-27")
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = sign_in("hotline.chief").cookies

    assert Client().get("/api/v1/duties").status_code == 401
    assert post(strict, f"duties/{duty.stream}/acts/Dispatched", {"unit": "water"}).status_code == 403
    assert Entry.objects.count() == 1


def test_kinds_and_figures_are_described(sign_in: SignIn, opens: Opens) -> None:
    chief = sign_in("hotline.chief")

    kinds = chief.get("/api/v1/kinds").json()
    figure = chief.get("/api/v1/figures/hotline.received").json()

    (orders,) = [kind for kind in kinds if kind["key"] == "hotline.order"]
    assert next(act for act in orders["acts"] if act["opens"])["fields"][0]["name"] == "title"
    assert set(chief.get("/api/v1/figures").json()) == {
        figure for kind in kinds for figure in kind["figures"]
    }
    assert "hotline.received" in orders["figures"]
    assert (figure["value"], figure["of"], figure["rate"]) == (0, None, None)


def test_the_page_of_the_api_is_our_own_and_names_every_call(sign_in: SignIn, opens: Opens) -> None:
    chief = sign_in("hotline.chief")

    page = chief.get("/api/docs").content.decode()

    described = chief.get("/api/v1/openapi.json").json()
    assert all(path in page for path in described["paths"])
    assert "https://" not in page


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    name=st.sampled_from(
        [
            "kind",
            "lamp",
            "unit__under",
            "month__in",
            "due_at__lt",
            "text",
            "after",
            "sort",
            "size",
            "as_of",
            "number",
        ]
    ),
    value=st.text(max_size=12),
    body=st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=2)
            | st.dictionaries(st.sampled_from(["unit", "at", "note", "expected"]), inner, max_size=3)
        ),
        max_leaves=5,
    ),
)
def test_nothing_anybody_sends_breaks_the_server(
    sign_in: SignIn, opens: Opens, name: str, value: str, body: Any
) -> None:
    from qianshao.core.accounts.models import Account
    from qianshao.core.duties.models import Duty

    known = Account.objects.filter(login="hotline.chief-city").first()
    chief = Client()
    if known is None:
        chief = sign_in("hotline.chief")
    else:
        chief.force_login(known)
    duty = Duty.objects.first() or opens("2026-02-27")

    assert chief.get("/api/v1/duties", {name: value}).status_code in (200, 400)
    assert chief.get("/duties/", {name: value}).status_code in (200, 302, 400)
    assert post(chief, f"duties/{duty.stream}/acts/Dispatched", body).status_code in (200, 400, 409, 422)


def test_half_a_character_and_what_is_no_json_are_refused_with_a_sentence(
    sign_in: SignIn, opens: Opens
) -> None:
    agent, path = sign_in("hotline.agent"), "kinds/hotline.order/acts/Received"
    half = post(agent, path, None, raw='{"title": "\\ud800", "channel": "phone"}')
    broken = post(agent, path, None, raw="{")

    assert (half.status_code, half.json()["detail"]) == (400, "“title”须为不超过 200 字的文字")
    assert (broken.status_code, broken.json()["detail"]) == (400, "请求的内容不是 JSON")
    assert not Entry.objects.exists()
