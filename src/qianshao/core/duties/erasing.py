"""Erasing a person's data on request (个人信息保护法 第四十七条): an entry says so, then the key is destroyed.

The entries stay, their hashes and the log's roots do not change; what they committed to can no longer be read by anyone.
"""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from qianshao.core.accounts.actor import Actor
from qianshao.core.ledger import vault
from qianshao.core.ledger.models import Sealed
from qianshao.kernel.declare import Erased

from . import registry, search
from .door import Delivery, Receipt, perform_many
from .models import Duty


class NobodyToErase(LookupError):
    """Nothing is sealed under this subject."""


def erase(*, subject: str, basis: str, actor: Actor, now: datetime, src: str) -> int:
    """Destroy everything sealed under a subject; returns in how many duties. Raises ``NobodyToErase``.

    The entries are durable before the key goes, so a crash in between leaves a promise to repeat, not a silent loss.
    """
    streams = sorted(set(Sealed.objects.filter(subject=subject).values_list("stream", flat=True)))
    if not streams:
        raise NobodyToErase(_("没有封存在“{subject}”名下的个人信息。").format(subject=subject))
    duties = list(Duty.objects.filter(stream__in=streams).order_by("id"))
    deliveries = [
        Delivery(
            kind=registry.kind(duty.kind),
            fact=Erased(at=now, fields="*", basis=basis),
            stream=duty.stream,
            source=f"erase/{subject}",
        )
        for duty in duties
    ]
    outcomes = perform_many(deliveries, actor=actor, now=now, src=src)
    for outcome in outcomes:
        if not isinstance(outcome, Receipt):
            raise outcome
    vault.destroy(subject)
    for duty in duties:
        search.drop(duty.pk)
    return len(duties)
