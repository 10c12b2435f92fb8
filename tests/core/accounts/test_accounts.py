"""Accounts: one-time passwords, locking, grants that nobody gives to themself and that end with a day."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta

import pytest
from cast import clerk, moment
from django.test import Client

from qianshao.core.accounts import queries, services
from qianshao.core.accounts import signing_in as door
from qianshao.core.accounts.actor import Actor, NotAllowed, actor_of
from qianshao.core.accounts.models import Account, FailedTry, Grant, StaffSession
from qianshao.core.ledger.models import Entry
from qianshao.core.ledger.register import stream_name
from qianshao.core.org.models import Person, Unit
from qianshao.kernel.declare import Role
from qianshao.kernel.ledger.entry import Entry as Body

pytestmark = [pytest.mark.django_db, pytest.mark.database]

UNIT_ROLE = Role("test.unit", "联络员", frozenset({"test.read"}))
CITY_ROLE = Role("test.city", "负责人", frozenset({"test.read"}), city=True)
ROLES = {role.key: role for role in (UNIT_ROLE, CITY_ROLE)}
TODAY = date(2026, 3, 2)


def open_account(login: str, robot: Actor, now: datetime) -> tuple[Account, str]:
    person = Person.objects.create(name="林一")
    return services.create_account(login=login, person=person, actor=robot, now=now)


def give(
    account: Account,
    unit: Unit,
    robot: Actor,
    now: datetime,
    role: Role = UNIT_ROLE,
    until: date | None = None,
) -> Grant:
    return services.grant(
        account=account, role=role, unit=unit, since=date(2026, 1, 1), until=until, actor=robot, now=now
    )


def signed_in(account: Account) -> str:
    client = Client()
    client.force_login(account)
    assert client.session.session_key
    return client.session.session_key


def register_facts() -> list[Body]:
    entries = Entry.objects.filter(stream=stream_name("accounts")).order_by("sseq")
    return [Body.from_body(bytes(entry.body)) for entry in entries]


def test_a_new_account_has_a_password_for_once_and_seven_days(
    city: dict[str, Unit], robot: Actor, now: datetime
) -> None:
    account, password = open_account("lin.yi", robot, now)

    signed = door.sign_in(login="Lin.Yi", password=password, address="10.0.0.1", now=now)
    assert signed == account
    assert account.one_time_until == now + timedelta(days=7)
    with pytest.raises(door.SignInRefused):
        door.sign_in(login="lin.yi", password=password, address="10.0.0.1", now=now + timedelta(days=7))


def test_the_ledger_names_the_account_by_number_and_keeps_no_secret(
    city: dict[str, Unit], robot: Actor, now: datetime
) -> None:
    account, password = open_account("lin.yi", robot, now)
    give(account, city["water"], robot, now)

    facts = register_facts()
    assert [fact.fact for fact in facts] == ["AccountOpened", "RoleGranted"]
    assert facts[0].data == {"account": account.pk, "person": account.person_id}
    everything = json.dumps([fact.data for fact in facts], ensure_ascii=False)
    assert not any(word in everything for word in ("林一", "lin.yi", password))


@pytest.mark.parametrize(
    ("login", "says"), [("林一", "只能用字母"), ("a b", "只能用字母"), ("", "只能用字母")]
)
def test_odd_logins_are_refused(login: str, says: str, robot: Actor, now: datetime, db: None) -> None:
    with pytest.raises(services.BadAccount, match=says):
        open_account(login, robot, now)


def test_a_login_and_a_person_have_one_account(robot: Actor, now: datetime, db: None) -> None:
    account, _password = open_account("lin", robot, now)

    with pytest.raises(services.BadAccount, match="已被使用"):
        open_account("LIN", robot, now)
    with pytest.raises(services.BadAccount, match="已有账号"):
        services.create_account(login="other", person=account.person, actor=robot, now=now)
    assert len(register_facts()) == 1


def test_changing_the_password_asks_for_the_old_one_and_a_good_new_one(
    robot: Actor, now: datetime, db: None
) -> None:
    account, password = open_account("lin", robot, now)
    me = clerk(key=f"account:{account.pk}")

    for old, new, says in [
        ("wrong", "x", "原密码"),
        (password, password, "相同"),
        (password, "password12", "常用|common|常见"),
    ]:
        with pytest.raises(services.WeakPassword, match=says):
            services.change_password(account=account, old=old, new=new, actor=me, now=now)
    with pytest.raises(NotAllowed):
        services.change_password(
            account=account, old=password, new="刺桐花开红似火啊啊", actor=clerk(key="account:0"), now=now
        )
    services.change_password(account=account, old=password, new="刺桐花开红似火, 2026", actor=me, now=now)

    account.refresh_from_db()
    assert account.one_time_until is None
    assert account.check_password("刺桐花开红似火, 2026")


@pytest.mark.parametrize("shut", ["lock", "close", "reset"])
def test_shutting_an_account_out_ends_its_sessions_and_no_others(
    shut: str, city: dict[str, Unit], robot: Actor, now: datetime
) -> None:
    account, _password = open_account("lin", robot, now)
    other, _other_password = open_account("chen", robot, now)
    signed_in(account), signed_in(account)
    kept = signed_in(other)
    give(account, city["water"], robot, now)

    if shut == "lock":
        services.lock(account=account, reason="离岗", actor=robot, now=now)
    elif shut == "close":
        services.close(account=account, actor=robot, now=now)
    else:
        services.reset_password(account=account, actor=robot, now=now)

    assert list(StaffSession.objects.values_list("pk", flat=True)) == [kept]
    account.refresh_from_db()
    assert account.is_active == (shut == "reset")
    assert account.grants.filter(valid_to=None).count() == (0 if shut == "close" else 1)


def test_a_locked_account_cannot_sign_in_and_an_unlocked_one_can(
    robot: Actor, now: datetime, db: None
) -> None:
    account, password = open_account("lin", robot, now)
    services.lock(account=account, reason="离岗", actor=robot, now=now)

    with pytest.raises(door.SignInRefused):
        door.sign_in(login="lin", password=password, address="a", now=now)
    with pytest.raises(NotAllowed):
        actor_of(account, ROLES, TODAY)
    services.unlock(account=account, actor=robot, now=now)

    assert door.sign_in(login="lin", password=password, address="a", now=now) == account


def test_nobody_administers_or_grants_to_themself(city: dict[str, Unit], robot: Actor, now: datetime) -> None:
    account, _password = open_account("lin", robot, now)
    me = clerk("people.create", "people.grant", "people.lock", key=f"account:{account.pk}")

    with pytest.raises(NotAllowed, match="自己"):
        give(account, city["water"], me, now)
    for service in (services.reset_password, services.unlock, services.close):
        with pytest.raises(NotAllowed, match="自己"):
            service(account=account, actor=me, now=now)
    assert not Grant.objects.exists()


def test_a_grant_needs_the_right_in_that_unit_and_a_city_role_needs_it_everywhere(
    city: dict[str, Unit], robot: Actor, now: datetime
) -> None:
    account, _password = open_account("lin", robot, now)
    county = clerk("people.grant", path="/county-1/", key="account:999")

    give(account, city["town-1"], county, now)
    for unit, role in [(city["water"], UNIT_ROLE), (city["county-1"], CITY_ROLE)]:
        with pytest.raises(NotAllowed):
            give(account, unit, county, now, role)
    assert Grant.objects.count() == 1


def test_a_role_ends_with_its_day(city: dict[str, Unit], robot: Actor, now: datetime) -> None:
    account, _password = open_account("lin", robot, now)
    give(account, city["water"], robot, now, until=TODAY)

    assert actor_of(account, ROLES, date(2026, 3, 1)).may("test.read", "/water/")
    assert not actor_of(account, ROLES, TODAY).may("test.read")
    assert not actor_of(account, ROLES, date(2025, 12, 31)).may("test.read")


def test_a_role_revoked_tomorrow_still_counts_today(
    city: dict[str, Unit], robot: Actor, now: datetime
) -> None:
    account, _password = open_account("lin", robot, now)
    made = give(account, city["water"], robot, now)
    with pytest.raises(services.BadAccount, match="早于今天"):
        services.revoke(grant=made, until=date(2026, 3, 1), actor=robot, now=now)

    services.revoke(grant=made, until=date(2026, 3, 3), actor=robot, now=now)

    assert actor_of(account, ROLES, TODAY).may("test.read")
    assert not actor_of(account, ROLES, date(2026, 3, 3)).may("test.read")
    assert register_facts()[-1].fact == "RoleRevoked"


def test_the_same_role_is_not_granted_twice_over_the_same_days(
    city: dict[str, Unit], robot: Actor, now: datetime
) -> None:
    account, _password = open_account("lin", robot, now)
    give(account, city["water"], robot, now)

    with pytest.raises(services.BadAccount, match="已有“联络员”"):
        give(account, city["water"], robot, now, until=date(2026, 5, 1))
    give(account, city["housing"], robot, now)


def test_an_administrator_of_a_county_sees_only_its_accounts(
    city: dict[str, Unit], robot: Actor, now: datetime
) -> None:
    inside, _one = open_account("in", robot, now)
    outside, _two = open_account("out", robot, now)
    give(inside, city["town-1"], robot, now)
    give(outside, city["water"], robot, now)

    county = clerk("people.create", "people.lock", path="/county-1/", key="account:999")
    assert list(queries.accounts(county)) == [inside]
    assert list(queries.accounts(clerk("people.create", key="account:999"))) == [inside, outside]
    assert list(queries.accounts(clerk("test.read"))) == []
    with pytest.raises(NotAllowed):
        services.lock(account=outside, reason="x", actor=county, now=now)


def test_each_failure_beyond_four_doubles_the_wait_up_to_a_quarter_hour(db: None) -> None:
    waits = []
    at = moment("2026-03-02 09:00")
    for _try in range(16):
        waits.append(door.failures(login="lin", address="a", now=at) // timedelta(seconds=1))
        door.note_failure(login="lin", address="a", now=at)

    assert waits == [0, 0, 0, 0, 0, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900]
    assert door.failures(login="lin", address="b", now=at) > door.NONE
    assert door.failures(login="chen", address="a", now=at) == door.NONE
    assert door.failures(login="lin", address="a", now=at + timedelta(minutes=15)) == door.NONE


def test_the_sixth_try_at_once_is_refused_even_with_the_right_password(
    robot: Actor, now: datetime, db: None
) -> None:
    account, password = open_account("lin", robot, now)
    for _try in range(5):
        with pytest.raises(door.SignInRefused, match="错误"):
            door.sign_in(login="lin", password="guess", address="a", now=now)

    with pytest.raises(door.SignInRefused, match="2 秒") as refused:
        door.sign_in(login="lin", password=password, address="a", now=now)
    assert refused.value.wait == timedelta(seconds=2)
    later = now + timedelta(seconds=2)
    assert door.sign_in(login="lin", password=password, address="a", now=later) == account
    assert not FailedTry.objects.exists()


def test_failed_tries_keep_neither_login_nor_address(db: None, now: datetime) -> None:
    door.note_failure(login="my-password", address="10.1.2.3", now=now)

    row = FailedTry.objects.get()
    assert b"my-password" not in bytes(row.login) and b"10.1.2.3" not in bytes(row.address)


def test_holders_are_those_of_the_unit_itself_whose_role_carries_the_capability(
    city: dict[str, Unit], robot: Actor, now: datetime
) -> None:
    unit_holder, _one = open_account("in", robot, now)
    city_holder, _two = open_account("out", robot, now)
    give(unit_holder, city["water"], robot, now)
    give(city_holder, city["office"], robot, now, CITY_ROLE)

    found = queries.holders([unit.pk for unit in city.values()], "test.read", ROLES, TODAY)
    assert found == {city["water"].pk: [unit_holder.pk]}
    assert queries.city_holders("test.read", ROLES, TODAY) == [city_holder.pk]
    assert queries.holders([city["water"].pk], "test.write", ROLES, TODAY) == {}
