"""Call the hooks: take, send, mark. Failures are repeated for three days by a lengthening pause, then the hook rests and people are told."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import aiohttp
from cryptography.exceptions import InvalidTag
from django.conf import settings
from django.db import connection, transaction

from qianshao.core.accounts import queries as accounts
from qianshao.core.duties import registry
from qianshao.core.notices import sorts
from qianshao.core.notices.telling import Telling, tell_many
from qianshao.core.outward.addresses import Forbidden, Lookup, system_lookup, target
from qianshao.core.outward.connecting import connector
from qianshao.kernel.hours import SHANGHAI
from qianshao.kernel.words import say

from . import signing
from .keeping import KEEP
from .models import Call, Hook

LEASE = timedelta(minutes=2)
SECONDS = 15.0
REST = timedelta(days=3)
KEPT = timedelta(days=30)
# The pauses the Standard Webhooks specification suggests.
_PAUSES = (5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400)
TRIES = len(_PAUSES) + 1


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a call; ``reason`` is empty when it was taken."""

    status: int | None
    reason: str = ""


def send_due(now: datetime, limit: int = 20, lookup: Lookup = system_lookup) -> int:
    """Send at most ``limit`` waiting calls at once; how many were taken by their receivers."""
    lost = Call.objects.filter(state="sending", taken_at__lt=now - LEASE)
    lost.update(state="waiting", again_at=now)
    calls = _take(now, limit)
    if not calls:
        return 0
    answers = asyncio.run(_all(calls, now, lookup))
    for call, answer in zip(calls, answers, strict=True):
        _mark(call, answer, now)
    return sum(not answer.reason for answer in answers)


def sweep(now: datetime) -> int:
    """Forget what was told a month ago."""
    return Call.objects.filter(state="sent", done_at__lt=now - KEPT).delete()[0]


def _take(now: datetime, limit: int) -> list[Call]:
    with transaction.atomic():
        waiting = Call.objects.filter(state="waiting", again_at__lte=now, hook__active=True)
        locked = waiting.select_for_update(skip_locked=connection.vendor == "postgresql", of=("self",))
        calls = list(locked.select_related("hook").order_by("again_at", "seq")[:limit])
        for call in calls:
            call.state, call.taken_at, call.tries = "sending", now, call.tries + 1
        Call.objects.bulk_update(calls, ["state", "taken_at", "tries"])
    return calls


async def _all(calls: Sequence[Call], now: datetime, lookup: Lookup) -> list[Answer]:
    async with aiohttp.ClientSession(
        connector=connector(allow_private=settings.HOOKS_PRIVATE, lookup=lookup),
        trust_env=False,
        cookie_jar=aiohttp.DummyCookieJar(),
        timeout=aiohttp.ClientTimeout(total=SECONDS),
    ) as session:
        return list(await asyncio.gather(*(_one(session, call, now) for call in calls)))


async def _one(session: aiohttp.ClientSession, call: Call, now: datetime) -> Answer:
    body = call.body.encode()
    try:
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "User-Agent": "qianshao-webhook/1",
            **signing.headers(call.hook, name_of(call), body, now),
        }
        url = target(call.hook.url, allow_private=settings.HOOKS_PRIVATE).url
        async with session.post(url, data=body, headers=headers, allow_redirects=False) as answer:
            status = answer.status
    except Forbidden:
        return Answer(None, "forbidden")
    except InvalidTag:
        return Answer(None, "secret")  # the key the secrets lie under was lost: it needs a new one
    except TimeoutError:
        return Answer(None, "timeout")
    except (aiohttp.ClientError, OSError, ValueError):
        return Answer(None, "unreachable")
    if 200 <= status < 300:
        return Answer(status)
    return Answer(status, "gone" if status == 410 else "redirect" if 300 <= status < 400 else "refused")


def name_of(call: Call) -> str:
    """The call's own id, the same at each attempt: receivers drop the second of two."""
    return f"msg_{settings.LOG_NAME}_{call.hook_id}_{call.seq}"


def _mark(call: Call, answer: Answer, now: datetime) -> None:
    mine = Call.objects.filter(pk=call.pk, state="sending", tries=call.tries)
    hook = Hook.objects.filter(pk=call.hook_id)
    if not answer.reason:
        mine.update(state="sent", status=answer.status, reason="", done_at=now)
        hook.filter(failing_since__isnull=False).update(failing_since=None)
        return
    last = call.tries >= TRIES
    mine.update(
        state="failed" if last else "waiting",
        status=answer.status,
        reason=answer.reason,
        done_at=now if last else None,
        again_at=now if last else now + timedelta(seconds=_PAUSES[call.tries - 1]),
    )
    hook.filter(failing_since=None).update(failing_since=now)
    if answer.reason == "gone" or hook.filter(failing_since__lte=now - REST).exists():
        _rest(call.hook, now)


def _rest(hook: Hook, now: datetime) -> None:
    """Switch a hook off that does not answer, and tell whoever can mend it."""
    with transaction.atomic():
        if not Hook.objects.filter(pk=hook.pk, active=True).update(active=False):
            return
        to = accounts.city_holders(KEEP, registry.roles(), now.astimezone(SHANGHAI).date())
        tell_many(
            [
                Telling(
                    key=f"hook/{hook.pk}/{now.isoformat()}",
                    to=to,
                    words=say("数据推送“{name}”长时间失败，已停用；修复后请重新启用", name=hook.name),
                    sort=sorts.SYSTEM,
                    link="/system/hooks/",
                    urgent=True,
                )
            ],
            now=now,
        )
