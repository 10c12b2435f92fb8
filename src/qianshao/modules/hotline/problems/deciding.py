"""What a decision needs from elsewhere: that somebody else wrote the draft, that the month has no problem yet."""

from __future__ import annotations

from datetime import datetime

from qianshao.core.accounts.actor import Actor
from qianshao.core.duties.models import Duty
from qianshao.core.duties.stream import bodies_of
from qianshao.core.ledger.register import hold
from qianshao.kernel.ledger.entry import Entry as Body
from qianshao.kernel.words import Words, say

from . import facts as f
from .state import Problem

KEY = "hotline.problem"
_DRAFTS = ("Opened", "Revised")


def by_another(*, stream: str, state: Problem, fact: f.Reviewed, actor: Actor, now: datetime) -> Words | None:
    """Nobody reviews what they wrote; a machine that brings in the past writes for many."""
    if actor.key.startswith("machine:"):
        return None
    bodies = [Body.from_body(raw) for _stream, _sseq, raw in bodies_of([stream])]
    drafted = [body.actor for body in bodies if body.fact in _DRAFTS]
    return say("须由提出人以外的人审核") if actor.key in drafted else None


def one_a_month(*, stream: str, state: Problem, fact: f.Chosen, actor: Actor, now: datetime) -> Words | None:
    """One problem for each month."""
    hold(f"hotline-month:{fact.month}")
    taken = Duty.objects.filter(kind=KEY, marks__contains=f"|month_{fact.month}|").exclude(stream=stream)
    other = taken.values_list("number", flat=True).first()
    return (
        say("{month}已有每月一题 {number}，撤换以后再选", month=fact.month, number=other) if other else None
    )
