"""The pulse: what must happen without anybody asking, each part idempotent and short."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from datetime import datetime

from django.db import close_old_connections
from django.utils import timezone

from qianshao.core.duties import outbox, recurring
from qianshao.core.jobs import runner
from qianshao.core.ledger import checkpoints, gate, store
from qianshao.core.notices import wake
from qianshao.kit.imports import uploads

from .hotline import matter_job
from .supervision import reminder_job

log = logging.getLogger(__name__)
_PAUSE = 1.0  # seconds, so that a receipt has its place in the log within two


def round_of(now: datetime) -> int:
    """One round; returns how much was done, so that a busy round is followed at once by another."""
    gate.watch_clock(timezone.now())
    done = store.seal() + outbox.deliver(now) + wake.wake(now, limit=500)
    done += recurring.open_due(now)
    checkpoints.make_if_due(now)
    uploads.sweep(now)
    matter_job.plan(now)
    reminder_job.plan(now)
    return done


def forever(clock: Callable[[], datetime]) -> None:
    """Go round until the process is told to stop; a failing round is logged and the next one tried."""
    while True:
        close_old_connections()
        done = 0
        try:
            done = round_of(clock())
            done += runner.work_once(clock)
        except Exception:
            log.exception("a round of the tick failed")
        if not done:
            time.sleep(_PAUSE)
