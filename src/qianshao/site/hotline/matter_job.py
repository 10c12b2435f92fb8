"""The groups made anew in the background: each night, and when somebody asks; then mended problems are looked after."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from qianshao.core.accounts.actor import Actor, machine
from qianshao.core.jobs import handlers, services
from qianshao.core.jobs.models import Job
from qianshao.core.jobs.work import Work
from qianshao.kernel.hours import SHANGHAI
from qianshao.modules.hotline.problems.looking import look_after

KIND = "hotline-matters"
_HOUR = 2  # of the night, when nobody waits
_planned: set[date] = set()


def register() -> None:
    """Say that grouping is done here; called once at start-up by the site."""
    handlers.register(KIND, work_off)


def start(actor: Actor, now: datetime) -> Job:
    """Queue a run; asked again within a minute it is the same run."""
    minute = now.astimezone(SHANGHAI).isoformat(timespec="minutes")
    return services.start(kind=KIND, key=f"{KIND}:{minute}", payload={}, actor=actor, now=now)


def plan(now: datetime) -> None:
    """Queue the run of the night once its hour has come; costs nothing when it was done."""
    local = now.astimezone(SHANGHAI)
    if local.hour < _HOUR or local.date() in _planned:
        return
    key = f"{KIND}:{local.date().isoformat()}"
    services.start(kind=KIND, key=key, payload={}, actor=machine("hotline"), now=now)
    _planned.clear()
    _planned.add(local.date())


def work_off(work: Work) -> dict[str, Any]:
    """The handler: safe to run again from the start."""
    from qianshao.modules.hotline import gathering  # brings NumPy, which no other command should wait for

    def tell(doing: str, done: int, of: int) -> None:
        work.beat(done, of)

    run = gathering.refresh(work.now(), tell)
    return {"orders": run.orders, "groups": run.groups, "problems": look_after(work.now())}
