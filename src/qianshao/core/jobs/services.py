"""Start a job, ask it to stop, and put jobs of dead workers back in the queue."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from qianshao.core.accounts.actor import Actor, NotAllowed

from . import handlers
from .models import Job

SILENCE = timedelta(seconds=60)  # a worker that has not beaten for so long is dead
_TRIES = 5


def start(*, kind: str, key: str, payload: Mapping[str, Any], actor: Actor, now: datetime) -> Job:
    """Queue a job; the same key again gives the job that is there, a failed or stopped one back in the queue.

    Raises ``UnknownWork``. Whether the actor may have the work done is the caller's question, and asked
    again by what the work calls: it runs with the rights the actor holds when it runs.
    """
    handlers.handler_of(kind)
    job, made = Job.objects.get_or_create(
        key=key,
        defaults={
            "kind": kind,
            "payload": dict(payload),
            "actor": actor.key,
            "state": "waiting",
            "made_at": now,
        },
    )
    if not made:
        again = Job.objects.filter(pk=job.pk, state__in=("failed", "stopped"))
        again.update(state="waiting", tries=0, asked_to_stop=False, finished_at=None, message="")
        job.refresh_from_db()
    return job


def stop(*, job: Job, actor: Actor, now: datetime) -> None:
    """Stop a waiting job at once, a running one at its next beat; for who began it, or ``jobs.stop``."""
    if job.actor != actor.key and not actor.may("jobs.stop"):
        raise NotAllowed(_("没有停止这项任务的权限"))
    with transaction.atomic():
        Job.objects.filter(pk=job.pk, state="waiting").update(state="stopped", finished_at=now)
        Job.objects.filter(pk=job.pk, state="running").update(asked_to_stop=True)
    job.refresh_from_db()


def resume_stale(now: datetime) -> int:
    """Put jobs whose worker fell silent back to waiting; one that killed five workers has failed."""
    stale = Job.objects.filter(state="running", beat_at__lt=now - SILENCE)
    stale.filter(asked_to_stop=True).update(state="stopped", finished_at=now)
    stale.filter(tries__gte=_TRIES).update(
        state="failed", finished_at=now, message=_("任务多次中断，已放弃；请查看系统日志后重新发起。")
    )
    return stale.filter(state="running").update(state="waiting")
