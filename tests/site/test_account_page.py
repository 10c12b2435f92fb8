"""A one-time password opens nothing but the page that replaces it."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from cast import NOW
from django.test import Client

from qianshao.core.accounts.models import Account, Grant
from qianshao.core.org.models import Person, Unit

pytestmark = pytest.mark.django_db
FIRST, OWN = "one-time-password", "望潮-fine-harbour-22"


@pytest.fixture
def newcomer(city: dict[str, Unit], now: datetime) -> Client:
    """Somebody whose password is a one-time one, signed in."""
    person = Person.objects.create(name="林一")
    account = Account.objects.create(login="lin", person=person, one_time_until=now + timedelta(days=36500))
    account.set_password(FIRST)
    account.save()
    Grant.objects.create(account=account, role="mayor", unit=city["city"], valid_from=NOW.date())
    client = Client()
    client.force_login(account)
    return client


def change(client: Client, old: str = FIRST, new: str = OWN, again: str = OWN) -> tuple[int, str]:
    answer = client.post("/account/", {"old": old, "new": new, "again": again})
    return answer.status_code, answer.content.decode()


@pytest.mark.parametrize("path", ["/", "/duties/", "/rules/", "/api/v1/duties"])
def test_every_other_page_leads_to_the_change(newcomer: Client, path: str) -> None:
    answer = newcomer.get(path)

    assert (answer.status_code, answer.headers["Location"]) == (302, "/account/")


def test_after_the_change_the_session_goes_on(newcomer: Client) -> None:
    assert change(newcomer)[0] == 302

    assert newcomer.get("/").status_code == 200
    assert Account.objects.get().check_password(OWN)
    assert Account.objects.get().one_time_until is None


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ({"again": "something-else"}, "两次输入的新密码不一致"),
        ({"old": "wrong"}, "原密码错误"),
        ({"new": FIRST, "again": FIRST}, "新密码不能与原密码相同"),
        ({"new": "short", "again": "short"}, "密码"),
    ],
)
def test_a_refused_change_says_why_and_changes_nothing(
    newcomer: Client, words: dict[str, str], told: str
) -> None:
    status, page = change(newcomer, **words)

    assert status == 422
    assert told in page
    assert Account.objects.get().check_password(FIRST)
