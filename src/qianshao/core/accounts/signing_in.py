"""Sign in with a password: failed tries slow the next one down, for the login and for the address alike.

GB/T 22239—2019 8.1.4.1 b: handle failed sign-ins and limit tries.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth import authenticate
from django.db.models import Count, Max
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from . import second, trail
from .models import Account, FailedTry

_WINDOW = timedelta(hours=1)
NONE = timedelta()


class SignInRefused(ValueError):
    """No sign-in; ``wait`` is the pause before the next try. The sentence never says which part was wrong."""

    def __init__(self, sentence: str, wait: timedelta = NONE) -> None:
        super().__init__(sentence)
        self.wait = wait


def failures(*, login: str, address: str, now: datetime) -> timedelta:
    """How long this login, or anybody at this address, has to wait still; zero when they may try.

    The fifth failure within an hour costs 2 s, each further one twice that, at most 15 minutes (``settings.SIGN_IN_FREE``
    and ``settings.SIGN_IN_LONGEST``). An office shares one address, so an address may fail more often before it waits.
    """
    return max(_wait("login", login.lower(), now), _wait("address", address, now))


def _wait(column: str, value: str, now: datetime) -> timedelta:
    tries = FailedTry.objects.filter(**{column: _digest(column, value), "at__gt": now - _WINDOW})
    state = tries.aggregate(n=Count("id"), last=Max("at"))
    last: datetime | None = state["last"]
    beyond = state["n"] - settings.SIGN_IN_FREE[column]
    if last is None or beyond <= 0:
        return NONE
    pause: timedelta = min(timedelta(seconds=2 ** min(beyond, 12)), settings.SIGN_IN_LONGEST)
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


def slow_down(*, login: str, address: str, now: datetime) -> None:
    """Raise ``SignInRefused`` while the login or the address has to wait; it says how long."""
    wait = failures(login=login, address=address, now=now)
    if wait > NONE:
        seconds = -(-wait // timedelta(seconds=1))
        if seconds < 60:
            raise SignInRefused(
                ngettext(
                    "尝试次数过多，请 {n} 秒后再试。", "尝试次数过多，请 {n} 秒后再试。", seconds
                ).format(n=seconds),
                wait,
            )
        minutes = -(-seconds // 60)
        raise SignInRefused(
            ngettext(
                "尝试次数过多，请 {n} 分钟后再试。", "尝试次数过多，请 {n} 分钟后再试。", minutes
            ).format(n=minutes),
            wait,
        )


def _refused(account: Account | None, now: datetime) -> None:
    """A line of the trail: whose account it was, or that nobody has such a login. What was typed may be a password."""
    trail.write(
        trail.REFUSED,
        actor=f"account:{account.pk}" if account else "",
        now=now,
        about="" if account else "no such login",
        allowed=False,
    )


def sign_in(*, login: str, password: str, address: str, now: datetime) -> Account:
    """The account these words belong to; raises ``SignInRefused``. One-time passwords end after seven days.

    An account whose ``one_time_until`` is set must change its password before anything else, and one that has a second
    factor is not in before that: see ``second_step``.
    """
    slow_down(login=login, address=address, now=now)
    account = authenticate(None, username=login.lower(), password=password)
    if not isinstance(account, Account) or (
        account.one_time_until is not None and account.one_time_until <= now
    ):
        note_failure(login=login, address=address, now=now)
        _refused(Account.objects.filter(login=login.lower()).first(), now)
        raise SignInRefused(_("登录名或密码错误，或账号已停用。"))
    forget_failures(login=login)
    return account


def _step_name(account: Account) -> str:
    return f"second/{account.pk}"  # no login has a slash


def second_step(*, account: Account, code: str, address: str, now: datetime) -> str:
    """Check the code of an account that has given its password; ``code`` or ``recovery``. Raises ``SignInRefused``.

    Wrong codes are counted apart from wrong passwords: who has the password may not reset the count of the codes.
    """
    slow_down(login=_step_name(account), address=address, now=now)
    how = second.check(account, code, now) if account.is_active else None
    if how is None:
        note_failure(login=_step_name(account), address=address, now=now)
        _refused(account, now)
        raise SignInRefused(_("验证码错误或已用过，请等待下一个验证码后再试。"))
    forget_failures(login=_step_name(account))
    return how


def confirm_password(*, account: Account, password: str, address: str, now: datetime) -> None:
    """Somebody signed in proves to be the account's owner still; raises ``SignInRefused``. Counted like a sign-in."""
    slow_down(login=account.login, address=address, now=now)
    if not account.check_password(password):
        note_failure(login=account.login, address=address, now=now)
        _refused(account, now)
        raise SignInRefused(_("当前密码不对，请重新输入。"))
    forget_failures(login=account.login)
