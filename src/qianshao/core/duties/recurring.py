"""Duties nobody files: each holder owes one in each period (one study session a month)."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Q

from qianshao.core.accounts.actor import machine
from qianshao.core.org.models import Unit
from qianshao.kernel.clock import Period, periods
from qianshao.kernel.declare import Kind
from qianshao.kernel.hours import SHANGHAI

from . import registry
from .door import Delivery, Receipt, perform_many, stream_of
from .models import Duty


def current_period(kind: Kind, now: datetime) -> Period:
    """The period of a recurring kind that holds this moment."""
    assert kind.recurs is not None
    for period in periods(kind.recurs.every, now - timedelta(days=370), now + timedelta(days=1)):
        if period.start <= now < period.until:
            return period
    raise AssertionError("periods leave no gap")


def open_due(now: datetime) -> int:
    """Open what this period owes and is not there yet; safe to call every second."""
    opened = 0
    for kind in registry.kinds().values():
        if kind.recurs is not None:
            opened += _open(kind, now)
    return opened


def _open(kind: Kind, now: datetime) -> int:
    assert kind.recurs is not None
    period = current_period(kind, now)
    today = now.astimezone(SHANGHAI).date()
    holders = Unit.objects.filter(kind__in=kind.recurs.holders, valid_from__lte=today).filter(
        Q(valid_to=None) | Q(valid_to__gt=today)
    )
    label = f"{period.start:%Y-%m-%d}"
    wanted = {
        stream_of(kind, f"{code}/{label}"): (code, of) for code, of in holders.values_list("code", "kind")
    }
    there = set(Duty.objects.filter(kind=kind.key, opened_at=period.start).values_list("stream", flat=True))
    deliveries = [
        Delivery(kind=kind, fact=kind.recurs.opens(code, of, period), source=f"{code}/{label}")
        for stream, (code, of) in sorted(wanted.items())
        if stream not in there
    ]
    if not deliveries:
        return 0
    outcomes = perform_many(deliveries, actor=machine("calendar"), now=now, src="tick")
    return sum(isinstance(outcome, Receipt) and not outcome.repeated for outcome in outcomes)
