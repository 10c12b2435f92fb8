"""Overdue reminders that nobody reads are told above, counted, once a day for each unit."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from cast import moment

from qianshao.core.accounts.actor import Actor
from qianshao.core.accounts.models import Account, Grant
from qianshao.core.duties.door import perform
from qianshao.core.notices import telling
from qianshao.core.notices.models import Notice
from qianshao.core.notices.raising import raise_unread
from qianshao.core.notices.wake import wake
from qianshao.core.org.models import Person, Unit
from qianshao.kernel.declare import Kind
from qianshao.modules.hotline import facts as f

pytestmark = [pytest.mark.django_db, pytest.mark.database]
LATE = moment("2025-10-10 09:00")  # a Friday; Saturday the 11th is worked instead of a holiday


def account(login: str, unit: Unit, role: str) -> Account:
    made = Account.objects.create(login=login, person=Person.objects.create(name=login))
    Grant.objects.create(account=made, role=role, unit=unit, valid_from=date(2000, 1, 1))
    return made


@pytest.fixture
def people(city: dict[str, Unit], order_kind: Kind, robot: Actor) -> dict[str, Account]:
    made = {
        "town": account("town", city["town-1"], "hotline.unit"),
        "county": account("county", city["county-1"], "hotline.unit"),
    }
    at = moment("2025-09-25 10:00")
    for number in range(3):
        fact = f.Received(at=at, title="路灯不亮", body="坏了", channel="web", unit="town-1")
        perform(kind=order_kind, fact=fact, actor=robot, now=at, src="test", source=f"a:{number}")
    wake(LATE, limit=10)
    return made


def told(to: Account) -> list[str]:
    return [str(notice) for notice in Notice.objects.filter(account=to, sort="raised").order_by("id")]


def test_after_eight_working_hours_the_unit_above_is_told_once(people: dict[str, Account]) -> None:
    # 8:30–12:00 and 14:30–18:00: from 9:00 on Friday six and a half hours are left, so 10:00 on Saturday.
    assert raise_unread(moment("2025-10-11 09:59")) == 0
    assert raise_unread(moment("2025-10-11 10:00")) == 1
    assert raise_unread(moment("2025-10-11 10:01")) == 0

    assert told(people["county"]) == ["望潮镇有 3 件逾期提醒无人阅读，请督促"]
    assert told(people["town"]) == []
    assert Notice.objects.get(sort="raised").link == "/duties/?lamp=red&unit=town-1"


def test_what_was_read_in_time_is_not_told_above(people: dict[str, Account]) -> None:
    telling.read(account=people["town"].pk, notices=None, now=LATE + timedelta(hours=1))

    assert raise_unread(LATE + timedelta(days=10)) == 0
    assert told(people["county"]) == []
