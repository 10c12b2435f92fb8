"""Accounts through the pages: who may open, grant and lock, that nobody holds two offices, and two people make one."""

from __future__ import annotations

import re
from datetime import date

import pytest
from cast import SignIn
from django.test import Client
from django.utils import timezone

from qianshao.core.accounts.models import Account, Grant, Proposal, StaffSession, Trail
from qianshao.core.duties import registry
from qianshao.core.org.models import Holding, Person, Unit
from qianshao.kernel.declare import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def clerk_account(city: dict[str, Unit]) -> Account:
    made = Account(login="clerk", person=Person.objects.create(name="陈二"))
    made.set_password("望潮-fine-harbour-22")
    made.save()
    return made


def act(client: Client, account: Account, do: str, **more: str) -> str:
    answer = client.post(f"/people/{account.pk}/", {"do": do, **more}, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_system_administrator_opens_an_account_without_rights_and_sees_its_password_once(
    sign_in: SignIn,
) -> None:
    sysadmin = sign_in("sysadmin")
    answer = sysadmin.post(
        "/people/", {"name": "王三", "login": "Wang.San", "unit": "水利局", "post": "科员"}, follow=True
    )

    page = answer.content.decode()
    once = re.search(r'id="once-text">([^<]+)<', page)
    account = Account.objects.get(login="wang.san")
    assert once and account.check_password(once.group(1))
    assert account.grants.count() == 0
    assert Holding.objects.get(person=account.person).post.unit.code == "water"
    assert "once-text" not in sysadmin.get(f"/people/{account.pk}/").content.decode()
    assert Client().post("/sign-in/", {"login": "wang.san", "password": once.group(1)}).status_code == 302


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ({"name": "无名", "login": "x"}, "人员表中没有"),
        ({"name": "陈二", "login": "clerk"}, "已有账号"),
        ({"name": "王三", "login": "王三", "unit": "水利局", "post": "科员"}, "只能用字母"),
        ({"name": "王三", "login": "w", "unit": "没有这个局", "post": "科员"}, "没有叫"),
    ],
)
def test_an_account_that_cannot_be_opened_says_why_and_leaves_nobody_on_the_roster(
    sign_in: SignIn, clerk_account: Account, asked: dict[str, str], says: str
) -> None:
    sysadmin = sign_in("sysadmin")
    people = Person.objects.count()
    answer = sysadmin.post("/people/", asked)

    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert Person.objects.count() == people


def test_SEC_12_the_security_administrator_grants_revokes_and_locks_and_opens_nothing(
    sign_in: SignIn, clerk_account: Account
) -> None:
    secadmin = sign_in("secadmin")

    assert "已授予" in act(secadmin, clerk_account, "grant", role="hotline.unit", unit="水利局")
    grant = Grant.objects.get(account=clerk_account)
    assert (grant.role, grant.unit.code, grant.valid_from) == ("hotline.unit", "water", timezone.localdate())
    assert "已收回" in act(secadmin, clerk_account, "revoke", grant=str(grant.pk))
    client = Client()
    client.force_login(clerk_account)
    assert "请写明停用的原因" in act(secadmin, clerk_account, "lock")
    act(secadmin, clerk_account, "lock", reason="离岗")
    assert not StaffSession.objects.filter(account=clerk_account).exists()
    act(secadmin, clerk_account, "unlock")
    assert Account.objects.get(pk=clerk_account.pk).is_active
    assert "没有" in act(secadmin, clerk_account, "reset")
    assert secadmin.post("/people/", {"name": "陈二", "login": "x"}).status_code == 403


def test_the_system_administrator_grants_and_locks_nothing(sign_in: SignIn, clerk_account: Account) -> None:
    sysadmin = sign_in("sysadmin")

    for do, more in (("grant", {"role": "mayor", "unit": "city"}), ("lock", {"reason": "x"})):
        act(sysadmin, clerk_account, do, **more)
    assert not Grant.objects.filter(account=clerk_account).exists()
    assert Account.objects.get(pk=clerk_account.pk).is_active


def test_SEC_08_nobody_grants_to_themself(sign_in: SignIn) -> None:
    secadmin = sign_in("secadmin")
    own = Account.objects.get(login="secadmin-city")

    assert "不能给自己授权" in act(secadmin, own, "grant", role="mayor", unit="city")
    assert Grant.objects.filter(account=own).count() == 1


def test_SEC_08_an_administrator_is_made_by_two(sign_in: SignIn, clerk_account: Account) -> None:
    one = sign_in("secadmin")
    two = sign_in("secadmin", "office", "何三")

    assert "待另一名安全管理员确认" in act(one, clerk_account, "grant", role="auditor", unit="city")
    assert not Grant.objects.filter(account=clerk_account).exists()
    proposal = Proposal.objects.get()
    assert "提出的人不能自己确认" in act(one, clerk_account, "confirm", proposal=str(proposal.pk))
    assert "已授予" in act(two, clerk_account, "confirm", proposal=str(proposal.pk))
    assert Grant.objects.get(account=clerk_account).role == "auditor"
    assert list(
        Trail.objects.filter(act__startswith="Role").order_by("pk").values_list("act", flat=True)
    ) == [
        "RoleProposed",
        "RoleGranted",
    ]


@pytest.mark.parametrize("first", ["sysadmin", "secadmin", "auditor", "mayor"])
@pytest.mark.parametrize("then", ["sysadmin", "secadmin", "auditor", "mayor"])
def test_SEC_13_no_administrator_holds_two_roles(
    sign_in: SignIn, clerk_account: Account, city: dict[str, Unit], first: str, then: str
) -> None:
    if first == then:
        return
    Grant.objects.create(account=clerk_account, role=first, unit=city["city"], valid_from=date(2020, 1, 1))
    page = act(sign_in("secadmin"), clerk_account, "grant", role=then, unit="city")

    assert "不能兼任" in page
    assert Grant.objects.filter(account=clerk_account).count() == 1
    assert not Proposal.objects.exists()


@pytest.mark.parametrize("role", ["mayor", "office.head", "auditor", "rules.keeper", "hotline.unit"])
def test_the_pages_are_nobody_elses(sign_in: SignIn, clerk_account: Account, role: str) -> None:
    client = sign_in(role)

    assert client.get("/people/").status_code == 403
    assert client.get(f"/people/{clerk_account.pk}/").status_code == 403
    assert client.post(f"/people/{clerk_account.pk}/", {"do": "reset"}).status_code == 403


def test_a_county_sees_accounts_of_its_own_only_and_others_are_not_there(
    sign_in: SignIn, clerk_account: Account, city: dict[str, Unit], monkeypatch: pytest.MonkeyPatch
) -> None:
    Grant.objects.create(
        account=clerk_account, role="hotline.unit", unit=city["water"], valid_from=date(2020, 1, 1)
    )
    county = {**registry.roles(), "secadmin": Role("secadmin", "安全管理员", frozenset({"people.lock"}))}
    monkeypatch.setattr(registry, "roles", lambda: county)
    client = sign_in("secadmin", "county-1")

    assert "陈二" not in client.get("/people/").content.decode()
    assert client.get(f"/people/{clerk_account.pk}/").status_code == 404


def test_SEC_20_administrators_pages_open_only_from_the_named_networks(
    sign_in: SignIn, settings: pytest.FixtureRequest
) -> None:
    settings.ADMIN_NETWORKS = ("10.8.0.0/16",)
    secadmin = sign_in("secadmin")

    assert secadmin.get("/people/", REMOTE_ADDR="10.8.3.4").status_code == 200
    assert secadmin.get("/people/", REMOTE_ADDR="10.9.3.4").status_code == 404
    assert (
        secadmin.get("/people/", REMOTE_ADDR="10.9.3.4", HTTP_X_FORWARDED_FOR="10.8.3.4").status_code == 404
    )
    assert secadmin.get("/ledger/", REMOTE_ADDR="10.9.3.4").status_code == 200
