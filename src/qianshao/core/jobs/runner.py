"""Work the queue: claim, run, beat, finish; fenced, so that a worker taken for dead cannot undo its heir."""

from __future__ import annotations

import logging
import signal
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from types import FrameType
from typing import Any, NoReturn

from django.db import close_old_connections, connection, transaction
from django.utils.translation import gettext as _

from qianshao.core.accounts.actor import Actor, actor_of, machine
from qianshao.core.accounts.models import Account
from qianshao.core.duties import registry
from qianshao.kernel.hours import SHANGHAI

from . import handlers
from .models import Job
from .services import resume_stale

log = logging.getLogger(__name__)
Clock = Callable[[], datetime]
_THROTTLE = timedelta(seconds=1)
_PAUSE = 1.0  # seconds between looks at an empty queue


class WorkRefused(ValueError):
    """The work cannot be done for a reason the person who asked can mend; they are shown the sentence."""


class Stopped(Exception):
    """Somebody asked the job to stop; handlers let it pass."""


class Lost(Exception):
    """The job was given to another worker meanwhile; handlers let it pass."""


class Work:
    """One run of a job, as its handler sees it."""

    def __init__(self, job: Job, clock: Clock) -> None:
        self.job = job
        self.payload: dict[str, Any] = job.payload
        self.now = clock
        self._claim = job.tries
        self._beaten: datetime | None = None

    @property
    def actor(self) -> Actor:
        """Who asked for the work, with the rights they hold today; raises ``NotAllowed`` when locked out."""
        sort, _colon, name = self.job.actor.partition(":")
        if sort == "machine":
            return machine(name)
        account = Account.objects.select_related("person").get(pk=int(name))
        return actor_of(account, registry.roles(), self.now().astimezone(SHANGHAI).date())

    def beat(self, done: int, total: int = 0, message: str = "") -> None:
        """Say that the work goes on and how far it is; written at most once a second.

        Call between transactions: inside one, nobody sees it before commit. Raises ``Stopped`` or ``Lost``.
        """
        now = self.now()
        if self._beaten is not None and timedelta() <= now - self._beaten < _THROTTLE:
            return
        self._beaten = now
        self._set(beat_at=now, done=done, total=total, message=message[:500])
        if Job.objects.filter(pk=self.job.pk, asked_to_stop=True).exists():
            raise Stopped

    def _set(self, **values: Any) -> None:
        mine = Job.objects.filter(pk=self.job.pk, state="running", tries=self._claim)
        if not mine.update(**values):
            raise Lost(self.job.key)


def work_once(clock: Clock) -> int:
    """Run the next waiting job to its end; 1 if there was one, 0 if not."""
    resume_stale(clock())
    job = _claim(clock())
    if job is None:
        return 0
    work = Work(job, clock)
    try:
        result = handlers.handler_of(job.kind)(work)
        ending = {"state": "done", "result": result, "message": ""}
    except Stopped:
        ending = {"state": "stopped"}
    except Lost:
        log.warning("job %s went on in another worker", job.pk)
        return 1
    except WorkRefused as refusal:
        ending = {"state": "failed", "message": str(refusal)[:500]}
    except Exception as error:
        # The text of an unforeseen error may quote somebody's data: it goes to the log, not to the page.
        log.exception("job %s failed", job.pk)
        ending = {
            "state": "failed",
            "message": _("程序出错（{error}），详情见系统日志。").format(error=type(error).__name__),
        }
    except BaseException:
        work._set(state="waiting")
        raise
    try:
        work._set(finished_at=clock(), **ending)
    except Lost:
        log.warning("job %s ended here after another worker took it", job.pk)
    return 1


def _claim(now: datetime) -> Job | None:
    with transaction.atomic():
        waiting = Job.objects.filter(state="waiting").order_by("id")
        job = waiting.select_for_update(skip_locked=connection.vendor == "postgresql").first()
        if job is None:
            return None
        job.state = "running"
        job.tries += 1
        job.beat_at = now
        job.started_at = job.started_at or now
        job.save(update_fields=["state", "tries", "beat_at", "started_at"])
    return job


def run_forever(clock: Clock) -> NoReturn:
    """Work until the process is told to end; the job at hand then goes back to waiting at once."""

    def end(_signal: int, _frame: FrameType | None) -> None:
        raise SystemExit(0)

    signal.signal(signal.SIGTERM, end)
    while True:
        close_old_connections()
        if not work_once(clock):
            time.sleep(_PAUSE)
