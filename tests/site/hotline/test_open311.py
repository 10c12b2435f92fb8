"""Open311 as an app meets it: in JSON and in XML, with errors in the specification's form and nothing private."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cast import NOW, SignIn, moment
from click.testing import CliRunner
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from qianshao.core.accounts.actor import Actor
from qianshao.core.duties.door import perform
from qianshao.core.duties.models import Duty
from qianshao.core.duties.stream import load
from qianshao.core.ledger.models import Entry
from qianshao.core.org.models import Unit
from qianshao.kernel.declare import Kind
from qianshao.modules.hotline import facts as f
from qianshao.site.commands.root import root
from qianshao.site.hotline.open311 import keys, services

from .conftest import Opens
from .georeport import GeoReport, Told

pytestmark = [pytest.mark.django_db, pytest.mark.database]
LAMP = services.code_of("照明")


@pytest.fixture(autouse=True)
def _a_folder_of_its_own(settings: Settings, tmp_path: Path) -> None:
    settings.HOME = tmp_path


@pytest.fixture(params=["json", "xml"])
def city311(request: pytest.FixtureRequest, opens: Opens) -> GeoReport:
    """The endpoint of a city whose orders were about lamps lately."""
    opens("2026-02-26 09:00", topic="照明", unit="housing")
    return endpoint(request.param)


def endpoint(form: str) -> GeoReport:
    client = Client(enforce_csrf_checks=True)

    def transport(method: str, address: str, values: dict[str, str]) -> tuple[int, str, bytes]:
        answer: Any = client.post(address, values) if method == "POST" else client.get(address, values)
        return answer.status_code, answer["Content-Type"], answer.content

    return GeoReport(transport, form)


def lamp(key: str, **more: str) -> dict[str, str]:
    return {
        "api_key": key,
        "service_code": LAMP,
        "description": "望潮路口的路灯坏了\n已经三天",
        "lat": "24.9",
        "long": "118.6",
        "first_name": "小满",
        "last_name": "林",
        "phone": "13812345678",
        "email": "a@example.cn",
    } | more


def test_an_app_finds_the_services_reports_and_follows_what_became_of_it(
    city311: GeoReport, order_kind: Kind, robot: Actor
) -> None:
    names = {one["service_code"]: one["service_name"] for one in city311.services()}
    assert names == {LAMP: "照明", "other": "其他"}
    assert [one["code"] for one in city311.definition(LAMP)["attributes"]] == ["appeal", "secret"]

    sent = city311.report(**lamp(keys.add("app"), attribute_appeal="help"))
    number = sent["service_request_id"]

    assert city311.number(sent["token"]) == number
    first = city311.request(number)
    assert (first["status"], first["status_notes"], first["service_code"]) == ("open", "待派单", LAMP)
    assert datetime.fromisoformat(first["requested_datetime"]) == NOW
    duty = Duty.objects.get(number=number)
    perform(
        kind=order_kind,
        duty=duty,
        fact=f.AnsweredAtOnce(at=NOW, reply="已修好"),
        actor=robot,
        now=NOW,
        src="test",
    )
    assert city311.request(number)["status"] == "closed"


def test_what_was_sent_is_a_work_order_with_the_personal_data_sealed(city311: GeoReport) -> None:
    number = city311.report(**lamp(keys.add("app"), attribute_secret="1", attribute_appeal="report"))[
        "service_request_id"
    ]

    duty = Duty.objects.get(number=number)
    (stream,) = load([duty.stream], lock=False)
    fact = stream.facts[0].fact
    assert isinstance(fact, f.Received)
    assert (fact.title, fact.caller, fact.phone, fact.position) == (
        "望潮路口的路灯坏了",
        "林小满",
        "13812345678",
        "24.900000,118.600000",
    )
    assert (fact.appeal, fact.secret, fact.channel, duty.phase) == ("report", True, "open311", "received")
    body = bytes(Entry.objects.get(stream=duty.stream).body).decode()
    assert "小满" not in body and "13812345678" not in body and "24.9" not in body and "路灯" not in body


def test_nobody_reads_what_a_citizen_wrote_nor_anything_kept_secret(city311: GeoReport, opens: Opens) -> None:
    key = keys.add("app")
    shown = city311.report(**lamp(key))["service_request_id"]
    kept = city311.report(**lamp(key, attribute_secret="1"))["service_request_id"]
    by_phone = opens("2026-02-26 09:00", channel="phone", topic="照明")

    found = city311.requests()

    assert [one["service_request_id"] for one in found] == [shown]
    assert {found[0][name] for name in ("description", "address", "lat", "long", "media_url")} == {None}
    for number in (kept, by_phone.number):
        with pytest.raises(Told) as told:
            city311.request(number)
        assert told.value.errors[0][0] == told.value.status == 404
    assert [one["service_request_id"] for one in city311.requests(service_request_id=f"{shown},{kept}")] == [
        shown
    ]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"api_key": ""}, 403),
        ({"api_key": "wrong"}, 403),
        ({"service_code": ""}, 400),
        ({"service_code": "none"}, 404),
        ({"jurisdiction_id": "elsewhere"}, 404),
        ({"description": " "}, 400),
        ({"lat": "", "long": ""}, 400),
        ({"lat": "north"}, 400),
        ({"lat": "91"}, 400),
        ({"lat": "nan"}, 400),
        ({"attribute_appeal": "gossip"}, 400),
        ({"attribute_secret": "yes"}, 400),
        ({"phone": "1" * 31}, 400),
        ({"description": "坏\x00了"}, 400),
    ],
)
def test_what_is_wrong_is_said_in_the_form_of_the_specification(
    city311: GeoReport, change: dict[str, str], code: int
) -> None:
    before = Duty.objects.count()

    with pytest.raises(Told) as told:
        city311.report(**lamp(keys.add("app")) | change)

    assert told.value.status == code
    assert [one[0] for one in told.value.errors] == [code] and told.value.errors[0][1]
    assert Duty.objects.count() == before


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"status": "pending"}, 400),
        ({"start_date": "yesterday"}, 400),
        ({"start_date": "0001-01-01T00:00:00Z"}, 400),
        ({"start_date": "2026-03-01T00:00:00Z", "end_date": "2026-02-01T00:00:00Z"}, 400),
        ({"start_date": "2025-01-01T00:00:00Z", "end_date": "2026-02-01T00:00:00Z"}, 400),
        ({"service_code": "none"}, 404),
        ({"page": "0"}, 400),
        ({"page_size": "1001"}, 400),
        ({"jurisdiction_id": "elsewhere"}, 404),
    ],
)
def test_a_question_that_makes_no_sense_is_refused(
    city311: GeoReport, given: dict[str, str], code: int
) -> None:
    with pytest.raises(Told) as told:
        city311.requests(**given)

    assert told.value.errors[0][0] == code


def test_requests_are_narrowed_by_time_state_and_service_and_come_in_pages(
    city311: GeoReport, opens: Opens
) -> None:
    made = [
        opens("2026-01-05 09:00", channel="open311", topic="照明"),
        opens("2026-02-10 09:00", channel="open311"),
        opens(
            "2026-02-20 09:00",
            f.AnsweredAtOnce(at=moment("2026-02-20 10:00"), reply="好"),
            channel="open311",
            topic="照明",
        ),
    ]
    opens("2025-11-05 09:00", channel="open311")  # more than ninety days ago
    numbers = {duty.number: place for place, duty in enumerate(made)}

    def found(**given: str) -> list[int]:
        return [numbers[one["service_request_id"]] for one in city311.requests(**given)]

    assert found() == [2, 1, 0]
    assert found(jurisdiction_id="qianshao.local", status="open,closed") == [2, 1, 0]
    assert found(status="closed") == [2]
    assert found(service_code=LAMP, status="open") == [0]
    assert found(service_code="other") == [1]
    assert found(start_date="2026-02-01T00:00:00+08:00") == [2, 1]
    assert found(end_date="2026-02-10T01:00:00Z") == [1, 0]
    assert found(page_size="2", page="2") == [0]


def test_one_sending_repeated_is_one_request(opens: Opens) -> None:
    opens("2026-02-26 09:00", topic="照明")
    client, body = Client(), lamp(keys.add("app"))

    numbers = {
        client.post("/open311/v2/requests.json", body, headers={"Idempotency-Key": "7"}).json()[0][
            "service_request_id"
        ]
        for _time in range(2)
    }

    assert len(numbers) == 1


def test_discovery_names_the_endpoint_and_what_is_not_there_is_an_error_in_form() -> None:
    client = Client()

    (found,) = client.get("/open311/v2/discovery.json").json()["endpoints"]

    assert found["url"] == "http://testserver/open311/v2"
    assert client.get("/open311/v2/discovery.xml")["Content-Type"] == "text/xml; charset=utf-8"
    for path, status in (
        ("nothing.json", 404),
        ("", 404),
        ("services/none.xml", 404),
        ("tokens/none.json", 404),
    ):
        assert client.get(f"/open311/v2/{path}").status_code == status
    assert client.post("/open311/v2/services.json").status_code == 405


def test_a_key_is_shown_once_kept_as_a_digest_and_taken_back(settings: Settings) -> None:
    run = CliRunner()

    key = (
        run.invoke(root, ["hotline", "key", "add", "app"], catch_exceptions=False)
        .stdout.strip()
        .splitlines()[0]
    )

    kept = Path(settings.HOME) / "open311-keys.json"
    assert key not in kept.read_text(encoding="utf-8")
    assert kept.stat().st_mode & 0o077 == 0
    assert (keys.owner(key), keys.owner("x"), keys.names()) == ("app", None, ["app"])
    with pytest.raises(keys.BadName):
        keys.add("app")
    run.invoke(root, ["hotline", "key", "remove", "app"], catch_exceptions=False)
    assert keys.owner(key) is None


def test_an_order_comes_in_by_the_json_api_too(sign_in: SignIn, city: dict[str, Unit]) -> None:
    agent = sign_in("hotline.agent")
    body = {
        "title": "路灯不亮",
        "body": "坏了",
        "channel": "web",
        "phone": "13812345678",
        "urgency": "urgent",
    }

    answers = [
        agent.post(
            "/api/v1/kinds/hotline.order/acts/Received",
            body,
            "application/json",
            headers={"Idempotency-Key": "1"},
        )
        for _time in range(2)
    ]

    assert [(answer.status_code, answer.json()["repeated"]) for answer in answers] == [
        (200, False),
        (200, True),
    ]
    assert Duty.objects.get().due_at == timezone.now().replace(microsecond=0) + (
        moment("2026-01-02") - moment("2026-01-01")
    )


@pytest.mark.parametrize("form", ["json", "xml"])
def test_a_key_that_sends_too_often_is_told_when_to_come_back(
    opens: Opens, settings: Settings, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    opens("2026-02-26 09:00", topic="照明", unit="housing")
    settings.OPEN311_PER_MINUTE, settings.OPEN311_PER_DAY = 2, 3
    client, hasty, other = Client(), keys.add("hasty"), keys.add("other")

    def send(key: str) -> Any:
        return client.post(f"/open311/v2/requests.{form}", lamp(key))

    assert [send(hasty).status_code for _time in range(4)] == [201, 201, 429, 429]
    refused = send(hasty)
    assert (refused["Retry-After"], "60 秒" in refused.content.decode()) == ("60", True)
    assert send(other).status_code == 201

    monkeypatch.setattr(timezone, "now", lambda: NOW + timedelta(seconds=60))
    assert [send(hasty).status_code for _time in range(2)] == [201, 429]
    assert int(send(hasty)["Retry-After"]) == (14 * 60 + 29) * 60  # the day's limit: until midnight
    monkeypatch.setattr(timezone, "now", lambda: NOW + timedelta(days=1))
    assert send(hasty).status_code == 201
    assert Duty.objects.filter(channel="open311").count() == 5


def test_keys_are_listed_with_what_they_sent_today_and_taken_back_with_their_count(opens: Opens) -> None:
    opens("2026-02-26 09:00", topic="照明", unit="housing")
    run, key = CliRunner(), keys.add("app")
    Client().post("/open311/v2/requests.json", lamp(key))

    listed = run.invoke(root, ["hotline", "key", "list", "--json"], catch_exceptions=False)
    assert json.loads(listed.stdout) == [{"name": "app", "sent_today": 1}]
    run.invoke(root, ["hotline", "key", "remove", "app"], catch_exceptions=False)
    assert Client().post("/open311/v2/requests.json", lamp(key)).status_code == 403
    keys.add("app")
    again = run.invoke(root, ["hotline", "key", "list"], catch_exceptions=False)
    assert again.stdout == "app\t0\n"


@pytest.mark.parametrize(
    ("body", "kind", "code", "sentence"),
    [
        (b'{"service_code":"other"}', "application/json", 415, "application/x-www-form-urlencoded"),
        (b"<a/>", "application/xml", 415, "application/x-www-form-urlencoded"),
        (b"a=1", "application/x-www-form-urlencoded; charset=utf-16", 400, "UTF-8"),
        (b"abc", "multipart/form-data", 400, "UTF-8"),
        (b"&".join(b"a%d=1" % n for n in range(3000)), "application/x-www-form-urlencoded", 400, "UTF-8"),
        (b"description=%C2%B7%B5%C6", "application/x-www-form-urlencoded", 400, "“description”不是 UTF-8"),
        ("description=路灯".encode("gbk"), "application/x-www-form-urlencoded", 400, "UTF-8"),
        (b"description=a%00b", "application/x-www-form-urlencoded", 400, "控制字符"),
        (
            b"description=" + b"a" * 20_001,
            "application/x-www-form-urlencoded",
            400,
            "“description”须为不超过",
        ),
    ],
)
def test_what_is_no_form_or_no_text_is_refused_in_the_specifications_form_and_nothing_is_recorded(
    city: dict[str, Unit], body: bytes, kind: str, code: int, sentence: str
) -> None:
    if b"description" in body:
        body += f"&service_code=other&lat=24.9&long=118.6&api_key={keys.add('app')}".encode()

    answer: Any = Client().generic("POST", "/open311/v2/requests.json", body, kind)

    (told,) = json.loads(answer.content)
    assert (answer.status_code, told["code"]) == (code, code)
    assert sentence in told["description"]
    assert not Duty.objects.exists()
