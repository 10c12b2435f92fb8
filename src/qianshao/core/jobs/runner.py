"""Work the queue: claim, run, beat, finish; fenced, so that a worker taken for dead cannot undo its heir."""

from __future__ import annotations

import logging
import signal
import time
from datetime import datetime
from types import FrameType
from typing import NoReturn

from django.db import close_old_connections, connection, transaction
from django.utils.translation import gettext as _

from . import handlers
from .models import Job
from .services import resume_stale
from .work import Clock, Lost, Stopped, Work, WorkRefused

log = logging.getLogger(__name__)
_PAUSE = 1.0  # seconds between looks at an empty queue


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
