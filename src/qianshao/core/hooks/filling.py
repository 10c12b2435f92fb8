"""From the log to the hooks: each numbered entry becomes one call of every hook that wants it, once and only once.

The log has no gaps and every entry a number, so a hook's place in it is one number, moved on in the transaction that writes the calls.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from qianshao.core.duties import registry
from qianshao.core.duties.models import Duty
from qianshao.core.ledger.models import Entry, Leaf
from qianshao.kernel.hours import SHANGHAI
from qianshao.kernel.ledger.entry import Entry as Body

from .models import Call, Hook


def fill(now: datetime, limit: int = 500) -> int:
    """Look at the next entries for every active hook; how many calls were written."""
    return sum(_fill(hook, now, limit) for hook in Hook.objects.filter(active=True).order_by("id"))


def _fill(hook: Hook, now: datetime, limit: int) -> int:
    leaves = list(Leaf.objects.filter(seq__gte=hook.cursor).order_by("seq")[:limit])
    if not leaves:
        return 0
    bodies = {
        row.eid: Body.from_body(bytes(row.body))
        for row in Entry.objects.filter(eid__in=[leaf.eid for leaf in leaves])
    }
    wanted = [(leaf, bodies[leaf.eid]) for leaf in leaves if _wants(hook, bodies[leaf.eid])]
    calls = list(_calls(hook, wanted, now))
    with transaction.atomic():
        mine = Hook.objects.filter(pk=hook.pk, active=True, cursor=hook.cursor)
        if not mine.update(cursor=leaves[-1].seq + 1):
            return 0  # another process has filled from here
        Call.objects.bulk_create(calls, batch_size=500)
    return len(calls)


def _wants(hook: Hook, body: Body) -> bool:
    return (
        body.kind in registry.kinds()
        and (not hook.kinds or body.kind in hook.kinds)
        and (not hook.facts or body.fact in hook.facts)
    )


def _calls(hook: Hook, wanted: Iterable[tuple[Leaf, Body]], now: datetime) -> Iterable[Call]:
    listed = list(wanted)
    streams = [body.stream for _leaf, body in listed]
    duties = {duty.stream: duty for duty in Duty.objects.filter(stream__in=streams).select_related("unit")}
    for leaf, body in listed:
        yield Call(
            hook=hook,
            seq=leaf.seq,
            kind=body.kind,
            fact=body.fact,
            body=json.dumps(payload(leaf, body, duties.get(body.stream)), ensure_ascii=False),
            again_at=now,
        )


def payload(leaf: Leaf, body: Body, duty: Duty | None) -> dict[str, object]:
    """What is told: which entry, of which duty, and how the duty stands. No title, no text, no person."""
    return {
        "type": f"{body.kind}.{body.fact}",
        "timestamp": body.rec,
        "data": {
            "entry": leaf.seq,
            "leaf": bytes(leaf.sha256).hex(),
            "stream": body.stream,
            "sseq": body.sseq,
            "kind": body.kind,
            "fact": body.fact,
            "happened_at": body.at,
            "recorded_at": body.rec,
            "duty": None if duty is None else _standing(duty),
        },
    }


def _standing(duty: Duty) -> dict[str, object]:
    return {
        "number": duty.number,
        "phase": duty.phase,
        "open": duty.open,
        "paused": duty.paused,
        "unit": duty.unit.code if duty.unit else None,
        "due_at": duty.due_at.astimezone(SHANGHAI).isoformat() if duty.due_at else None,
        "version": duty.version,
    }
