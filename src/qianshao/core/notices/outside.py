"""Send notices outside. A channel cannot promise "once": a crash between sending and noting it sends again,
under the same Message-ID, which mail readers fold into one."""

from __future__ import annotations

import hashlib
import logging
from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import connection, transaction
from django.utils import translation
from django.utils.translation import gettext as _

from qianshao.kernel.words import chinese

from .models import Address, Delivery, Notice
from .telling import configured

log = logging.getLogger(__name__)
_TRIES = 8


def send_due(now: datetime, limit: int = 50) -> int:
    """Send what waits; a failing one again later, doubling the pause from a minute, eight times."""
    if not configured():
        return 0
    waiting = Delivery.objects.filter(state="waiting", again_at__lte=now).order_by("again_at", "id")
    sent = 0
    for pk in list(waiting.values_list("pk", flat=True)[:limit]):
        with transaction.atomic():
            locked = Delivery.objects.select_for_update(
                skip_locked=connection.vendor == "postgresql", of=("self",)
            )
            row = locked.select_related("notice__account").filter(pk=pk, state="waiting").first()
            if row is None:
                continue
            sent += _try(row, now)
            row.save(update_fields=["state", "tries", "again_at"])
    return sent


def _try(row: Delivery, now: datetime) -> int:
    row.tries += 1
    try:
        _mail(row.notice)
    except Exception:
        log.exception("delivery %s failed", row.pk)
        row.state = "failed" if row.tries >= _TRIES else "waiting"
        row.again_at = now + timedelta(minutes=2 ** (row.tries - 1))
        return 0
    row.state = "sent"
    return 1


def _mail(notice: Notice) -> None:
    to = Address.objects.get(account=notice.account_id, channel="mail").address
    with translation.override(notice.account.language):
        words = notice.words
        sentence = _(words.text).format(**{name: chinese(value) for name, value in words.blanks})
    digest = hashlib.sha256(f"{notice.key}/{notice.account_id}".encode()).hexdigest()[:32]
    sender: str = getattr(settings, "NOTICE_FROM", "")
    domain = sender.rpartition("@")[2].strip("> ")
    EmailMessage(
        subject=sentence,
        body=sentence,
        from_email=sender,
        to=[to],
        headers={"Message-ID": f"<{digest}@{domain}>"},
    ).send()
