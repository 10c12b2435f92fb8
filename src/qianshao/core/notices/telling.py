"""Tell people something once and only once."""

from __future__ import annotations

import logging
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from qianshao.core.ledger.rows import chunks
from qianshao.kernel.words import Words

from . import channels, preferences, sorts
from .models import Address, Delivery, Notice, blanks_of

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Telling:
    """A sentence for some accounts (by number); the same key reaches an account once, ever.

    ``sort`` is one of ``sorts``; ``urgent`` keeps no quiet hours and waits for no digest.
    """

    key: str
    to: Collection[int]
    words: Words
    stream: str = ""
    sort: str = sorts.TASK
    link: str = ""
    urgent: bool = False


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
                sort=telling.sort,
                link=telling.link,
                urgent=telling.urgent,
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
    names = configured()
    if not names:
        return
    for piece in chunks(sorted(keys)):
        notices = list(Notice.objects.filter(key__in=piece))
        accounts = {notice.account_id for notice in notices}
        reached = set(
            Address.objects.filter(channel__in=names, account__in=accounts).values_list("account", "channel")
        )
        wishes = preferences.of(accounts)
        Delivery.objects.bulk_create(
            [
                Delivery(
                    notice=notice,
                    channel=channel,
                    together=wish.together(urgent=notice.urgent),
                    again_at=wish.moment(now, urgent=notice.urgent),
                )
                for notice in notices
                for wish in (wishes.get(notice.account_id, preferences.Wishes({})),)
                for channel in names
                if (notice.account_id, channel) in reached and channel in wish.channels(notice.sort)
            ],
            ignore_conflicts=True,
            batch_size=500,
        )


def configured() -> tuple[str, ...]:
    """The channels that lead outside; a file that cannot be read stops what goes outside, not what people see here."""
    try:
        return tuple(channels.current().by_name)
    except channels.BadChannels as error:
        log.error("%s", error)
        return ()


def read(*, account: int, notices: Collection[int] | None, now: datetime) -> int:
    """Mark an account's own notices as read, all of them when none are named."""
    unread = Notice.objects.filter(account_id=account, read_at=None)
    if notices is not None:
        unread = unread.filter(pk__in=notices)
    return unread.update(read_at=now)
