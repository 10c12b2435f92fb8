"""What registering a document or a meeting takes of the year's number."""

from __future__ import annotations

from datetime import datetime

from qianshao.core.accounts.actor import Actor
from qianshao.kernel.words import Words

from .. import taking
from ..meters import DOCUMENTS, MEETINGS
from . import facts as f
from .rules import Document, Meeting


def document(
    *, stream: str, state: Document, fact: f.Registered, actor: Actor, now: datetime
) -> Words | None:
    """One of the issuing unit's documents of the year."""
    return taking.draw(DOCUMENTS, state.drafted.unit, stream=stream, actor=actor, now=now)


def meeting(*, stream: str, state: Meeting, fact: f.Registered, actor: Actor, now: datetime) -> Words | None:
    """One of the convening unit's meetings of the year."""
    return taking.draw(MEETINGS, state.arranged.unit, stream=stream, actor=actor, now=now)


def back(
    *, stream: str, state: Document | Meeting, fact: f.Withdrawn, actor: Actor, now: datetime
) -> Words | None:
    """What is not issued or held is given back."""
    taking.give_back((DOCUMENTS, MEETINGS), stream=stream, now=now)
    return None
