"""Reminders of progress reports in the background: once each morning of a working life, whoever looks."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from qianshao.core.accounts.actor import machine
from qianshao.core.jobs import handlers, services
from qianshao.core.jobs.work import Work
from qianshao.kernel.hours import SHANGHAI
from qianshao.modules.supervision.items.reminding import remind

KIND = "supervision-reminders"
_HOUR = 8  # when people come to work
_planned: set[date] = set()


def register() -> None:
    """Say that reminding is done here; called once at start-up by the site."""
    handlers.register(KIND, work_off)


def plan(now: datetime) -> None:
    """Queue the run of the day once its hour has come; costs nothing when it was done."""
    local = now.astimezone(SHANGHAI)
    if local.hour < _HOUR or local.date() in _planned:
        return
    key = f"{KIND}:{local.date().isoformat()}"
    services.start(kind=KIND, key=key, payload={}, actor=machine("supervision"), now=now)
    _planned.clear()
    _planned.add(local.date())


def work_off(work: Work) -> dict[str, Any]:
    """The handler: safe to run again from the start."""
    return {"told": remind(work.now(), work.beat)}
