"""Tokens: part of their owner's rights, until they end, and never more than the owner has that day."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from qianshao.core.accounts import services, tokens
from qianshao.core.accounts.actor import Actor, NotAllowed, actor_of
from qianshao.core.accounts.models import Account, Grant, Token
from qianshao.core.org.models import Person, Unit
from qianshao.kernel.declare import Role

pytestmark = [pytest.mark.django_db, pytest.mark.database]

ROLES = {"test.unit": Role("test.unit", "联络员", frozenset({"test.read", "test.write", "people.lock"}))}
TODAY = date(2026, 3, 2)


@pytest.fixture
def owner(city: dict[str, Unit], robot: Actor, now: datetime) -> Account:
    account, _password = services.create_account(
        login="lin", person=Person.objects.create(name="林一"), actor=robot, now=now
    )
    Grant.objects.create(account=account, role="test.unit", unit=city["water"], valid_from=date(2026, 1, 1))
    return account


def made(owner: Account, now: datetime, *scopes: str, days: int = 30) -> str:
    me = actor_of(owner, ROLES, TODAY)
    return tokens.make(account=owner, name="同步", scopes=scopes, days=days, actor=me, now=now)[1]


def test_a_token_acts_with_its_scopes_where_its_owner_may(owner: Account, now: datetime) -> None:
    actor = tokens.actor_by(made(owner, now, "test.read"), ROLES, TODAY, now)

    assert actor is not None
    assert actor.key == f"account:{owner.pk}"
    assert actor.may("test.read", "/water/") and not actor.may("test.read", "/housing/")
    assert not actor.may("test.write")


def test_a_token_loses_what_its_owner_loses(owner: Account, now: datetime, robot: Actor) -> None:
    text = made(owner, now, "test.read", "test.write")
    owner.grants.update(valid_to=TODAY)

    actor = tokens.actor_by(text, ROLES, TODAY, now)
    assert actor is not None and not actor.scopes
    services.lock(account=owner, reason="离岗", actor=robot, now=now)
    assert tokens.actor_by(text, ROLES, TODAY, now) is None


def test_it_ends_with_its_day_and_when_it_is_revoked(owner: Account, now: datetime) -> None:
    text = made(owner, now, "test.read", days=1)

    assert tokens.actor_by(text, ROLES, TODAY, now + timedelta(hours=23)) is not None
    assert tokens.actor_by(text, ROLES, TODAY, now + timedelta(days=1)) is None
    tokens.revoke(token=Token.objects.get(), actor=actor_of(owner, ROLES, TODAY), now=now)
    assert tokens.actor_by(text, ROLES, TODAY, now) is None


def test_only_a_digest_is_kept_and_the_last_use(owner: Account, now: datetime) -> None:
    text = made(owner, now, "test.read")
    tokens.actor_by(text, ROLES, TODAY, now)

    row = Token.objects.get()
    assert text not in str(Token.objects.values()) and bytes(row.digest) != text.encode()
    assert row.used_at == now
    assert tokens.actor_by(text + "x", ROLES, TODAY, now) is None


@pytest.mark.parametrize(
    ("scopes", "days", "says"),
    [
        ((), 30, "至少选择一项"),
        (("test.other",), 30, "test.other"),
        (("people.lock",), 30, "people.lock"),
        (("test.read",), 0, "1 至 366"),
        (("test.read",), 367, "1 至 366"),
    ],
)
def test_a_token_holds_nothing_its_owner_lacks_and_no_right_over_people(
    owner: Account, now: datetime, scopes: tuple[str, ...], days: int, says: str
) -> None:
    with pytest.raises(tokens.BadToken, match=says):
        made(owner, now, *scopes, days=days)


def test_nobody_makes_or_revokes_another_ones_token(owner: Account, now: datetime) -> None:
    made(owner, now, "test.read")
    stranger = Actor(key="account:0", name="", unit="", post="", scopes={"test.read": ("/",)})

    with pytest.raises(NotAllowed):
        tokens.make(account=owner, name="x", scopes=["test.read"], days=1, actor=stranger, now=now)
    with pytest.raises(NotAllowed):
        tokens.revoke(token=Token.objects.get(), actor=stranger, now=now)
