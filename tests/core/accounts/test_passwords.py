"""What a password has to be, and how long it lasts."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from cast import clerk
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from qianshao.core.accounts import passwords, services
from qianshao.core.accounts.actor import Actor
from qianshao.core.accounts.models import Account
from qianshao.core.org.models import Person

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def opened(robot: Actor, now: datetime) -> tuple[Account, str]:
    person = Person.objects.create(name="林小满")
    return services.create_account(login="linxm", person=person, actor=robot, now=now)


@pytest.mark.parametrize(
    ("password", "says"),
    [
        ("aB3-xyz", "10"),
        ("abcdefgh12", "至少 3 种"),
        ("Password12", "常"),
        ("ababababababababab", "至少 3 种"),
        ("Linxm-2026-", "登录名或本人姓名"),
        ("林小满-Aa1-Aa1", "登录名或本人姓名"),
    ],
)
def test_a_weak_password_is_refused_with_the_rule_it_breaks(
    opened: tuple[Account, str], password: str, says: str
) -> None:
    with pytest.raises(ValidationError) as refused:
        validate_password(password, opened[0])

    assert says in " ".join(refused.value.messages)


@pytest.mark.parametrize(
    "password", ["望潮-fine-22", "correct horse battery", "k3v9p-q2m4x-7h5tz", "ABCdef123,"]
)
def test_long_words_or_three_kinds_are_enough(opened: tuple[Account, str], password: str) -> None:
    validate_password(password, opened[0])


def test_the_last_five_passwords_are_not_taken_again_and_the_sixth_is(
    opened: tuple[Account, str], now: datetime
) -> None:
    account, password = opened
    me = clerk(key=f"account:{account.pk}")

    def change(old: str, new: str) -> str:
        services.change_password(account=account, old=old, new=new, actor=me, now=now)
        return new

    for number in range(6):
        password = change(password, f"望潮-harbour-{number}")
    with pytest.raises(services.WeakPassword, match="最近 5 个"):
        change(password, "望潮-harbour-1")
    assert change(password, "望潮-harbour-0")
    assert account.past_passwords.count() == 5


def test_a_password_is_too_old_after_its_days_and_never_when_the_days_are_none(
    opened: tuple[Account, str], now: datetime, settings: pytest.FixtureRequest
) -> None:
    account, password = opened
    services.change_password(
        account=account, old=password, new="望潮-harbour-9", actor=clerk(key=f"account:{account.pk}"), now=now
    )

    assert not passwords.too_old(account, now + timedelta(days=90))
    assert passwords.too_old(account, now + timedelta(days=90, seconds=1))
    settings.PASSWORD_DAYS = 0
    assert not passwords.too_old(account, now + timedelta(days=9000))
