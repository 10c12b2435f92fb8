"""Send notices outside: take, send, mark; each step durable, so that a death in between is known and never silently doubled."""

from __future__ import annotations

import hashlib
import logging
import uuid
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection, transaction
from django.utils import translation
from django.utils.translation import gettext as _

from qianshao.core.duties import registry
from qianshao.core.duties.models import Duty
from qianshao.kernel.clock import last_day
from qianshao.kernel.hours import SHANGHAI
from qianshao.kernel.words import chinese

from . import addresses, channels, preferences, sorts
from .models import Address, Delivery, Notice

log = logging.getLogger(__name__)
TRIES = 8
LEASE = timedelta(minutes=5)  # no carrier takes a fifth of it
_PATIENCE = 3  # failures in a row after which a channel rests until the next round
_LISTED = 20  # lines of one day's message


def send_due(now: datetime, limit: int = 50) -> int:
    """Send what waits; a failing one again later, doubling the pause from a minute, eight times. Raises ``BadChannels``."""
    known = channels.current().by_name
    if not known:
        return 0
    recover(now)
    sent = 0
    failing: Counter[str] = Counter()
    for _message in range(limit):
        resting = [name for name in known if failing[name] >= _PATIENCE]
        rows = _take(now, [name for name in known if name not in resting])
        if not rows:
            break
        if _carry(rows, known[rows[0].channel], now):
            sent += 1
            failing[rows[0].channel] = 0
        else:
            failing[rows[0].channel] += 1
    return sent


def recover(now: datetime) -> int:
    """What a process took and never marked: sent once more under the same number, a second time left to a person."""
    lost = Delivery.objects.filter(state="sending", taken_at__lt=now - LEASE)
    given_up = lost.filter(doubtful=True).update(state="uncertain", reason="died", done_at=now)
    return given_up + lost.filter(doubtful=False).update(state="waiting", doubtful=True, again_at=now)


def retry(delivery: int, now: datetime) -> bool:
    """Send a failed or uncertain one again, because a person says so."""
    return bool(
        Delivery.objects.filter(pk=delivery, state__in=("failed", "uncertain")).update(
            state="waiting", tries=0, doubtful=False, again_at=now, reason="", done_at=None
        )
    )


def _take(now: datetime, names: Sequence[str]) -> list[Delivery]:
    """The rows of the next message, marked as being sent before anybody sends them."""
    with transaction.atomic():
        waiting = Delivery.objects.filter(state="waiting", again_at__lte=now, channel__in=names)
        skip = connection.vendor == "postgresql"
        locked = waiting.select_for_update(skip_locked=skip, of=("self",)).select_related("notice__account")
        first = locked.order_by("again_at", "id").first()
        if first is None:
            return []
        rows = [first]
        if first.batch:
            rows = list(locked.filter(batch=first.batch).order_by("id"))
        elif first.together:
            mine = locked.filter(
                together=True, batch="", channel=first.channel, notice__account=first.notice.account_id
            )
            rows = list(mine.order_by("id"))
        batch = first.batch or uuid.uuid4().hex
        for row in rows:
            row.state, row.batch, row.taken_at, row.tries = "sending", batch, now, row.tries + 1
        Delivery.objects.bulk_update(rows, ["state", "batch", "taken_at", "tries"])
    return rows


def _carry(rows: Sequence[Delivery], channel: channels.Channel, now: datetime) -> bool:
    """Send one message and mark its rows; whether the channel works (a message nobody needs any more is no failure)."""
    from . import carriers  # loads a hundred plugins: only where something is sent

    first = rows[0]
    notices = [row.notice for row in rows if row.notice.read_at is None]
    if not notices and not first.doubtful:
        _mark(rows, now, state="needless", done_at=now)
        return True
    kept = Address.objects.filter(account=first.notice.account_id, channel=channel.name).first()
    address = addresses.read(kept) if kept else ""
    if not address:
        _mark(rows, now, state="failed", reason="address", done_at=now)
        return True
    try:
        subject, body = message_of([row.notice for row in rows] if first.doubtful else notices)
        carriers.send(channel, address, subject=subject, body=body, number=number_of(first.batch))
    except carriers.NotTaken as error:
        reason = error.reason
    except Exception as error:
        # What an unforeseen error says may quote the address: its kind is enough to look for the cause.
        log.error("delivery %s by %s failed: %s", first.pk, channel.name, type(error).__name__)
        reason = "error"
    else:
        _mark(rows, now, state="sent", reason="", done_at=now)
        return True
    if first.tries >= TRIES or reason == "address":
        _mark(rows, now, state="failed", reason=reason, done_at=now)
        return reason == "address"
    wishes = preferences.of([first.notice.account_id]).get(first.notice.account_id, preferences.Wishes({}))
    again = now + timedelta(minutes=2 ** (first.tries - 1))
    if not any(notice.urgent for notice in notices):
        again = wishes.out_of_quiet(again)
    _mark(rows, now, state="waiting", reason=reason, again_at=again)
    return False


def _mark(rows: Sequence[Delivery], now: datetime, **values: object) -> None:
    """Write how it went, unless somebody else has taken the rows meanwhile."""
    mine = Delivery.objects.filter(
        pk__in=[row.pk for row in rows], state="sending", batch=rows[0].batch, tries=rows[0].tries
    )
    mine.update(**values)


def number_of(batch: str) -> str:
    """The message's number as receivers see it, the same whenever it is sent again."""
    return hashlib.sha256(f"{settings.LOG_NAME}/{batch}".encode()).hexdigest()[:32]


def message_of(notices: Sequence[Notice]) -> tuple[str, str]:
    """Subject and text: number, kind, day and a link of each; nothing a passer-by should not read on a telephone."""
    with translation.override(notices[0].account.language):
        duties = Duty.objects.in_bulk([n.stream for n in notices if n.stream], field_name="stream")
        lines = [_line(notice, duties.get(notice.stream)) for notice in notices]
        if len(lines) == 1:
            return lines[0]
        subject = _("前哨：今天有 {n} 条通知").format(n=len(lines))
        body = "\n\n".join(f"{line}\n{link}" for line, link in lines[:_LISTED])
        if len(lines) > _LISTED:
            body += "\n\n" + _("另有 {n} 条，请登录后查看。").format(n=len(lines) - _LISTED)
        return subject, body


def _line(notice: Notice, duty: Duty | None) -> tuple[str, str]:
    sort = _(sorts.TITLES[notice.sort])
    if duty is None:
        said = _("前哨：{sort}，请登录后查看").format(sort=sort)
        return said, f"{settings.SITE_URL}{notice.link or '/notices/'}"
    until = "" if duty.due_at is None else chinese(last_day(duty.due_at.astimezone(SHANGHAI)))
    said = _("前哨：{sort} {kind} {number} {until}").format(
        sort=sort, kind=_(registry.kind(duty.kind).title), number=duty.number, until=until
    )
    return said.rstrip(), f"{settings.SITE_URL}/duties/{duty.stream}/"


def trial(channel: channels.Channel, address: str, language: str) -> str:
    """Send a word of trial at once; empty when the channel took it, else the reason."""
    from . import carriers

    with translation.override(language):
        subject, body = _("前哨：试发消息"), _("收到这条消息，说明通知渠道可用。")
    try:
        carriers.send(channel, address, subject=subject, body=body, number=uuid.uuid4().hex)
    except carriers.NotTaken as error:
        return error.reason
    except Exception as error:
        log.error("trial of %s failed: %s", channel.name, type(error).__name__)
        return "error"
    return ""
