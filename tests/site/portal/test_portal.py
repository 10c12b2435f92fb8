"""The portal: a stranger asks, keeps a receipt, follows; and learns nothing about anybody else."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import timedelta

import pytest
from cast import NOW, moment
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from qianshao.core.accounts.actor import Actor
from qianshao.core.duties import registry
from qianshao.core.duties.door import perform, void
from qianshao.core.duties.models import Duty
from qianshao.core.ledger.models import Entry
from qianshao.core.org.models import Unit
from qianshao.kernel.declare import Fact
from qianshao.modules.openness.documents import facts as d
from qianshao.modules.openness.requests import facts as r
from qianshao.site.portal import codes, limits
from qianshao.site.portal.models import Attempt

pytestmark = [pytest.mark.django_db, pytest.mark.database]
FORM = {
    "applicant_kind": "person",
    "applicant": "林小潮",
    "contact": "10000000001",
    "wanted": "望潮镇2025年道路养护资金的使用情况",
    "form": "电子邮件",
    "token": "a-token-of-the-form",
}


@pytest.fixture(autouse=True)
def _monday(monkeypatch: pytest.MonkeyPatch, city: dict[str, Unit]) -> None:
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    cache.clear()


@pytest.fixture
def stranger() -> Client:
    """Nobody signed in."""
    return Client()


def page(client: Client, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status
    return answer.content.decode()


def ask(client: Client, **more: object) -> tuple[int, str]:
    answer = client.post("/portal/request/", FORM | more)
    return answer.status_code, answer.content.decode()


def receipt(client: Client) -> tuple[str, str]:
    status, told = ask(client)
    assert status == 201, told
    number = re.search(r'id="number">([^<]+)<', told)
    code = re.search(r'id="code">([^<]+)<', told)
    assert number and code
    return number[1], code[1]


def follow(client: Client, number: str, code: str) -> tuple[int, str]:
    answer = client.post("/portal/follow/", {"number": number, "code": code})
    return answer.status_code, answer.content.decode()


def tell(robot: Actor, duty: Duty, *facts: Fact) -> None:
    for fact in facts:
        perform(
            kind=registry.kind(duty.kind),
            duty=duty,
            fact=fact,
            actor=robot,
            now=NOW + timedelta(days=60),
            src="test",
        )


@pytest.mark.parametrize("path", ["", "request/", "follow/", "policies/", "catalogue/", "rates/", "data/"])
def test_every_page_opens_without_an_account_and_without_a_script(stranger: Client, path: str) -> None:
    assert "<script" not in page(stranger, f"/portal/{path}")


def test_a_request_gets_a_number_a_code_and_its_promised_day(stranger: Client) -> None:
    _status, told = ask(stranger)

    duty = Duty.objects.get()
    assert duty.kind == "openness.request"
    assert codes.code_of(duty.stream) in told
    assert "2026年3月30日" in told  # 2 March 2026 + 20 working days


def test_what_was_asked_is_in_no_entry_in_the_clear(stranger: Client) -> None:
    receipt(stranger)

    (body,) = [bytes(entry.body).decode() for entry in Entry.objects.all()]
    assert not [word for word in (FORM["applicant"], FORM["contact"], "道路养护") if str(word) in body]


def test_the_same_form_sent_twice_opens_one_request_and_shows_the_same_receipt(stranger: Client) -> None:
    assert receipt(stranger) == receipt(stranger)
    assert Duty.objects.count() == 1


def test_the_holder_of_number_and_code_follows_however_they_type_it(stranger: Client) -> None:
    number, code = receipt(stranger)

    status, told = follow(stranger, f" {number.lower()} ", code.upper().replace("-", " "))

    assert status == 200
    assert "2026年3月30日" in told
    assert "办理中" in told
    assert not [word for word in (FORM["applicant"], FORM["contact"], "道路养护") if str(word) in told]


def test_a_wrong_code_and_an_unknown_number_get_the_same_answer(stranger: Client) -> None:
    number, code = receipt(stranger)
    token = re.compile(r'value="[^"]*"')

    wrong = follow(stranger, number, "7k3m-9x2p-7k3m-9x2p-7")
    unknown = follow(stranger, "YQ20260302-ZZZZZZ", code)

    assert wrong[0] == unknown[0] == 422
    assert token.sub("", wrong[1]) == token.sub("", unknown[1])


def test_what_happens_inside_is_not_told_and_what_concerns_the_applicant_is(
    stranger: Client, robot: Actor
) -> None:
    number, code = receipt(stranger)
    duty = Duty.objects.get()
    later = NOW + timedelta(days=1)
    tell(
        robot,
        duty,
        r.Assigned(at=later, unit="water", note="内部批示不外传"),
        r.Consulted(at=later, whom="third_party", name="某某公司"),
        r.ConsultationAnswered(at=later + timedelta(days=1), whom="third_party", reason="商业秘密"),
        r.Answered(at=later + timedelta(days=2), outcome="partly", reason="内部理由", review_told=True),
    )

    _status, told = follow(stranger, number, code)

    assert "市水利局" in told
    assert "部分公开" in told
    assert not [word for word in ("内部批示", "某某公司", "商业秘密", "征求意见", "内部理由") if word in told]


def test_a_step_that_was_reversed_is_not_told(stranger: Client, robot: Actor) -> None:
    number, code = receipt(stranger)
    duty = Duty.objects.get()
    tell(robot, duty, r.Withdrawn(at=NOW, reason="误录"))
    kind = registry.kind("openness.request")
    void(duty=duty, kind=kind, entry=2, reason="误录", actor=robot, now=NOW + timedelta(days=61), src="test")

    assert "申请人撤回" not in follow(stranger, number, code)[1]


def test_a_form_with_gaps_says_where_and_keeps_what_was_typed(stranger: Client) -> None:
    status, told = ask(stranger, applicant="", wanted="路")

    assert status == 422
    assert "10000000001" in told
    assert not Duty.objects.exists()
    assert 'id="id_applicant_error"' in told and 'id="id_wanted_error"' in told


def test_attachments_are_kept_under_neutral_names(stranger: Client) -> None:
    file = SimpleUploadedFile("林小潮身份证.txt", "望潮".encode())

    status, _told = ask(stranger, attachments=[file])

    (entry,) = Entry.objects.all()
    body = json.loads(bytes(entry.body))
    assert (status, [one["n"] for one in body["files"]]) == (201, ["附件1.txt"])


def test_an_attachment_that_is_no_document_is_refused_and_nothing_is_recorded(stranger: Client) -> None:
    file = SimpleUploadedFile("说明.pdf", b"MZ\x90\x00" + b"\x00" * 60)

    assert ask(stranger, attachments=[file])[0] == 422
    assert not Duty.objects.exists()


def test_a_program_that_fills_in_everything_is_turned_away(stranger: Client) -> None:
    assert ask(stranger, website="https://example.org")[0] == 422
    assert not Duty.objects.exists()


def test_an_address_that_asks_too_often_is_told_when_to_come_back(stranger: Client) -> None:
    for number in range(limits.LIMITS["ask"].each):
        assert ask(stranger, token=f"token-{number}")[0] == 201

    status, told = ask(stranger, token="one-more")

    assert (status, "请明天再来" in told) == (422, True)
    assert ask(Client(REMOTE_ADDR="10.1.2.3"), token="another-address")[0] == 201


def test_many_addresses_together_reach_the_limit_of_the_portal(
    stranger: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(limits.LIMITS, "ask", limits.Limit(each=10, all=2, span=timedelta(hours=24)))
    for number in range(2):
        assert ask(Client(REMOTE_ADDR=f"10.1.2.{number}"), token=f"token-{number}")[0] == 201

    status, told = ask(Client(REMOTE_ADDR="10.1.2.9"), token="one-more")

    assert (status, "请明天再来" in told) == (422, True)
    monkeypatch.setattr(timezone, "now", lambda: NOW + timedelta(hours=25))
    assert ask(Client(REMOTE_ADDR="10.1.2.9"), token="next-day")[0] == 201


def test_what_is_counted_of_a_visitor_is_no_address_and_is_gone_after_a_day(
    stranger: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert ask(Client(REMOTE_ADDR="203.0.113.77"))[0] == 201
    (kept,) = Attempt.objects.all()
    assert b"203.0.113.77" not in bytes(kept.address)

    monkeypatch.setattr(timezone, "now", lambda: NOW + timedelta(hours=25))
    follow(Client(REMOTE_ADDR="203.0.113.78"), "YQ20260302-ZZZZZZ", "7k3m-9x2p-7k3m-9x2p-7")

    assert [attempt.what for attempt in Attempt.objects.all()] == ["follow"]


def test_guessing_codes_ends_after_a_few_tries_even_for_the_right_one(stranger: Client) -> None:
    number, code = receipt(stranger)
    for _ in range(limits.LIMITS["follow"].each):
        follow(stranger, number, "7k3m-9x2p-7k3m-9x2p-7")

    assert follow(stranger, number, code)[0] == 422


def opened(robot: Actor, key: str, fact: Fact, *facts: Fact) -> None:
    kind = registry.kind(key)
    receipt = perform(kind=kind, fact=fact, actor=robot, now=NOW, src="test")
    tell(robot, Duty.objects.get(stream=receipt.stream), *facts)


def publish(robot: Actor, title: str, url: str = "https://www.example.org/1.html") -> None:
    at = moment("2026-02-02")
    formed = d.Formed(at=at, title=title, document_number="刺政〔2026〕1号", unit="water", openness="active")
    opened(robot, "openness.document", formed, d.Published(at=moment("2026-02-05"), where="site", url=url))


def test_small_counts_of_peoples_requests_are_not_told_by_unit(stranger: Client, robot: Actor) -> None:
    for _ in range(4):
        at = moment("2026-01-05")
        received = r.Received(at=at, channel="web", wanted="x", unit="water")
        opened(robot, "openness.request", received, r.Answered(at=at, outcome="provided"))
    publish(robot, "望潮镇防汛预案")

    rows = stranger.get("/portal/data/rates-by-unit.json").json()["rows"]

    found = {row["indicator"]: row for row in rows}
    assert found["openness.request-in-time"]["suppressed"] is True
    assert found["openness.request-in-time"]["due"] is None
    assert (found["openness.document-in-time"]["due"], found["openness.document-in-time"]["rate"]) == (
        1,
        "1.0000",
    )


@pytest.mark.parametrize("name", ["rates-by-unit", "rates-by-month", "documents"])
def test_every_set_has_a_schema_of_exactly_its_columns(stranger: Client, robot: Actor, name: str) -> None:
    publish(robot, "=1+1")

    fields = [field["name"] for field in stranger.get(f"/portal/data/{name}.schema.json").json()["fields"]]
    text = b"".join(stranger.get(f"/portal/data/{name}.csv")).decode("utf-8-sig")
    header, *rows = csv.reader(io.StringIO(text))

    assert header == fields
    assert [sorted(row) for row in stranger.get(f"/portal/data/{name}.json").json()["rows"]] == [
        sorted(fields)
    ] * len(rows)
    assert not [cell for row in rows for cell in row if cell.startswith("=")]


def test_a_set_nobody_publishes_is_not_there(stranger: Client) -> None:
    assert stranger.get("/portal/data/accounts.json").status_code == 404


def test_the_rate_on_the_page_is_the_figure_of_the_staffs_own_page(stranger: Client, robot: Actor) -> None:
    publish(robot, "望潮镇防汛预案")

    assert re.search(r"100\.00%.*?1/1", page(stranger, "/portal/rates/"), re.S)


def test_the_sign_in_page_leads_to_the_portal(stranger: Client) -> None:
    assert 'href="/portal/"' in page(stranger, "/sign-in/")
