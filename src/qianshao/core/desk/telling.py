"""Tell followers that a duty changed: a new phase, amber, red, closed. Asked by the tick, once for each change.

Who may see the duty is asked at the moment of telling: somebody who lost the right hears nothing more.
"""

from __future__ import annotations

from datetime import datetime

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q

from qianshao.core.accounts.actor import Actor, NotAllowed, actor_of
from qianshao.core.accounts.models import Account
from qianshao.core.duties import registry
from qianshao.core.duties.models import Duty
from qianshao.core.duties.seeing import may_see
from qianshao.core.ledger.rows import chunks
from qianshao.core.notices.telling import Telling, tell_many
from qianshao.kernel.hours import SHANGHAI
from qianshao.kernel.lamp import Lamp
from qianshao.kernel.words import Words, say

from .models import Follow
from .standing import seen


def actor_for(account: Account, now: datetime) -> Actor | None:
    """What an account may today, None when it is shut out."""
    try:
        return actor_of(account, registry.roles(), now.astimezone(SHANGHAI).date())
    except NotAllowed:
        return None


def tell_followers(now: datetime, limit: int = 500) -> int:
    """Tell of followed duties that stand otherwise than their followers last heard; how many were told.

    A follow that was looked at is moved on in the same transaction, and every notice has its key: a process killed in
    between tells again and reaches nobody twice.
    """
    tellings: list[Telling] = []
    actors: dict[int, Actor | None] = {}
    with transaction.atomic():
        rows = _moved(now, limit)
        duties = {
            duty.stream: duty
            for piece in chunks(sorted({row.key for row in rows}))
            for duty in Duty.objects.filter(stream__in=piece).select_related("unit")
        }
        for row in rows:
            duty = duties[row.key]
            before = row.told
            seen(row, duty, now)
            words = _words(duty, before, row.told)
            if words is None:
                continue
            if row.account_id not in actors:
                actors[row.account_id] = actor_for(row.account, now)
            actor = actors[row.account_id]
            if actor is not None and may_see(duty, actor):
                key = f"follow/{duty.stream}/{duty.version}/{row.told}"
                tellings.append(Telling(key=key, to=[row.account_id], words=words, stream=duty.stream))
        told = tell_many(tellings, now=now)
        Follow.objects.bulk_update(rows, ["told", "version", "wake_at"], batch_size=200)
    return told


def _moved(now: datetime, limit: int) -> list[Follow]:
    """Follows of duties that got an entry or whose lamp changed since the last look."""
    moved = Duty.objects.filter(stream=OuterRef("key")).exclude(version=OuterRef("version"))
    found = Follow.objects.filter(what="duty").filter(Q(wake_at__lte=now) | Exists(moved))
    there = found.filter(Exists(Duty.objects.filter(stream=OuterRef("key"))))
    locked = there.select_for_update(skip_locked=connection.vendor == "postgresql", of=("self",))
    return list(locked.select_related("account__person").order_by("id")[:limit])


def _words(duty: Duty, before: str, stood: str) -> Words | None:
    """What changed, in one sentence without anybody's personal data; nothing for a lamp that got better."""
    kind = registry.kind(duty.kind)
    phase, _bar, light = stood.partition("|")
    old_phase, _bar, old_light = before.partition("|")
    if phase != old_phase:
        return say(
            "您关注的{kind} {number} 现为“{phase}”",
            kind=kind.title,
            number=duty.number,
            phase=kind.phase(phase).title,
        )
    if light == old_light:
        return None
    if light == Lamp.RED.value:
        return say("您关注的{kind} {number} 已逾期", kind=kind.title, number=duty.number)
    if light == Lamp.AMBER.value:
        return say("您关注的{kind} {number} 已临期", kind=kind.title, number=duty.number)
    return None
