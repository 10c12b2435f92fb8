"""How often one address, and everybody together, may do what costs the office work or could be guessed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from .models import Attempt

_KEPT = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Limit:
    """At most ``each`` from one address and ``all`` together within ``span``."""

    each: int
    all: int
    span: timedelta


# An office or a village shares one address, so an address may ask for more than a person would.
LIMITS = {
    "ask": Limit(each=10, all=2000, span=timedelta(hours=24)),
    "follow": Limit(each=20, all=5000, span=timedelta(minutes=15)),
}


class TooOften(ValueError):
    """The address, or the portal as a whole, has reached its limit; the sentence says when to come back."""


def check(what: str, address: str, now: datetime) -> None:
    """Raise ``TooOften`` at the limit; nothing is counted."""
    limit = LIMITS[what]
    recent = Attempt.objects.filter(what=what, at__gt=now - limit.span)
    if recent.filter(address=_digest(address)).count() >= limit.each or recent.count() >= limit.all:
        hours = limit.span >= timedelta(hours=2)
        raise TooOften(
            _("提交次数过多，请明天再来，或者邮寄、当面提交。")
            if hours
            else _("查询次数过多，请一刻钟后再试。")
        )


def count(what: str, address: str, now: datetime) -> None:
    """Count one; those a day old are forgotten."""
    Attempt.objects.filter(at__lte=now - _KEPT).delete()
    Attempt.objects.create(what=what, address=_digest(address), at=now)


def _digest(address: str) -> bytes:
    return salted_hmac("qianshao.portal.attempt", address, algorithm="sha256").digest()
