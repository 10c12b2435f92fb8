"""Accounts are opened by one administrator and roles granted by another, from what a sheet asked for."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from cast import clerk

from qianshao.core.accounts.actor import Actor, NotAllowed
from qianshao.core.accounts.models import Account, Grant
from qianshao.core.accounts.services import BadAccount
from qianshao.core.onboarding import services
from qianshao.core.onboarding.models import AskedAccount
from qianshao.core.org.models import Person, Unit

pytestmark = [pytest.mark.django_db, pytest.mark.database]
OPENER = clerk("people.create", "people.manage", key="account:901")
GRANTER = clerk("people.grant", key="account:902")


@pytest.fixture
def asked(city: dict[str, Unit], now: datetime) -> AskedAccount:
    return services.ask(
        person=Person.objects.create(name="林一"),
        login="lin.yi",
        unit=city["water"],
        roles=["hotline.unit"],
        since=date(2024, 1, 1),
        until=None,
        actor=OPENER,
        now=now,
    )


def test_a_code_is_given_once_and_its_account_has_no_right(asked: AskedAccount, now: datetime) -> None:
    (issued,) = services.issue([asked], actor=OPENER, now=now)

    account = Account.objects.get(login="lin.yi")
    assert account.check_password(issued.password) and account.one_time_until is not None
    assert (issued.name, issued.unit) == ("林一", "市水利局")
    assert not Grant.objects.exists()
    assert list(services.waiting()) == []


def test_who_opens_accounts_does_not_grant_and_who_grants_opens_none(
    asked: AskedAccount, now: datetime
) -> None:
    with pytest.raises(NotAllowed):
        services.issue([asked], actor=GRANTER, now=now)
    services.issue([asked], actor=OPENER, now=now)
    with pytest.raises(NotAllowed):
        services.decide(list(services.asked_grants()), give=True, actor=OPENER, now=now)
    assert (Account.objects.count(), Grant.objects.count()) == (1, 0)


def test_a_role_waits_for_its_account_and_holds_from_today(asked: AskedAccount, now: datetime) -> None:
    rows = list(services.asked_grants())
    with pytest.raises(BadAccount, match="还没有账号"):
        services.decide(rows, give=True, actor=GRANTER, now=now)

    services.issue([asked], actor=OPENER, now=now)
    assert services.decide(list(services.asked_grants()), give=True, actor=GRANTER, now=now) == 1

    grant = Grant.objects.get()
    assert (grant.role, grant.unit.code, grant.valid_from) == ("hotline.unit", "water", date(2026, 3, 2))
    assert list(services.asked_grants()) == []


def test_a_refused_role_is_not_asked_again_and_one_past_its_end_is_not_granted(
    asked: AskedAccount, now: datetime, robot: Actor
) -> None:
    services.issue([asked], actor=OPENER, now=now)
    row = asked.grants.get()
    row.until = date(2025, 1, 1)
    row.save()
    with pytest.raises(BadAccount, match="已经到期"):
        services.decide([row], give=True, actor=GRANTER, now=now)

    services.decide([row], give=False, actor=GRANTER, now=now)

    assert (list(services.asked_grants()), Grant.objects.count()) == ([], 0)
