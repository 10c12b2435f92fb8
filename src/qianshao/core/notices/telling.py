"""Tell people something once and only once."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction

from qianshao.core.ledger.rows import chunks
from qianshao.kernel.words import Words

from .models import Address, Delivery, Notice, blanks_of


@dataclass(frozen=True, slots=True)
class Telling:
    """A sentence for some accounts (by number); the same key reaches an account once, ever."""

    key: str
    to: Collection[int]
    words: Words
    stream: str = ""


def tell(*, key: str, to: Collection[int], words: Words, stream: str, now: datetime) -> int:
    """Put a notice before each account that has not had this key; how many were new."""
    return tell_many([Telling(key=key, to=to, words=words, stream=stream)], now=now)


def tell_many(tellings: Sequence[Telling], *, now: datetime) -> int:
    """``tell`` for a batch, a handful of queries in one transaction; what goes outside is queued with it."""
    wanted = {(telling.key, account): telling for telling in tellings for account in telling.to}
    if not wanted:
        return 0
    with transaction.atomic():
        had = _had([key for key, _account in wanted])
        fresh = [
            Notice(
                key=key,
                account_id=account,
                text=telling.words.text,
                blanks=blanks_of(telling.words),
                stream=telling.stream,
                made_at=now,
            )
            for (key, account), telling in sorted(wanted.items(), key=lambda item: item[0])
            if (key, account) not in had
        ]
        # Another process may tell the same meanwhile: its row stands and ours is dropped.
        Notice.objects.bulk_create(fresh, ignore_conflicts=True, batch_size=500)
        _queue({notice.key for notice in fresh}, now)
    return len(fresh)


def _had(keys: Collection[str]) -> set[tuple[str, int]]:
    found: set[tuple[str, int]] = set()
    for piece in chunks(sorted(set(keys))):
        found.update(Notice.objects.filter(key__in=piece).values_list("key", "account_id"))
    return found


def _queue(keys: Collection[str], now: datetime) -> None:
    channels = configured()
    if not channels:
        return
    for piece in chunks(sorted(keys)):
        reached = {
            (row.account_id, row.channel)
            for row in Address.objects.filter(channel__in=channels, account__notices__key__in=piece)
        }
        Delivery.objects.bulk_create(
            [
                Delivery(notice_id=pk, channel=channel, again_at=now)
                for pk, account in Notice.objects.filter(key__in=piece).values_list("pk", "account_id")
                for channel in channels
                if (account, channel) in reached
            ],
            ignore_conflicts=True,
            batch_size=500,
        )


def configured() -> tuple[str, ...]:
    """The channels that lead outside; mail is on when NOTICE_FROM names a sender."""
    return ("mail",) if getattr(settings, "NOTICE_FROM", "") else ()


def read(*, account: int, notices: Collection[int] | None, now: datetime) -> int:
    """Mark an account's own notices as read, all of them when none are named."""
    unread = Notice.objects.filter(account_id=account, read_at=None)
    if notices is not None:
        unread = unread.filter(pk__in=notices)
    return unread.update(read_at=now)
