"""Make, find and revoke calendars."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from qianshao.core.accounts.models import Account
from qianshao.core.org.models import Unit

from .models import Feed

MOST = 10
_READ_NOTED = timedelta(hours=1)  # programs ask often; one write an hour says enough


class TooMany(ValueError):
    """The account has as many calendars as anybody needs."""


def make(*, account: Account, unit: Unit | None, holidays: bool, now: datetime) -> str:
    """Make a calendar; the secret (256 bits) is returned once, only its digest is kept."""
    with transaction.atomic():
        Account.objects.select_for_update(of=("self",)).get(pk=account.pk)
        if account.feeds.filter(revoked_at=None).count() >= MOST:
            raise TooMany(_("每人最多有 {n} 个日历订阅，请先停用不用的。").format(n=MOST))
        token = secrets.token_urlsafe(32)
        Feed.objects.create(account=account, unit=unit, holidays=holidays, digest=_digest(token), made_at=now)
    return token


def find(token: str, now: datetime) -> Feed | None:
    """The calendar of a secret, None when there is none, or no longer."""
    kept = Feed.objects.select_related("account__person", "unit")
    feed = kept.filter(digest=_digest(token), revoked_at=None).first()
    if feed is not None and (feed.read_at is None or now - feed.read_at > _READ_NOTED):
        Feed.objects.filter(pk=feed.pk).update(read_at=now)
    return feed


def revoke(*, account: Account, feed: int, now: datetime) -> bool:
    """End one's own calendar at once; whether there was one."""
    return bool(account.feeds.filter(pk=feed, revoked_at=None).update(revoked_at=now))


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
