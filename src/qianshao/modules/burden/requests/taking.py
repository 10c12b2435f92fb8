"""What a request takes: one of the asked unit's yearly number, and never twice for the same material."""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime, timedelta

from qianshao.core.accounts.actor import Actor
from qianshao.core.duties.models import Duty
from qianshao.kernel.words import Words, say

from .. import taking
from ..meters import FORMALISM, REQUESTS
from . import facts as f
from .rules import Request

_QUARTER = timedelta(days=92)
_MARKS = re.compile(r"[\W_]+")


def send(*, stream: str, state: Request, fact: f.Sent, actor: Actor, now: datetime) -> Words | None:
    """Draw first, which holds the unit's register; then look whether it gave the same material this quarter."""
    requested = state.requested
    refused = taking.draw(REQUESTS, requested.unit, stream=stream, actor=actor, now=now)
    return refused or _given(stream, requested, now)


def _given(stream: str, requested: f.Requested, now: datetime) -> Words | None:
    held = [key for key in taking.holders_of(REQUESTS, requested.unit) if key != stream]
    recent = Duty.objects.filter(stream__in=held, kind="burden.request", opened_at__gte=now - _QUARTER)
    for other in recent.order_by("id"):
        if _core(other.title) == _core(requested.title):
            return say(
                "该单位已被要求报送同样的材料（{number}），同一材料原则上只报一次，请共享使用（{law}）",
                number=other.number,
                law=FORMALISM,
            )
    return None


def _core(text: str) -> str:
    return _MARKS.sub("", unicodedata.normalize("NFKC", text).casefold())


def back(*, stream: str, state: Request, fact: f.Cancelled, actor: Actor, now: datetime) -> Words | None:
    """What is not asked for any more is given back."""
    taking.give_back((REQUESTS,), stream=stream, now=now)
    return None
