"""One of several processes does what need not be done twice: a lease in the database, on both databases and across machines.

A holder that dies is followed by another when its lease runs out. The work itself is idempotent, so that a holder which lost its lease
while it worked (a stopped machine that goes on) does no harm; the lease saves the work, the keys keep it right.
"""

from __future__ import annotations

import os
import secrets
import socket
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Q

from .models import Lease

TERM = timedelta(seconds=30)
_RENEW = timedelta(seconds=10)


class Leader:
    """One process's bid for a lease."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.holder = f"{socket.gethostname()[:60]}:{os.getpid()}:{secrets.token_hex(6)}"
        self._renewed: datetime | None = None

    def holds(self, now: datetime) -> bool:
        """Whether this process is the one; takes the lease when it is free, renews it every ten seconds."""
        if self._renewed is not None and timedelta() <= now - self._renewed < _RENEW:
            return True
        values = {"holder": self.holder, "seen_at": now, "until": now + TERM}
        mine = Lease.objects.filter(name=self.name).filter(Q(holder=self.holder) | Q(until__lt=now))
        held = bool(mine.update(**values)) or self._first(values)
        self._renewed = now if held else None
        return held

    def _first(self, values: dict[str, object]) -> bool:
        if Lease.objects.filter(name=self.name).exists():
            return False
        try:
            with transaction.atomic():
                Lease.objects.create(name=self.name, **values)
        except IntegrityError:
            return False
        return True

    def release(self, now: datetime) -> None:
        """Let another process follow at once."""
        self._renewed = None
        Lease.objects.filter(name=self.name, holder=self.holder).update(until=now - timedelta(seconds=1))
