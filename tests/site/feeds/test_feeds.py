"""Calendars: what their account may see, masked where sealed, correct by RFC 5545, and gone when revoked."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from cast import SignIn, moment
from django.test import Client
from django.utils import timezone
from icalendar import Calendar

from qianshao.core.accounts.actor import Actor
from qianshao.core.accounts.models import Account
from qianshao.core.duties.door import perform
from qianshao.core.duties.models import Duty
from qianshao.core.feeds.models import Feed
from qianshao.core.org.models import Unit
from qianshao.kernel.declare import Kind
from qianshao.modules.hotline import facts as f

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def receive(kind: Kind, robot: Actor, unit: str, source: str, at: Any = None) -> Duty:
    at = at or timezone.now() - timedelta(minutes=5)
    fact = f.Received(at=at, title="请修路灯", body="坏了", channel="web", unit=unit)
    receipt = perform(kind=kind, fact=fact, actor=robot, now=at, src="test", source=source)
    return Duty.objects.get(stream=receipt.stream)


def make(client: Client, **data: str) -> str:
    page = client.post("/feeds/", data)
    assert page.status_code == 200
    made: str = page.context["made"]
    return made.removeprefix("http://testserver")


def events(client: Client, path: str) -> list[Any]:
    answer = client.get(path)
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    return list(Calendar.from_ical(answer.content).walk("VEVENT"))


def test_a_calendar_holds_the_open_duties_of_ones_units_on_their_last_day(
    sign_in: SignIn, order_kind: Kind, robot: Actor
) -> None:
    mine = receive(order_kind, robot, "housing", "a:1")
    receive(order_kind, robot, "water", "a:2")
    path = make(sign_in("hotline.unit", "housing"))

    (event,) = events(Client(), path)

    assert mine.due_at is not None
    last = (mine.due_at - timedelta(seconds=1)).astimezone(timezone.get_current_timezone()).date()
    assert (event.decoded("dtstart"), event.decoded("dtend")) == (last, last + timedelta(days=1))
    assert event["DTSTART"].params["VALUE"] == "DATE"
    assert event["UID"].startswith(f"{mine.stream}@")
    assert (int(event["SEQUENCE"]), event["CLASS"]) == (1, "CONFIDENTIAL")
    assert mine.number in event["SUMMARY"]


def test_a_sealed_title_is_masked_even_for_those_who_may_read_it(
    sign_in: SignIn, order_kind: Kind, robot: Actor
) -> None:
    assert order_kind.sealed_title
    receive(order_kind, robot, "housing", "a:1")

    answer = Client().get(make(sign_in("hotline.unit", "housing")))

    assert "请修路灯" not in answer.content.decode()
    assert "内容已封存" in Calendar.from_ical(answer.content).walk("VEVENT")[0]["SUMMARY"]


def test_an_unchanged_calendar_is_not_sent_again_and_a_changed_one_has_a_higher_number(
    sign_in: SignIn, order_kind: Kind, robot: Actor
) -> None:
    duty = receive(order_kind, robot, "housing", "a:1")
    path = make(sign_in("hotline.unit", "housing"))
    first = Client().get(path)

    again = Client().get(path, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])

    now = timezone.now()
    perform(
        kind=order_kind,
        duty=duty,
        fact=f.Dispatched(at=now, unit="housing"),
        actor=robot,
        now=now,
        src="test",
    )
    changed = Client().get(path, headers={"If-None-Match": first["ETag"]})
    assert changed.status_code == 200
    (event,) = Calendar.from_ical(changed.content).walk("VEVENT")
    (before,) = Calendar.from_ical(first.content).walk("VEVENT")
    assert event["UID"] == before["UID"]
    assert int(event["SEQUENCE"]) > int(before["SEQUENCE"])
    assert event.decoded("last-modified") > before.decoded("last-modified")


def test_a_limit_by_the_hour_stands_at_its_hour_in_shanghai(
    sign_in: SignIn, order_kind: Kind, robot: Actor
) -> None:
    duty = receive(order_kind, robot, "housing", "a:1")
    Duty.objects.filter(pk=duty.pk).update(due_at=moment("2026-03-02 15:30"))

    answer = Client().get(make(sign_in("hotline.unit", "housing")))

    text = answer.content.decode()
    assert "DTSTART;TZID=Asia/Shanghai:20260302T153000" in text
    assert "BEGIN:VTIMEZONE" in text and "TZOFFSETTO:+0800" in text


def test_days_off_and_weekends_that_are_worked_come_when_asked_for(sign_in: SignIn, time_of: Any) -> None:
    client = sign_in("hotline.unit", "housing")
    plain, full = make(client), make(client, holidays="1")
    time_of("2025-09-20 09:00")

    days = {event.decoded("dtstart"): str(event["SUMMARY"]) for event in events(Client(), full)}

    assert events(Client(), plain) == []
    assert days[date(2025, 10, 1)].startswith("国庆")
    assert (days[date(2025, 9, 28)], days[date(2025, 10, 11)]) == ("调休上班", "调休上班")


@pytest.fixture
def time_of(monkeypatch: pytest.MonkeyPatch) -> Any:
    from qianshao.site.feeds import views

    class Stopped:
        at = timezone.now()

        def now(self) -> Any:
            return self.at

    stopped = Stopped()
    monkeypatch.setattr(views, "timezone", stopped)

    def set_to(text: str) -> None:
        stopped.at = moment(text)

    return set_to


def test_a_revoked_wrong_or_locked_calendar_is_not_there(sign_in: SignIn, city: dict[str, Unit]) -> None:
    client = sign_in("hotline.unit", "housing")
    first, second = make(client), make(client)
    token = first.split("/")[-1].removesuffix(".ics")
    assert token.encode() not in b"".join(bytes(feed.digest) for feed in Feed.objects.all())

    assert client.post(f"/feeds/{Feed.objects.order_by('id')[0].pk}/revoke/").status_code == 302
    assert Client().get(first).status_code == 404
    assert Client().get("/feeds/calendar/nonsense.ics").status_code == 404
    assert Client().get(second).status_code == 200
    Account.objects.update(is_active=False)
    assert Client().get(second).status_code == 404


def test_nobody_makes_a_calendar_of_a_unit_they_hold_nothing_in_or_ends_anothers(sign_in: SignIn) -> None:
    housing, water = sign_in("hotline.unit", "housing"), sign_in("hotline.unit", "water", name="林二")
    make(housing)

    assert water.post("/feeds/", {"unit": "housing"}).status_code == 404
    assert water.post(f"/feeds/{Feed.objects.get().pk}/revoke/").status_code == 404
    assert Feed.objects.get().revoked_at is None


def test_ten_calendars_are_enough(sign_in: SignIn) -> None:
    client = sign_in("hotline.unit", "housing")
    for _number in range(10):
        make(client)

    assert client.post("/feeds/", {}).status_code == 422
