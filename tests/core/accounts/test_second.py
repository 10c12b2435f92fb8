"""The second factor: RFC 6238's own numbers, no code twice, recovery codes once, and nothing readable in the tables."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from authenticator import code_at
from django.db import connection

from qianshao.core.accounts import second, services
from qianshao.core.accounts import signing_in as door
from qianshao.core.accounts.actor import Actor
from qianshao.core.accounts.models import Account, CodeMaker, RecoveryCode
from qianshao.core.org.models import Person

pytestmark = [pytest.mark.django_db, pytest.mark.database]

# RFC 6238, appendix B, SHA-1; the last six of its eight digits.
RFC = [
    (59, "287082"),
    (1111111109, "081804"),
    (1111111111, "050471"),
    (1234567890, "005924"),
    (2000000000, "279037"),
    (20000000000, "353130"),
]


@pytest.fixture
def account(robot: Actor, now: datetime) -> Account:
    person = Person.objects.create(name="林一")
    return services.create_account(login="lin", person=person, actor=robot, now=now)[0]


@pytest.mark.parametrize(("seconds", "code"), RFC)
def test_the_numbers_of_the_standard(seconds: int, code: str) -> None:
    at = datetime.fromtimestamp(seconds, UTC)
    secret = b"12345678901234567890"

    assert second.step_of(secret, code, at) == seconds // 30
    assert second.step_of(secret, code, at + timedelta(seconds=30)) == seconds // 30
    assert second.step_of(secret, code, at + timedelta(seconds=60)) is None
    assert second.step_of(secret, code, at, after=seconds // 30) is None
    assert code_at(secret, at) == code


def test_it_is_set_up_with_a_right_code_only(account: Account, now: datetime) -> None:
    secret = second.new_secret()

    assert second.set_up(account, secret, "000000", now) is None or code_at(secret, now) == "000000"
    assert not second.has(account)
    codes = second.set_up(account, secret, code_at(secret, now), now)
    assert codes is not None and len(set(codes)) == 10
    assert second.has(account)


def test_a_code_is_good_once_and_the_next_one_after_it(account: Account, now: datetime) -> None:
    secret = second.new_secret()
    second.set_up(account, secret, code_at(secret, now), now)
    later = now + timedelta(seconds=30)

    assert second.check(account, code_at(secret, now), now) is None  # used to set it up
    assert second.check(account, code_at(secret, later), later) == "code"
    assert second.check(account, code_at(secret, later), later) is None


def test_a_recovery_code_is_good_once_however_it_is_typed(account: Account, now: datetime) -> None:
    secret = second.new_secret()
    codes = second.set_up(account, secret, code_at(secret, now), now)
    assert codes

    assert second.check(account, codes[3].upper().replace("-", " "), now) == "recovery"
    assert second.check(account, codes[3], now) is None
    assert second.codes_left(account) == 9
    fresh = second.fresh_codes(account)
    assert second.check(account, codes[4], now) is None
    assert second.check(account, fresh[0], now) == "recovery"


def test_neither_secret_nor_codes_can_be_read_from_the_tables(account: Account, now: datetime) -> None:
    secret = second.new_secret()
    codes = second.set_up(account, secret, code_at(secret, now), now)
    assert codes

    with connection.cursor() as cursor:
        cursor.execute("SELECT secret FROM accounts_codemaker")
        kept = bytes(cursor.fetchone()[0])
        cursor.execute("SELECT digest FROM accounts_recoverycode")
        digests = b"".join(bytes(row[0]) for row in cursor.fetchall())
    assert secret not in kept
    assert not any(code.replace("-", "").encode() in digests for code in codes)


def test_a_sealed_secret_moved_to_another_account_opens_nothing(
    account: Account, robot: Actor, now: datetime
) -> None:
    secret = second.new_secret()
    second.set_up(account, secret, code_at(secret, now), now)
    person = Person.objects.create(name="陈二")
    other, _password = services.create_account(login="chen", person=person, actor=robot, now=now)
    CodeMaker.objects.create(account=other, secret=bytes(account.code_maker.secret), last_step=0, made_at=now)

    assert second.check(other, code_at(secret, now), now) is None


def test_wrong_codes_make_the_next_try_wait_and_a_right_password_does_not_reset_them(
    account: Account, now: datetime
) -> None:
    secret = second.new_secret()
    second.set_up(account, secret, code_at(secret, now), now)
    account.set_password("望潮-harbour-1")
    account.one_time_until = None
    account.save()
    wrong = "111111" if code_at(secret, now) != "111111" else "222222"
    for _try in range(5):
        with pytest.raises(door.SignInRefused, match="验证码错误"):
            door.second_step(account=account, code=wrong, address="a", now=now)
        door.sign_in(login="lin", password="望潮-harbour-1", address="a", now=now)

    with pytest.raises(door.SignInRefused, match="1 秒"):
        later = now + timedelta(seconds=1)
        door.second_step(account=account, code=code_at(secret, later), address="a", now=later)
    later = now + timedelta(seconds=60)
    assert door.second_step(account=account, code=code_at(secret, later), address="a", now=later) == "code"


def test_forgetting_takes_everything_and_ends_the_sessions(
    account: Account, robot: Actor, now: datetime
) -> None:
    secret = second.new_secret()
    second.set_up(account, secret, code_at(secret, now), now)

    services.forget_second_factor(account=account, reason="手机丢失", actor=robot, now=now)

    assert not second.has(account) and not RecoveryCode.objects.exists()
