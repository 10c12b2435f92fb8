"""Sign in with a password: failed tries slow the next one down, for the login and for the address alike.

GB/T 22239—2019 8.1.4.1 b: handle failed sign-ins and limit tries.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.contrib.auth import authenticate
from django.db.models import Count, Max
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from .models import Account, FailedTry

_WINDOW = timedelta(hours=1)
# An office shares one address, so an address may fail more often than a login before it waits.
_FREE = {"login": 4, "address": 40}
_LONGEST = timedelta(minutes=15)
NONE = timedelta()


class SignInRefused(ValueError):
    """No sign-in; ``wait`` is the pause before the next try. The sentence never says which part was wrong."""

    def __init__(self, sentence: str, wait: timedelta = NONE) -> None:
        super().__init__(sentence)
        self.wait = wait


def failures(*, login: str, address: str, now: datetime) -> timedelta:
    """How long this login, or anybody at this address, has to wait still; zero when they may try.

    The fifth failure within an hour costs 2 s, each further one twice that, at most 15 minutes.
    """
    return max(_wait("login", login.lower(), now), _wait("address", address, now))


def _wait(column: str, value: str, now: datetime) -> timedelta:
    tries = FailedTry.objects.filter(**{column: _digest(column, value), "at__gt": now - _WINDOW})
    state = tries.aggregate(n=Count("id"), last=Max("at"))
    last: datetime | None = state["last"]
    beyond = state["n"] - _FREE[column]
    if last is None or beyond <= 0:
        return NONE
    pause = min(timedelta(seconds=2 ** min(beyond, 10)), _LONGEST)
    return max(last + pause - now, NONE)


def _digest(column: str, value: str) -> bytes:
    return salted_hmac(f"qianshao.failed.{column}", value, algorithm="sha256").digest()


def note_failure(*, login: str, address: str, now: datetime) -> None:
    """Remember a failed try, and forget those too old to count."""
    FailedTry.objects.filter(at__lte=now - _WINDOW).delete()
    FailedTry.objects.create(
        login=_digest("login", login.lower()), address=_digest("address", address), at=now
    )


def forget_failures(*, login: str) -> None:
    """The right person signed in, or an administrator vouched for them."""
    FailedTry.objects.filter(login=_digest("login", login.lower())).delete()


def sign_in(*, login: str, password: str, address: str, now: datetime) -> Account:
    """The account these words belong to; raises ``SignInRefused``. One-time passwords end after seven days.

    An account whose ``one_time_until`` is set must change its password before anything else.
    """
    wait = failures(login=login, address=address, now=now)
    if wait > NONE:
        raise SignInRefused(
            _("尝试次数过多，请 {n} 秒后再试。").format(n=-(-wait // timedelta(seconds=1))), wait
        )
    account = authenticate(None, username=login.lower(), password=password)
    if not isinstance(account, Account) or (
        account.one_time_until is not None and account.one_time_until <= now
    ):
        note_failure(login=login, address=address, now=now)
        raise SignInRefused(_("登录名或密码错误，或账号已停用。"))
    forget_failures(login=login)
    return account
