"""Note what was opened, follow and let go."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta

from django.db import DatabaseError, transaction
from django.utils.translation import gettext as _

from qianshao.core.accounts.models import Account
from qianshao.core.duties.models import Duty

from .models import Follow, Opened
from .standing import seen

KEPT = 30  # duties lately opened
MOST = 200  # things one account may follow
WHATS = ("duty", "unit", "figure")
_AGAIN = timedelta(minutes=10)  # a page opened again so soon is not noted again: reading need not write


class TooMany(ValueError):
    """The account follows as much as it may."""


def opened(*, account: Account, stream: str, now: datetime) -> None:
    """Note that a duty was opened. A database that takes no writes now must not keep anybody from reading."""
    last = Opened.objects.filter(account=account, stream=stream).values_list("at", flat=True).first()
    if last is not None and timedelta() <= now - last < _AGAIN:
        return
    with suppress(DatabaseError), transaction.atomic():
        Opened.objects.update_or_create(account=account, stream=stream, defaults={"at": now})
        kept = Opened.objects.filter(account=account).order_by("-at", "-id").values_list("pk", flat=True)
        Opened.objects.filter(account=account).exclude(pk__in=list(kept[:KEPT])).delete()


def lately(account: Account, most: int = KEPT) -> list[str]:
    """The streams an account opened, the last one first; whoever shows them asks again who may see them."""
    found = Opened.objects.filter(account=account).order_by("-at", "-id")
    return list(found.values_list("stream", flat=True)[:most])


def forget(account: Account) -> None:
    """Empty the list of what an account opened."""
    Opened.objects.filter(account=account).delete()


def follow(*, account: Account, what: str, key: str, now: datetime) -> Follow:
    """Follow a duty, a unit or a figure; again changes nothing. Raises ``TooMany``.

    Whether the account may see it is the caller's question, and asked again whenever something is told.
    """
    if what not in WHATS:
        raise ValueError(what)
    found = Follow.objects.filter(account=account, what=what, key=key).first()
    if found is not None:
        return found
    if Follow.objects.filter(account=account).count() >= MOST:
        raise TooMany(_("最多关注 {n} 项，请先取消不再需要的。").format(n=MOST))
    row = Follow(account=account, what=what, key=key, since=now)
    if what == "duty":
        seen(row, Duty.objects.get(stream=key), now)
    Follow.objects.bulk_create([row], ignore_conflicts=True)
    return Follow.objects.get(account=account, what=what, key=key)


def unfollow(*, account: Account, what: str, key: str) -> None:
    """Let go of it; what is not followed is let go of already."""
    Follow.objects.filter(account=account, what=what, key=key).delete()


def follows(account: Account, what: str, key: str) -> bool:
    """Whether an account follows this."""
    return Follow.objects.filter(account=account, what=what, key=key).exists()
