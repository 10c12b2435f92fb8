"""The pulse: what must happen without anybody asking, each part idempotent and short.

A tick process has three parts that do not wait for each other: the round (only in the process that holds the lease), what goes outside
(slow by nature), and long jobs. Several such processes may run, on one machine or more.
"""

from __future__ import annotations

import logging
import signal
import threading
import time
from collections.abc import Callable
from datetime import datetime
from types import FrameType

from django.db import close_old_connections
from django.utils import timezone

from qianshao.core import measures
from qianshao.core.desk import telling as following
from qianshao.core.duties import outbox, recurring
from qianshao.core.hooks import filling, sending
from qianshao.core.jobs import runner
from qianshao.core.jobs.leader import Leader
from qianshao.core.ledger import checkpoints, gate, store
from qianshao.core.notices import outside, raising, wake
from qianshao.kit.imports import uploads

from .hotline import learning_job, matter_job
from .operations import alarms, backing, state
from .supervision import reminder_job

log = logging.getLogger(__name__)
Clock = Callable[[], datetime]
_PAUSE = 1.0  # seconds, so that a receipt has its place in the log within two


def round_of(now: datetime) -> int:
    """One round; returns how much was done, so that a busy round is followed at once by another."""
    gate.watch_clock(timezone.now())
    done = store.seal() + outbox.deliver(now) + wake.wake(now, limit=500)
    done += recurring.open_due(now) + following.tell_followers(now)
    done += raising.raise_unread(now) + alarms.raise_due(now)
    done += filling.fill(now)
    checkpoints.make_if_due(now)
    uploads.sweep(now)
    sending.sweep(now)
    matter_job.plan(now)
    reminder_job.plan(now)
    learning_job.plan(now)
    backing.plan(now)
    return done


def carry(now: datetime) -> int:
    """Send what goes outside: notices and webhooks."""
    return outside.send_due(now) + sending.send_due(now)


def forever(clock: Clock) -> None:
    """Go round until the process is told to stop; a failing round is logged and the next one tried."""
    leader = Leader(state.TICK)

    def lead() -> int:
        if not leader.holds(timezone.now()):
            return 0
        with measures.ROUNDS.time():
            return round_of(clock())

    def end(_signal: int, _frame: FrameType | None) -> None:
        raise SystemExit(0)

    signal.signal(signal.SIGTERM, end)
    for name, part in (("round", lead), ("outside", lambda: carry(clock()))):
        threading.Thread(target=_again, args=(name, part), name=name, daemon=True).start()
    try:
        _again("jobs", lambda: runner.work_once(clock))
    finally:
        leader.release(timezone.now())


def _again(name: str, part: Callable[[], int]) -> None:
    """One part over and over, resting when it has nothing to do."""
    while True:
        done = 0
        try:
            close_old_connections()
            done = part()
        except Exception:
            measures.FAILED_ROUNDS.labels(name).inc()
            log.exception("the %s of the tick failed", name)
        if not done:
            time.sleep(_PAUSE)
