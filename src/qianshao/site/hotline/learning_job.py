"""Learning from clerks' corrections in the background: when somebody asks, and at night when there is enough that is new."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings

from qianshao.core.accounts.actor import Actor, machine
from qianshao.core.jobs import handlers, services
from qianshao.core.jobs.models import Job
from qianshao.core.jobs.work import Work, WorkRefused
from qianshao.kernel.hours import SHANGHAI
from qianshao.kit.telling import sentence

KIND = "hotline-learning"
_HOUR = 3  # of the night, after the groups
_NEW = 20  # corrections worth learning anew
_AT_LEAST_EVERY = timedelta(days=7)
_planned: set[date] = set()


def register() -> None:
    """Say that learning is done here; called once at start-up by the site."""
    handlers.register(KIND, work_off)


def start(actor: Actor, now: datetime) -> Job:
    """Queue a run; asked again within a minute it is the same run."""
    minute = now.astimezone(SHANGHAI).isoformat(timespec="minutes")
    return services.start(
        kind=KIND, key=f"{KIND}:{minute}", payload={"unless_worse": False}, actor=actor, now=now
    )


def last() -> Job | None:
    """The run that was asked for last."""
    return Job.objects.filter(kind=KIND).order_by("-id").first()


def plan(now: datetime) -> None:
    """Queue the run of the night once its hour has come and there is enough that is new; costs nothing when it was done."""
    local = now.astimezone(SHANGHAI)
    if local.hour < _HOUR or local.date() in _planned:
        return
    _planned.clear()
    _planned.add(local.date())
    if due(now):
        key = f"{KIND}:{local.date().isoformat()}"
        services.start(kind=KIND, key=key, payload={"unless_worse": True}, actor=machine("hotline"), now=now)


def due(now: datetime) -> bool:
    """Whether learning anew is worth a night: corrections since the last model, or a week.

    A model that an administrator put there by hand is left alone, until somebody asks on the page.
    """
    from qianshao.modules.hotline import learning  # brings NumPy, which no other command should wait for

    before = learning.latest()
    if before is None:
        return not settings.HOTLINE_MODEL.exists() and learning.corrections().reclassified > 0
    if not _ours(before.sha256):
        return False
    known = learning.corrections()
    new = known.reclassified - before.reclassified
    return new >= _NEW or (new > 0 and now - before.at >= _AT_LEAST_EVERY)


def _ours(sha256: str) -> bool:
    from .learned import digest_in_use

    return digest_in_use() in ("", sha256)


def work_off(work: Work) -> dict[str, Any]:
    """The handler: safe to run again from the start."""
    from qianshao.modules.hotline import learning
    from qianshao.modules.hotline.sorting.training import TooLittle

    try:
        found = learning.learn(
            settings.HOTLINE_MODEL,
            work.now(),
            lambda done, of: work.beat(done, of),
            unless_worse=bool(work.payload.get("unless_worse")),
        )
    except TooLittle as error:
        raise WorkRefused(sentence(error.words)) from error
    return {"examples": found.examples, "classes": found.classes, "used": found.used}
