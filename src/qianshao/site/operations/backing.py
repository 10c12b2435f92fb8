"""The scheduled backup: made, examined, the old ones removed; whoever keeps the machine is told when it fails."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from qianshao.core.accounts import queries as accounts
from qianshao.core.accounts.actor import machine
from qianshao.core.duties import registry
from qianshao.core.jobs import handlers, services
from qianshao.core.jobs.models import Job
from qianshao.core.jobs.work import Work
from qianshao.core.ledger import backups
from qianshao.core.notices import sorts
from qianshao.core.notices.telling import Telling, tell_many
from qianshao.kernel.hours import SHANGHAI
from qianshao.kernel.words import say

KIND = "system.backup"
_KEPT_KEYS = 2  # an old copy of the keys would bring back what was erased


def register() -> None:
    """Make the work known."""
    handlers.register(KIND, run)


def plan(now: datetime) -> None:
    """Start the day's backup once its time has come; tell when the day's has failed."""
    if not settings.BACKUP_FOLDER:
        return
    local = now.astimezone(SHANGHAI)
    if local.time() < settings.BACKUP_AT:
        return
    key = f"backup/{local.date().isoformat()}"
    state = Job.objects.filter(key=key).values_list("state", flat=True).first()
    if state is None:
        services.start(kind=KIND, key=key, payload={}, actor=machine("tick"), now=now)
    elif state == "failed":
        _alarm(key, now)


def run(work: Work) -> dict[str, object]:
    """Make and examine one backup, and one of the keys where a folder for them is named; then remove the oldest."""
    folder = Path(settings.BACKUP_FOLDER)
    with work.beating():
        made = backups.backup(folder, now=timezone.now())
        backups.examine(backups.check(made.folder))
        if settings.BACKUP_KEYS:
            backups.backup_keys(Path(settings.BACKUP_KEYS), now=timezone.now())
            backups.prune(Path(settings.BACKUP_KEYS), "keys", _KEPT_KEYS)
        gone = backups.prune(folder, "qianshao", settings.BACKUP_KEEP)
    return {"folder": made.folder.name, "size": made.size, "root": made.root, "removed": len(gone)}


def _alarm(key: str, now: datetime) -> None:
    today = now.astimezone(SHANGHAI).date()
    tell_many(
        [
            Telling(
                key=f"{key}/failed",
                to=accounts.city_holders("system.backup", registry.roles(), today),
                words=say("{day} 的自动备份失败，请查看系统日志并尽快手工备份", day=today),
                sort=sorts.SYSTEM,
                link="/notices/",
                urgent=True,
            )
        ],
        now=now,
    )
