"""Reactions: a recorded fact is told to whoever asked, after commit, once per (handler, entry).

The row is written in the entry's own transaction; the handler runs in the transaction that marks it done,
so what it writes to this database happens once and only once, however often the process dies.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import connection, models, transaction
from django.db.models import Q
from django.utils.module_loading import import_string

from . import registry
from .models import Outbox

log = logging.getLogger(__name__)
_TRIES = 8


def put(entries: Iterable[tuple[int, str, str]]) -> None:
    """Note (eid, ``kind.key:Fact``, stream) for every reaction that wants it, inside the open transaction."""
    wanted = [
        Outbox(eid=eid, stream=stream, handler=reaction.run)
        for eid, on, stream in entries
        for reaction in registry.reactions(on)
    ]
    if wanted:
        Outbox.objects.bulk_create(wanted)


def deliver(now: datetime, limit: int = 200) -> int:
    """Run waiting reactions; a failing one is tried again later, doubling the pause, and logged by number."""
    waiting: models.QuerySet[Outbox] = (
        Outbox.objects.filter(done_at=None, tries__lt=_TRIES)
        .filter(Q(again_at=None) | Q(again_at__lte=now))
        .order_by("id")
    )
    done = 0
    for pk in list(waiting.values_list("pk", flat=True)[:limit]):
        try:
            with transaction.atomic():
                locked = Outbox.objects.select_for_update(skip_locked=connection.vendor == "postgresql")
                row = locked.filter(pk=pk, done_at=None).first()
                if row is None:
                    continue
                import_string(row.handler)(stream=row.stream, eid=row.eid, now=now)
                row.done_at = now
                row.save(update_fields=["done_at"])
            done += 1
        except Exception:
            log.exception("reaction %s failed", pk)
            tries = Outbox.objects.values_list("tries", flat=True).get(pk=pk) + 1
            Outbox.objects.filter(pk=pk).update(tries=tries, again_at=now + timedelta(seconds=2**tries))
    return done
