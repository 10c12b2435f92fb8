"""How a followed duty stands, in a word that changes exactly when a follower wants to hear of it."""

from __future__ import annotations

from datetime import datetime

from qianshao.core.duties.models import Duty
from qianshao.kernel.lamp import lamp

from .models import Follow


def stands(duty: Duty, now: datetime) -> str:
    """``phase|lamp`` of a duty."""
    light = lamp(
        now,
        open=duty.open,
        paused=duty.paused,
        amber_at=duty.amber_at,
        due_at=duty.due_at,
        missed_at=duty.missed_at,
    )
    return f"{duty.phase}|{light.value}"


def wakes(duty: Duty, now: datetime) -> datetime | None:
    """When the lamp of a duty changes next although nobody acts."""
    if not duty.open or duty.paused:
        return None
    return min((at for at in (duty.amber_at, duty.due_at) if at is not None and at > now), default=None)


def seen(row: Follow, duty: Duty, now: datetime) -> None:
    """Note on a follow how its duty stands now."""
    row.told, row.version, row.wake_at = stands(duty, now), duty.version, wakes(duty, now)
